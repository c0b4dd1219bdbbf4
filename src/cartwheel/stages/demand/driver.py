"""Prices and promotions as matrices beside demand: what the global model may react to.

Each product's price in a period is the one that held at its start; the logarithm is taken against
the product's first price (known at every later origin), so that products share one scale. Where a
shop keeps no price list, the mean price of its sales totals stands in, carried forward; a period's
own is only known with its sales, so the model is never told it of a period ahead (``PAID``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from cartwheel.stages.demand.panel import PAID, Floats, Panel, matrix


def with_prices(panel: Panel, prices: pl.DataFrame, *, time_zone: str) -> Panel:
    """Return the panel with drivers ``price`` (log, against the first) and ``promotion``."""
    local = pl.col("valid_from").dt.convert_time_zone(time_zone).dt.date()
    regular = pl.coalesce("regular_price_minor", "price_minor")
    is_cut = (pl.col("price_minor") < regular).fill_null(value=False)
    known = prices.select(
        "product_id",
        local.alias("starts_on"),
        pl.col("price_minor").cast(pl.Float64).alias("price"),
        (pl.col("is_promotion").fill_null(value=False) | is_cut)
        .cast(pl.Float64)
        .alias("promotion"),
    ).sort("starts_on")
    grid = (
        panel.keys.with_row_index("row")
        .join(panel.starts(0, panel.periods).to_frame().with_row_index("period"), how="cross")
        .sort("starts_on")
        .join_asof(known, on="starts_on", by="product_id", check_sortedness=False)
        .sort("row", "period")
    )
    shape = panel.sold.shape
    price = grid["price"].to_numpy().astype(np.float64).reshape(shape)
    promotion = grid["promotion"].fill_null(0.0).to_numpy().reshape(shape)
    drivers = {"price": _relative(price), "promotion": promotion}
    return replace(panel, drivers={**panel.drivers, **drivers})


def with_sales_prices(panel: Panel, sales: pl.DataFrame) -> Panel:
    """Return the panel with the driver ``PAID`` from revenue over units, carried forward."""
    day = (pl.col("starts_on") - panel.starts_on).dt.total_days()
    cells = (
        sales.filter((pl.col("quantity") > 0) & pl.col("revenue_minor").is_not_null())
        .join(panel.keys.with_row_index("row"), on=["product_id", "warehouse_id"])
        .with_columns((day // panel.days).alias("period"))
        .filter(pl.col("period").is_between(0, panel.periods - 1))
    )
    if cells.is_empty():
        return panel
    place = (cells["row"].to_numpy().astype(np.int64), cells["period"].to_numpy().astype(np.int64))
    paid = matrix(*place, cells["revenue_minor"].cast(pl.Float64).to_numpy(), panel.sold.shape)
    units = matrix(*place, cells["quantity"].cast(pl.Float64).to_numpy(), panel.sold.shape)
    price = np.divide(paid, units, out=np.full(paid.shape, np.nan), where=units > 0)
    seen = np.maximum.accumulate(np.where(units > 0, np.arange(panel.periods), -1), axis=1)
    held = np.take_along_axis(price, np.maximum(seen, 0), axis=1)
    return replace(panel, drivers={**panel.drivers, PAID: _relative(held)})


def _relative(price: Floats) -> Floats:
    """Return the logarithm of price over the first known price; 0 where none is known."""
    known = np.isfinite(price) & (price > 0)
    first = np.take_along_axis(price, np.argmax(known, axis=1)[:, None], axis=1)
    ratio = np.divide(price, first, out=np.ones_like(price), where=known)
    return np.log(ratio)
