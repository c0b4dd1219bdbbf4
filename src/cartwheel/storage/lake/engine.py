"""The engines set work runs on: DuckDB in this process (default), or Spark in local mode.

An engine turns the files of one Delta snapshot into an Ibis relation. Stages write Ibis
expressions over relations and never learn which engine answers; two relations can be joined only
when they come from the same engine. Sessions are in UTC, memory and threads are bounded, what
does not fit in memory is spilled to a folder that ``close`` removes, and nothing is downloaded.

Reading files instead of the Delta table leaves out partition values and deletion vectors: the
lake writes neither.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import unquote

from cartwheel.core.errors import InputError, UnavailableError, did_you_mean

if TYPE_CHECKING:
    import ibis
    from ibis.backends import BaseBackend
    from pyspark.sql import SparkSession

    from cartwheel.tables.contract import TableContract

EngineName = Literal["duckdb", "spark"]

_LOCAL = "127.0.0.1"
_QUIET_LOG4J = """\
rootLogger.level = error
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineLimits:
    """What an engine may use of the machine."""

    memory_gb: float = 2.0  # beyond it DuckDB spills to disk; the heap of Spark's local JVM
    threads: int = 0  # 0: as many as the machine has cores

    def __post_init__(self) -> None:
        if self.memory_gb < 0.25:
            raise InputError("An engine needs memory_gb of at least 0.25.", got=self.memory_gb)
        if self.threads < 0:
            raise InputError("threads must be 0 (all cores) or more.", got=self.threads)

    @property
    def cores(self) -> int:
        """Return the number of threads to run."""
        return self.threads or os.cpu_count() or 1


class Engine:
    """An open engine; close it, or use it as a context manager."""

    def __init__(
        self,
        name: EngineName,
        backend: BaseBackend,
        read: Callable[[Sequence[str], ibis.Schema], ibis.Table],
        stop: Callable[[], None],
    ) -> None:
        self.name = name
        self.backend = backend
        self._read = read
        self._stop = stop

    def relation(self, files: Sequence[str], contract: TableContract) -> ibis.Table:
        """Return the rows of the Parquet ``files`` with the columns and types of ``contract``.

        Columns that older files lack are null. No files give an empty relation.

        Raises
        ------
        UnavailableError
            A file cannot be read, or a column cannot be cast.
        """
        from ibis.formats.polars import PolarsSchema

        schema = PolarsSchema.to_ibis(contract.schema)
        if not files:
            return _nothing(self.backend, schema)
        try:
            return self._read([_local_path(file) for file in files], schema)
        except Exception as error:
            message = f'The {self.name} engine cannot read table "{contract.name}": {error}'
            raise UnavailableError(message, table=contract.name) from error

    def close(self) -> None:
        """Stop the engine and remove what it spilled; closing twice does nothing."""
        stop, self._stop = self._stop, lambda: None
        stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_engine(name: str, limits: EngineLimits = EngineLimits()) -> Engine:
    """Start the engine ``name``: "duckdb", or "spark" (extra ``spark``, needs Java 17 or later).

    Spark is one session a process: opening it twice gives the same session, and closing either
    stops both.

    Raises
    ------
    InputError
        No engine has that name.
    UnavailableError
        PySpark or Java is missing, or the engine does not start.

    Examples
    --------
    >>> with open_engine("duckdb") as engine:
    ...     engine.name
    'duckdb'
    """
    engines = {"duckdb": _open_duckdb, "spark": _open_spark}
    if name not in engines:
        hint = did_you_mean(name, engines)
        raise InputError(f'There is no engine "{name}"; use "duckdb" or "spark".{hint}', got=name)
    return engines[name](limits)


def _open_duckdb(limits: EngineLimits) -> Engine:
    import ibis

    spill = tempfile.mkdtemp(prefix="cartwheel-duckdb-")
    backend = ibis.duckdb.connect(
        memory_limit=f"{limits.memory_gb}GB",
        threads=limits.cores,
        temp_directory=spill,
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
    )
    backend.raw_sql("SET TimeZone = 'UTC'")

    def read(files: Sequence[str], schema: ibis.Schema) -> ibis.Table:
        # DuckDB takes a path as a pattern: [ opens a set of characters
        literal = [re.sub(r"([*?\[])", r"[\1]", file) for file in files]
        found = backend.read_parquet(literal, union_by_name=True)
        return _conformed(found, schema)

    def stop() -> None:
        backend.disconnect()
        shutil.rmtree(spill, ignore_errors=True)

    return Engine("duckdb", backend, read, stop)


def _open_spark(limits: EngineLimits) -> Engine:
    missing = _missing_for_spark()
    if missing:
        raise UnavailableError(
            f'The Spark engine needs {missing}. Install the extra "spark" '
            "(pip install 'cartwheel[spark]') and Java 17 or later, or use the engine \"duckdb\".",
            engine="spark",
        )
    import ibis

    scratch = tempfile.mkdtemp(prefix="cartwheel-spark-")
    try:
        session = _spark_session(limits, Path(scratch))
        backend = ibis.pyspark.connect(session)
    except Exception as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise UnavailableError(f"Spark does not start: {error}", engine="spark") from error

    def read(files: Sequence[str], schema: ibis.Schema) -> ibis.Table:
        from ibis.backends.pyspark.datatypes import PySparkSchema
        from ibis.util import gen_name

        # Spark takes a path as a pattern too, and escapes with a backslash
        literal = [re.sub(r"([*?\[\]{}\\])", r"\\\1", file) for file in files]
        declared = PySparkSchema.from_ibis(_nullable(schema))
        view = gen_name("relation")
        session.read.schema(declared).parquet(*literal).createOrReplaceTempView(view)
        return _conformed(backend.table(view), schema)

    def stop() -> None:
        backend.disconnect()
        shutil.rmtree(scratch, ignore_errors=True)

    return Engine("spark", backend, read, stop)


def _missing_for_spark() -> str | None:
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        return "PySpark"
    home = os.environ.get("JAVA_HOME")
    has_java = (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None
    return None if has_java else "Java"


def _spark_session(limits: EngineLimits, scratch: Path) -> SparkSession:
    os.environ.setdefault("SPARK_LOCAL_IP", _LOCAL)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    log = scratch / "log4j2.properties"
    log.write_text(_QUIET_LOG4J, encoding="utf-8")
    conf = {
        "spark.driver.bindAddress": _LOCAL,
        "spark.driver.host": _LOCAL,
        "spark.driver.memory": f"{round(1024 * limits.memory_gb)}m",
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dlog4j2.configurationFile={log}",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * limits.cores),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.appName("cartwheel").master(f"local[{limits.cores}]")
    for key, value in conf.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _conformed(found: ibis.Table, schema: ibis.Schema) -> ibis.Table:
    import ibis

    columns = {
        name: found[name].cast(dtype) if name in found.columns else ibis.null(dtype)
        for name, dtype in schema.items()
    }
    return found.select(**columns)


def _nothing(backend: BaseBackend, schema: ibis.Schema) -> ibis.Table:
    # a view ties the relation to its engine; backend.sql fails in ibis 12 on duckdb 2
    backend.raw_sql("CREATE OR REPLACE TEMP VIEW cartwheel_one AS SELECT 1 AS one")
    one = backend.table("cartwheel_one")
    return _conformed(one.filter(one.one == 0), schema)


def _nullable(schema: ibis.Schema) -> ibis.Schema:
    import ibis

    return ibis.schema({name: dtype(nullable=True) for name, dtype in schema.items()})


def _local_path(file: str) -> str:
    """Undo the percent-encoding of Delta's file addresses, unless the file is named so."""
    path = file.removeprefix("file://") if file.startswith("file:///") else file
    return path if Path(path).exists() else unquote(path)
