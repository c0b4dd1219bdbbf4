"""Daily demand from order lines, or period demand from sales totals, as a panel.

Demand is what was ordered. An order line cancelled at once (an 80,995-unit order called off twelve
minutes later) was none: it is taken out together with its return. Goods that come back later were
demanded and stay. Linear in lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl

from cartwheel.stages.demand.panel import Floats, Panel, matrix

KEY = ["product_id", "warehouse_id"]
LINE_COLUMNS = (
    "order_id", "line_no", "ordered_at", "customer_id", "product_id", "warehouse_id", "quantity",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRules:
    """How history is cut."""

    grain: Literal["auto", "day", "week"] = "auto"
    longest_days: int = 1120  # older history is left out
    cancel_hours: int = 24  # a return of the same quantity within this time is a cancellation
    dense_share: float = 0.4  # share of days with demand from which days are worth forecasting
    daily_cells: int = 1_500_000  # series times days above which weeks are used


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal periods from a first day."""

    starts_on: date
    days: int
    periods: int


def order_demand(
    lines: pl.DataFrame, returns: pl.DataFrame, *, time_zone: str, rules: HistoryRules
) -> pl.DataFrame:
    """Return product_id, warehouse_id, day, quantity: what was ordered, less what was cancelled."""
    kept = lines.select(LINE_COLUMNS).with_columns(pl.col("warehouse_id").fill_null("all"))
    if not returns.is_empty():
        kept = kept.join(
            _cancelled(kept, returns, rules.cancel_hours), on=["order_id", "line_no"], how="anti"
        )
    day = pl.col("ordered_at").dt.convert_time_zone(time_zone).dt.date().alias("day")
    return kept.group_by(*KEY, day).agg(pl.col("quantity").sum().cast(pl.Float64)).sort(*KEY, "day")


def _cancelled(lines: pl.DataFrame, returns: pl.DataFrame, hours: int) -> pl.DataFrame:
    """Return the lines undone by a return of the same product, quantity and order or customer."""
    back = returns.select("order_id", "customer_id", "product_id", "quantity", "returned_at")
    found = []
    for who in ("order_id", "customer_id"):
        same = [who, "product_id", "quantity"]
        undone = back.drop_nulls(who).sort("returned_at")
        bought = lines.select(*same, "line_no", "ordered_at", pl.col("order_id").alias("of"))
        pairs = undone.join_asof(
            bought.join(undone, on=same, how="semi").sort("ordered_at"),
            left_on="returned_at",
            right_on="ordered_at",
            by=same,
            strategy="backward",
            tolerance=timedelta(hours=hours),
            check_sortedness=False,
        )
        named = pairs.drop_nulls("line_no").select(pl.col("of").alias("order_id"), "line_no")
        found.append(named)
    return pl.concat(found).unique()


def choose_grain(daily: pl.DataFrame, on: date, rules: HistoryRules) -> int:
    """Return 1 (days) for dense demand with half a year of history, else 7 (weeks)."""
    if rules.grain != "auto":
        return {"day": 1, "week": 7}[rules.grain]
    series = daily.group_by(KEY).agg(
        pl.col("day").min().alias("first"), pl.len().alias("sold_days")
    )
    lived = (pl.lit(on) - pl.col("first")).dt.total_days() + 1
    facts = series.select(
        (pl.col("sold_days") / lived).mean().alias("share"),
        lived.max().alias("longest"),
        lived.sum().alias("cells"),
    ).row(0, named=True)
    is_dense = facts["share"] >= rules.dense_share and facts["longest"] >= 182
    return 1 if is_dense and facts["cells"] <= rules.daily_cells else 7


def daily_panel(
    daily: pl.DataFrame, listed: pl.DataFrame, *, on: date, days: int, rules: HistoryRules
) -> Panel | None:
    """Return the panel of ``days``-long periods, the last of which ends on ``on``.

    ``listed`` has product_id and listed_on (null when unknown). A series begins at its first sale
    or when it was listed, whichever is first known. Days before the first whole period are left
    out. None when nothing was ordered in a whole period.
    """
    known = daily.filter(pl.col("day") > on - timedelta(days=rules.longest_days))
    if known.is_empty():
        return None
    periods = (known.select((pl.lit(on) - pl.col("day").min()).dt.total_days() + 1).item()) // days
    grid = Grid(on - timedelta(days=periods * days - 1), days, periods)
    inside = known.rename({"day": "starts_on"}).filter(pl.col("starts_on") >= grid.starts_on)
    return _panel(inside, daily, listed, grid)


def sales_panel(sales: pl.DataFrame, listed: pl.DataFrame, *, rules: HistoryRules) -> Panel | None:
    """Return the panel of a shop that exports period totals, in its own periods.

    None when its periods are neither days nor weeks (the most frequent length decides).
    """
    length = (pl.col("ends_on") - pl.col("starts_on")).dt.total_days() + 1
    measured = sales.with_columns(length.alias("days"), pl.col("quantity").cast(pl.Float64))
    days = int(measured["days"].mode().sort()[0])
    if days not in (1, 7):
        return None
    regular = measured.filter(pl.col("days") == days)
    newest: date = regular.select(pl.col("starts_on").max()).item()
    recent = regular.filter(pl.col("starts_on") > newest - timedelta(days=rules.longest_days))
    oldest: date = recent.select(pl.col("starts_on").min()).item()
    periods = (newest - oldest).days // days + 1
    grid = Grid(newest - timedelta(days=(periods - 1) * days), days, periods)
    sold = measured.filter(pl.col("quantity") > 0).rename({"starts_on": "day"})
    return _panel(recent, sold, listed, grid)


def _panel(
    rows: pl.DataFrame, sold: pl.DataFrame, listed: pl.DataFrame, grid: Grid
) -> Panel | None:
    """Lay ``rows`` into matrices; a series begins on its first ``day`` sold or listed."""
    starts_on, days = grid.starts_on, grid.days
    began = pl.min_horizontal("day", "listed_on")
    keys = (
        sold.group_by(KEY)
        .agg(pl.col("day").min())
        .join(listed, on="product_id", how="left")
        .select(*KEY, ((began - starts_on).dt.total_days() // days).alias("first"))
        .join(rows.select(KEY).unique(), on=KEY, how="semi")
        .sort(KEY)
        .with_row_index("row")
    )
    if keys.is_empty():
        return None
    cells = rows.join(keys, on=KEY).with_columns(
        ((pl.col("starts_on") - starts_on).dt.total_days() // days).alias("period")
    )
    place = (cells["row"].to_numpy().astype(np.int64), cells["period"].to_numpy().astype(np.int64))
    shape = (keys.height, grid.periods)
    quantity = matrix(*place, cells["quantity"].to_numpy(), shape)
    return Panel(
        keys=keys.select(KEY),
        starts_on=starts_on,
        days=days,
        sold=quantity,
        demand=quantity,
        stocked=_flags(cells, place, shape),
        first=np.clip(keys["first"].to_numpy(), 0, grid.periods - 1).astype(np.int64),
        drivers={},
    )


def _flags(
    cells: pl.DataFrame, place: tuple[np.ndarray, np.ndarray], shape: tuple[int, int]
) -> Floats:
    stocked = np.ones(shape)
    if "is_stocked" in cells.columns:
        stocked[place] = cells["is_stocked"].fill_null(value=True).to_numpy().astype(np.float64)
    return stocked
