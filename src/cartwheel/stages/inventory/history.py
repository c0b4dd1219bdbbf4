"""Units sold by product, warehouse and day, from whichever table the shop has.

The demand stage's history is preferred (stock-outs taken out), then order lines, then period sales.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from cartwheel.stages.inventory.position import ALL

_KEY = ["product_id", "warehouse_id"]


def from_demand(history: pl.LazyFrame) -> pl.DataFrame:
    """Return ``product_id, warehouse_id, starts_on, days, units`` from ``demand_history``."""
    columns = history.select(*_KEY, "starts_on", "days", pl.col("demand").alias("units"))
    return columns.collect().sort(*_KEY, "starts_on")


def from_order_lines(lines: pl.LazyFrame, time_zone: str) -> pl.DataFrame:
    """Return the same by day from ``order_lines``; days are cut in the shop's time zone."""
    day = pl.col("ordered_at").dt.convert_time_zone(time_zone).dt.date()
    return (
        lines.select(
            "product_id",
            pl.col("warehouse_id").fill_null(ALL),
            day.alias("starts_on"),
            pl.lit(1).alias("days"),
            "quantity",
        )
        .group_by(*_KEY, "starts_on", "days")
        .agg(pl.col("quantity").sum().cast(pl.Float64).alias("units"))
        .collect()
        .sort(*_KEY, "starts_on")
    )


def from_sales(sales: pl.DataFrame) -> pl.DataFrame:
    """Return the same from ``sales``."""
    days = (pl.col("ends_on") - pl.col("starts_on")).dt.total_days() + 1
    return sales.select(
        *_KEY, "starts_on", days.alias("days"), pl.col("quantity").cast(pl.Float64).alias("units")
    ).sort(*_KEY, "starts_on")


def summed_to_all(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the history of the shop as a whole."""
    return (
        frame.with_columns(pl.lit(ALL).alias("warehouse_id"))
        .group_by(*_KEY, "starts_on", "days")
        .agg(pl.col("units").sum())
        .sort(*_KEY, "starts_on")
    )


def weeks_back(frame: pl.DataFrame, on: date, weeks: int) -> pl.DataFrame:
    """Return ``product_id, warehouse_id, week, units`` for the last full weeks; 0 is the newest.

    A week ends on ``on`` or a multiple of seven days before; a period counts where it begins.
    """
    start = on - timedelta(days=7 * weeks - 1)
    week = (pl.lit(on) - pl.col("starts_on")).dt.total_days() // 7
    return (
        frame.filter(pl.col("starts_on").is_between(start, on))
        .with_columns(week.alias("week"))
        .group_by(*_KEY, "week")
        .agg(pl.col("units").sum())
        .sort(*_KEY, "week")
    )
