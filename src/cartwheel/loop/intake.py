"""Bring files into the lake: read, map, check, and only then write.

Nothing is written before the whole input is read and checked. Each table is then merged by its key
in one commit, the largest first, for that is where a full disk shows. Every step can be repeated:
the same files give the same rows, and a merge that changes nothing makes no new version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.ids import content_id
from cartwheel.core.time import Clock
from cartwheel.core.wording import Text
from cartwheel.loop.import_report import (
    FileRead,
    ImportReport,
    Written,
    foreign_money,
    once,
    reasons,
    tally,
)
from cartwheel.sources.column_map import TableMap, load_map
from cartwheel.sources.delivery import Delivery
from cartwheel.sources.formats import FORMATS
from cartwheel.sources.guess import (
    guess_columns,
    guess_table,
    missing_key,
    require_key,
    require_table,
)
from cartwheel.sources.outlier import outliers
from cartwheel.sources.reading import files_of, read_file
from cartwheel.sources.source_file import ReadingHints, SourceFile, listing
from cartwheel.sources.table_rows import Found, table_rows
from cartwheel.tables import table_contract

Progress = Callable[[float, str], None]


class MergeCounts(Protocol):
    """What a merge did to the rows given."""

    @property
    def added(self) -> int:
        """Return the rows whose key was new."""
        ...

    @property
    def updated(self) -> int:
        """Return the rows that replaced another."""
        ...

    @property
    def unchanged(self) -> int:
        """Return the rows that were there already."""
        ...


class Lake(Protocol):
    """What the import needs of the lake."""

    def has(self, table: str) -> bool:
        """Tell whether ``table`` was ever written."""
        ...

    def read(self, table: str) -> pl.DataFrame:
        """Return a table whole; empty when absent."""
        ...

    def merge(self, table: str, frame: pl.DataFrame) -> MergeCounts:
        """Add new rows and overwrite those whose key is there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFiles:
    """Import these files or folders, as a table or a known format, or as what they look like."""

    paths: tuple[Path, ...]
    currency: str  # of the shop
    time_zone: str  # of the shop
    named: str | None = None  # table or format
    map_path: Path | None = None
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    found: Found
    files: tuple[FileRead, ...]
    import_ids: Mapping[str, str]  # by file
    maps: tuple[tuple[str, TableMap], ...] = field(default=())


def _silent(done: float, doing: str) -> None:
    """Say nothing."""


def import_files(
    command: ImportFiles, *, lake: Lake, clock: Clock, progress: Progress = _silent
) -> ImportReport:
    """Bring files in; the same files again change nothing.

    Raises
    ------
    InputError
        Something about the input is wrong; nothing was written.
    DiskFullError
        There is no room; tables keep the versions they have.
    """
    given = _read(command, progress)
    deliveries = given.found.deliveries
    for delivery in deliveries:
        table_contract(delivery.table).check(delivery.frame)
    far = [o for d in deliveries if not d.is_derived for o in outliers(d.table, d.frame)]
    written = () if command.is_dry_run else _write(given, lake, clock, progress)
    progress(1.0, "done")
    return ImportReport(
        is_dry_run=command.is_dry_run,
        files=given.files,
        maps=given.maps,
        tallies=tuple(tally(d) for d in deliveries),
        reasons=tuple(r for d in deliveries for r in reasons(d)),
        outliers=tuple(far),
        notes=once(given.found.notes),
        doubts=once([*given.found.doubts, *foreign_money(deliveries, command.currency)]),
        written=written,
    )


def _read(command: ImportFiles, progress: Progress) -> _Input:
    maps = load_map(command.map_path) if command.map_path else {}
    if command.named is not None:
        require_table(command.named, list(FORMATS))
    paths = _of_different_names(files_of(command.paths))
    sources: list[SourceFile] = []
    for i, path in enumerate(paths):
        progress(0.3 * i / len(paths), f"reading {path.name}")
        sources += read_file(path, _hints(command, maps))
    files = tuple(
        FileRead(name=s.name, rows=s.rows, encoding=s.encoding, delimiter=s.delimiter)
        for s in sources
    )
    progress(0.3, "understanding the columns")
    if command.named in FORMATS:
        found = FORMATS[command.named](sources, command.currency, command.time_zone)
        ids = {s.name: content_id("imp", s.digest, s.name, command.named) for s in sources}
        return _Input(found=found, files=files, import_ids=ids)
    mapped, aside = _mapped(sources, command.named, maps)
    ids = {s.name: content_id("imp", s.digest, s.name, m.to_toml()) for s, m in mapped}
    named = tuple((s.name, m) for s, m in mapped)
    found = _tables(mapped, command, progress)
    left = (text for s, m in mapped for text in _left_out(s, m))
    notes = (*aside, *left, *found.notes)
    found = Found(deliveries=found.deliveries, notes=notes, doubts=found.doubts)
    return _Input(found=found, files=files, import_ids=ids, maps=named)


def _hints(command: ImportFiles, maps: Mapping[str, TableMap]) -> ReadingHints:
    if command.named is not None and command.named in maps:
        return maps[command.named].reading
    return next(iter(maps.values())).reading if len(maps) == 1 else ReadingHints()


def _mapped(
    sources: Sequence[SourceFile], named: str | None, maps: Mapping[str, TableMap]
) -> tuple[list[tuple[SourceFile, TableMap]], tuple[Text, ...]]:
    """Find table and columns of each source; sheets of a workbook that are no table stay aside."""
    mapped, aside = [], []
    for source in sources:
        beside = [s for s in sources if s is not source and s.digest == source.digest]
        try:
            table = named or guess_table(source, maps)
            found = guess_columns(source, maps.get(table, TableMap(table=table)))
            require_key(source, found)
        except InputError:
            if not any(_fits(s, named, maps) for s in beside):
                raise
            aside.append(Text(
                f"{source.name} ({source.rows} rows) is no such table and was not read.",
                f"{source.name}（{source.rows} 行）不是该表，未读取。",
            ))  # fmt: skip
            continue
        mapped.append((source, found))
    return mapped, tuple(aside)


def _left_out(source: SourceFile, found: TableMap) -> Sequence[Text]:
    """Say which columns of the file become nothing."""
    left = [c for c in source.columns if c not in found.columns.values()]
    if not left:
        return ()
    return (Text(
        f"{source.name}: not used: {listing(left)}.",
        f"{source.name}：未使用的列：{'、'.join(f'「{name}」' for name in left)}。",
    ),)  # fmt: skip


def _fits(source: SourceFile, named: str | None, maps: Mapping[str, TableMap]) -> bool:
    try:
        table = named or guess_table(source, maps)
        return not missing_key(guess_columns(source, maps.get(table, TableMap(table=table))))
    except InputError:
        return False


def _tables(
    mapped: Sequence[tuple[SourceFile, TableMap]], command: ImportFiles, progress: Progress
) -> Found:
    groups: dict[str, list[tuple[SourceFile, TableMap]]] = {}
    for source, found in mapped:
        groups.setdefault(found.table, []).append((source, found))
    parts = []
    for i, (table, group) in enumerate(groups.items()):
        progress(0.3 + 0.4 * i / len(groups), f"checking {table}")
        parts.append(table_rows(group, currency=command.currency, time_zone=command.time_zone))
    return Found(
        deliveries=tuple(d for p in parts for d in p.deliveries),
        notes=tuple(n for p in parts for n in p.notes),
        doubts=tuple(n for p in parts for n in p.doubts),
    )


def _write(given: _Input, lake: Lake, clock: Clock, progress: Progress) -> tuple[Written, ...]:
    frames: dict[str, list[pl.DataFrame]] = {}
    for delivery in given.found.deliveries:
        frame = _filled(lake, delivery) if delivery.is_derived else delivery.frame
        if frame.height:
            frames.setdefault(delivery.table, []).append(frame)
    whole = {table: pl.concat(parts) for table, parts in frames.items()}
    del frames
    largest_first = sorted(whole, key=lambda t: -whole[t].estimated_size())
    written = []
    for i, table in enumerate(largest_first):
        progress(0.7 + 0.3 * i / len(largest_first), f"writing {table}")
        counts = lake.merge(table, whole.pop(table))
        written.append(Written(
            table=table, added=counts.added, updated=counts.updated, unchanged=counts.unchanged
        ))  # fmt: skip
    _record(given, lake, clock)
    return tuple(written)


def _of_different_names(paths: Sequence[Path]) -> list[Path]:
    """Return each file once; the account of an import knows files by their names."""
    once = list({path.resolve(): path for path in paths}.values())
    for path in once:
        others = [other for other in once if other.name == path.name and other is not path]
        if others:
            raise InputError(
                f'"{path}" and "{others[0]}" have one name; import them one after the other, '
                "or rename one."
            )
    return once


def _filled(lake: Lake, delivery: Delivery) -> pl.DataFrame:
    """Let derived rows fill in what the lake does not know, never overwrite what it does."""
    if not lake.has(delivery.table):
        return delivery.frame
    key = list(table_contract(delivery.table).key)
    known = lake.read(delivery.table).with_columns(is_known=pl.lit(value=True))
    both = delivery.frame.join(known, on=key, how="left", suffix=" known", maintain_order="left")
    return both.select(
        *key,
        *(
            pl.coalesce(f"{name} known", name).alias(name)
            for name in delivery.frame.columns
            if name not in key
        ),
    ).select(delivery.frame.columns)


def _record(given: _Input, lake: Lake, clock: Clock) -> None:
    """Write the account of the import, and the rows set aside, where they are new."""
    counted = [d for d in given.found.deliveries if not d.is_derived]
    contract = table_contract("imports")
    rows = pl.DataFrame(
        [
            {
                "import_id": given.import_ids[d.file], "table": d.table, "file": d.file,
                "imported_at": clock.now(), "rows_in": d.rows_in,
                "rows_accepted": d.frame.height, "rows_merged": d.merged,
                "rows_quarantined": d.quarantined,
            }
            for d in counted
        ],
        schema=contract.schema,
    )  # fmt: skip
    aside = pl.concat(
        d.faults.with_columns(
            import_id=pl.lit(given.import_ids[d.file]), table=pl.lit(d.table), file=pl.lit(d.file)
        )
        for d in counted
    )
    for table, frame in (("quarantine", aside), ("imports", rows)):
        same = [c for c in frame.columns if c != "imported_at"]
        known = lake.read(table) if lake.has(table) else table_contract(table).empty()
        new = frame.join(known, on=same, how="anti", nulls_equal=True)
        if new.height:
            lake.merge(table, table_contract(table).conform(new))
