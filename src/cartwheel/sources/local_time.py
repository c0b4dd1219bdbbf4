"""From the wall clock of the shop to instants in UTC, on purpose where the clock jumps.

A time that a zone skips (clocks going forward) is read with the offset before the jump, so 02:30
becomes 03:30; a time that comes twice (clocks going back) is read as the first. Both are counted.
This is what PEP 495 does with ``fold=0``.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from cartwheel.core.time import zone


def instants(wall: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Place wall-clock times on the line of time.

    Parameters
    ----------
    wall
        ``at`` (naive) and ``offset`` (minutes east of UTC, null for the shop's own time).

    Returns
    -------
    pl.DataFrame
        ``at`` in UTC, ``is_skipped`` and ``is_twice``: times the clock showed never or twice.
    """
    place = zone(time_zone)
    local = pl.col("at").dt.replace_time_zone
    found = wall.select(
        said=(pl.col("at") - pl.duration(minutes=pl.col("offset"))).dt.replace_time_zone("UTC"),
        first=local(time_zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
            "UTC"
        ),
        last=local(time_zone, ambiguous="latest", non_existent="null").dt.convert_time_zone("UTC"),
        naive=pl.col("at"),
        is_own=pl.col("at").is_not_null() & pl.col("offset").is_null(),
    ).with_columns(
        is_skipped=pl.col("is_own") & pl.col("first").is_null(),
        is_twice=(pl.col("is_own") & (pl.col("first") != pl.col("last"))).fill_null(value=False),
    )
    at = found.select(pl.when("is_own").then("first").otherwise("said").alias("at")).to_series()
    if found["is_skipped"].any():
        moved = [
            datetime.replace(t, tzinfo=place).astimezone(UTC)
            for t in found.filter("is_skipped")["naive"].to_list()
        ]
        at = at.scatter(found["is_skipped"].arg_true(), pl.Series(moved, dtype=at.dtype))
    return found.select("is_skipped", "is_twice").insert_column(0, at)
