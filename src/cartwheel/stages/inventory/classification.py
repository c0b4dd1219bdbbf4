"""ABC by what products earn, XYZ by how steadily they sell.

A: the products that make the first 80 % of the value, B: up to 95 %, C: the rest (Silver, Pyke &
Thomas, Inventory and Production Management in Supply Chains, 4th ed., section 2.6). XYZ: standard
deviation over mean of weekly demand, below 0.5, below 1, above. n log n in products.
"""

from __future__ import annotations

import polars as pl

_A, _B = 0.80, 0.95
_X, _Y = 0.5, 1.0


def abc_classes(values: pl.DataFrame) -> pl.DataFrame:
    """Return ``product_id, abc`` from ``product_id, value``; the product that crosses 80 % is A."""
    ranked = values.with_columns(pl.col("value").clip(lower_bound=0.0)).sort(
        ["value", "product_id"], descending=[True, False]
    )
    before = pl.col("value").cum_sum() - pl.col("value")
    share = before / pl.col("value").sum()
    letter = (
        pl.when(pl.col("value") <= 0).then(pl.lit("C"))
        .when(share < _A).then(pl.lit("A"))
        .when(share < _B).then(pl.lit("B"))
        .otherwise(pl.lit("C"))
    )  # fmt: skip
    return ranked.select("product_id", letter.alias("abc"))


def xyz_classes(weekly: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """Return ``product_id, warehouse_id, xyz`` from weekly units; weeks without a row are zero."""
    units = pl.col("units")
    mean = units.sum() / weeks
    variance = (units**2).sum() / weeks - mean**2
    variation = pl.col("variance").clip(lower_bound=0.0).sqrt() / pl.col("mean")
    return (
        weekly.group_by("product_id", "warehouse_id")
        .agg(mean.alias("mean"), variance.alias("variance"))
        .select(
            "product_id",
            "warehouse_id",
            pl.when((pl.col("mean") > 0) & (variation < _X)).then(pl.lit("X"))
            .when((pl.col("mean") > 0) & (variation < _Y)).then(pl.lit("Y"))
            .otherwise(pl.lit("Z"))
            .alias("xyz"),
        )
    )  # fmt: skip
