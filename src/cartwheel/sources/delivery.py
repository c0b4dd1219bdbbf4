"""What a file gives to a table: rows accepted, rows merged, rows set aside. Nothing else happens.

``rows_in = accepted + merged + quarantined`` holds for every delivery, or it cannot be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from cartwheel.core.errors import CartwheelError
from cartwheel.core.wording import Text
from cartwheel.sources.rule import rules_of
from cartwheel.sources.source_file import FAULT_SCHEMA, SourceFile, faults
from cartwheel.sources.word import TOTALS
from cartwheel.tables import table_contract

QUARANTINED = pl.Schema([*FAULT_SCHEMA.items(), ("row", pl.String())])


class ReconciliationError(CartwheelError):
    """Rows of a file were lost or doubled on their way: a defect of Cartwheel, not of the file."""

    code = "reconciliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Rows of one table from one file, and an account of all rows meant for it.

    ``derived`` rows repeat what another delivery counted (products seen in order lines): they fill
    in what the lake does not know and are not part of the account.
    """

    table: str
    file: str
    frame: pl.DataFrame
    rows_in: int
    merged: int = 0
    quarantined: int = 0
    faults: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUARANTINED))
    is_derived: bool = False

    def __post_init__(self) -> None:
        said = self.frame.height + self.merged + self.quarantined
        if not self.is_derived and self.rows_in != said:
            raise ReconciliationError(
                f"{self.file} to {self.table}: {self.rows_in} rows in, but {self.frame.height} "
                f"accepted + {self.merged} merged + {self.quarantined} quarantined = {said}.",
                file=self.file,
                table=self.table,
            )


def deliver(
    table: str,
    source: SourceFile,
    frame: pl.DataFrame,
    *,
    unread: pl.DataFrame,
    merged: int = 0,
    names: Mapping[str, str] | None = None,
    with_broken: bool = True,
) -> Delivery:
    """Check ``frame`` against the contract of ``table`` and account for each row.

    Parameters
    ----------
    frame
        Columns of the table, and ``line``; one row a line of the file.
    unread
        Faults found while reading; lines that are not in ``frame`` are left out.
    merged
        Rows that were merged into others before.
    names
        Column of the table to column of the file, for the quarantine.
    with_broken
        Count the lines of the file that could not be cut into fields here.
    """
    contract = table_contract(table)
    lines = frame["line"]
    own = unread.filter(pl.col("line").is_in(lines.implode())) if unread.height else unread
    found = pl.concat([own, _breaches(table, frame, own, names or {})])
    found = _as_written(_totals(found, source), source)
    bad = found["line"].unique()
    good = frame.filter(~pl.col("line").is_in(bad.implode())) if len(bad) else frame
    is_doubled = good.select(contract.key).hash_rows().n_unique() < good.height
    kept = good.unique(contract.key, keep="last", maintain_order=True) if is_doubled else good
    broken = source.broken if with_broken else source.broken.clear()
    return Delivery(
        table=table,
        file=source.name,
        frame=contract.conform(kept.drop("line")),
        rows_in=frame.height + merged + broken.height,
        merged=merged + good.height - kept.height,
        quarantined=len(bad) + broken.height,
        faults=with_rows(pl.concat([found, broken]), source),
    )


def derived(table: str, file: str, frame: pl.DataFrame) -> Delivery:
    """Return rows that follow from rows counted elsewhere, unique by key."""
    contract = table_contract(table)
    kept = frame.unique(contract.key, keep="first", maintain_order=True)
    conformed = contract.conform(kept)
    return Delivery(
        table=table, file=file, frame=conformed, rows_in=conformed.height, is_derived=True
    )


def without_duplicates(source: SourceFile) -> tuple[pl.Series, int]:
    """Return which rows are the first of their kind over all columns, and how many are not.

    Rows whose hashes differ differ; only rows that share a hash are compared in full.
    """
    hashes = source.frame.hash_rows()
    doubled = hashes.is_duplicated()
    if not doubled.any():
        return pl.repeat(True, source.frame.height, dtype=pl.Boolean, eager=True), 0
    among = source.frame.filter(doubled)
    firsts = among.select(pl.struct(pl.all()).is_first_distinct().alias("f")).to_series()
    is_first = (~doubled).scatter(doubled.arg_true(), firsts)
    return is_first, int((~is_first).sum())


def with_rows(found: pl.DataFrame, source: SourceFile) -> pl.DataFrame:
    """Add to each fault its whole row as JSON, and keep one fault a line and field."""
    once = found.unique(["line", "field"], keep="first", maintain_order=True)
    if once.is_empty():
        return pl.DataFrame(schema=QUARANTINED)
    wanted = source.lines.is_in(once["line"].unique().implode())
    rows = source.frame.filter(wanted)
    texts = rows.select(
        pl.struct(pl.all().cast(pl.String, strict=False)).struct.json_encode().alias("row")
    )
    whole = texts.insert_column(0, source.lines.filter(wanted).alias("line"))
    return once.join(whole, on="line", how="left", maintain_order="left").sort(
        "line", maintain_order=True
    )


def _breaches(
    table: str, frame: pl.DataFrame, unread: pl.DataFrame, names: Mapping[str, str]
) -> pl.DataFrame:
    """Find the rows that break a rule, where reading did not already find the field at fault."""
    known = set(zip(unread["line"], unread["field"], strict=True)) if unread.height else set()
    found = [pl.DataFrame(schema=FAULT_SCHEMA)]
    for rule in rules_of(table_contract(table)):
        name = names.get(rule.column, rule.column)
        if rule.column not in frame.columns:
            if table_contract(table).columns[rule.column].is_required:
                found.append(
                    faults(frame["line"], name, pl.Series([None] * frame.height), rule.reason)
                )
            continue
        breaks = frame.select(rule.breaks.fill_null(value=False).alias("b")).to_series()
        if breaks.any():
            rows = frame.filter(breaks)
            found.append(faults(rows["line"], name, rows[rule.column], rule.reason))
    every = pl.concat(found)
    if not known:
        return every
    fresh = [pair not in known for pair in zip(every["line"], every["field"], strict=True)]
    return every.filter(pl.Series(fresh, dtype=pl.Boolean))


def _as_written(found: pl.DataFrame, source: SourceFile) -> pl.DataFrame:
    """Show the value of each fault as it stands in the file, not as it was read."""
    fields = [f for f in found["field"].unique().sort() if f in source.columns]
    if not fields:
        return found
    is_bad = source.lines.is_in(found["line"].unique().implode())
    texts = source.frame.filter(is_bad).select(pl.col(fields).cast(pl.String, strict=False))
    long = texts.insert_column(0, source.lines.filter(is_bad).alias("line")).unpivot(
        fields, index="line", variable_name="field", value_name="written"
    )
    both = found.join(long, on=["line", "field"], how="left", maintain_order="left")
    is_there = pl.col("field").is_in(fields)
    return both.with_columns(value=pl.when(is_there).then("written").otherwise("value")).select(
        found.columns
    )


def _totals(found: pl.DataFrame, source: SourceFile) -> pl.DataFrame:
    """Say of a bad line with a word such as "Total" in it that it is no data."""
    texts = [c for c in source.columns if source.frame[c].dtype in (pl.String, pl.Categorical)]
    if found.is_empty() or not texts:
        return found
    is_bad = source.lines.is_in(found["line"].unique().implode())
    is_total = pl.any_horizontal(
        pl.col(c).cast(pl.String).str.to_lowercase().str.strip_chars(" :：").is_in(list(TOTALS))
        for c in texts
    )
    words = source.frame.filter(is_bad).select(is_total.fill_null(value=False).alias("t"))
    lines = source.lines.filter(is_bad).filter(words["t"])
    said = Text("the line is a total, not data", "该行是合计，不是数据")
    is_hit = pl.col("line").is_in(lines.implode())
    whole = faults(lines, "(line)", pl.Series([None] * len(lines), dtype=pl.String), said)
    return pl.concat([found.filter(~is_hit), whole])
