"""Which table a file is, and which of its columns is which, by names and by values.

A name counts when it is the contract's own, a word shops use (``vocabulary``), or nearly one
(rapidfuzz). A name only counts when the values can be read as what the column holds. What is still
missing is looked for in the values alone: the only column of dates is the date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath

import polars as pl
from rapidfuzz import fuzz, process

from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.core.wording import Text
from cartwheel.sources.column_map import TableMap
from cartwheel.sources.completion import is_derivable
from cartwheel.sources.field import DATES, NUMBERS, Field, Kind, kind_of
from cartwheel.sources.moment import DateOrder, DateStyle
from cartwheel.sources.number import NumberStyle
from cartwheel.sources.reader import READERS, UNREADABLE, Reading
from cartwheel.sources.source_file import SourceFile, listing
from cartwheel.sources.unit import unit_in_heading, without_unit
from cartwheel.sources.vocabulary import INPUT_TABLES, TABLE_WORDS, words_of
from cartwheel.tables import Column, TableContract, table_contract

_SAMPLE = 2_000  # rows looked at to see what a column holds
_READABLE = 0.5  # share of a sample that must be readable under a known name
_SURE = 0.8  # the same where the name is only alike
_COVERED = 0.4  # share of a file's columns that its table should know
_ALIKE = 84.0  # rapidfuzz ratio, 0-100, from which two names are nearly the same
_CLEAR = 0.1  # lead in score by which one table beats the next, also one that lacks a key column
# ways of writing tried on a sample: (decimal mark, order of dates)
_STYLES: dict[Kind, tuple[tuple[str, DateOrder], ...]] = {
    **dict.fromkeys(NUMBERS, ((".", "DMY"), (",", "DMY"))),
    **dict.fromkeys(DATES, ((".", "DMY"), (".", "MDY"))),
}


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    column: str
    source: str
    why: Text


class Looks:
    """What the columns of a file look like; each sample is read once a kind."""

    def __init__(self, source: SourceFile) -> None:
        step = max(1, source.frame.height // _SAMPLE)
        self._sample = source.frame.gather_every(step)
        self._seen: dict[tuple[str, Kind, str], float] = {}

    def readable(self, source: str, column: Column, kind: Kind) -> float:
        """Return the share of filled values of ``source`` that ``column`` could hold; 1 if none."""
        asked = (source, kind, column.name if kind == "choice" else "")
        if asked not in self._seen:
            self._seen[asked] = self._share(source, column, kind)
        return self._seen[asked]

    def _share(self, source: str, column: Column, kind: Kind) -> float:
        raw = self._sample[source].drop_nulls()
        values = pl.DataFrame(
            {"raw": raw, "text": raw.cast(pl.String, strict=False).str.strip_chars()}
        )
        values = values.filter(pl.col("text") != "")
        if values.is_empty():
            return 1.0
        f = Field(
            name=column.name, source=source, kind=kind, unit=column.unit, allowed=column.allowed
        )
        styles = [
            Reading(
                number=NumberStyle(decimal=mark), date=DateStyle(order=order),
                currency="USD", time_zone="UTC",
            )
            for mark, order in _STYLES.get(kind, _STYLES["number"][:1])
        ]  # fmt: skip
        unread = min(READERS[kind](values, f, how)["value"].null_count() for how in styles)
        return 1.0 - unread / values.height


def guess_columns(source: SourceFile, given: TableMap, looks: Looks | None = None) -> TableMap:
    """Complete a map with the columns of ``source`` that can be recognised.

    Columns that ``given`` names stay as they are; they must exist in the file.
    """
    return _guess(source, given, looks or Looks(source))[0]


def _guess(source: SourceFile, given: TableMap, looks: Looks) -> tuple[TableMap, float]:
    """Return the completed map, and how many columns it knows, doubtful ones counted in part."""
    contract = table_contract(given.table)
    columns = {name: source.require(column) for name, column in given.columns.items()}
    why = dict(given.why)
    known = float(len(columns))
    ranked = sorted(
        _matches(source, contract, looks), key=lambda m: (-m.score, source.columns.index(m.source))
    )
    for match in ranked:
        if match.column not in columns and match.source not in columns.values():
            columns[match.column] = match.source
            why[match.column] = match.why
            known += match.score / 100
    for match in _by_value(source, contract, columns, looks):
        columns[match.column] = match.source
        why[match.column] = match.why
    units = {
        name: unit
        for name, column in contract.columns.items()
        if name in columns
        and column.unit
        and (unit := unit_in_heading(columns[name], column.unit))
        and unit not in ("major", "元")
    }
    ordered = {name: columns[name] for name in contract.columns if name in columns}
    return replace(given, columns=ordered, why=why, units={**units, **given.units}), known


def require_key(source: SourceFile, found: TableMap) -> None:
    """Refuse a map that lacks a column the table cannot do without.

    Raises
    ------
    InputError
        Names the column and the nearest one the file has, and how to say so in a map file.
    """
    missing = missing_key(found)
    if not missing:
        return
    if len(source.columns) == 1 and source.delimiter is not None:
        raise InputError(
            f'{source.name}: cut at "{source.delimiter}" the file has only one column, '
            f"{listing(source.columns)}. If that is the wrong delimiter, say the right one in the "
            'map file, such as delimiter = ";".',
            file=source.name,
        )
    raise InputError(
        f"{source.name} as {found.table}: {_lacks(source, found)}. "
        f"It has: {listing(source.columns)}.",
        file=source.name,
        table=found.table,
        missing=missing,
    )


def _lacks(source: SourceFile, found: TableMap) -> str:
    """Say which columns are missing, with the nearest of the file, or why that one cannot be it."""
    contract = table_contract(found.table)
    free = [c for c in source.columns if c not in found.columns.values()]
    parts = []
    for name in missing_key(found):
        column = contract.columns[name]
        part = f'no column for "{name}" ({column.meaning})'
        near = _nearest(found.table, name, free)
        if near and _by_name(near, name, _known(found.table, name)):
            filled = source.frame[near].drop_nulls().cast(pl.String, strict=False)
            first = f', such as "{filled[0]}",' if filled.len() else ""
            part += (
                f'; "{near}" has its name, but most of its values{first} are '
                f"{UNREADABLE[kind_of(column, contract)].en}"
            )
        elif near:
            part += (
                f'; the nearest is "{near}". If that is it, write in the map file: '
                f'[{found.table}.columns] {name} = "{near}"'
            )
        parts.append(part)
    return "; ".join(parts)


def guess_table(source: SourceFile, maps: Mapping[str, TableMap]) -> str:
    """Return the table that ``source`` holds, by its columns and its name.

    A map file decides when one of its sections names columns of this file.

    Raises
    ------
    InputError
        No table fits, or two fit about equally well.
    """
    mapped = [
        t for t, m in maps.items() if m.columns and set(m.columns.values()) <= set(source.columns)
    ]
    if len(mapped) == 1:
        return mapped[0]
    looks = Looks(source)
    found = [_guess(source, _usable(maps, table, source), looks) for table in INPUT_TABLES]
    scored = sorted(
        (
            (known / len(source.columns) + _named(source.name, m.table), m.table)
            for m, known in found
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    by_table = {m.table: m for m, _ in found}
    complete = [pair for pair in scored if not missing_key(by_table[pair[1]])]
    return _clear_winner(source, scored, complete, by_table)


def _clear_winner(
    source: SourceFile,
    scored: list[tuple[float, str]],
    complete: list[tuple[float, str]],
    found: Mapping[str, TableMap],
) -> str:
    best = scored[0][1]
    if not complete or complete[0][0] < _COVERED or complete[0][0] < scored[0][0] - _CLEAR:
        if len(source.columns) == 1:
            require_key(source, found[best])
        lacks = _lacks(source, found[best])
        near = f" The nearest is {best}" if found[best].columns else ""
        near += f", but the file has {lacks}." if near and lacks else "." if near else ""
        raise InputError(
            f"{source.name} fits no table.{near} "
            "Say which table it is with --as, and its columns in a map file. "
            f"It has: {listing(source.columns)}.",
            file=source.name,
        )
    if len(complete) > 1 and complete[0][0] - complete[1][0] < _CLEAR:
        raise InputError(
            f"{source.name} could be {complete[0][1]} or {complete[1][1]}. Say which with --as "
            f"{complete[0][1]} or --as {complete[1][1]}.",
            file=source.name,
        )
    return complete[0][1]


def require_table(name: str, formats: list[str]) -> str:
    """Return ``name`` when it is a table that can be imported or a known format."""
    known = [*INPUT_TABLES, *formats]
    if name not in known:
        raise InputError(
            f'There is no table or format "{name}".{did_you_mean(name, known)} '
            f"Formats: {', '.join(formats)}. Tables: {', '.join(INPUT_TABLES)}.",
            table=name,
        )
    return name


def _usable(maps: Mapping[str, TableMap], table: str, source: SourceFile) -> TableMap:
    given = maps.get(table, TableMap(table=table))
    return given if set(given.columns.values()) <= set(source.columns) else TableMap(table=table)


def missing_key(found: TableMap) -> list[str]:
    """Return the columns the table cannot do without and the map does not have."""
    contract = table_contract(found.table)
    return [
        name
        for name, column in contract.columns.items()
        if column.is_required and name not in found.columns and not is_derivable(found.table, name)
    ]


def _matches(source: SourceFile, contract: TableContract, looks: Looks) -> Iterator[_Match]:
    for name, column in contract.columns.items():
        kind = kind_of(column, contract)
        known = _known(contract.name, name)
        for given in source.columns:
            found = _by_name(given, name, known)
            if found and (
                found.score >= 100
                or looks.readable(given, column, kind) >= (_READABLE if found.score > 90 else _SURE)
            ):
                yield found


def _by_name(given: str, name: str, known: Mapping[str, int]) -> _Match | None:
    plain = _plain(given)
    if plain == _plain(name):
        return _Match(101.0, name, given, Text("the same name", "名称相同"))
    short = _plain(without_unit(given))
    for form in (plain, short):
        if form in known:
            score = 100.0 - 0.1 * known[form] - (0.05 if form != plain else 0)
            return _Match(score - 1, name, given, Text("a known word for it", "已知的同义词"))
    if len(plain) < 3:
        return None
    near = process.extractOne(short, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if near is None:
        return None
    return _Match(
        near[1] * 0.9, name, given,
        Text(f'like "{near[0]}" ({near[1]:.0f} %)', f"与「{near[0]}」相似（{near[1]:.0f} %）"),
    )  # fmt: skip


def _by_value(
    source: SourceFile, contract: TableContract, columns: Mapping[str, str], looks: Looks
) -> Iterator[_Match]:
    """Yield the required dates that only one free column can be."""
    free = [c for c in source.columns if c not in columns.values()]
    for name in missing_key(TableMap(table=contract.name, columns=columns)):
        column = contract.columns[name]
        if kind_of(column, contract) not in DATES:
            continue
        able = [
            c
            for c in free
            if not source.frame[c].dtype.is_numeric()
            and source.frame[c].null_count() < source.frame.height
            and looks.readable(c, column, "instant") > 0.95
            and looks.readable(c, column, "number") < 0.5
        ]
        if len(able) == 1:
            yield _Match(0.0, name, able[0], Text("the only column of dates", "唯一的日期列"))
            return


def _nearest(table: str, name: str, free: list[str]) -> str | None:
    known = _known(table, name)
    scored = [
        (max((fuzz.ratio(_plain(without_unit(c)), word) for word in known), default=0.0), c)
        for c in free
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= 45 else None


@cache
def _known(table: str, name: str) -> dict[str, int]:
    """Return the plain forms of all names of a column, with their rank."""
    bare_name = re.sub(r"_(minor|at|on|g|cm3|days)$", "", name)
    forms = [name, bare_name, *words_of(table, name)]
    return {_plain(word): rank for rank, word in reversed(list(enumerate(forms)))}


@cache
def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    return re.sub(r"[\W_]+", "", spaced.lower())


def _named(file: str, table: str) -> float:
    """Score how much a file's name speaks for a table, 0 to 0.25: columns weigh more."""
    book, _, title_of_sheet = file.partition("#")
    stem = _plain(PurePath(book).name.partition(".")[0])
    sheet = _plain(title_of_sheet) or stem
    title = table_contract(table).title
    words = [table, title.en, title.zh, *TABLE_WORDS.get(table, "").split("|")]
    plain = [_plain(w) for w in words if w]
    if any(w in (stem, sheet) for w in plain[:3]):
        return 0.25
    if any(w in (stem, sheet) for w in plain):
        return 0.15
    inside = [len(w) for w in plain if len(w) > 1 and (w in stem or w in sheet)]
    return min(0.1, 0.01 * max(inside)) if inside else 0.0
