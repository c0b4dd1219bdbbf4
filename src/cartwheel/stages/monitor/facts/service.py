"""Facts of delivery and supply: what was promised, when it came, how good the forecast was."""

from __future__ import annotations

import polars as pl

from cartwheel.stages.monitor.facts.source import Fact, Read, Shop, days_between
from cartwheel.tables.demand import COVERAGES, WEIGHTED_RMSSE


def service_facts(read: Read, shop: Shop) -> dict[str, Fact]:
    """Return the facts of carriers, suppliers and forecasts."""
    found = _delivery(read, shop) | _supply(read, shop) | _forecast_scores(read)
    return {name: Fact(rows) for name, rows in found.items() if rows.height}


def _delivery(read: Read, shop: Shop) -> dict[str, pl.DataFrame]:
    shipments = read("shipments")
    if shipments is None:
        return {}
    orders = read("orders")
    if orders is None:
        shipments = shipments.with_columns(ordered_at=pl.lit(None, pl.Datetime("us", "UTC")))
    else:
        dates = orders.select("order_id", "ordered_at", order_promise="promised_at")
        shipments = (
            shipments.join(dates, on="order_id", how="left")
            .with_columns(promised_at=pl.coalesce("promised_at", "order_promise"))
            .drop("order_promise")
        )
    day, due = shop.day("delivered_at"), shop.day("promised_at")
    came = shipments.filter(pl.col("delivered_at").is_not_null())
    sent = shipments.filter(pl.col("ordered_at").is_not_null())
    paid = shipments.filter(shop.is_home() & pl.col("cost_minor").is_not_null())
    promised = shipments.filter(due <= shop.on)
    facts = {
        "deliveries": came.select(day=day, days=days_between("delivered_at", "shipped_at")),
        "dispatches": sent.select(
            day=shop.day("shipped_at"), days=days_between("shipped_at", "ordered_at")
        ),
        "shipping_costs": paid.select(day=shop.day("shipped_at"), cost="cost_minor"),
        "delivery_promises": promised.group_by(day=due).agg(
            due=pl.len(), on_time=(day <= due).fill_null(False).sum()
        ),
    }
    return {name: rows.sort("day").collect() for name, rows in facts.items()}


def _supply(read: Read, shop: Shop) -> dict[str, pl.DataFrame]:
    lines = read("purchase_order_lines")
    if lines is None:
        return {}
    day, due = shop.day("received_at"), shop.day("promised_at")
    received = lines.filter(pl.col("received_at").is_not_null())
    facts = {
        "receipts": received.select(day=day, days=days_between("received_at", "ordered_at")),
        "supply_promises": lines.filter(due <= shop.on)
        .group_by(day=due)
        .agg(due=pl.len(), late=(day > due).fill_null(True).sum()),
    }
    return {name: rows.sort("day").collect() for name, rows in facts.items()}


_FORECAST_MEASURES = {
    "forecast_error": WEIGHTED_RMSSE,
    "forecast_coverage": COVERAGES[0.9],
}


def _forecast_scores(read: Read) -> dict[str, pl.DataFrame]:
    """Take what the demand stage measured of the forecasts that serve, over the whole shop."""
    scores = read("demand_scores")
    if scores is None:
        return {}
    served = scores.filter(
        pl.col("is_used")
        & (pl.col("slice") == "all")
        & pl.col("tested_to").is_not_null()
        & pl.col("value").is_not_null()
    ).with_columns(day=pl.col("tested_to").str.to_date("%Y-%m-%d"))
    return {
        fact: served.filter(pl.col("measure") == measure).select("day", "value").collect()
        for fact, measure in _FORECAST_MEASURES.items()
    }
