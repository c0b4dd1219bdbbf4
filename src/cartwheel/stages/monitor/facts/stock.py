"""Facts of stock, day by day, from counts or from movements.

Stock is a step function of time at each place (product and warehouse). Only its changes are kept;
summed over places and accumulated over days they give the shop's stock on every day, in
n log n of the changes instead of places x days. A place is watched from its first count on.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import polars as pl

from cartwheel.stages.monitor.facts.sales import home_lines, unit_costs
from cartwheel.stages.monitor.facts.source import Fact, Read, Shop

DEAD_AFTER_DAYS = 90
_PLACE = ("product_id", "warehouse_id")


def stock_facts(read: Read, shop: Shop) -> dict[str, Fact]:
    """Return units, availability, value and dead value of stock at the end of each day."""
    steps = _steps(read, shop)
    if steps is None or steps.is_empty():
        return {}
    held = pl.col("on_hand").clip(lower_bound=0)
    changes = steps.sort(*_PLACE, "day").with_columns(
        units=_change(held, _PLACE),
        in_stock=_change((pl.col("on_hand") > 0).cast(pl.Int64), _PLACE),
        tracked=(pl.int_range(pl.len()).over(_PLACE) == 0).cast(pl.Int64),
    )
    daily = _accumulate(changes, ["units", "in_stock", "tracked"], shop)
    facts = {
        "stock": Fact(daily.select("day", "units")),
        "availability": Fact(daily.select("day", "in_stock", "tracked")),
    }
    costs = unit_costs(read, shop)
    if costs is None:
        return facts
    valued = changes.join(costs.collect(), on="product_id").with_columns(
        value=pl.col("units") * pl.col("unit_cost")
    )
    if valued.is_empty():
        return facts
    facts["stock_value"] = Fact(_accumulate(valued, ["value"], shop))
    lines = read("order_lines")
    if lines is not None:
        sold = home_lines(lines, read, shop).select("product_id", "day").unique().collect()
        facts["dead_stock"] = Fact(_dead_value(valued, sold, shop))
    return facts


def _steps(read: Read, shop: Shop) -> pl.DataFrame | None:
    """Return stock at the end of each day on which it was counted or moved, by place."""
    levels, movements = read("stock_levels"), read("stock_movements")
    counts = None if levels is None else _counts(levels, shop)
    if movements is None or (counts is not None and counts["day"].n_unique() > 2):
        return counts
    return _from_movements(movements, levels, shop)


def _counts(levels: pl.LazyFrame, shop: Shop) -> pl.DataFrame:
    ordered = levels.sort("counted_at").with_columns(day=shop.day("counted_at"))
    return ordered.group_by(*_PLACE, "day").agg(pl.col("on_hand").last()).collect()


def _from_movements(
    movements: pl.LazyFrame, levels: pl.LazyFrame | None, shop: Shop
) -> pl.DataFrame:
    """Run movements forwards and backwards from the last count; without one, from zero."""
    moves = movements.select(
        "product_id", pl.col("warehouse_id").fill_null("all"), "moved_at", "quantity"
    ).with_columns(day=shop.day("moved_at"))
    moved = (
        moves.group_by(*_PLACE, "day")
        .agg(pl.col("quantity").sum())
        .sort(*_PLACE, "day")
        .with_columns(on_hand=pl.col("quantity").cum_sum().over(_PLACE))
        .drop("quantity")
    )
    if levels is None:
        return moved.collect()
    last = levels.sort("counted_at").group_by(_PLACE).last()
    until = (
        moves.join(last, on=_PLACE)
        .filter(pl.col("moved_at") <= pl.col("counted_at"))
        .group_by(_PLACE)
        .agg(moved=pl.col("quantity").sum())
    )
    start = last.join(until, on=_PLACE, how="left").select(
        *_PLACE, opening=pl.col("on_hand") - pl.col("moved").fill_null(0)
    )
    anchored = moved.join(start, on=_PLACE, how="left").with_columns(
        pl.col("on_hand") + pl.col("opening").fill_null(0)
    )
    still = last.join(moved, on=_PLACE, how="anti").with_columns(day=shop.day("counted_at"))
    kept = [*_PLACE, "day", "on_hand"]
    return pl.concat([anchored.select(kept), still.select(kept)]).collect()


def _change(level: pl.Expr, place: tuple[str, ...]) -> pl.Expr:
    """Return the step from the row before at the same place; the first row steps up from zero."""
    return (level - level.shift(1, fill_value=0)).over(place)


def _accumulate(changes: pl.DataFrame, columns: list[str], shop: Shop) -> pl.DataFrame:
    """Add up changes by day and carry the sums through every day until the shop's last."""
    first = cast(date, changes["day"].min())
    calendar = pl.DataFrame({"day": pl.date_range(first, shop.on, eager=True)})
    daily = changes.group_by("day").agg(pl.col(columns).sum())
    return (
        calendar.join(daily, on="day", how="left")
        .sort("day")
        .select("day", pl.col(columns).fill_null(0).cum_sum())
    )


def _dead_value(changes: pl.DataFrame, sold: pl.DataFrame, shop: Shop) -> pl.DataFrame:
    """Return total value and value of products that did not sell for ``DEAD_AFTER_DAYS``."""
    product = ("product_id",)
    value = (
        changes.group_by("product_id", "day")
        .agg(pl.col("value").sum())
        .sort("product_id", "day")
        .with_columns(pl.col("value").cum_sum().over(product))
    )
    met = value.group_by("product_id").agg(pl.col("day").min())
    alive = pl.concat([sold.select("product_id", "day"), met]).unique().sort("product_id", "day")
    dies = pl.col("day") + timedelta(days=DEAD_AFTER_DAYS)
    deaths = (
        alive.with_columns(next=pl.col("day").shift(-1).over(product), dies=dies)
        .filter(pl.col("next").is_null() | (pl.col("dies") < pl.col("next")))
        .filter(pl.col("dies") <= shop.on)
        .select("product_id", day="dies", is_dead=pl.lit(1))
    )
    lives = alive.select("product_id", "day", is_dead=pl.lit(0))
    states = pl.concat([lives, deaths]).join(met.select("product_id"), on="product_id", how="semi")
    steps = (
        value.join(states, on=["product_id", "day"], how="full", coalesce=True)
        .sort("product_id", "day")
        .with_columns(pl.col("value", "is_dead").forward_fill().over(product).fill_null(0))
        .with_columns(dead=pl.col("value") * pl.col("is_dead"))
        .with_columns(
            dead=_change(pl.col("dead"), product), value=_change(pl.col("value"), product)
        )
        .filter(pl.col("day") >= value["day"].min())
    )
    return _accumulate(steps, ["value", "dead"], shop)
