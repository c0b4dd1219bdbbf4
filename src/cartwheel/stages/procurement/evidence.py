"""What the shop's tables say about needs, money and suppliers, made ready for the plan."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from cartwheel.core.price import home_amount, is_home, listed_prices, paid_prices
from cartwheel.core.time import day_end
from cartwheel.stages.procurement.arrival import usual_delays
from cartwheel.stages.procurement.offer import assumed_offers, known_offers
from cartwheel.tables.step import Inputs

_KEY = ["product_id", "warehouse_id"]
_RECENT_DAYS = 90  # over which the price paid is averaged
_STEADY_DAYS = 1e-6  # least daily demand, against division by zero


def all_offers(inputs: Inputs, product_ids: pl.Series) -> pl.DataFrame:
    """Return offers in the shop's currency, assumed ones for products without any."""
    known = known_offers(inputs.frame("supplier_offers"), inputs.currency)
    without = product_ids.filter(~product_ids.is_in(known["product_id"].implode()))
    assumed = assumed_offers(
        without,
        _in_home_money(inputs, "purchase_order_lines", "unit_cost_minor"),
        inputs.frame("purchase_orders"),
        _in_home_money(inputs, "products", "cost_minor"),
    )
    return pl.concat([known, assumed])


def money(
    inputs: Inputs, product_ids: pl.Series, offers: pl.DataFrame, assumed_margin: float
) -> pl.DataFrame:
    """Return ``product_id, price, margin, is_price_known`` in minor units."""
    since = day_end(inputs.on - timedelta(days=_RECENT_DAYS), inputs.time_zone)
    paid = paid_prices(inputs.scan("order_lines"), inputs.currency, since)
    listed = listed_prices(inputs.frame("prices"), inputs.currency)
    cheapest = offers.group_by("product_id").agg(pl.col("unit_cost").min().alias("offered"))
    keep = 1.0 - assumed_margin
    frame = pl.DataFrame({"product_id": product_ids.unique().sort()})
    costs = inputs.frame("products").select(
        "product_id", home_amount("cost_minor", inputs.currency)
    )
    for part in (paid, listed, cheapest, costs):
        frame = frame.join(part, on="product_id", how="left", maintain_order="left")
    known = pl.coalesce("paid", "price")
    offered = pl.when(pl.col("offered") > 0).then("offered")
    cost = pl.coalesce("cost_minor", offered, known * keep).cast(pl.Float64)
    priced = pl.coalesce(known, cost / keep).fill_null(0.0)
    return frame.select(
        "product_id",
        priced.alias("price"),
        (priced - cost.fill_null(0.0)).clip(lower_bound=0.0).alias("margin"),
        known.is_not_null().alias("is_price_known"),
    )


def needs(
    replenishment: pl.DataFrame, targets: pl.DataFrame, prices: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rows to buy now, and rows not due yet in order of urgency."""
    cycle = pl.col("lead_time_days") + pl.col("review_days")
    present = (pl.col("on_hand") + pl.col("on_order")).clip(lower_bound=0)
    rows = (
        replenishment.join(targets, on=_KEY)
        .join(prices, on="product_id", how="left")
        .with_columns(
            (pl.col("demand_mean") / cycle).fill_nan(0.0).alias("daily"),
            pl.col("margin").fill_null(0.0),
            cycle.alias("cover_wanted"),
            pl.col("shortage_value_minor").alias("shortage_value"),
            pl.when(pl.col("needed") > 0)
            .then(pl.col("order_up_to") - pl.col("needed"))
            .otherwise(present)
            .alias("position"),
        )
        .with_columns(
            (present / pl.col("daily").clip(lower_bound=_STEADY_DAYS)).alias("cover_days")
        )
        .rename({"needed": "short"})
    )
    now = rows.filter(pl.col("buy") > 0).with_columns(pl.col("buy").alias("needed"))
    room = pl.col("order_up_to") - pl.col("position")
    spare = pl.col("position") - pl.col("reorder_point")
    later = (
        rows.filter(pl.col("binding") == "enough_stock", room > 0)
        .with_columns(room.alias("needed"))
        .sort(spare / pl.col("daily").clip(lower_bound=_STEADY_DAYS), *_KEY)
    )
    return now.sort(_KEY), later


def record(delivered: pl.DataFrame, cards: pl.DataFrame) -> pl.DataFrame:
    """Return what reliable suppliers' deliveries say, for choosing between them."""
    sure = cards.filter("is_reliable").select(
        "supplier_id", "rejected", pl.col("lead_time_sd_days").alias("lead_sd_days")
    )
    usual = usual_delays(delivered).select(
        "supplier_id", pl.col("usual_lead").alias("lead_days"), "usual_delay"
    )
    return sure.join(usual, on="supplier_id", how="left").sort("supplier_id")


def comparable_prices(inputs: Inputs) -> pl.DataFrame:
    """Return one price a supplier and product: the first break offered, else the mean paid."""
    offers = known_offers(inputs.frame("supplier_offers"), inputs.currency)
    if offers.height:
        return offers.group_by("supplier_id", "product_id", maintain_order=True).agg(
            pl.col("unit_cost").first()
        )
    return (
        _in_home_money(inputs, "purchase_order_lines", "unit_cost_minor")
        .filter(pl.col("unit_cost_minor").is_not_null())
        .join(
            inputs.frame("purchase_orders").select("purchase_order_id", "supplier_id"),
            on="purchase_order_id",
        )
        .group_by("supplier_id", "product_id")
        .agg(pl.col("unit_cost_minor").mean().alias("unit_cost"))
    )


def minimums(inputs: Inputs) -> pl.DataFrame:
    """Return each supplier's least order value in the shop's currency."""
    return (
        inputs.frame("suppliers")
        .filter(is_home(inputs.currency))
        .select("supplier_id", pl.col("minimum_order_minor").alias("minimum_order"))
        .drop_nulls()
    )


def _in_home_money(inputs: Inputs, table: str, column: str) -> pl.DataFrame:
    """Return the table with amounts in another currency taken as unknown."""
    return inputs.frame(table).with_columns(home_amount(column, inputs.currency))
