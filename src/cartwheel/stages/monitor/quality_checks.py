"""The checks of one table: each counts cases and failures, in whole and by week.

Linear in rows, but for references and counts against movements, which join on keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.stages.monitor.facts.source import Read, Shop
from cartwheel.stages.monitor.quality_rules import REFERENCES, ROW_RULES
from cartwheel.tables import TableContract, table_contract

_WILD = 20.0  # times the product's median price, or less than its twentieth
_USUAL_GAP_QUANTILE = 0.95


@dataclass(frozen=True, slots=True)
class Check:
    """What is checked in a table, in which dimension, and what a failure is called."""

    table: str
    dimension: str
    measure: str
    failure: Text

    def counted(self, counts: pl.DataFrame, on: date) -> pl.DataFrame:
        """Turn counts by week into a row for the whole table and one a week."""
        whole = counts.select(
            pl.col("cases").sum(), pl.col("failed").sum(), period=pl.lit("all"), starts_on=on
        )
        weekly = counts.filter(pl.col("week").is_not_null()).select(
            "cases", "failed", period=pl.lit("week"), starts_on="week"
        )
        both = pl.concat([whole, weekly], how="vertical_relaxed").filter(pl.col("cases") > 0)
        return both.select(
            pl.lit(self.table).alias("table"),
            pl.lit(self.dimension).alias("dimension"),
            pl.lit(self.measure).alias("measure"),
            "period",
            "starts_on",
            pl.col("cases", "failed").cast(pl.Int64),
            value=1 - pl.col("failed") / pl.col("cases"),
            reason=pl.lit(self.failure.en),
            reason_zh=pl.lit(self.failure.zh),
        )


def table_checks(name: str, rows: pl.LazyFrame, read: Read, shop: Shop) -> list[pl.DataFrame]:
    """Return all checks that apply to the table."""
    contract = table_contract(name)
    dated = rows.with_columns(_week(contract, shop))
    found = _completeness(contract, dated, shop.on) + _uniqueness(contract, dated, shop.on)
    found += _row_rules(name, dated, shop.on) + _references(name, dated, read, shop.on)
    found += _against_quarantine(name, read, shop.on) + _timeliness(contract, rows, shop)
    special = {
        "order_lines": _line_checks,
        "returns": _refund_checks,
        "stock_levels": _count_checks,
    }
    if name in special:
        found += special[name](dated, read, shop)
    return found


def _week(contract: TableContract, shop: Shop) -> pl.Expr:
    """Return the Monday of the week a row belongs to; null for master data."""
    if contract.known is None:
        return pl.lit(None, pl.Date).alias("week")
    is_day = contract.schema[contract.known] == pl.Date
    day = pl.col(contract.known) if is_day else shop.day(contract.known)
    return day.dt.truncate("1w").alias("week")


def _completeness(contract: TableContract, dated: pl.LazyFrame, on: date) -> list[pl.DataFrame]:
    """Count empty values, but in columns the shop never fills, or that are filled in later."""
    later = {name for names in contract.revealed.values() for name in names}
    optional = [
        name
        for name, column in contract.columns.items()
        if not column.is_required and name not in later
    ]
    if not optional:
        return []
    counts = (
        dated.group_by("week").agg(pl.len().alias("cases"), pl.col(optional).null_count()).collect()
    )
    filled = [name for name in optional if counts[name].sum() < counts["cases"].sum()]
    checks = {
        name: Check(contract.name, "completeness", name, Text(f"{name} is empty", f"{name} 为空"))
        for name in filled
    }
    return [
        check.counted(counts.select("week", "cases", failed=pl.col(name)), on)
        for name, check in checks.items()
    ]


def _uniqueness(contract: TableContract, dated: pl.LazyFrame, on: date) -> list[pl.DataFrame]:
    """Count rows equal to another in all but a made-up id or number: likely entered twice."""
    made_up = contract.key[-1]
    content = [name for name in contract.schema if name != made_up]
    if contract.known is None or not made_up.endswith(("_id", "_no")):
        return []
    row = pl.struct(content).hash()
    counts = (
        dated.select("week", row=row)
        .group_by("week")
        .agg(cases=pl.len(), failed=pl.len() - pl.col("row").n_unique())
        .collect()
    )
    text = Text("rows repeat another row in all but their key", "除主键外与其他行完全相同")
    return [Check(contract.name, "uniqueness", "all", text).counted(counts, on)]


def _row_rules(name: str, dated: pl.LazyFrame, on: date) -> list[pl.DataFrame]:
    rules = [rule for rule in ROW_RULES if rule.table == name]
    return [
        Check(name, rule.dimension, rule.measure, rule.text).counted(_count(dated, rule.passes), on)
        for rule in rules
    ]


def _references(name: str, dated: pl.LazyFrame, read: Read, on: date) -> list[pl.DataFrame]:
    found = []
    for reference in REFERENCES:
        other = read(reference.to) if reference.table == name else None
        if other is None:
            continue
        target = table_contract(reference.to).key[0]
        known = other.select(pl.col(target).alias(reference.column), is_known=pl.lit(True)).unique()
        joined = dated.filter(pl.col(reference.column).is_not_null()).join(
            known, on=reference.column, how="left"
        )
        counts = _count(joined, pl.col("is_known").fill_null(False))
        text = Text(
            f"{reference.column} is not among {reference.to}",
            f"{reference.column} 在 {reference.to} 中不存在",
        )
        found.append(Check(name, "consistency", reference.measure, text).counted(counts, on))
    return found


def _against_quarantine(name: str, read: Read, on: date) -> list[pl.DataFrame]:
    imports = read("imports")
    if imports is None:
        return []
    week = pl.col("imported_at").dt.date().dt.truncate("1w")
    counts = (
        imports.filter(pl.col("table") == name)
        .group_by(week=week)
        .agg(cases=pl.col("rows_in").sum(), failed=pl.col("rows_quarantined").sum())
        .collect()
    )
    text = Text("rows of the files were set aside", "文件中的行被隔离")
    return [Check(name, "validity", "rows accepted", text).counted(counts, on)]


def _line_checks(dated: pl.LazyFrame, read: Read, shop: Shop) -> list[pl.DataFrame]:
    """Lines dated as their order; prices near the product's own."""
    price = pl.col("unit_price_minor")
    usual = price.filter(price > 0).median().over("product_id")
    ratio = price / usual
    tame = ratio.is_between(1 / _WILD, _WILD) | (price == 0)
    text = Text(
        f"priced {_WILD:.0f} times above or below the product's median",
        f"价格与该商品中位价相差 {_WILD:.0f} 倍以上",
    )
    counts = _count(dated, tame)
    found = [
        Check("order_lines", "validity", "price near the usual", text).counted(counts, shop.on)
    ]
    orders = read("orders")
    if orders is not None:
        joined = dated.join(orders.select("order_id", order_at="ordered_at"), on="order_id")
        counts = _count(joined, shop.day("ordered_at") == shop.day("order_at"))
        text = Text("dated on another day than its order", "日期与订单不一致")
        found.append(
            Check("order_lines", "consistency", "day of order", text).counted(counts, shop.on)
        )
    return found


def _refund_checks(dated: pl.LazyFrame, read: Read, shop: Shop) -> list[pl.DataFrame]:
    """Refund of a product in an order not above quantity x price paid for it there."""
    lines = read("order_lines")
    if lines is None:
        return []
    paid = lines.group_by("order_id", "product_id").agg(
        paid=(pl.col("quantity") * pl.col("unit_price_minor")).sum()
    )
    keys = ["order_id", "product_id"]
    refunds = dated.group_by(*keys).agg(pl.col("refund_minor").sum(), pl.col("week").max())
    counts = _count(refunds.join(paid, on=keys), pl.col("refund_minor") <= pl.col("paid"))
    text = Text("more was refunded than was paid", "退款高于实付金额")
    return [Check("returns", "consistency", "refund within price", text).counted(counts, shop.on)]


def _count_checks(dated: pl.LazyFrame, read: Read, shop: Shop) -> list[pl.DataFrame]:
    """Two counts of a place must differ by the movements between them."""
    movements = read("stock_movements")
    if movements is None:
        return []
    place = ["product_id", "warehouse_id"]
    counted = dated.select(*place, "week", "on_hand", at="counted_at", moved=pl.lit(0, pl.Int64))
    moves = movements.select(
        *place, week=pl.lit(None, pl.Date), on_hand=pl.lit(None, pl.Int64), at="moved_at",
        moved="quantity",
    )  # fmt: skip
    running = (
        pl.concat([moves, counted])  # a movement at the instant of a count is in the count
        .sort(*place, "at", maintain_order=True)
        .with_columns(pl.col("moved").cum_sum().over(place))
        .filter(pl.col("on_hand").is_not_null())
    )
    change = pl.col("on_hand").diff().over(place)
    counts = _count(running, change == pl.col("moved").diff().over(place))
    text = Text("counts differ by other than the movements between", "两次盘点之差与期间流水不符")
    return [
        Check("stock_levels", "consistency", "counts and movements", text).counted(counts, shop.on)
    ]


def _timeliness(contract: TableContract, rows: pl.LazyFrame, shop: Shop) -> list[pl.DataFrame]:
    """Count days with rows by week, and say whether the newest row is older than is usual."""
    if contract.known is None or contract.known == "valid_from":
        return []
    is_day = contract.schema[contract.known] == pl.Date
    day = pl.col(contract.known) if is_day else shop.day(contract.known)
    days = rows.select(day=day).drop_nulls().unique().sort("day").collect()["day"]
    if days.len() < 2:
        return []
    gap = days.diff().dt.total_days().quantile(_USUAL_GAP_QUANTILE) or 1
    age = (shop.on - days[-1]).days
    overdue = Text(
        f"the newest row is {age} days old; {gap:.0f} days between rows are usual",
        f"最新一行距今 {age} 天；通常间隔 {gap:.0f} 天",
    )
    newest = pl.DataFrame(
        {"week": [None], "cases": [1], "failed": [int(age > max(gap, 1))]},
        schema_overrides={"week": pl.Date},
    )
    late = Check(contract.name, "timeliness", "newest row", overdue).counted(newest, shop.on)
    if gap > 2:  # a table that is not fed daily has no missing days
        return [late]
    weeks = pl.DataFrame({"week": pl.date_range(days[0], shop.on, eager=True)}).with_columns(
        failed=(~pl.col("week").is_in(days.implode())).cast(pl.Int64),
        week=pl.col("week").dt.truncate("1w"),
    )
    counts = weeks.group_by("week").agg(cases=pl.len(), failed=pl.col("failed").sum())
    text = Text("days are without rows", "有日期没有数据")
    return [
        late,
        Check(contract.name, "timeliness", "days with rows", text).counted(counts, shop.on),
    ]


def _count(rows: pl.LazyFrame, passes: pl.Expr) -> pl.DataFrame:
    """Count cases (rows with an answer) and failures by week."""
    return (
        rows.select("week", passes=passes)
        .filter(pl.col("passes").is_not_null())
        .group_by("week")
        .agg(cases=pl.len(), failed=(~pl.col("passes")).sum())
        .collect()
    )
