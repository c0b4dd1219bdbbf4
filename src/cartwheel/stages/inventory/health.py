"""Over-, under-, slow and dead stock, cover, turnover and value, by product and warehouse.

Works from sales alone: then only speed, last sale and classes are known. Linear in rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.stages.inventory.classification import abc_classes, xyz_classes
from cartwheel.stages.inventory.history import weeks_back
from cartwheel.tables import table_contract

_KEY = ["product_id", "warehouse_id"]
_WEEKS = 26  # for the steadiness of demand
_LEAST_DAYS = 14  # a younger product is taken for so old: its first sales say little of its speed


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPolicy:
    """From when on stock is called short, too much, slow or dead."""

    velocity_days: int = 90  # speed of sale is measured over
    dead_days: int = 180  # no sale for so long
    slow_cover_days: float = 365.0  # stock lasts longer
    over_cover_days: float = 60.0  # lasts so much longer than the order-up-to level
    under_cover_days: float = 14.0  # lasts less, where no target is known
    plain_cover_days: float = 90.0  # what is enough, where no target is known

    def __post_init__(self) -> None:
        if min(self.velocity_days, self.dead_days) < 1:
            raise InputError("velocity_days and dead_days must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFacts:
    """What is known; ``stock`` and ``targets`` are None where the shop has none."""

    history: pl.DataFrame  # product_id, warehouse_id, starts_on, days, units
    money: pl.DataFrame  # product_id, price, cost, margin
    stock: pl.DataFrame | None = None  # product_id, warehouse_id, on_hand, reserved, on_order
    targets: pl.DataFrame | None = None  # contract stock_targets
    mean_stock: pl.DataFrame | None = None  # product_id, warehouse_id, mean_on_hand of a year


def inventory_health(facts: HealthFacts, on: date, policy: HealthPolicy) -> pl.DataFrame:
    """Return a frame of contract ``inventory_health`` as of the end of day ``on``."""
    rows = _speeds(facts.history, on, policy)
    if facts.stock is not None:
        rows = rows.join(facts.stock, on=_KEY, how="full", coalesce=True)
    for name in ("on_hand", "on_order"):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.Int64).alias(name))
        elif facts.stock is not None:
            rows = rows.with_columns(pl.col(name).fill_null(0))
    rows = rows.with_columns(pl.col("units_a_day").fill_null(0.0))
    rows = _with_targets(rows, facts.targets).join(facts.money, on="product_id", how="left")
    rows = _with_classes(rows, facts, on)
    if facts.mean_stock is not None:
        rows = rows.join(facts.mean_stock, on=_KEY, how="left")
    else:
        rows = rows.with_columns(pl.lit(None, pl.Float64).alias("mean_on_hand"))
    return table_contract("inventory_health").conform(_judged(rows, on, policy).sort(_KEY))


def _speeds(history: pl.DataFrame, on: date, policy: HealthPolicy) -> pl.DataFrame:
    since = on - timedelta(days=policy.velocity_days - 1)
    age = (pl.lit(on) - pl.col("starts_on").min()).dt.total_days() + 1
    span = age.clip(min(_LEAST_DAYS, policy.velocity_days), policy.velocity_days)
    recent = pl.col("units").filter(pl.col("starts_on") >= since).sum()
    ends_on = pl.col("starts_on") + pl.duration(days=pl.col("days") - 1)
    return history.group_by(_KEY).agg(
        (recent / span).alias("units_a_day"),
        ends_on.filter(pl.col("units") > 0).max().alias("last_sold_on"),
    )


def _with_targets(rows: pl.DataFrame, targets: pl.DataFrame | None) -> pl.DataFrame:
    if targets is None:
        unknown = [pl.lit(None, pl.Int64).alias(name) for name in ("reorder_point", "order_up_to")]
        return rows.with_columns(unknown)
    return rows.join(targets.select(*_KEY, "reorder_point", "order_up_to"), on=_KEY, how="left")


def earned_classes(history: pl.DataFrame, money: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return ``product_id, abc`` by the margin of the last year, by revenue without margins."""
    sold = history.filter(pl.col("starts_on") > on - timedelta(days=365))
    worth = pl.when(pl.col("margin").sum() > 0).then("margin").otherwise("price")
    earned = (
        sold.group_by("product_id")
        .agg(pl.col("units").sum())
        .join(money.with_columns(worth.alias("worth")), on="product_id", how="left")
        .select("product_id", (pl.col("units") * pl.col("worth").fill_null(1.0)).alias("value"))
    )
    return abc_classes(earned)


def _with_classes(rows: pl.DataFrame, facts: HealthFacts, on: date) -> pl.DataFrame:
    weekly = weeks_back(facts.history, on, _WEEKS)
    return (
        rows.join(earned_classes(facts.history, facts.money, on), on="product_id", how="left")
        .join(xyz_classes(weekly, _WEEKS), on=_KEY, how="left")
        .with_columns(pl.col("abc").fill_null("C"), pl.col("xyz").fill_null("Z"))
    )


def _judged(rows: pl.DataFrame, on: date, policy: HealthPolicy) -> pl.DataFrame:
    held, daily = pl.col("on_hand").clip(lower_bound=0), pl.col("units_a_day")
    position = pl.col("on_hand") + pl.col("on_order")
    enough = pl.coalesce("order_up_to", daily * policy.plain_cover_days)
    few = pl.coalesce("reorder_point", daily * policy.under_cover_days)
    excess = (position - (enough + daily * policy.over_cover_days)).clip(lower_bound=0)
    is_dead = (pl.lit(on) - pl.col("last_sold_on")).dt.total_days() >= policy.dead_days
    is_dead = is_dead.fill_null(value=True) & (daily == 0)
    is_slow = pl.col("on_hand") > daily * policy.slow_cover_days
    state = (
        pl.when(pl.col("on_hand").is_null() & is_dead).then(pl.lit("dead"))
        .when(pl.col("on_hand").is_null()).then(pl.lit("selling"))
        .when((held == 0) & is_dead).then(pl.lit("unknown"))
        .when(held == 0).then(pl.lit("out"))
        .when(is_dead).then(pl.lit("dead"))
        .when(is_slow).then(pl.lit("slow"))
        .when(excess >= 1).then(pl.lit("over"))
        .when(position <= few).then(pl.lit("under"))
        .otherwise(pl.lit("healthy"))
    )  # fmt: skip
    mean_stock = pl.coalesce("mean_on_hand", held)
    excess_units = pl.when(state == "dead").then(held).otherwise(excess.floor()).cast(pl.Int64)
    return rows.select(
        *_KEY,
        "on_hand",
        "on_order",
        "units_a_day",
        "last_sold_on",
        pl.when(daily > 0).then(held / daily).alias("days_of_cover"),
        pl.when(mean_stock > 0).then(daily * 365 / mean_stock).alias("turnover"),
        (held * pl.col("cost").fill_null(0)).round().cast(pl.Int64).alias("stock_value_minor"),
        excess_units.alias("excess_units"),
        (excess_units * pl.col("cost").fill_null(0)).round().cast(pl.Int64)
        .alias("excess_value_minor"),
        "abc",
        "xyz",
        state.alias("state"),
    )  # fmt: skip
