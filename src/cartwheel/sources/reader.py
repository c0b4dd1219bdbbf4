"""How the distinct values of a column are read, one reader a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.sources.currency import currency_in, currency_of
from cartwheel.sources.field import Field, Kind
from cartwheel.sources.local_time import instants
from cartwheel.sources.moment import DateStyle, moments
from cartwheel.sources.number import EXACT, NumberStyle, bare, numbers
from cartwheel.sources.unit import FACTORS, factor
from cartwheel.sources.word import CHOICES, FLAGS

UNREADABLE: dict[Kind, Text] = {
    "id": Text("no identifier", "不是有效的编号"),
    "text": Text("no text", "不是有效的文本"),
    "choice": Text("none of the allowed values", "不在允许的取值之内"),
    "currency": Text("no currency such as EUR or €", "不是有效的货币，例如 EUR 或 €"),
    "whole": Text("no whole number", "不是整数"),
    "number": Text("no number such as 1234.5 or 1.234,5", "不是数字，例如 1234.5 或 1.234,5"),
    "money": Text("no amount such as 12.50 or €1.234,50", "不是金额，例如 12.50 或 €1.234,50"),
    "instant": Text(
        "no date or time such as 2024-03-05 14:30, 05/03/2024 or 2024年3月5日",
        "不是日期或时间，例如 2024-03-05 14:30、05/03/2024 或 2024年3月5日",
    ),
    "day": Text(
        "no date such as 2024-03-05, 05/03/2024 or 2024年3月5日",
        "不是日期，例如 2024-03-05、05/03/2024 或 2024年3月5日",
    ),
    "flag": Text("neither yes nor no", "不是“是/否”"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was decided about a column before its values are read."""

    number: NumberStyle = field(default_factory=NumberStyle)
    date: DateStyle = field(default_factory=DateStyle)
    currency: str
    time_zone: str


# Takes distinct values (``raw``, ``text``), gives them back with ``value`` and what else it saw.
Reader = Callable[[pl.DataFrame, Field, Reading], pl.DataFrame]


def _ids(values: pl.DataFrame, _f: Field, _how: Reading) -> pl.DataFrame:
    whole = pl.col("text").str.replace(r"^(\d+)\.0+$", "$1")
    return values.with_columns(value=whole)


def _texts(values: pl.DataFrame, _f: Field, _how: Reading) -> pl.DataFrame:
    return values.with_columns(value=pl.col("text"))


def _choices(values: pl.DataFrame, f: Field, _how: Reading) -> pl.DataFrame:
    plain = pl.col("text").str.to_lowercase().str.replace_all(r"[\s-]+", "_")
    common = {k: v for k, v in CHOICES.get(f.name, {}).items() if v in f.allowed}
    words = common | {a: a for a in f.allowed} | {k.lower(): v for k, v in f.words.items()}
    said = {k.replace(" ", "_"): v for k, v in words.items()}
    return values.with_columns(
        value=plain.replace_strict(said, default=None, return_dtype=pl.String)
    )


def _currencies(values: pl.DataFrame, _f: Field, how: Reading) -> pl.DataFrame:
    return values.with_columns(value=currency_of(pl.col("text"), how.currency))


def _exact(values: pl.DataFrame, f: Field, how: Reading) -> pl.DataFrame:
    if values["raw"].dtype.is_integer():
        return values.with_columns(value=pl.col("raw").cast(EXACT))
    if f.unit in ("g", "cm³", "days"):
        return _measured(values, f, how)
    return values.with_columns(value=numbers(bare(pl.col("text")), how.number))


def _measured(values: pl.DataFrame, f: Field, how: Reading) -> pl.DataFrame:
    unit = str(f.unit)
    factors = {word: float(size) for word, size in FACTORS[unit].items()}
    default = float(factor(unit, f.given)) if f.given else 1.0
    word = pl.col("text").str.to_lowercase().str.extract(r"([a-z³\p{Han}]+3?)\.?$", 1)
    digits = pl.col("text").str.to_lowercase().str.replace(r"\s*[a-z³\p{Han}]+3?\.?$", "")
    size = word.replace_strict(factors, default=None, return_dtype=pl.Float64)
    return values.with_columns(
        value=(
            numbers(digits, how.number).cast(pl.Float64)
            * pl.when(word.is_null()).then(default).otherwise(size)
        )
    )


def _wholes(values: pl.DataFrame, f: Field, how: Reading) -> pl.DataFrame:
    read = _exact(values, f, how)
    value = pl.col("value").round(0) if f.unit in ("g", "cm³", "days") else pl.col("value")
    return read.with_columns(
        value=pl.when(value == value.round(0)).then(value.round(0)).cast(pl.Int64, strict=False)
    )


def _numbers(values: pl.DataFrame, f: Field, how: Reading) -> pl.DataFrame:
    return _exact(values, f, how).with_columns(pl.col("value").cast(pl.Float64))


def _amounts(values: pl.DataFrame, f: Field, how: Reading) -> pl.DataFrame:
    read = _exact(values, f, how)
    if values["raw"].dtype.is_numeric():
        return read
    return read.with_columns(sign=currency_in(pl.col("text"), how.currency))


def _instants(values: pl.DataFrame, _f: Field, how: Reading) -> pl.DataFrame:
    raw = values["raw"]
    if isinstance(raw.dtype, pl.Datetime) and raw.dtype.time_zone is not None:
        utc = raw.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        return values.with_columns(value=utc)
    if raw.dtype.is_temporal():
        wall = pl.DataFrame({"at": raw.cast(pl.Datetime("us"))}).with_columns(
            offset=pl.lit(None, pl.Int32)
        )
    else:
        wall = moments(values["text"], how.date)
    found = instants(wall, how.time_zone)
    return pl.concat([values, found.rename({"at": "value"})], how="horizontal")


def _days(values: pl.DataFrame, f: Field, how: Reading) -> pl.DataFrame:
    raw = values["raw"]
    if raw.dtype == pl.Date:
        return values.with_columns(value=raw)
    read = _instants(values, f, how).select("raw", "text", "value")
    return read.with_columns(pl.col("value").dt.convert_time_zone(how.time_zone).dt.date())


def _flags(values: pl.DataFrame, _f: Field, _how: Reading) -> pl.DataFrame:
    plain = pl.col("text").str.to_lowercase()
    return values.with_columns(
        value=plain.replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)
    )


READERS: dict[Kind, Reader] = {
    "id": _ids,
    "text": _texts,
    "choice": _choices,
    "currency": _currencies,
    "whole": _wholes,
    "number": _numbers,
    "money": _amounts,
    "instant": _instants,
    "day": _days,
    "flag": _flags,
}
