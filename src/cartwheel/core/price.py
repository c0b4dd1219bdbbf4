"""Prices and costs by product in one currency: amounts in another cannot be added or compared.

A row that names no currency is in the shop's own. Linear in rows.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl


def is_home(currency: str) -> pl.Expr:
    """Tell rows in ``currency``; rows that do not say are."""
    return pl.col("currency").is_null() | (pl.col("currency") == currency)


def home_amount(column: str, currency: str) -> pl.Expr:
    """Return the amount in ``column``, null where it is in another currency.

    Examples
    --------
    >>> rows = pl.DataFrame({"cost_minor": [5, 7, 9], "currency": ["EUR", None, "USD"]})
    >>> rows.select(home_amount("cost_minor", "EUR"))["cost_minor"].to_list()
    [5, 7, None]
    """
    return pl.when(is_home(currency)).then(pl.col(column)).alias(column)


def paid_prices(lines: pl.LazyFrame, currency: str, since: datetime) -> pl.DataFrame:
    """Return ``product_id, paid``: the mean price of a unit ordered from ``since`` on."""
    price, quantity = pl.col("unit_price_minor"), pl.col("quantity")
    return (
        lines.filter(is_home(currency), price.is_not_null(), pl.col("ordered_at") >= since)
        .group_by("product_id")
        .agg(((price * quantity).sum() / quantity.sum()).alias("paid"))
        .collect()
    )


def listed_prices(prices: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return ``product_id, price``: the newest price of each product."""
    return (
        prices.filter(is_home(currency))
        .sort("product_id", "valid_from")
        .group_by("product_id")
        .agg(pl.col("price_minor").last().cast(pl.Float64).alias("price"))
    )
