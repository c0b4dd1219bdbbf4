"""Which products may be shown: on sale, and in stock as last counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartwheel.stages.recommend.purchases import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """One flag a product on the axis, and how many were left out for which reason."""

    is_shown: NDArray[np.bool_]
    out_of_stock: int
    not_on_sale: int
    unknown_stock: int


def availability(
    axis: Axis, products: pl.DataFrame, stock_levels: pl.DataFrame, *, on: date
) -> Availability:
    """Say which products can be bought at the end of day ``on``.

    Stock is the sum over warehouses of the newest count less what is reserved, none below zero.
    A product that was never counted passes as in stock; without any counts all pass.
    """
    stock = (
        stock_levels.sort("product_id", "warehouse_id", "counted_at")
        .group_by("product_id", "warehouse_id")
        .agg(
            (pl.col("on_hand") - pl.col("reserved").fill_null(0)).last().clip(lower_bound=0)
            .alias("free")
        )
        .group_by("product_id")
        .agg(pl.col("free").sum())
    )  # fmt: skip
    flags = (
        pl.DataFrame({"product_id": axis.ids})
        .join(products, on="product_id", how="left", maintain_order="left")
        .join(stock, on="product_id", how="left", maintain_order="left")
        .select(
            off=~pl.col("is_active").fill_null(True) | (pl.col("listed_on") > on).fill_null(False),
            out=(pl.col("free") <= 0).fill_null(False),
            unknown=pl.col("free").is_null(),
        )
    )
    return Availability(
        is_shown=(~(flags["off"] | flags["out"])).to_numpy(),
        out_of_stock=int((flags["out"] & ~flags["off"]).sum()),
        not_on_sale=int(flags["off"].sum()),
        unknown_stock=int((flags["unknown"] & ~flags["off"]).sum()) if stock.height else 0,
    )
