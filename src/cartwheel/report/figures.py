"""Figures that the report and the console summary share, so that both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from cartwheel.report.data import ReportData

HEADLINE_KPIS = (
    "revenue", "gross_margin", "orders", "average_order_value", "customers", "service_level",
    "stock_value", "return_rate", "on_time_delivery", "satisfaction",
)  # fmt: skip
_COMPARED_PERIODS = 4
_MONEY_KPIS = frozenset({"revenue", "gross_margin", "refunds", "stock_value", "marketing_spend"})
OPEN_STATUSES = ("proposed", "approved")


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A key figure with its last whole period and the mean of the whole periods before it."""

    definition: Mapping[str, Any]
    starts_on: date | None
    value: float | None
    before: float | None
    history: tuple[float | None, ...]

    @property
    def change(self) -> float | None:
        """Return the relative change; for percentages the difference in points."""
        if self.value is None or self.before is None:
            return None
        if self.definition["unit"] == "%":
            return self.value - self.before
        return None if self.before == 0 else self.value / self.before - 1

    @property
    def is_good(self) -> bool | None:
        """Tell whether the change is the better way; None when neither is, or nothing changed."""
        better = self.definition.get("is_higher_better")
        if better is None or not self.change:
            return None
        return (self.change > 0) == bool(better)


def kpi_lines(data: ReportData, period: str = "week", keep: int = 26) -> list[KpiLine]:
    """Return the computed key figures in the order of their definitions."""
    kpis = data.table("kpis", "kpi", "period", "starts_on", "value", "is_partial")
    definitions = data.table("kpi_definitions", "kpi", "unit", "is_computed", "position")
    if kpis is None or definitions is None:
        return []
    whole = kpis.filter((pl.col("period") == period) & ~pl.col("is_partial")).sort("starts_on")
    series = {str(name[0]): rows for name, rows in whole.group_by("kpi", maintain_order=True)}
    lines = []
    for definition in definitions.filter("is_computed").sort("position").iter_rows(named=True):
        rows = series.get(definition["kpi"])
        if rows is None:
            continue
        values = rows["value"].to_list()
        before = [value for value in values[-_COMPARED_PERIODS - 1 : -1] if value is not None]
        mean = sum(before) / len(before) if before else None
        last = rows["starts_on"][-1]
        lines.append(KpiLine(definition, last, values[-1], mean, tuple(values[-keep:])))
    return lines


def ranked_proposals(data: ReportData) -> pl.DataFrame:
    """Return open proposals, the most valuable first: effects in money before other effects."""
    if data.proposals.is_empty():
        return data.proposals
    is_money = pl.col("kpi").is_in(list(_money_kpis(data)))
    return (
        data.proposals.filter(pl.col("status").is_in(OPEN_STATUSES))
        .with_columns(is_money=is_money)
        .sort("is_money", "effect", "fingerprint", descending=[True, True, False])
    )


def _money_kpis(data: ReportData) -> frozenset[str]:
    definitions = data.table("kpi_definitions", "kpi", "unit")
    if definitions is None:
        return _MONEY_KPIS
    return frozenset(definitions.filter(pl.col("unit") == "minor")["kpi"])


def kpi_unit(data: ReportData, kpi: str) -> str:
    """Return the unit of a key figure; money where it is not defined."""
    definitions = data.table("kpi_definitions", "kpi", "unit")
    if definitions is None:
        return "minor" if kpi in _MONEY_KPIS else "count"
    found = definitions.filter(pl.col("kpi") == kpi)["unit"]
    return str(found[0]) if found.len() else "count"


@dataclass(frozen=True, slots=True)
class StockFacts:
    """What is most pressing in stock."""

    places: int  # products x warehouses looked at
    out: int  # of these, without stock
    likely_out: int  # more likely than not out of stock before new goods arrive
    buy_units: int
    move_units: int
    unmet_units: int
    shortage_minor: int  # margin expected to be lost without the plan


def stock_facts(data: ReportData) -> StockFacts | None:
    """Return the facts of the replenishment plan."""
    plan = data.table("replenishment", "on_hand", "buy", "transfer_in", "unmet")
    if plan is None:
        return None
    row = plan.select(
        places=pl.len(),
        out=(pl.col("on_hand") <= 0).sum(),
        likely_out=(pl.col("stockout_probability") > 0.5).sum(),
        buy_units=pl.col("buy").sum(),
        move_units=pl.col("transfer_in").sum(),
        unmet_units=pl.col("unmet").sum(),
        shortage_minor=pl.col("shortage_value_minor").sum(),
    ).row(0, named=True)
    return StockFacts(**row)
