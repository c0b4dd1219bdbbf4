"""Facts of sales: revenue, units, margins, promotions, orders, returns. Linear in order lines."""

from __future__ import annotations

from typing import cast

import polars as pl

from cartwheel.stages.monitor.facts.source import Fact, Read, Shop

_REVENUE = pl.col("quantity") * pl.col("unit_price_minor")


def sales_facts(read: Read, shop: Shop) -> dict[str, Fact]:
    """Return the facts that order lines, or else period totals, allow."""
    lines = read("order_lines")
    found = _from_lines(lines, read, shop) if lines is not None else _from_totals(read, shop)
    return found | _statuses(read, shop) | _returns(read, shop)


def home_lines(lines: pl.LazyFrame, read: Read, shop: Shop) -> pl.LazyFrame:
    """Return order lines with their day: cancelled orders and other currencies are left out."""
    lines = lines.filter(shop.is_home()).with_columns(day=shop.day("ordered_at"))
    orders = read("orders")
    if orders is None:
        return lines
    cancelled = orders.filter(pl.col("status") == "cancelled").select("order_id")
    return lines.join(cancelled, on="order_id", how="anti")


def unit_costs(read: Read, shop: Shop) -> pl.LazyFrame | None:
    """Return the cost of a unit by product, in the shop's currency."""
    products = read("products")
    if products is None:
        return None
    known = products.filter(shop.is_home() & pl.col("cost_minor").is_not_null())
    return known.select("product_id", unit_cost="cost_minor")


def _from_lines(lines: pl.LazyFrame, read: Read, shop: Shop) -> dict[str, Fact]:
    kept = home_lines(lines, read, shop)
    sums = {
        "units": pl.col("quantity").sum(),
        "revenue": _REVENUE.sum(),
        "known_revenue": _REVENUE.filter(pl.col("is_promotion").is_not_null()).sum(),
        "promoted": _REVENUE.filter(pl.col("is_promotion")).sum(),
        "flagged": pl.col("is_promotion").is_not_null().sum(),
        "priced": pl.col("unit_price_minor").is_not_null().sum(),
    }
    costs = unit_costs(read, shop)
    if costs is not None:
        costed = pl.col("unit_cost").is_not_null() & pl.col("unit_price_minor").is_not_null()
        kept = kept.join(costs, on="product_id", how="left")
        sums["costed_revenue"] = _REVENUE.filter(costed).sum()
        sums["cost"] = (pl.col("quantity") * pl.col("unit_cost")).filter(costed).sum()
        sums["costed"] = costed.sum()
    daily = kept.group_by("day").agg(**sums).sort("day").collect()
    facts = {"units": daily.select("day", "units"), "orders": _orders(kept)}
    if daily["priced"].sum():
        facts["revenue"] = daily.select("day", "revenue")
    if daily["flagged"].sum():
        facts["promotions"] = daily.select("day", "promoted", revenue="known_revenue")
    if costs is not None and daily["costed"].sum():
        margin = pl.col("costed_revenue") - pl.col("cost")
        facts["margins"] = daily.select("day", "cost", revenue="costed_revenue", margin=margin)
    return {name: Fact(rows) for name, rows in facts.items() if rows.height}


def _orders(lines: pl.LazyFrame) -> pl.DataFrame:
    """One row an order, with whether its customer had ordered on an earlier day."""
    orders = lines.group_by("order_id").agg(pl.col("day").min(), pl.col("customer_id").first())
    first = pl.col("day").min().over("customer_id")
    is_known = pl.col("customer_id").is_not_null()
    return (
        orders.with_columns(
            is_known=is_known.cast(pl.Int64),
            is_first_day=is_known & (pl.col("day") == first),
            is_repeat=(is_known & (pl.col("day") > first)).cast(pl.Int64),
        )
        .drop("order_id")
        .sort("day")
        .collect()
    )


def _from_totals(read: Read, shop: Shop) -> dict[str, Fact]:
    totals = read("sales")
    if totals is None:
        return {}
    length = (pl.col("ends_on") - pl.col("starts_on")).dt.total_days().max() + 1
    finest = cast(int, totals.select(length).collect().item())
    kept = totals.filter(shop.is_home())
    daily = (
        kept.group_by(day="starts_on")
        .agg(
            units=pl.col("quantity").sum(),
            revenue=pl.col("revenue_minor").sum(),
            priced=pl.col("revenue_minor").is_not_null().sum(),
        )
        .sort("day")
        .collect()
    )
    facts = {"units": Fact(daily.select("day", "units"), finest)}
    if daily["priced"].sum():
        facts["revenue"] = Fact(daily.select("day", "revenue"), finest)
    flagged = totals.filter(pl.col("is_stocked").is_not_null())
    stocked = (
        flagged.group_by(day="starts_on")
        .agg(in_stock=pl.col("is_stocked").sum(), tracked=pl.len())
        .sort("day")
        .collect()
    )
    if stocked.height:
        facts["availability"] = Fact(stocked, finest)
    return facts


def _statuses(read: Read, shop: Shop) -> dict[str, Fact]:
    orders = read("orders")
    if orders is None:
        return {}
    rows = (
        orders.filter(pl.col("status").is_not_null())
        .group_by(day=shop.day("ordered_at"))
        .agg(placed=pl.len(), cancelled=(pl.col("status") == "cancelled").sum())
        .sort("day")
        .collect()
    )
    return {"statuses": Fact(rows)} if rows.height else {}


def _returns(read: Read, shop: Shop) -> dict[str, Fact]:
    returns = read("returns")
    if returns is None:
        return {}
    day = shop.day("returned_at")
    units = returns.group_by(day=day).agg(units=pl.col("quantity").sum()).sort("day").collect()
    paid = returns.filter(shop.is_home() & pl.col("refund_minor").is_not_null())
    refunds = paid.group_by(day=day).agg(refund=pl.col("refund_minor").sum()).sort("day").collect()
    facts = {"returns": units, "refunds": refunds}
    return {name: Fact(rows) for name, rows in facts.items() if rows.height}
