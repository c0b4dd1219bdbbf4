"""The monitor stage's turn of the wheel: key figures, alerts and data quality."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text
from cartwheel.stages.monitor.alerts import explain_alerts, find_alerts
from cartwheel.stages.monitor.calculate import compute_kpis
from cartwheel.stages.monitor.drivers import find_drivers
from cartwheel.stages.monitor.facts import Read, Shop
from cartwheel.stages.monitor.quality import INPUT_TABLES, QualityPolicy, assess_quality
from cartwheel.stages.monitor.scores import score_watches
from cartwheel.tables.step import Inputs, Outputs, Skipped

_MONEY_TABLES = ("order_lines", "sales", "returns", "ad_spend")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorSettings:
    """Settings of ``[stages.monitor]``."""

    alert_days: int = 28  # alerts of the last days are reported
    test_days: int = 182  # days over which the alert rules are scored
    quality_margin: float = 0.02  # least weekly fall of a quality that raises an alert
    quality_floor: float = 0.95  # least share of valid and consistent cases of a table

    def __post_init__(self) -> None:
        if self.alert_days < 1 or self.test_days < 1:
            raise InputError("alert_days and test_days must be at least 1")
        if not (0 <= self.quality_margin < 1 and 0 <= self.quality_floor <= 1):
            raise InputError("quality_margin must be in [0, 1) and quality_floor in [0, 1]")


@dataclass(frozen=True, slots=True)
class MonitorStep:
    """Compute ``kpis``, ``kpi_definitions``, ``alerts``, ``monitor_scores`` and ``quality``."""

    settings: MonitorSettings = MonitorSettings()
    name: str = "monitor"
    reads: frozenset[str] = frozenset()
    reads_if_there: frozenset[str] = field(
        default=frozenset({*INPUT_TABLES, "demand_scores", "imports", "quarantine"})
    )
    writes: frozenset[str] = frozenset(
        {"kpis", "kpi_definitions", "alerts", "monitor_scores", "quality"}
    )

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Take the turn. Same inputs, same outputs."""

        def read(table: str) -> pl.LazyFrame | None:
            return inputs.scan(table) if inputs.has(table) else None

        if all(read(table) is None for table in INPUT_TABLES):
            return Skipped(Text("The shop has no data yet.", "店铺尚无数据。"))
        shop = Shop(on=inputs.on, time_zone=inputs.time_zone, currency=inputs.currency)
        inputs.progress(0.0, "key figures")
        kpis = compute_kpis(read, shop)
        inputs.progress(0.5, "alerts")
        alerts = find_alerts(kpis.values, shop.on, self.settings.alert_days)
        drivers = find_drivers(alerts, read, shop)
        told = explain_alerts(alerts, kpis.definitions, drivers, shop.currency)
        inputs.progress(0.6, "data quality")
        policy = QualityPolicy(
            margin=self.settings.quality_margin, floor=self.settings.quality_floor
        )
        quality = assess_quality(read, shop, policy)
        return Outputs(
            tables={
                "kpis": kpis.values,
                "kpi_definitions": kpis.definitions,
                "alerts": told,
                "monitor_scores": score_watches(kpis.values, shop.on, self.settings.test_days),
                "quality": quality.measures,
            },
            notes=(*_currency_notes(read, shop), _left_out(kpis.definitions)),
        )


def _currency_notes(read: Read, shop: Shop) -> list[Text]:
    notes = []
    for table in _MONEY_TABLES:
        rows = read(table)
        if rows is None:
            continue
        foreign = rows.select((~shop.is_home()).sum()).collect().item()
        if foreign:
            notes.append(
                Text(
                    f"{foreign:,} rows of {table} are in another currency than {shop.currency} "
                    "and are left out of the key figures.",
                    f"{table} 中有 {foreign:,} 行不是 {shop.currency}，未计入指标。",
                )
            )
    return notes


def _left_out(definitions: pl.DataFrame) -> Text:
    missing = definitions.filter(~pl.col("is_computed"))
    done = definitions.height - missing.height
    if missing.is_empty():
        return Text(f"All {done} key figures are computed.", f"全部 {done} 个指标均已计算。")
    english, chinese = ", ".join(missing["name"]), "、".join(missing["name_zh"])
    return Text(
        f"{done} of {definitions.height} key figures are computed; for lack of data without: "
        f"{english}.",
        f"{definitions.height} 个指标中计算了 {done} 个；因缺少数据未计算：{chinese}。",
    )
