"""Columns of a file read as what a table needs; what cannot be read is named line by line.

Each distinct value is read once and the answers are joined back, so cost follows the variety of a
column more than its length. Date order and decimal mark are decided over whole columns first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text
from cartwheel.sources import currency, moment, number
from cartwheel.sources.field import DATES, NUMBERS, Field
from cartwheel.sources.reader import READERS, UNREADABLE, Reading
from cartwheel.sources.source_file import FAULT_SCHEMA, SourceFile, faults
from cartwheel.sources.word import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How a shop, or one file of it, writes; None means: find out."""

    currency: str
    time_zone: str
    decimal: str | None = None
    date_order: moment.DateOrder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """The fields read, with the ``line`` of each row, and what could not be read."""

    frame: pl.DataFrame
    faults: pl.DataFrame
    notes: tuple[Text, ...] = ()
    doubts: tuple[Text, ...] = ()  # what was decided without proof
    names: dict[str, str] = field(default_factory=dict)  # column of the table -> of the file


def convert(source: SourceFile, fields: Sequence[Field], conventions: Conventions) -> Converted:
    """Read ``fields`` of ``source``.

    Money is read with the currency that stands beside it, else of the file's currency column, else
    of ``conventions``; the column ``currency`` of the answer says which.

    Raises
    ------
    InputError
        The file lacks a column, or not one value of a column can be read.
    """
    distinct = {f.name: _distinct(source.frame[source.require(f.source)]) for f in fields}
    readings, doubts = _styles(fields, distinct, conventions, source.name)
    columns: dict[str, pl.Series] = {"line": source.lines.alias("line")}
    signs: list[pl.Series] = []
    wrong: list[pl.DataFrame] = []
    notes: list[Text] = []
    for f in fields:
        raw = source.frame[f.source]
        answers = READERS[f.kind](distinct[f.name], f, readings[f.name])
        rows = _joined(raw, answers)
        wrong.append(_unread(source, f, raw, rows))
        notes += _jumps(f, rows)
        if "sign" in rows.columns:
            signs.append(rows["sign"])
        columns[f.name] = rows["value"].alias(f.name)
    frame = _money(pl.DataFrame(columns), fields, signs, conventions)
    return Converted(
        frame=frame,
        faults=pl.concat([pl.DataFrame(schema=FAULT_SCHEMA), *wrong]),
        notes=tuple(notes),
        doubts=tuple(doubts),
        names={f.name: f.source for f in fields},
    )


def _distinct(raw: pl.Series) -> pl.DataFrame:
    """Return each distinct ``raw`` value and its trimmed ``text``, null for words for nothing."""
    if raw.dtype.is_float():
        raw = raw.fill_nan(None)
    values = raw.unique()
    text = values.cast(pl.String, strict=False).str.strip_chars()
    return pl.DataFrame({"raw": values, "text": text}).with_columns(
        text=pl.when(~pl.col("text").is_in(NOTHING)).then("text")
    )


def _joined(raw: pl.Series, answers: pl.DataFrame) -> pl.DataFrame:
    if raw.dtype.is_float():
        raw = raw.fill_nan(None)
    return raw.to_frame("raw").join(
        answers, on="raw", how="left", nulls_equal=True, maintain_order="left"
    )


def _styles(
    fields: Sequence[Field],
    distinct: dict[str, pl.DataFrame],
    conventions: Conventions,
    name: str,
) -> tuple[dict[str, Reading], list[Text]]:
    """Decide decimal mark and date order of each column from itself, its file, the conventions."""
    texts = {f.name: d["text"].drop_nulls() for f in fields if _is_text(d := distinct[f.name])}
    bare = {
        f.name: texts[f.name].to_frame("t").select(number.bare(pl.col("t"))).to_series()
        for f in fields
        if f.kind in NUMBERS and f.name in texts
    }
    marks = {n: number.votes(values) for n, values in bare.items()}
    orders = {
        f.name: moment.votes(texts[f.name]) for f in fields if f.kind in DATES and f.name in texts
    }
    all_marks = sum(marks.values(), number.NumberVotes())
    all_orders = sum(orders.values(), moment.DateVotes())
    readings: dict[str, Reading] = {}
    doubts: list[Text] = []
    for f in fields:
        mark, order = number.NumberStyle(), moment.DateStyle()
        if f.name in marks:
            mark = number.style_of(marks[f.name], all_marks, is_whole=f.kind == "whole")
            if conventions.decimal:
                mark = number.NumberStyle(decimal=conventions.decimal)
        if f.name in orders:
            order = moment.style_of(orders[f.name], all_orders, currency=conventions.currency)
            if conventions.date_order:
                order = moment.DateStyle(order=conventions.date_order)
        doubts += _doubts(name, f, mark, order)
        readings[f.name] = Reading(
            number=mark, date=order, currency=conventions.currency, time_zone=conventions.time_zone
        )
    return readings, doubts


def _is_text(distinct: pl.DataFrame) -> bool:
    return distinct["raw"].dtype in (pl.String, pl.Categorical)


def _doubts(
    name: str, f: Field, mark: number.NumberStyle, order: moment.DateStyle
) -> Iterable[Text]:
    if not mark.is_certain:
        yield Text(
            f'{name}, "{f.source}": the values do not prove the decimal mark; "{mark.decimal}" was '
            f'taken. If that is wrong, say decimal = "{"," if mark.decimal == "." else "."}" in '
            "the map file.",
            f"{name}「{f.source}」：数值无法确定小数点符号，已按“{mark.decimal}”处理；"
            "如有误，请在映射文件中"
            f'写明 decimal = "{"," if mark.decimal == "." else "."}"。',
        )
    if not order.is_certain:
        first = {"DMY": ("day", "日"), "MDY": ("month", "月")}.get(order.order, ("year", "年"))
        yield Text(
            f'{name}, "{f.source}": the dates do not prove whether day or month comes first; the '
            f'{first[0]} was taken. If that is wrong, say date_order in the map file ("DMY" or '
            '"MDY").',
            f"{name}「{f.source}」：日期无法确定日月顺序，已按{first[1]}在前处理；"
            '如有误，请在映射文件中写明 date_order（"DMY" 或 "MDY"）。',
        )


def _unread(source: SourceFile, f: Field, raw: pl.Series, rows: pl.DataFrame) -> pl.DataFrame:
    filled = rows["text"].is_not_null()
    bad = filled & rows["value"].is_null()
    if not bad.any():
        return pl.DataFrame(schema=FAULT_SCHEMA)
    reason = UNREADABLE[f.kind]
    if bad.sum() == filled.sum():
        shown = ", ".join(
            f'"{v}"' for v in rows.filter(bad)["text"].unique(maintain_order=True)[:3]
        )
        raise InputError(
            f'{source.name}: not one value of column "{f.source}" can be read as {f.name}: '
            f"{reason.en}. The first, from line {source.lines.filter(bad)[0]} on, are {shown}.",
            file=source.name,
            column=f.source,
        )
    return faults(source.lines.filter(bad), f.source, raw.filter(bad), reason)


def _jumps(f: Field, rows: pl.DataFrame) -> Iterable[Text]:
    for column, en, zh in (
        ("is_skipped", "times that the clocks skip were moved forward",
         "个时间落在夏令时跳过的时段，已顺延"),
        ("is_twice", "times that come twice as clocks go back were read as the first",
         "个时间在夏令时结束时重复出现，按第一次处理"),
    ):  # fmt: skip
        count = int(rows[column].sum()) if column in rows.columns else 0
        if count:
            yield Text(f'"{f.source}": {count} {en}.', f"「{f.source}」：{count} {zh}。")


def _money(
    frame: pl.DataFrame, fields: Sequence[Field], signs: list[pl.Series], conventions: Conventions
) -> pl.DataFrame:
    """Turn amounts into minor units of each row's currency, and say which currency it is.

    A row that does not say has the only currency the file states, else that of the conventions.
    """
    amounts = [f for f in fields if f.kind == "money"]
    if not amounts:
        return frame
    stated = [*signs, *([frame["currency"]] if "currency" in frame.columns else [])]
    met = sorted({code for values in stated for code in values.unique().drop_nulls()})
    default = pl.lit(met[0] if len(met) == 1 else conventions.currency)
    frame = frame.with_columns(pl.coalesce(*stated, default).alias("currency"))
    codes = frame["currency"].unique().to_list()
    return frame.with_columns(
        (
            pl.col(f.name).round(0).cast(pl.Int64)
            if f.given == "minor"
            else currency.minor_units(pl.col(f.name), pl.col("currency"), codes)
        ).alias(f.name)
        for f in amounts
    )
