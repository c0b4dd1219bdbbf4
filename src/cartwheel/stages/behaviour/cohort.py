"""Retention of the customers who first ordered in a month, month by month."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import polars as pl
from ibis import _

from cartwheel.stages.behaviour.interval import wilson
from cartwheel.stages.behaviour.local_time import month_of, month_start


def cohorts(customer_days: ibis.Table, on: date) -> pl.DataFrame:
    """Return every cohort and month up to ``on``, months without an order included.

    A customer belongs to the month of the first order that is known: for a shop whose data begin
    in the middle of its life, the first cohorts hold old customers and look too faithful.
    """
    active = _active(customer_days)
    if active.is_empty():
        return active.select(pl.lit(None)).clear()
    last = 12 * on.year + on.month - 1
    sizes = active.filter(pl.col("month") == pl.col("cohort")).select("cohort", customers="active")
    months = pl.DataFrame({"month": range(int(sizes["cohort"].min()), last + 1)})  # type: ignore[arg-type]
    grid = sizes.join(months, how="cross").filter(pl.col("month") >= pl.col("cohort"))
    low, high = wilson(pl.col("active"), pl.col("customers"))
    is_over = (on + timedelta(days=1)).day == 1
    return (
        grid.join(active, on=["cohort", "month"], how="left")
        .with_columns(pl.col("active", "revenue_minor").fill_null(0))
        .select(
            cohort_on=pl.col("cohort").map_elements(month_start, pl.Date),
            months_later=pl.col("month") - pl.col("cohort"),
            customers="customers",
            active="active",
            retention=pl.col("active") / pl.col("customers"),
            low=low,
            high=high,
            revenue_minor="revenue_minor",
            is_complete=(pl.col("month") < last) | is_over,
        )
        .sort("cohort_on", "months_later")
    )


def _active(customer_days: ibis.Table) -> pl.DataFrame:
    """Return active customers and their money by cohort and month, both as month numbers."""
    days = customer_days.filter(_.orders > 0)
    months = (
        days.mutate(month=month_of(days.day))
        .group_by("customer_id", "month")
        .aggregate(revenue_minor=_.revenue_minor.sum())
    )
    first = months.mutate(cohort=months.month.min().over(group_by="customer_id"))
    found: pl.DataFrame = (
        first.group_by("cohort", "month")
        .aggregate(active=_.count(), revenue_minor=_.revenue_minor.sum())
        .to_polars()
    )
    return found
