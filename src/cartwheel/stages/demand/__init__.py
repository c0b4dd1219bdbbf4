"""Demand: series from orders or sales, stock-outs filled in, methods judged, quantiles measured.

Use as a library: ``order_demand`` and ``daily_panel`` (or ``sales_panel``) make a ``Panel``,
``uncensored`` fills its stock-outs, ``Forecaster(panel, ForecastRules(...)).forecast(origin)``
chooses, forecasts and calibrates with what was known before period ``origin``.
"""

from cartwheel.stages.demand.boosting import BoostingRules
from cartwheel.stages.demand.demand_class import classify
from cartwheel.stages.demand.forecasting import Forecast, Forecaster, ForecastRules
from cartwheel.stages.demand.history import HistoryRules, daily_panel, order_demand, sales_panel
from cartwheel.stages.demand.panel import Panel
from cartwheel.stages.demand.stockout import mask_from_levels, uncensored

__all__ = [
    "BoostingRules",
    "Forecast",
    "ForecastRules",
    "Forecaster",
    "HistoryRules",
    "Panel",
    "classify",
    "daily_panel",
    "mask_from_levels",
    "order_demand",
    "sales_panel",
    "uncensored",
]
