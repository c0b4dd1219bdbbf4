"""When the shop is busy: orders, units, money and events by weekday and hour of its clock."""

from __future__ import annotations

import ibis
import polars as pl
from ibis import _

from cartwheel.stages.behaviour.local_time import DAY_SECONDS, LocalTime, hour_of, weekday_of

_KEY = ["weekday", "hour"]


def activity(orders: ibis.Table, events: ibis.Table | None, local: LocalTime) -> pl.DataFrame:
    """Return all 168 hours of the week; ``events`` is null when the shop has none.

    Sums over the whole known past, so that a longer past weighs every hour alike only when it
    covers whole weeks. The hour skipped in spring counts nothing, the doubled one in autumn twice.
    """
    bought = (
        orders.group_by(_KEY)
        .aggregate(orders=_.count(), units=_.units.sum(), revenue_minor=_.revenue_minor.sum())
        .to_polars()
    )
    week = pl.DataFrame({"weekday": range(1, 8)}).join(
        pl.DataFrame({"hour": range(24)}), how="cross"
    )
    grid = week.join(bought, on=_KEY, how="left").fill_null(0)
    if events is None:
        return grid.with_columns(events=pl.lit(None, pl.Int64)).sort(_KEY)
    return grid.join(_event_hours(events, local), on=_KEY, how="left").with_columns(
        pl.col("events").fill_null(0)
    ).sort(_KEY)  # fmt: skip


def _event_hours(events: ibis.Table, local: LocalTime) -> pl.DataFrame:
    timed = events.select(seconds=local.seconds(events.happened_at))
    hours = timed.select(
        weekday=weekday_of(timed.seconds // DAY_SECONDS), hour=hour_of(timed.seconds)
    )
    counts: pl.DataFrame = hours.group_by(_KEY).aggregate(events=_.count()).to_polars()
    return counts
