"""Purchase lines as deliveries: lead time, delay, quantity and quality of each.

Days are counted from instants; on time is judged by the shop's calendar day. An open line past its
promise is a late one whose lead time is not known yet.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

_DAY_SECONDS = 86_400.0


def deliveries(
    lines: pl.DataFrame, orders: pl.DataFrame, on: date, days: int, *, time_zone: str = "UTC"
) -> pl.DataFrame:
    """Return lines ordered in the last ``days`` that were received or should have been.

    Returns
    -------
    pl.DataFrame
        ``supplier_id, product_id, purchase_order_id, ordered_at, is_open, is_on_time,
        lead_days, promised_days, delay_days, ordered, received, rejected, unit_cost``.
    """
    received, promised = pl.col("received_at"), pl.col("promised_at")
    due = _day(promised, time_zone)
    in_time = (_day(received, time_zone) <= due).fill_null(value=False)
    today = pl.lit(on)
    return (
        lines.join(
            orders.select("purchase_order_id", "supplier_id"), on="purchase_order_id"
        )
        .filter(_day(pl.col("ordered_at"), time_zone) > today - timedelta(days=days))
        .filter(received.is_not_null() | (due < today))
        .select(
            "supplier_id",
            "product_id",
            "purchase_order_id",
            "ordered_at",
            received.is_null().alias("is_open"),
            pl.when(promised.is_not_null())
            .then(in_time)
            .alias("is_on_time"),
            _days(received).alias("lead_days"),
            _days(promised).alias("promised_days"),
            ((received - promised).dt.total_seconds() / _DAY_SECONDS).alias("delay_days"),
            pl.col("quantity").alias("ordered"),
            pl.col("received_quantity").alias("received"),
            pl.when(received.is_not_null()).then(pl.col("rejected_quantity").fill_null(0))
            .alias("rejected"),
            pl.col("unit_cost_minor").alias("unit_cost"),
        )
        .sort("supplier_id", "ordered_at", "purchase_order_id", "product_id")
    )  # fmt: skip


def _day(instant: pl.Expr, time_zone: str) -> pl.Expr:
    return instant.dt.convert_time_zone(time_zone).dt.date()


def _days(until: pl.Expr) -> pl.Expr:
    seconds = (until - pl.col("ordered_at")).dt.total_seconds()
    return (seconds / _DAY_SECONDS).clip(lower_bound=0.0)
