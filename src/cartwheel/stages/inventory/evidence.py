"""What the shop's tables say about money, lead times and stock, made ready for the methods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from cartwheel.core.price import is_home, listed_prices, paid_prices
from cartwheel.core.time import day_end
from cartwheel.stages.inventory import history
from cartwheel.stages.inventory.economics import CostPolicy, MoneyFacts, unit_economics
from cartwheel.stages.inventory.lead_time import LeadTimePolicy, lead_times
from cartwheel.stages.inventory.position import ALL, on_hand, open_lines, positions
from cartwheel.tables.step import Inputs

_KEY = ["product_id", "warehouse_id"]
_HISTORY_DAYS = 480  # older sales say nothing about present stock
_RECENT_DAYS = 90  # over which the price paid is averaged


@dataclass(frozen=True, slots=True)
class StockFacts:
    """Stock by product and warehouse, and how much of it is sure."""

    positions: pl.DataFrame
    mean_on_hand: pl.DataFrame
    lost_lines: int  # open purchase lines taken as lost


def sales_history(inputs: Inputs) -> pl.DataFrame | None:
    """Return units by product, warehouse and period, or None without such a table."""
    since = inputs.on - timedelta(days=_HISTORY_DAYS)
    if inputs.has("demand_history"):
        recent = inputs.scan("demand_history").filter(pl.col("starts_on") > since)
        return history.from_demand(recent)
    if inputs.has("order_lines"):
        start = day_end(since, inputs.time_zone)
        recent = inputs.scan("order_lines").filter(pl.col("ordered_at") >= start)
        return history.from_order_lines(recent, inputs.time_zone)
    return history.from_sales(inputs.frame("sales")) if inputs.has("sales") else None


def money(inputs: Inputs, product_ids: pl.Series, policy: CostPolicy) -> pl.DataFrame:
    """Return the economics of a unit by product, in the shop's currency."""
    own = is_home(inputs.currency)
    since = day_end(inputs.on - timedelta(days=_RECENT_DAYS), inputs.time_zone)
    paid = paid_prices(inputs.scan("order_lines"), inputs.currency, since)
    revenue = pl.col("revenue_minor")
    of_sales = (
        inputs.frame("sales")
        .filter(own, revenue.is_not_null(), pl.col("ends_on") > inputs.on - timedelta(days=365))
        .group_by("product_id")
        .agg((revenue.sum() / pl.col("quantity").sum().clip(lower_bound=1)).alias("paid"))
    )
    bought = (
        inputs.frame("purchase_order_lines")
        .filter(own, pl.col("unit_cost_minor").is_not_null())
        .sort("ordered_at", "purchase_order_id", "line_no")
        .group_by("product_id")
        .agg(pl.col("unit_cost_minor").last().cast(pl.Float64).alias("bought"))
    )
    facts = MoneyFacts(
        prices=listed_prices(inputs.frame("prices"), inputs.currency),
        paid=paid if paid.height else of_sales,
        costs=inputs.frame("products").filter(own)
        .select("product_id", pl.col("cost_minor").cast(pl.Float64).alias("cost")),
        offers=inputs.frame("supplier_offers").filter(own)
        .group_by("product_id")
        .agg(pl.col("unit_cost_minor").min().cast(pl.Float64).alias("offered")),
        bought=bought,
    )  # fmt: skip
    return unit_economics(product_ids, facts, policy)


def lead_time_facts(inputs: Inputs, product_ids: pl.Series, policy: LeadTimePolicy) -> pl.DataFrame:
    """Return ``product_id, lead_time_days, lead_time_sd_days, lead_time_source``.

    A product's supplier is the one of its last purchase, else the one of its cheapest offer.
    """
    lines = inputs.frame("purchase_order_lines").join(
        inputs.frame("purchase_orders").select("purchase_order_id", "supplier_id"),
        on="purchase_order_id",
    )
    known = lead_times(lines, inputs.on, policy)
    last = (
        lines.sort("ordered_at", "purchase_order_id", "line_no")
        .group_by("product_id").agg(pl.col("supplier_id").last().alias("last_supplier"))
    )  # fmt: skip
    offers = (
        inputs.frame("supplier_offers")
        .sort("product_id", "unit_cost_minor", "supplier_id", "from_quantity")
        .group_by("product_id", maintain_order=True)
        .agg(
            pl.col("supplier_id").first().alias("cheapest"),
            pl.col("lead_time_days").first().alias("promised"),
        )
    )
    of_pair = known.filter(pl.col("product_id").is_not_null())
    of_supplier = known.filter(pl.col("product_id").is_null()).drop("product_id")
    measured = pl.col("receipts_of_supplier") >= policy.minimum_receipts
    promised = pl.col("promised")
    sure = pl.coalesce(promised, pl.lit(policy.assumed_days))
    return (
        pl.DataFrame({"product_id": product_ids})
        .unique()
        .join(last, on="product_id", how="left")
        .join(offers, on="product_id", how="left")
        .with_columns(pl.coalesce("last_supplier", "cheapest").alias("supplier_id"))
        .join(of_pair, on=["supplier_id", "product_id"], how="left")
        .join(of_supplier, on="supplier_id", how="left", suffix="_of_supplier")
        .select(
            "product_id",
            pl.when(measured)
            .then(pl.coalesce("lead_time_days", "lead_time_days_of_supplier"))
            .otherwise(sure).alias("lead_time_days"),
            pl.when(measured)
            .then(pl.coalesce("lead_time_sd_days", "lead_time_sd_days_of_supplier"))
            .otherwise(sure * policy.assumed_cv).alias("lead_time_sd_days"),
            pl.when(measured).then(pl.lit("measured"))
            .when(promised.is_not_null()).then(pl.lit("promised"))
            .otherwise(pl.lit("assumed")).alias("lead_time_source"),
        )
        .sort("product_id")
    )  # fmt: skip


def stock(inputs: Inputs, warehouses: set[str]) -> StockFacts | None:
    """Return stock at the level of ``warehouses``, or None when the shop counts none."""
    if not inputs.has("stock_levels"):
        return None
    levels = inputs.frame("stock_levels")
    coming = open_lines(
        inputs.frame("purchase_order_lines"), inputs.frame("purchase_orders"), inputs.on
    )
    present = on_hand(levels, inputs.frame("stock_movements"))
    since = day_end(inputs.on - timedelta(days=365), inputs.time_zone)
    year = (
        levels.filter(pl.col("counted_at") >= since)
        .group_by(_KEY)
        .agg(pl.col("on_hand").mean().alias("mean_on_hand"))
    )
    if warehouses == {ALL}:
        year = (
            year.with_columns(pl.lit(ALL).alias("warehouse_id"))
            .group_by(_KEY).agg(pl.col("mean_on_hand").sum())
        )  # fmt: skip
    lost = int(coming["is_lost"].sum())
    return StockFacts(positions(present, coming, warehouses), year, lost)


def refusals(inputs: Inputs, product_ids: pl.Series) -> pl.DataFrame:
    """Return ``product_id, refusal``: why a product cannot be bought, null when it can."""
    frame = pl.DataFrame({"product_id": product_ids}).unique().sort("product_id")
    offered = inputs.frame("supplier_offers")["product_id"]
    bought = inputs.frame("purchase_order_lines")["product_id"]
    ended = inputs.frame("products").filter(~pl.col("is_active"))["product_id"]
    can_buy = pl.col("product_id").is_in(offered.implode()) | pl.col("product_id").is_in(
        bought.implode()
    )
    no_offer = ~can_buy & pl.lit(offered.len() > 0)
    return frame.with_columns(
        pl.when(pl.col("product_id").is_in(ended.implode())).then(pl.lit("inactive"))
        .when(no_offer).then(pl.lit("no_offer"))
        .alias("refusal")
    )  # fmt: skip
