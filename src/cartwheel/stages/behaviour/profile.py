"""Customer profiles (B1, B2): what each customer buys, when, where and how often.

Set work in integers on the engine, one grouped query a trait; the shares are divided in Polars.
"""

from __future__ import annotations

from functools import reduce

import ibis
import polars as pl
from ibis import _

from cartwheel.stages.behaviour.motive import MotiveRule, motives
from cartwheel.stages.behaviour.segment_name import name_segment

_DEAL_PERCENT = 95  # of the product's usual (median) price, at most


def customer_profiles(
    rfm: ibis.Table,
    *,
    lines: ibis.Table,
    orders: ibis.Table,
    customer_days: ibis.Table,
    products: ibis.Table,
    customers: ibis.Table,
    rule: MotiveRule,
) -> pl.DataFrame:
    """Return one row a customer with an order, sorted by customer; ``cluster`` is not yet there.

    ``rfm``, ``lines``, ``orders`` and ``customer_days`` as the modules ``rfm`` and ``purchase``
    give them; ``products`` and ``customers`` may be empty.
    """
    own_lines = lines.filter(_.customer_id.notnull())
    own_orders = orders.filter(_.customer_id.notnull())
    traits = [
        rfm.to_polars(),
        _buying(own_lines).to_polars(),
        purchase_intervals(customer_days).to_polars(),
        *_habits(own_orders),
        *_favourites(own_lines, products),
        customers.select("customer_id", home=_.country).to_polars(),
    ]
    joined = reduce(lambda left, right: left.join(right, on="customer_id", how="left"), traits)
    return _divided(joined, rule).sort("customer_id")


def favourite(rows: ibis.Table, value: str, weight: ibis.Value) -> ibis.Table:
    """Return each customer's ``value`` of greatest summed weight; the lowest value wins a tie.

    Columns: ``customer_id``, the value, ``most`` (its weight) and ``whole`` (weight of all values).
    """
    known = rows.select("customer_id", value, weight=weight).filter(_[value].notnull())
    sums = known.group_by("customer_id", value).aggregate(most=_.weight.sum())
    ranked = sums.mutate(
        place=ibis.row_number().over(
            group_by="customer_id", order_by=[ibis.desc("most"), ibis.asc(value)]
        ),
        whole=sums.most.sum().over(group_by="customer_id"),
    )
    return ranked.filter(_.place == 0).drop("place")


def purchase_intervals(customer_days: ibis.Table) -> ibis.Table:
    """Return the median days between a customer's days with an order (``interval_days``)."""
    days = customer_days.filter(_.orders > 0)
    before = days.day.lag().over(group_by="customer_id", order_by="day")
    pauses = days.mutate(pause=days.day - before).filter(_.pause.notnull())
    return pauses.group_by("customer_id").aggregate(interval_days=_.pause.cast("float64").median())


def _buying(lines: ibis.Table) -> ibis.Table:
    """Return lines, units, units bought as a deal and lines of a product ordered before."""
    usual = lines.group_by("product_id").aggregate(
        usual_minor=_.unit_price_minor.cast("float64").median()
    )
    priced = lines.left_join(usual, "product_id").drop("product_id_right")
    first = priced.ordered_at.min().over(group_by=["customer_id", "product_id"])
    is_cheap = 100 * priced.unit_price_minor <= _DEAL_PERCENT * priced.usual_minor
    is_deal = ibis.coalesce(priced.is_promotion, False) | ibis.coalesce(is_cheap, False)
    marked = priced.mutate(is_deal=is_deal, is_repeat=priced.ordered_at > first)
    return marked.group_by("customer_id").aggregate(
        lines=_.count(),
        deal_units=ibis.coalesce(_.quantity.sum(where=_.is_deal), 0),
        repeat_lines=_.is_repeat.sum(),
    )


def _habits(orders: ibis.Table) -> list[pl.DataFrame]:
    usual = {
        "weekday": "usual_weekday",
        "hour": "usual_hour",
        "channel": "channel",
        "country": "destination",
    }
    return [
        favourite(orders, column, ibis.literal(1))
        .select("customer_id", **{name: _[column]})
        .to_polars()
        for column, name in usual.items()
    ]


def _favourites(lines: ibis.Table, products: ibis.Table) -> list[pl.DataFrame]:
    kinds = products.select("product_id", "category", "brand")
    known = lines.left_join(kinds, "product_id").drop("product_id_right")
    brand = favourite(known, "brand", known.quantity).rename(
        favourite_brand="brand", brand_units="most", branded_units="whole"
    )
    category = favourite(known, "category", known.quantity).select(
        "customer_id", favourite_category=_.category
    )
    product = favourite(known, "product_id", known.quantity).select(
        "customer_id", favourite_product_id=_.product_id
    )
    return [brand.to_polars(), category.to_polars(), product.to_polars()]


_mean_order = (pl.col("revenue_minor") / pl.col("orders")).round()


def _divided(joined: pl.DataFrame, rule: MotiveRule) -> pl.DataFrame:
    span = pl.col("last_day") - pl.col("first_day")
    shares = joined.with_columns(
        deal_share=pl.col("deal_units") / pl.col("units"),
        brand_share=pl.col("brand_units") / pl.col("branded_units"),
        repeat_share=pl.col("repeat_lines") / pl.col("lines"),
    )
    return shares.select(
        "customer_id",
        pl.coalesce("home", "destination").alias("country"),
        "channel",
        pl.col("first_day").cast(pl.Int32).cast(pl.Date).alias("first_on"),
        pl.col("last_day").cast(pl.Int32).cast(pl.Date).alias("last_on"),
        "recency_days", "orders", "units", "revenue_minor", "refund_minor",
        _mean_order.cast(pl.Int64).alias("average_order_minor"),
        pl.when(span > 0).then(365 * (pl.col("orders") - 1) / span).alias("orders_per_year"),
        "interval_days", "usual_weekday", "usual_hour",
        "favourite_category", "favourite_brand", "favourite_product_id",
        "deal_share", "brand_share", "repeat_share",
        motives(shares, rule).alias("motive"),
        pl.col("r").alias("r_score"), pl.col("f").alias("f_score"), pl.col("m").alias("m_score"),
        rfm_segments().alias("rfm_segment"),
    )  # fmt: skip


def rfm_segments() -> pl.Expr:
    """Return the segment's key for columns ``r``, ``f`` and ``m``."""
    fifths = range(1, 6)
    names = {
        100 * r + 10 * f + m: name_segment(r, f, m).key
        for r in fifths for f in fifths for m in fifths
    }  # fmt: skip
    code = 100 * pl.col("r") + 10 * pl.col("f") + pl.col("m")
    return code.replace_strict(names, return_dtype=pl.String)
