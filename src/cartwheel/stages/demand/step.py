"""The demand stage's turn: from orders or sales to forecasts with quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text
from cartwheel.stages.demand import report
from cartwheel.stages.demand.boosting import BoostingRules
from cartwheel.stages.demand.driver import with_prices, with_sales_prices
from cartwheel.stages.demand.forecasting import Forecaster, ForecastRules
from cartwheel.stages.demand.history import (
    LINE_COLUMNS,
    HistoryRules,
    choose_grain,
    daily_panel,
    order_demand,
    sales_panel,
)
from cartwheel.stages.demand.panel import Panel
from cartwheel.stages.demand.stockout import mask_from_levels, uncensored
from cartwheel.tables.step import Inputs, Outputs, Skipped

LEAST_PERIODS = 4  # of history, below which nothing is foretold


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandSettings:
    """Settings of [stages.demand]."""

    grain: Literal["auto", "day", "week"] = "auto"  # of series made from order lines
    horizon_days: int = 91  # how far ahead; the longest lead time and review period must fit
    judged_days: int = 56  # how far ahead methods are judged (28 for daily series)
    windows: int = 4  # past origins at which methods are judged, four weeks apart
    history_days: int = 1120  # older history is left out
    cancel_hours: int = 24  # an order returned whole within this time was no demand
    boosting_rounds: int = 150  # trees of the global model
    threads: int = 1  # of the global model; more help only where nothing else runs
    seed: int = 0  # of the global model's draws

    def __post_init__(self) -> None:
        if self.grain not in ("auto", "day", "week"):
            raise InputError('stages.demand.grain must be "auto", "day" or "week".', got=self.grain)
        for name in ("horizon_days", "judged_days", "history_days"):
            if getattr(self, name) < 7:
                raise InputError(
                    f"stages.demand.{name} must be 7 or more.", got=getattr(self, name)
                )
        for name in ("windows", "boosting_rounds", "threads"):
            if getattr(self, name) < 1:
                raise InputError(
                    f"stages.demand.{name} must be 1 or more.", got=getattr(self, name)
                )

    def history_rules(self) -> HistoryRules:
        """Return how history is cut."""
        return HistoryRules(
            grain=self.grain, longest_days=self.history_days, cancel_hours=self.cancel_hours
        )

    def forecast_rules(self, days: int) -> ForecastRules:
        """Return the rules in periods of ``days``."""
        return ForecastRules(
            horizon=max(self.horizon_days // days, 1),
            judged=max(min(self.judged_days, 28 if days == 1 else 10**6) // days, 1),
            windows=self.windows,
            step=max(28 // days, 1),
            least_history=max(56 // days, 4),
            boosting=BoostingRules(
                rounds=self.boosting_rounds, threads=self.threads, seed=self.seed
            ),
        )


class DemandStep:
    """Forecasts demand per product and warehouse; scores itself on the last weeks it knows."""

    name = "demand"
    reads: frozenset[str] = frozenset()  # order_lines or sales; either is enough
    reads_if_there = frozenset(
        {"order_lines", "sales", "returns", "products", "prices", "stock_levels"}
    )
    writes = frozenset(
        {"forecasts", "cumulative_forecasts", "demand_history", "demand_series", "demand_scores"}
    )

    def __init__(self, settings: DemandSettings = DemandSettings()) -> None:
        self.settings = settings

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Build the series, choose methods, forecast, and score the last held-out periods."""
        inputs.progress(0.0, "series")
        panel = self._panel(inputs)
        if panel is None:
            return Skipped(
                Text(
                    "No order lines and no daily or weekly sales were found.",
                    "没有订单明细，也没有按日或按周的销量。",
                )
            )
        if panel.periods < LEAST_PERIODS:
            return Skipped(
                Text(
                    f"Only {panel.periods} whole periods of {panel.days} days are known; "
                    f"{LEAST_PERIODS} are needed.",
                    f"仅有{panel.periods}个完整周期（每期{panel.days}天），至少需要{LEAST_PERIODS}个。",
                )
            )
        rules = self.settings.forecast_rules(panel.days)
        expected = len(rules.origins(panel.periods)) + 3
        forecaster = Forecaster(
            panel, rules, lambda done: inputs.progress(min(done / expected, 0.95), "methods")
        )
        forecast = forecaster.forecast(panel.periods)
        scores = report.scores(panel, forecaster, rules)
        inputs.progress(1.0, "done")
        return Outputs(
            tables={
                "forecasts": report.forecasts(panel, forecast),
                "cumulative_forecasts": report.cumulative_forecasts(panel, forecast),
                "demand_history": report.history(panel),
                "demand_series": report.series(panel, forecast),
                "demand_scores": scores,
            },
            notes=report.notes(panel, forecast, scores),
        )

    def _panel(self, inputs: Inputs) -> Panel | None:
        rules = self.settings.history_rules()
        listed = inputs.frame("products").select("product_id", "listed_on")
        panel = None
        if inputs.has("order_lines"):
            daily = order_demand(
                inputs.scan("order_lines").select(LINE_COLUMNS).collect(),
                inputs.frame("returns"),
                time_zone=inputs.time_zone,
                rules=rules,
            )
            days = choose_grain(daily, inputs.on, rules)
            panel = daily_panel(daily, listed, on=inputs.on, days=days, rules=rules)
        elif inputs.has("sales"):
            panel = sales_panel(inputs.frame("sales"), listed, rules=rules)
        if panel is None:
            return None
        return self._driven(self._stocked(panel, inputs), inputs)

    @staticmethod
    def _stocked(panel: Panel, inputs: Inputs) -> Panel:
        if inputs.has("stock_levels"):
            levels = inputs.frame("stock_levels")
            panel = mask_from_levels(panel, levels, time_zone=inputs.time_zone)
        return uncensored(panel)

    @staticmethod
    def _driven(panel: Panel, inputs: Inputs) -> Panel:
        if inputs.has("prices"):
            return with_prices(panel, inputs.frame("prices"), time_zone=inputs.time_zone)
        sales: pl.DataFrame = inputs.frame("sales")
        return panel if sales.is_empty() else with_sales_prices(panel, sales)
