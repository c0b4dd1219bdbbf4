"""Products and prices as far as order lines tell them."""

from __future__ import annotations

import polars as pl

_RECENT_DAYS = 90  # the newest period, whose names count most


def product_names(goods: pl.LazyFrame, sold: pl.LazyFrame) -> pl.DataFrame:
    """Return a product a code with its name: the commonest description of its newest period.

    Parameters
    ----------
    goods
        All lines of products: ``product_id``.
    sold
        Lines that were sold: ``product_id``, ``description``, ``at``, ``price_minor``. Only these
        name products; notes such as "damaged" stand on lines without a price.
    """
    named = sold.filter((pl.col("price_minor") > 0) & pl.col("description").is_not_null())
    newest = pl.col("at").max().over("product_id")
    recent = named.filter(pl.col("at") > newest - pl.duration(days=_RECENT_DAYS))
    names = (
        recent.group_by("product_id", "description")
        .agg(pl.len().alias("n"), pl.col("at").max().alias("last"))
        .sort("product_id", "n", "last", "description", descending=[False, True, True, False])
        .unique("product_id", keep="first", maintain_order=True)
        .select("product_id", name=pl.col("description").str.replace_all(r"\s+", " "))
    )
    products = goods.select("product_id").unique().sort("product_id")
    return products.join(names, on="product_id", how="left", maintain_order="left").collect()


def price_steps(sold: pl.LazyFrame, time_zone: str) -> pl.DataFrame:
    """Return the commonest price of each product and day, where it differs from the day before.

    A day's price holds from the first line at that price, so a turn of a past day sees no price
    that was not yet charged. Ties go to the lower price.
    """
    day = pl.col("at").dt.convert_time_zone(time_zone).dt.date().alias("day")
    return (
        sold.filter(pl.col("price_minor") > 0)
        .group_by("product_id", day, "price_minor", "currency")
        .agg(pl.len().alias("n"), pl.col("at").min().alias("valid_from"))
        .collect(engine="streaming")
        .sort("product_id", "day", "n", "price_minor", descending=[False, False, True, False])
        .unique(["product_id", "day"], keep="first", maintain_order=True)
        .filter(
            (pl.col("price_minor") != pl.col("price_minor").shift().over("product_id"))
            .fill_null(value=True)
        )
        .select("product_id", "valid_from", "price_minor", "currency")
    )  # fmt: skip
