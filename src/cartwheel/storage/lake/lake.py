"""The lake: one Delta table a contract, written whole or merged by key, each in one commit.

A write that would change nothing makes no new version, so doing a thing twice leaves no trace.
Readers see the version they opened; a writer killed at any moment leaves the old one, and what
was acknowledged is on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import polars as pl
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from cartwheel.core.errors import DiskFullError, UnavailableError
from cartwheel.tables import TABLES, TableContract, table_contract

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What a merge did to the rows given."""

    added: int
    updated: int
    unchanged: int


class Lake:
    """The tables of one shop under a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Return the tables that exist, in order of the data dictionary."""
        return [name for name in TABLES if self.has(name)]

    def has(self, table: str) -> bool:
        """Tell whether ``table`` was ever written; a first write cut short does not count."""
        return any((self._path(table) / "_delta_log").glob("*.json"))

    def version(self, table: str) -> int | None:
        """Return the number of the newest version, or None when absent."""
        return self._open(table).version() if self.has(table) else None

    def origin(self, table: str) -> Mapping[str, str]:
        """Return what the writer said of the newest version, such as the turn and its day."""
        if not self.has(table):
            return {}
        newest = self._open(table).history(1)[0]
        return {str(k): str(v) for k, v in newest.items() if str(k).startswith("cartwheel.")}

    def files(self, table: str) -> list[str]:
        """Return the Parquet files of the newest version; none when absent."""
        if not self.has(table):
            return []
        folder = self._path(table)  # the log gives percent-encoded addresses; names are plain
        return [str(folder / uri.rsplit("/", 1)[-1]) for uri in self._open(table).file_uris()]

    def rows(self, table: str) -> int:
        """Return the number of rows of the newest version."""
        files = self.files(table)
        return (
            int(pl.scan_parquet(files, glob=False).select(pl.len()).collect().item())
            if files
            else 0
        )

    def scan(self, table: str) -> pl.LazyFrame:
        """Return the newest version to be read column by column; empty when absent."""
        contract, files = table_contract(table), self.files(table)
        if not files:
            return contract.empty().lazy()
        found = pl.scan_parquet(files, glob=False)
        have = found.collect_schema()
        return found.select(
            pl.col(name) if name in have else pl.lit(None, dtype).alias(name)
            for name, dtype in contract.schema.items()
        )

    def read(self, table: str) -> pl.DataFrame:
        """Return the newest version whole, sorted by key; empty when absent."""
        return self.scan(table).collect().sort(table_contract(table).key)

    def replace(
        self, table: str, frame: pl.DataFrame, *, origin: Mapping[str, str] | None = None
    ) -> bool:
        """Make ``frame`` the whole table in one commit; tell whether anything changed.

        Raises
        ------
        InputError
            ``frame`` breaks the contract of ``table``.
        DiskFullError
            Nothing was written; the old version stays.
        """
        contract = table_contract(table)
        wanted = contract.check(contract.conform(frame)).sort(contract.key)
        same = (
            self.has(table)
            and self.rows(table) == wanted.height
            and self.read(table).equals(wanted)
        )
        if same and (origin is None or self.origin(table) == dict(origin)):
            return False
        self._write(contract, wanted, origin or {})
        return not same

    def merge(self, table: str, frame: pl.DataFrame) -> MergeCounts:
        """Add the rows of ``frame`` whose key is new and overwrite those whose key is there.

        Raises
        ------
        InputError
            ``frame`` breaks the contract of ``table``.
        DiskFullError
            Nothing was written; the old version stays.
        """
        contract = table_contract(table)
        given = contract.check(contract.conform(frame))
        if not self.has(table):
            self._write(contract, given.sort(contract.key), {})
            return MergeCounts(given.height, 0, 0)
        kept = self.read(table)
        key, everything = list(contract.key), list(contract.schema)
        unchanged = given.join(kept, on=everything, how="semi", nulls_equal=True).height
        met = given.join(kept, on=key, how="semi").height
        counts = MergeCounts(given.height - met, met - unchanged, unchanged)
        if counts.added or counts.updated:
            others = kept.join(given, on=key, how="anti")
            self._write(contract, pl.concat([others, given]).sort(key), {})
        return counts

    def vacuum(self, keep: timedelta) -> None:
        """Remove files of versions older than ``keep``, and as old ones that no version ever named.

        The newest version always stays. The files are removed here, for Delta's own vacuum makes
        two versions more, of which the newer hides what the writer said of the table.
        """
        hours = int(keep.total_seconds() // 3600)
        for table in self.names():
            old = self._open(table).vacuum(
                retention_hours=hours, dry_run=True, enforce_retention_duration=False, full=True
            )
            for name in old:
                (self._path(table) / name).unlink(missing_ok=True)

    def _path(self, table: str) -> Path:
        return self.root / table_contract(table).name

    def _open(self, table: str) -> DeltaTable:
        return _translated(table, lambda: DeltaTable(self._path(table)))

    def _write(
        self, contract: TableContract, frame: pl.DataFrame, origin: Mapping[str, str]
    ) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        said = CommitProperties(custom_metadata=dict(origin)) if origin else None
        _translated(
            contract.name,
            lambda: write_deltalake(
                self._path(contract.name),
                frame,
                mode="overwrite",
                schema_mode="overwrite",
                commit_properties=said,
            ),
        )
        _translated(contract.name, lambda: self._sync(contract.name))

    def _sync(self, table: str) -> None:
        """Bring the newest version to the disk: the table format itself leaves that to chance."""
        log = self._path(table) / "_delta_log"
        commit = log / f"{self.version(table):020d}.json"
        places = [*map(Path, self.files(table)), commit, log, self._path(table), self.root]
        for place in places:
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _translated(table: str, act: Callable[[], Answer]) -> Answer:
    try:
        return act()
    except (DeltaError, OSError) as error:
        text = str(error)
        if "No space left" in text or "os error 28" in text or "StorageFull" in text:
            raise DiskFullError(
                f'The disk is full: table "{table}" was not written and keeps its old version. '
                "Free some space and repeat the command.",
                table=table,
            ) from error
        raise UnavailableError(f'Table "{table}" cannot be reached: {text}', table=table) from error
