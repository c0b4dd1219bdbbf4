"""Stock as it stands: on the shelf, promised to customers, and on its way.

On hand is the newest count plus all movements after it. On order is every open purchase line that
is not taken as lost. Linear in rows.
"""

from __future__ import annotations

from datetime import date

import polars as pl

ALL = "all"
_KEY = ["product_id", "warehouse_id"]
LOST_AFTER_DAYS = 90  # an open line so long past its promise is taken as lost


def on_hand(levels: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """Return ``product_id, warehouse_id, on_hand, reserved`` from counts and later movements."""
    newest = (
        levels.sort(*_KEY, "counted_at")
        .group_by(_KEY, maintain_order=True)
        .agg(pl.col("counted_at", "on_hand").last(), pl.col("reserved").last().fill_null(0))
    )
    later = (
        movements.with_columns(pl.col("warehouse_id").fill_null(ALL))
        .join(newest.select(*_KEY, "counted_at"), on=_KEY)
        .filter(pl.col("moved_at") > pl.col("counted_at"))
        .group_by(_KEY)
        .agg(pl.col("quantity").sum().alias("moved"))
    )
    return newest.join(later, on=_KEY, how="left", maintain_order="left").select(
        *_KEY, pl.col("on_hand") + pl.col("moved").fill_null(0), "reserved"
    )


def open_lines(lines: pl.DataFrame, orders: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return open purchase lines with supplier, warehouse and ``is_lost``."""
    due = pl.coalesce("promised_at", "ordered_at").dt.date()
    return (
        lines.filter(pl.col("received_at").is_null())
        .join(
            orders.select("purchase_order_id", "supplier_id", "warehouse_id"),
            on="purchase_order_id", how="left", maintain_order="left",
        )
        .with_columns(
            pl.col("warehouse_id").fill_null(ALL),
            ((pl.lit(on) - due).dt.total_days() > LOST_AFTER_DAYS).alias("is_lost"),
        )
    )  # fmt: skip


def positions(stock: pl.DataFrame, coming: pl.DataFrame, warehouses: set[str]) -> pl.DataFrame:
    """Join stock and open lines by product and warehouse.

    When demand is foretold for the shop as a whole (``warehouses`` is {"all"}), stock is summed
    into "all".

    Returns
    -------
    pl.DataFrame
        ``product_id, warehouse_id, on_hand, reserved, on_order``.
    """
    ordered = (
        coming.filter(~pl.col("is_lost"))
        .group_by(_KEY)
        .agg(pl.col("quantity").sum().alias("on_order"))
    )
    joined = stock.join(ordered, on=_KEY, how="full", coalesce=True).with_columns(
        pl.col("on_hand", "reserved", "on_order").fill_null(0)
    )
    if warehouses == {ALL}:
        joined = joined.with_columns(pl.lit(ALL).alias("warehouse_id"))
    return joined.group_by(_KEY).agg(pl.col("on_hand", "reserved", "on_order").sum()).sort(_KEY)
