"""What an import says of itself: what was read, what became of every row, what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.sources.column_map import TableMap
from cartwheel.sources.delivery import Delivery
from cartwheel.sources.outlier import Outlier

_SHOWN = 3  # examples of a quarantine reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """A file, or a sheet of one, as it was read."""

    name: str
    rows: int
    encoding: str | None
    delimiter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of one file's rows in one table."""

    file: str
    table: str
    rows_in: int
    accepted: int
    merged: int
    quarantined: int
    is_derived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why rows were set aside: how many, and the first of them as (line, value)."""

    file: str
    table: str
    field: str
    reason: Text
    rows: int
    examples: tuple[tuple[int, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a merge changed in a table."""

    table: str
    added: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """All that is to be said of an import; ``written`` is empty for a dry run."""

    is_dry_run: bool
    files: tuple[FileRead, ...]
    maps: tuple[tuple[str, TableMap], ...] = ()  # (file, map)
    tallies: tuple[Tally, ...] = ()
    reasons: tuple[Reason, ...] = ()
    outliers: tuple[Outlier, ...] = ()
    notes: tuple[Text, ...] = ()
    doubts: tuple[Text, ...] = ()
    written: tuple[Written, ...] = ()


def tally(delivery: Delivery) -> Tally:
    """Return what became of the rows of one file meant for one table."""
    return Tally(
        file=delivery.file,
        table=delivery.table,
        rows_in=delivery.rows_in,
        accepted=delivery.frame.height,
        merged=delivery.merged,
        quarantined=delivery.quarantined,
        is_derived=delivery.is_derived,
    )


def reasons(delivery: Delivery) -> list[Reason]:
    """Return why rows were set aside, the commonest reason first, with the first lines."""
    grouped = (
        delivery.faults.group_by("field", "reason", "reason_zh", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("line").head(_SHOWN), pl.col("value").head(_SHOWN))
        .sort("rows", "field", "reason", descending=[True, False, False])
    )
    return [
        Reason(
            file=delivery.file,
            table=delivery.table,
            field=row["field"],
            reason=Text(row["reason"], row["reason_zh"]),
            rows=row["rows"],
            examples=tuple(zip(row["line"], row["value"], strict=True)),
        )
        for row in grouped.iter_rows(named=True)
    ]


def foreign_money(deliveries: Sequence[Delivery], currency: str) -> list[Text]:
    """Say where money is not in the shop's currency: nothing converts it."""
    met: dict[str, set[str]] = {}
    for delivery in deliveries:
        if "currency" in delivery.frame.columns:
            codes = delivery.frame["currency"].drop_nulls().unique().to_list()
            met.setdefault(delivery.file, set()).update(code for code in codes if code != currency)
    return [
        Text(
            f"{file}: amounts are in {', '.join(sorted(codes))}, the shop's currency is "
            f"{currency}. They are kept as they are; set the currency in cartwheel.toml.",
            f"{file}：金额为 {'、'.join(sorted(codes))}，店铺货币为 {currency}；金额未换算，"
            "请在 cartwheel.toml 中设置货币。",
        )
        for file, codes in met.items()
        if codes
    ]


def once(texts: Sequence[Text]) -> tuple[Text, ...]:
    """Return each text once, in order."""
    return tuple(dict.fromkeys(texts))
