"""When a quality is worth an alert: it fell below its own past, or fails outright."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

_WEEKS_BACK = 12
_LEAST_WEEKS = 4
_MAD_TO_SD = 1.4826  # for a normal distribution
_SERIES = ["table", "dimension", "measure"]


def judge(rows: pl.DataFrame, on: date, margin: float, floor: float) -> pl.DataFrame:
    """Add ``is_alert`` and a reason to every row; reasons of rows without alert are dropped."""
    weekly = rows.filter(pl.col("period") == "week").sort(*_SERIES, "starts_on")
    past = pl.col("value").shift(1).over(_SERIES)
    judged = weekly.with_columns(past=past).with_columns(
        usual=pl.col("past").rolling_median(_WEEKS_BACK, min_samples=_LEAST_WEEKS).over(_SERIES)
    )
    away = (pl.col("past") - pl.col("usual")).abs()
    spread = _MAD_TO_SD * away.rolling_median(_WEEKS_BACK, min_samples=_LEAST_WEEKS).over(_SERIES)
    last_monday = on - timedelta(days=(on.weekday() + 1) % 7 + 6)  # of the last whole week
    fall = pl.col("usual") - pl.col("value")
    shrunk = (pl.col("usual") * pl.col("cases") + 1) / (pl.col("cases") + 2)
    chance = (shrunk * (1 - shrunk) / pl.col("cases")).sqrt()
    beyond = (fall > margin) & (fall > 3 * spread) & (fall > 4 * chance)
    fell = beyond & (pl.col("starts_on") == last_monday)
    weekly = judged.with_columns(is_alert=fell.fill_null(False))
    whole = rows.filter(pl.col("period") == "all").with_columns(usual=pl.lit(None, pl.Float64))
    strict = pl.col("dimension").is_in(["consistency", "validity"]) & (pl.col("value") < floor)
    overdue = (pl.col("dimension") == "timeliness") & (pl.col("measure") == "newest row")
    whole = whole.with_columns(is_alert=strict | (overdue & (pl.col("failed") > 0)))
    both = pl.concat([whole, weekly.select(whole.columns)])
    return both.with_columns(reason=_said("en"), reason_zh=_said("zh")).drop("usual")


def _said(language: str) -> pl.Expr:
    share = (100 * pl.col("value")).round(1).cast(pl.String)
    usual = (100 * pl.col("usual")).round(1).cast(pl.String)
    failed, cases = pl.col("failed").cast(pl.String), pl.col("cases").cast(pl.String)
    if language == "en":
        plain = pl.format("{}: {} of {} fail", pl.col("reason"), failed, cases)
        fell = pl.format("{}; {} % pass, {} % is usual", plain, share, usual)
        own = pl.col("reason")
    else:
        plain = pl.format("{}：{} 条中有 {} 条不合格", pl.col("reason_zh"), cases, failed)
        fell = pl.format("{}；合格率 {}%，通常为 {}%", plain, share, usual)
        own = pl.col("reason_zh")
    is_age = pl.col("measure") == "newest row"
    told = pl.when(is_age).then(own).when(pl.col("usual").is_null()).then(plain).otherwise(fell)
    return pl.when("is_alert").then(told)
