"""Opens the database so that what was acknowledged is on disk.

SQLite runs in WAL mode with ``synchronous=FULL``; every transaction begins IMMEDIATE, because a
deferred one that reads and then writes fails under contention instead of waiting.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cartwheel.core.errors import DiskFullError, UnavailableError

metadata = sa.MetaData()

_BUSY_SECONDS = 30


def _explained(file: Path, said: str) -> UnavailableError:
    if "is full" in said:
        return DiskFullError(f'The disk is full: nothing was written to "{file.name}".')
    return UnavailableError(f'The records in "{file.name}" cannot be reached: {said}.')


def open_database(file: Path) -> sa.Engine:
    """Open the SQLite database in ``file`` and make the tables that are missing."""
    engine = sa.create_engine(f"sqlite:///{file}", connect_args={"timeout": _BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin below, not in the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @sa.event.listens_for(engine, "handle_error")
    def _translate(context: sa.ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
            raise _explained(file, str(context.original_exception))

    metadata.create_all(engine)
    return engine
