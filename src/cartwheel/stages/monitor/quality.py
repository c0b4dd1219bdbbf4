"""Data quality of every table: completeness, uniqueness, validity, consistency, timeliness.

Each figure is the share of cases that pass, for the whole table and, where rows have a date, by
week. The dimensions follow DAMA UK (2013), "The six primary dimensions for data quality
assessment"; accuracy, the sixth, needs a truth to compare with, which a shop does not have.

- completeness: values present in columns the shop fills at all
- uniqueness: rows that do not repeat another row in all but a made-up id or line number
- validity: rows of the files that kept their contract, and prices and quantities that make sense
- consistency: references that exist, dates in order, lines dated as their order, refunds not
  above what was paid, stock counts that agree with movements
- timeliness: days with rows among the days of a week, and whether the newest row is overdue

An alert is raised when the last whole week is below the median of up to 12 weeks before by more
than ``margin``, by more than 3 robust standard deviations of those weeks, and by more than 4
standard deviations of a share of so few cases; or when a whole-table share of consistency or
validity is below ``floor``; or when the newest row is overdue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from cartwheel.stages.monitor.facts.source import Read, Shop
from cartwheel.stages.monitor.quality_checks import table_checks
from cartwheel.stages.monitor.quality_trend import judge
from cartwheel.tables import table_contract

INPUT_TABLES = (
    "products", "prices", "competitor_prices", "customers", "events", "reviews", "orders",
    "order_lines", "order_charges", "order_events", "returns", "sales", "warehouses",
    "stock_levels", "stock_movements", "suppliers", "supplier_offers", "purchase_orders",
    "purchase_order_lines", "carriers", "carrier_rates", "shipments", "tracking_events",
    "vehicles", "tickets", "messages", "agents", "campaigns", "touches", "ad_spend",
)  # fmt: skip  # what a shop brings in itself


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPolicy:
    """When a fall of quality is worth an alert."""

    margin: float = 0.02  # least fall of a weekly share below its own median
    floor: float = 0.95  # least share of a whole table, for consistency and validity


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Table ``quality``, and the tables that could not be looked at because they are not there."""

    measures: pl.DataFrame
    missing: tuple[str, ...] = field(default=())

    @property
    def alerts(self) -> pl.DataFrame:
        """Return the rows that raise an alert."""
        return self.measures.filter("is_alert")

    def summary(self) -> pl.DataFrame:
        """Return one row a table: filled cells, the lowest share of other checks, and alerts."""
        counts = self.measures.group_by("table").agg(alerts=pl.col("is_alert").sum())
        shares = dimension_shares(self.measures)
        return shares.pivot(on="dimension", index="table", values="value").join(counts, on="table")


def quality_report(
    tables: Mapping[str, pl.DataFrame],
    quarantine: pl.DataFrame | None,
    imports: pl.DataFrame | None,
    on: date,
    policy: QualityPolicy = QualityPolicy(),
    *,
    time_zone: str = "UTC",
) -> QualityReport:
    """Measure the quality of input tables given as frames. See the module for the measures."""
    frames = dict(tables)
    if quarantine is not None:
        frames["quarantine"] = quarantine
    if imports is not None:
        frames["imports"] = imports

    def read(name: str) -> pl.LazyFrame | None:
        frame = frames.get(name)
        return None if frame is None or frame.is_empty() else frame.lazy()

    return assess_quality(read, Shop(on=on, time_zone=time_zone), policy)


def dimension_shares(measures: pl.DataFrame) -> pl.DataFrame:
    """Return a share a table and dimension: cells filled, or the lowest of the checks."""
    filled = 1 - pl.col("failed").sum() / pl.col("cases").sum()
    is_complete = pl.col("dimension").first() == "completeness"
    return (
        measures.filter(period="all")
        .group_by("table", "dimension")
        .agg(value=pl.when(is_complete).then(filled).otherwise(pl.col("value").min()))
        .sort("table", "dimension")
    )


def assess_quality(
    read: Read, shop: Shop, policy: QualityPolicy = QualityPolicy()
) -> QualityReport:
    """Measure the quality of every input table that ``read`` gives; tables are scanned lazily."""
    checks: list[pl.DataFrame] = []
    missing = []
    for name in INPUT_TABLES:
        rows = read(name)
        if rows is None:
            missing.append(name)
        else:
            checks += table_checks(name, rows, read, shop)
    contract = table_contract("quality")
    if not checks:
        return QualityReport(contract.empty(), tuple(missing))
    measures = judge(pl.concat(checks), shop.on, policy.margin, policy.floor)
    key = ["table", "dimension", "measure", "period", "starts_on"]
    return QualityReport(contract.conform(measures).sort(key), tuple(missing))
