"""Which part of the shop moved a key figure most: the difference, split by parts.

For a figure that adds up over parts (revenue, orders, units, refunds), the difference to the same
part's mean in up to eight periods before (same weekdays, or weeks) is the part's contribution.
Contributions are not causes: the sentence says where to look, not why. A part is named only when it
carries ``LEAST_SHARE`` of the difference and clearly more than its usual share of the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import polars as pl

from cartwheel.stages.monitor.facts.sales import home_lines
from cartwheel.stages.monitor.facts.source import Read, Shop

LEAST_SHARE = 0.4
_PERIODS_BACK = 8
_CUBES = {"revenue": "sales", "orders": "sales", "units": "sales", "refunds": "returns"}
_MOST_ALERTS = 40


@dataclass(frozen=True, slots=True)
class Driver:
    """A part of the shop and its share of a deviation."""

    kind: str  # category, country, product …
    name: str
    share: float  # of the deviation; above 1 when other parts went the other way


def find_drivers(
    alerts: pl.DataFrame, read: Read, shop: Shop
) -> dict[tuple[str, str, date], Driver]:
    """Return the likely driver of each alert that has one."""
    told = alerts.filter(pl.col("kpi").is_in(list(_CUBES))).head(_MOST_ALERTS)
    found: dict[tuple[str, str, date], Driver] = {}
    if told.is_empty():
        return found
    earliest = cast(date, told["starts_on"].min())
    since = pl.col("day") >= earliest - timedelta(days=7 * _PERIODS_BACK)
    cubes = {"sales": _sales_cube(read, shop, since), "returns": _returns_cube(read, shop, since)}
    for kpi, period, starts_on in told.select("kpi", "period", "starts_on").iter_rows():
        cube = cubes[_CUBES[kpi]]
        driver = None if cube is None else _driver(cube, kpi, period, starts_on)
        if driver is not None:
            found[kpi, period, starts_on] = driver
    return found


def _sales_cube(read: Read, shop: Shop, since: pl.Expr) -> pl.DataFrame | None:
    """Return revenue, orders and units by day and part, one block of rows a kind of part."""
    lines = read("order_lines")
    if lines is None:
        return None
    kept = home_lines(lines, read, shop).filter(since)
    kept = kept.select(
        "day", "order_id", "product_id", "channel",
        warehouse="warehouse_id", units="quantity",
        revenue=pl.col("quantity") * pl.col("unit_price_minor"),
    )  # fmt: skip
    parts = {"channel": "channel", "warehouse": "warehouse", "product": "product"}
    kept, with_products = _name_products(kept, read)
    if with_products:
        parts["category"] = "category"
    orders = read("orders")
    if orders is not None:
        kept = kept.join(orders.select("order_id", "country", "region"), on="order_id", how="left")
        parts |= {"country": "country", "region": "region"}
    figures = [pl.col("revenue", "units").sum(), pl.col("order_id").n_unique().alias("orders")]
    return _blocks(kept, parts, figures)


def _returns_cube(read: Read, shop: Shop, since: pl.Expr) -> pl.DataFrame | None:
    returns = read("returns")
    if returns is None:
        return None
    dated = returns.filter(shop.is_home()).with_columns(day=shop.day("returned_at"))
    kept, _ = _name_products(dated.filter(since), read)
    parts = {"product": "product", "customer": "customer_id"}
    return _blocks(kept, parts, [pl.col("refund_minor").sum().alias("refunds")])


def _name_products(rows: pl.LazyFrame, read: Read) -> tuple[pl.LazyFrame, bool]:
    """Add ``product`` (name, or else id) and ``category`` (top level) where products are known."""
    products = read("products")
    if products is None:
        return rows.with_columns(product=pl.col("product_id")), False
    top = pl.col("category").str.split(" > ").list.first()
    known = products.select("product_id", product="name", category=top)
    joined = rows.join(known, on="product_id", how="left")
    return joined.with_columns(product=pl.coalesce("product", "product_id")), True


def _blocks(rows: pl.LazyFrame, parts: dict[str, str], figures: list[pl.Expr]) -> pl.DataFrame:
    blocks = [
        rows.filter(pl.col(column).is_not_null())
        .group_by("day", part=pl.col(column))
        .agg(figures)
        .with_columns(kind=pl.lit(kind))
        for kind, column in parts.items()
    ]
    return pl.concat(blocks).collect()


def _driver(cube: pl.DataFrame, kpi: str, period: str, starts_on: date) -> Driver | None:
    if period == "day":
        cube = cube.filter((pl.lit(starts_on) - pl.col("day")).dt.total_days() % 7 == 0)
    weeks_back = ((pl.lit(starts_on) - pl.col("day")).dt.total_days() + 6) // 7
    periods = cube.with_columns(back=weeks_back).filter(pl.col("back").is_between(0, _PERIODS_BACK))
    times = max(periods.filter(pl.col("back") > 0)["back"].n_unique(), 1)
    is_now, figure = pl.col("back") == 0, pl.col(kpi)
    split = periods.group_by("kind", "part").agg(
        now=figure.filter(is_now).sum(), usual=figure.filter(~is_now).sum() / times
    )
    moved, per_kind = pl.col("now") - pl.col("usual"), pl.len().over("kind")
    named = (
        split.with_columns(
            share=moved / moved.sum().over("kind"),
            usual_share=pl.col("usual") / pl.col("usual").sum().over("kind"),
        )
        .filter((per_kind > 1) & pl.col("share").is_finite() & (pl.col("share") > LEAST_SHARE))
        .filter(pl.col("share") > 1.25 * pl.col("usual_share").fill_nan(0))
        .sort("share", "kind", "part", descending=[True, False, False])
    )
    if named.is_empty():
        return None
    row = named.row(0, named=True)
    return Driver(row["kind"], row["part"], float(row["share"]))
