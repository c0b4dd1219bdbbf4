"""Offers ready to be compared, with a stand-in where a shop names no supplier or price."""

from __future__ import annotations

import polars as pl

UNKNOWN = "unknown"
_KEY = ["supplier_id", "product_id"]


def known_offers(offers: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return present offers in the shop's currency; the newest ``valid_from`` of a pair holds.

    Returns
    -------
    pl.DataFrame
        ``supplier_id, product_id, from_quantity, unit_cost, minimum, pack, promised_lead,
        is_assumed``.
    """
    newest = pl.col("valid_from").max().over(_KEY)
    is_present = (pl.col("valid_from") == newest) | newest.is_null()
    return (
        offers.filter(pl.col("currency") == currency)
        .filter(is_present)
        .select(
            *_KEY,
            "from_quantity",
            pl.col("unit_cost_minor").cast(pl.Float64).alias("unit_cost"),
            pl.col("minimum_quantity").fill_null(1).alias("minimum"),
            pl.col("pack_quantity").fill_null(1).alias("pack"),
            pl.col("lead_time_days").alias("promised_lead"),
            pl.lit(False).alias("is_assumed"),
        )
        .sort(*_KEY, "from_quantity")
    )


def assumed_offers(
    product_ids: pl.Series, lines: pl.DataFrame, orders: pl.DataFrame, products: pl.DataFrame
) -> pl.DataFrame:
    """Return offers for products without any: the last supplier and price, else ``unknown``."""
    last = (
        lines.join(orders.select("purchase_order_id", "supplier_id"), on="purchase_order_id")
        .sort("ordered_at", "purchase_order_id", "line_no")
        .group_by("product_id")
        .agg(pl.col("supplier_id").last(), pl.col("unit_cost_minor").drop_nulls().last())
    )
    return (
        pl.DataFrame({"product_id": product_ids.unique().sort()})
        .join(last, on="product_id", how="left", maintain_order="left")
        .join(products.select("product_id", "cost_minor"), on="product_id", how="left")
        .select(
            pl.col("supplier_id").fill_null(UNKNOWN),
            "product_id",
            pl.lit(1, pl.Int64).alias("from_quantity"),
            pl.coalesce("unit_cost_minor", "cost_minor", 0).cast(pl.Float64).alias("unit_cost"),
            pl.lit(1, pl.Int64).alias("minimum"),
            pl.lit(1, pl.Int64).alias("pack"),
            pl.lit(None, pl.Float64).alias("promised_lead"),
            pl.lit(True).alias("is_assumed"),
        )
        .sort(*_KEY, "from_quantity")
    )
