"""Dates and times as people write them, read over a whole column at once.

Known: ISO 8601, year first with any separator, day or month first, names of months, Chinese
(2024年3月5日 下午3:05), compact digits, Excel serial days and Unix seconds or milliseconds. Whether
3/4 is April or March is decided by the whole column: a number above 12 proves it; without proof the
file's other columns decide, then custom, and the report says that it was a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartwheel.core.errors import InputError

DateOrder = Literal["YMD", "DMY", "MDY"]
ORDERS: tuple[DateOrder, ...] = ("YMD", "DMY", "MDY")
_QUICK = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f",
)  # fmt: skip
_TIME = (
    r"(?:[T, ]+(?P<h>\d{1,2}):(?P<i>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<p>[AaPp])?(?:\.?[Mm]\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$"
)
_WEEKDAY = r"^(?:[A-Za-z]{3,9}\.?,\s*)?"
_YEAR_FIRST = r"^(?P<y>\d{4})[-/. ]{1,2}(?P<m>\d{1,2})[-/. ]{1,2}(?P<d>\d{1,2})" + _TIME
_COMPACT = r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})" + (
    r"(?:[T ]?(?P<h>\d{2}):?(?P<i>\d{2}):?(?P<s>\d{2})?)?(?P<f>)(?P<p>)(?P<z>Z)?$"
)
_YEAR_LAST = r"^(?P<a>\d{1,2})[-/. ]{1,2}(?P<b>\d{1,2})[-/. ]{1,2}(?P<y>\d{4}|\d{2})" + _TIME
_DAY_NAME = (
    _WEEKDAY + r"(?P<d>\d{1,2})[-\s.]*(?P<n>[A-Za-z]{3,9})\.?[-\s,]*(?P<y>\d{4}|\d{2})" + _TIME
)
_NAME_DAY = (
    _WEEKDAY
    + r"(?P<n>[A-Za-z]{3,9})\.?[-\s]+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[-\s]+(?P<y>\d{4})"
    + _TIME
)
_MONTHS = {name: i for i, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_SERIAL = (20_000.0, 80_000.0)  # Excel days of 1954 to 2119
_EPOCH = (3e8, 5e9)  # Unix seconds of 1979 to 2128
_EXCEL_ZERO = -2_209_161_600_000_000  # microseconds of 1899-12-30, which also heals Excel's 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class DateVotes:
    """How many distinct values speak for each order, and how many for neither."""

    day_first: int = 0
    month_first: int = 0
    open: int = 0

    def __add__(self, other: DateVotes) -> DateVotes:
        return DateVotes(
            day_first=self.day_first + other.day_first,
            month_first=self.month_first + other.month_first,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateStyle:
    """Whether day or month comes first in a column, and whether its values prove it."""

    order: DateOrder = "DMY"
    is_certain: bool = True

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise InputError(f'date_order must be "DMY", "MDY" or "YMD", not "{self.order}".')


def votes(distinct: pl.Series) -> DateVotes:
    """Count the evidence for an order in distinct values."""
    parts = distinct.str.extract_groups(_YEAR_LAST).struct.unnest()
    if parts.is_empty():
        return DateVotes()
    first, second = (pl.col(c).cast(pl.Int64, strict=False) for c in ("a", "b"))
    counts = parts.select(
        day_first=((first > 12) & (second <= 12)).sum(),
        month_first=((second > 12) & (first <= 12)).sum(),
        open=((first <= 12) & (second <= 12) & (first != second)).sum(),
    )
    return DateVotes(**counts.row(0, named=True))


def style_of(own: DateVotes, file: DateVotes, *, currency: str) -> DateStyle:
    """Decide the order: by the column, else by its file, else by custom (USD: month first)."""
    for evidence in (own, file):
        if evidence.day_first != evidence.month_first:
            order: DateOrder = "DMY" if evidence.day_first > evidence.month_first else "MDY"
            return DateStyle(
                order=order, is_certain=min(evidence.day_first, evidence.month_first) == 0
            )
    return DateStyle(order="MDY" if currency == "USD" else "DMY", is_certain=own.open == 0)


def moments(distinct: pl.Series, style: DateStyle) -> pl.DataFrame:
    """Read distinct texts as wall-clock times.

    Returns
    -------
    pl.DataFrame
        One row a text, in order: ``at`` (naive, microseconds; null where unreadable) and
        ``offset`` (minutes east of UTC where the text says so, else null).
    """
    text = distinct.cast(pl.String).str.strip_chars()
    at = pl.Series("at", [None] * len(text), dtype=pl.Datetime("us"))
    for form in _QUICK:
        if not at.has_nulls():
            break
        at = at.fill_null(text.str.to_datetime(form, time_unit="us", strict=False))
    frame = pl.DataFrame({"at": at}).with_columns(offset=pl.lit(None, pl.Int32))
    rest = at.is_null() & text.is_not_null()
    if not rest.any():
        return frame
    slow = _by_pattern(text.filter(rest), style)
    places = rest.arg_true()
    return frame.with_columns(
        frame["at"].scatter(places, slow["at"]), frame["offset"].scatter(places, slow["offset"])
    )


def _by_pattern(text: pl.Series, style: DateStyle) -> pl.DataFrame:
    plain = _western(text)
    year_last = ("m", "d") if style.order == "MDY" else ("d", "m")
    found = [
        _assembled(plain, _YEAR_FIRST, {}),
        _assembled(plain, _COMPACT, {}),
        _assembled(plain, _YEAR_LAST, {"a": year_last[0], "b": year_last[1]}),
        _assembled(plain, _DAY_NAME, {}),
        _assembled(plain, _NAME_DAY, {}),
        _counted(plain),
    ]
    return pl.DataFrame({
        name: pl.select(pl.coalesce(*(part[name] for part in found))).to_series()
        for name in ("at", "offset")
    })  # fmt: skip


def _western(text: pl.Series) -> pl.Series:
    """Write Chinese dates, and full-width digits and marks, with western separators."""
    if not text.str.contains(r"[^\x00-\x7f]").any():
        return text
    return (
        text.str.normalize("NFKC")
        .str.replace_all(r"\s*[年月]\s*", "-")
        .str.replace_all(r"\s*[日号]\s*", " ")
        .str.replace_all(r"\s*[时時点]\s*(\d)", ":${1}")
        .str.replace_all(r"\s*[时時点]整?", ":00")
        .str.replace_all(r"\s*分\s*(\d)", ":${1}")
        .str.replace_all("[分秒]", "")
        .str.replace_all(r"(?:星期|周)[一二三四五六日天]", "")
        .str.replace_all(r"(?:上午|早上|凌晨)\s*(\d[\d:]*)", "$1 AM")
        .str.replace_all(r"(?:下午|晚上|中午)\s*(\d[\d:]*)", "$1 PM")
        .str.replace_all(r"-\s*$", "")
        .str.strip_chars()
    )


def _assembled(text: pl.Series, pattern: str, names: dict[str, str]) -> pl.DataFrame:
    parts = text.str.extract_groups(pattern).struct.unnest().rename(names)
    if "n" in parts.columns:
        month = pl.col("n").str.to_lowercase().str.head(3)
        parts = parts.with_columns(
            m=month.replace_strict(_MONTHS, default=None, return_dtype=pl.Int64).cast(pl.String)
        )
    number = {c: pl.col(c).cast(pl.Int64, strict=False) for c in ("y", "m", "d", "h", "i", "s")}
    year = pl.when(number["y"] < 69).then(number["y"] + 2000).when(number["y"] < 100)
    half = pl.col("p").str.to_lowercase()
    clock = pl.when(half == "p").then(number["h"] % 12 + 12).when(half == "a")
    hour = clock.then(number["h"] % 12).otherwise(number["h"])
    pieces = [
        year.then(number["y"] + 1900).otherwise(number["y"]).cast(pl.String),
        *(piece.fill_null(0).cast(pl.String).str.zfill(2)
          for piece in (number["m"], number["d"], hour, number["i"], number["s"])),
        pl.col("f").fill_null("0").replace("", "0").str.pad_end(6, "0").str.head(6),
    ]  # fmt: skip
    written = pl.format("{}-{}-{} {}:{}:{}.{}", *pieces)
    zone = pl.col("z").str.replace(":", "", literal=True)
    hours, rest = zone.str.slice(1, 2), zone.str.slice(3, 2).replace("", "0")
    minutes = hours.cast(pl.Int32, strict=False) * 60 + rest.cast(pl.Int32, strict=False)
    return parts.select(
        at=written.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False),
        offset=pl.when(zone.is_in(["Z", "UTC", "GMT"])).then(pl.lit(0, pl.Int32))
        .when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes),
    )  # fmt: skip


def _counted(text: pl.Series) -> pl.DataFrame:
    """Read Excel's serial days and Unix time."""
    n = pl.col("t").cast(pl.Float64, strict=False)
    seconds = (
        pl.when(n.is_between(*_EPOCH)).then(n).when((n / 1000).is_between(*_EPOCH)).then(n / 1000)
    )
    serial = ((n * 86_400).round(0) * 1_000_000).cast(pl.Int64) + _EXCEL_ZERO
    return text.to_frame("t").select(
        at=pl.when(n.is_between(*_SERIAL))
        .then(serial)
        .otherwise((seconds * 1_000_000).cast(pl.Int64))
        .cast(pl.Datetime("us")),
        offset=pl.when(seconds.is_not_null()).then(pl.lit(0, pl.Int32)),
    )
