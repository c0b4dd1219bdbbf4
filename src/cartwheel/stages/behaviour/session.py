"""Visits: runs of a visitor's events in which no pause is longer than the gap.

Two window functions over events sorted by visitor and time: n log n. The pause of 30 minutes is
the trade's convention, not a law: Catledge & Pitkow (1995), Computer Networks 27(6), measured
25.5 minutes. A visitor is the device, else the customer; events with neither belong to no visit.
"""

from __future__ import annotations

import ibis
import polars as pl
from ibis import _

from cartwheel.stages.behaviour.local_time import DAY_SECONDS, LocalTime, utc_seconds


def visitor_events(events: ibis.Table) -> ibis.Table:
    """Return the events that have a visitor: ``visitor``, ``second`` (UTC), kind and channel."""
    named = events.mutate(
        visitor=ibis.coalesce(_.visitor_id, _.customer_id), second=utc_seconds(_.happened_at)
    )
    return named.filter(_.visitor.notnull())


def visits(events: ibis.Table, gap_seconds: int) -> ibis.Table:
    """Return one row a visit: visitor, visit_no, first and last second, counts.

    Parameters
    ----------
    events
        As ``visitor_events`` gives them.
    gap_seconds
        A longer pause than this begins a new visit.
    """
    by_time = {"group_by": "visitor", "order_by": ["happened_at", "event_id"]}
    paused = events.mutate(pause=events.second - events.second.lag().over(**by_time))
    is_first = paused.pause.isnull() | (paused.pause > gap_seconds)
    begun = paused.mutate(begins=is_first.cast("int64"))
    so_far = ibis.cumulative_window(**by_time)
    numbered = begun.mutate(visit_no=begun.begins.sum().over(so_far))
    return numbered.group_by("visitor", "visit_no").aggregate(
        first_at=_.happened_at.min(),
        first_second=_.second.min(),
        last_second=_.second.max(),
        channel=_.channel.max(where=_.begins == 1),
        events=_.count(),
        carts=(_.kind == "add_to_cart").sum(),
        purchases=(_.kind == "purchase").sum(),
    )


def daily_sessions(visits: ibis.Table, local: LocalTime) -> pl.DataFrame:
    """Return the visits of each shop's day and channel."""
    placed = visits.mutate(
        day=local.seconds(visits.first_at) // DAY_SECONDS,
        channel=ibis.coalesce(_.channel, "unknown"),
    )
    found: pl.DataFrame = (
        placed.group_by("day", "channel")
        .aggregate(
            sessions=_.count(),
            visitors=_.visitor.nunique(),
            events=_.events.sum(),
            bounced=(_.events == 1).sum(),
            with_cart=(_.carts > 0).sum(),
            with_purchase=(_.purchases > 0).sum(),
            seconds=(_.last_second - _.first_second).sum(),
        )
        .to_polars()
    )
    return (
        found.with_columns(day_on=pl.col("day").cast(pl.Int32).cast(pl.Date))
        .drop("day")
        .sort("day_on", "channel")
    )
