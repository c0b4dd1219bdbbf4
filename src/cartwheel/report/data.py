"""What a report is written from: one turn, its proposals and the tables its stages wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl


@dataclass(frozen=True)
class ReportData:
    """Everything a report says; every table may be absent.

    Tables it uses: customer_profiles, segments, activity, cohorts, funnels, recommendations,
    forecasts, demand_history, demand_series, inventory_health, stock_targets, replenishment,
    purchase_plan, supplier_scorecards, kpis, kpi_definitions, alerts, quality, imports, products,
    suppliers, and every table whose name ends in ``_scores``.
    """

    shop: str
    currency: str
    time_zone: str
    turn: Mapping[str, Any]  # a row of the table turns
    steps: pl.DataFrame  # table turn_steps
    proposals: pl.DataFrame  # table proposals
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str, *columns: str) -> pl.DataFrame | None:
        """Return a table that has rows and all of ``columns``, or None."""
        frame = self.tables.get(name)
        if frame is None or frame.is_empty() or any(name not in frame for name in columns):
            return None
        return frame

    @cached_property
    def scores(self) -> pl.DataFrame | None:
        """Return the method scores of all stages together."""
        found = [
            frame
            for name, frame in sorted(self.tables.items())
            if name.endswith("_scores") and frame.height and "measure" in frame
        ]
        return pl.concat(found, how="diagonal_relaxed") if found else None

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for table, key in (
            ("products", "product_id"), ("suppliers", "supplier_id"), ("segments", "segment"),
        ):  # fmt: skip
            frame = self.table(table, key, "name")
            if frame is None:
                continue
            for column in ("name", "name_zh"):
                if column in frame:
                    rows = frame.select(key, column).drop_nulls().rows()
                    found[f"{table}.{column}"] = dict(rows)
        return found

    def product_name(self, product_id: str, language: str = "en") -> str:
        """Return the product's name in the language, or in English, or its id."""
        return self._name("products", product_id, language)

    def segment_name(self, segment: str, language: str = "en") -> str:
        """Return the name of a customer segment in the language, or its key."""
        return self._name("segments", segment, language)

    def supplier_name(self, supplier_id: str) -> str:
        """Return the supplier's name, or its id."""
        return self._name("suppliers", supplier_id, "en")

    def _name(self, table: str, key: str, language: str) -> str:
        chinese = self._names.get(f"{table}.name_zh", {}) if language == "zh" else {}
        return chinese.get(key) or self._names.get(f"{table}.name", {}).get(key) or key
