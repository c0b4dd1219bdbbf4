"""Alerts: recent key figures outside of what their own past led to expect, and what drove them.

Days are judged against the same weekday, weeks against the weeks before; partial periods are never
judged. See ``anomaly`` for the rule and ``drivers`` for the likely cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from cartwheel.core.money import format_money
from cartwheel.core.wording import Text
from cartwheel.stages.monitor.anomaly import WatchRule, seasonal_watch
from cartwheel.stages.monitor.drivers import Driver
from cartwheel.tables import table_contract

RULES = {"day": WatchRule(season=7, seasons=8), "week": WatchRule(season=1, seasons=8)}


def watched_series(kpis: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Yield (kpi, period, its whole periods in order) for every figure that is watched."""
    whole = kpis.filter(~pl.col("is_partial") & pl.col("period").is_in(list(RULES)))
    ordered = whole.sort("kpi", "period", "starts_on")
    for (kpi, period), series in ordered.group_by("kpi", "period", maintain_order=True):
        yield str(kpi), str(period), series


def find_alerts(kpis: pl.DataFrame, on: date, recent_days: int) -> pl.DataFrame:
    """Return the alerts of the last days, without drivers and reasons, farthest out first."""
    found = []
    for _, period, series in watched_series(kpis):
        judged = series.hstack(seasonal_watch(series["value"], RULES[period]))
        judged = judged.with_columns(_within_bounds(series))
        recent = pl.col("starts_on") > on - timedelta(days=recent_days)
        found.append(judged.filter(pl.col("is_alert") & recent))
    columns = ["kpi", "period", "starts_on", "value", "expected", "low", "high", "score", "unit"]
    if not found:
        return table_contract("alerts").empty().select(columns)
    order = [pl.col("score").abs(), "kpi", "period", "starts_on"]
    return pl.concat(found).select(columns).sort(order, descending=[True, False, False, True])


def _within_bounds(series: pl.DataFrame) -> pl.Expr:
    """Keep what is expected where values have ever been: not below zero, shares up to 100 %."""
    is_share = series["unit"][0] == "%" and bool((series["value"] <= 100).all())
    least = 0.0 if (series["value"] >= 0).all() else None
    return pl.col("expected", "low", "high").clip(least, 100.0 if is_share else None)


def explain_alerts(
    alerts: pl.DataFrame,
    definitions: pl.DataFrame,
    drivers: dict[tuple[str, str, date], Driver],
    currency: str,
) -> pl.DataFrame:
    """Return the table ``alerts``: each with its direction, likely driver and a sentence."""
    known = {row["kpi"]: row for row in definitions.iter_rows(named=True)}
    rows = []
    for row in alerts.iter_rows(named=True):
        definition = known[row["kpi"]]
        driver = drivers.get((row["kpi"], row["period"], row["starts_on"]))
        better = definition["is_higher_better"]
        sentence = _sentence(row, definition, driver, currency)
        rows.append(
            row
            | {
                "is_bad": None if better is None else (row["score"] < 0) == better,
                "driver_kind": driver.kind if driver else None,
                "driver": driver.name if driver else None,
                "driver_share": driver.share if driver else None,
                "reason": sentence.en,
                "reason_zh": sentence.zh,
            }
        )
    return table_contract("alerts").conform(pl.DataFrame(rows, infer_schema_length=None))


_KINDS = {
    "category": Text("category", "类目"),
    "country": Text("country", "国家"),
    "region": Text("region", "地区"),
    "channel": Text("channel", "渠道"),
    "warehouse": Text("warehouse", "仓库"),
    "product": Text("product", "商品"),
    "customer": Text("customer", "客户"),
    "carrier": Text("carrier", "承运商"),
    "supplier": Text("supplier", "供应商"),
}


def _sentence(
    row: dict[str, object], definition: dict[str, object], driver: Driver | None, currency: str
) -> Text:
    value, expected, low, high = (
        _figure(float(str(row[name])), str(row["unit"]), currency)
        for name in ("value", "expected", "low", "high")
    )
    is_day, first = row["period"] == "day", row["starts_on"]
    when = Text(f"on {first}", f"{first} 当日") if is_day else _week(first)
    english = (
        f"{definition['name']} {when.en}: {value.en}, "
        f"where {expected.en} was expected (usual range {low.en} to {high.en})."
    )
    chinese = (
        f"{when.zh}的{definition['name_zh']}为 {value.zh}，"
        f"预期 {expected.zh}（正常范围 {low.zh} 至 {high.zh}）。"
    )
    if driver is not None:
        kind = _KINDS[driver.kind]
        english += f" {driver.share:.0%} of the difference comes from {kind.en} {driver.name}."
        chinese += f"差额的 {driver.share:.0%} 来自{kind.zh}“{driver.name}”。"
    return Text(english, chinese)


def _week(first: object) -> Text:
    return Text(f"in the week from {first}", f"{first} 起一周")


def _figure(value: float, unit: str, currency: str) -> Text:
    """Write a value with its unit."""
    if unit == "minor":
        money = format_money(value, currency, decimals=0)
        return Text(money, money)
    if unit == "%":
        return Text(f"{value:.1f} %", f"{value:.1f}%")
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
    words = {"days": Text(" days", " 天"), "units": Text(" units", " 件")}.get(unit, Text("", ""))
    return Text(number + words.en, number + words.zh)
