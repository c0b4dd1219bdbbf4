"""M5: daily unit sales of Walmart, a column a day, with the calendar that dates them.

Source: Makridakis, Spiliotis & Assimakopoulos (2022), International Journal of Forecasting 38(4),
1346-1364. Rows are counted as cells: one product, store and day each. A product counts as listed
from its first sale; the days before are kept, for the file says 0, not nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.sources.convert import Conventions, convert
from cartwheel.sources.delivery import derived
from cartwheel.sources.field import Field
from cartwheel.sources.formats.recognise import parts_of, periods
from cartwheel.sources.formats.wide import deliver_cells
from cartwheel.sources.source_file import SourceFile
from cartwheel.sources.table_rows import Found

CURRENCY, TIME_ZONE = "USD", "America/Chicago"
_WANTED = {"sales": ("id", "d_1"), "calendar": ("date", "wm_yr_wk")}
_SERIES = r"^(?P<item>(?P<dept>(?P<cat>[A-Z]+)_\d+)_\d+)_(?P<store>(?P<state>[A-Z]{2})_\d+)"
_DAY = r"^d_\d+$"


def read(sources: Sequence[SourceFile], _currency: str, _time_zone: str) -> Found:
    """Read sales and calendar."""
    files, aside = parts_of("m5", sources, _WANTED, required=("sales", "calendar"))
    sales, days = files["sales"], _days(files["calendar"])
    series = sales.frame.select(pl.col("id").str.extract_groups(_SERIES).alias("parts")).unnest(
        "parts"
    )
    keys = series.select(product_id="item", warehouse_id="store")
    columns = [c for c in periods(sales, _DAY) if c in days]
    delivery = deliver_cells(sales, keys, {c: (days[c], days[c]) for c in columns}, flags=None)
    note = Text(
        f"{sales.name}: {sales.rows} series of {len(columns)} days; rows are counted as cells. "
        f"{files['calendar'].name}: {files['calendar'].rows} days were looked up.",
        f"{sales.name}：{sales.rows} 个序列 × {len(columns)} 天，按单元格计行。"
        f"{files['calendar'].name}：{files['calendar'].rows} 天仅用于查日期。",
    )
    return Found(
        deliveries=(
            delivery,
            derived("products", sales.name, _products(series, delivery.frame)),
            derived("warehouses", sales.name, _stores(series)),
        ),
        notes=(*aside, note),
    )


def _days(calendar: SourceFile) -> dict[str, object]:
    """Return the date of each column d_1, d_2 … : the calendar's rows in order of their dates."""
    found = convert(
        calendar,
        [Field(name="on", source="date", kind="day")],
        Conventions(currency=CURRENCY, time_zone=TIME_ZONE, date_order="MDY"),
    )
    dates = found.frame["on"].drop_nulls().unique().sort()
    return {f"d_{i}": day for i, day in enumerate(dates.to_list(), start=1)}


def _products(series: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    sold = (
        sales.filter(pl.col("quantity") > 0)
        .group_by("product_id")
        .agg(first=pl.col("starts_on").min())
    )
    begin = sales["starts_on"].min()
    return (
        series.select(product_id="item", category=pl.format("{} > {}", "cat", "dept"))
        .unique("product_id", maintain_order=True)
        .join(sold, on="product_id", how="left", maintain_order="left")
        .select(
            "product_id", "category",
            listed_on=pl.when(pl.col("first") > begin).then("first"),
        )
    )  # fmt: skip


def _stores(series: pl.DataFrame) -> pl.DataFrame:
    return (
        series.select(warehouse_id="store", region="state")
        .unique(maintain_order=True)
        .with_columns(country=pl.lit("USA"))
    )
