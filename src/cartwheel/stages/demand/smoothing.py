"""Exponential smoothing and Theta for the series where they pay, through statsforecast.

ETS: Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing; additive error
and season of weekdays, no trend (a trend made the errors of weekly series larger). Theta:
Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16, 521-530. Cost is
linear in cells but thousands of times that of an average, so the number of series is capped: dense
ones first, the largest first. Both fail on intermittent demand.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl

from cartwheel.stages.demand.demand_class import DemandFacts
from cartwheel.stages.demand.panel import Floats, Integers, Panel

MOST_SERIES = 2_000
LONGEST = 364  # periods of history that are used
SHORTEST = 12  # periods below which nothing is fitted


def worth_smoothing(panel: Panel, facts: DemandFacts) -> Integers:
    """Return the series to smooth: alive, long enough, the densest kinds and largest first."""
    age = panel.periods - panel.first
    fit = (age >= SHORTEST) & ~np.isin(facts.demand_class, ["new", "dormant"])
    sparse = np.isin(facts.demand_class, ["intermittent", "lumpy"])
    order = np.lexsort((-facts.mean, sparse))
    return np.sort(order[fit[order]][:MOST_SERIES])


def ets(panel: Panel, horizon: int, chosen: Integers) -> Floats:
    """Return ETS forecasts of the chosen series, NaN for the others."""
    from statsforecast.models import AutoETS

    seasonal = panel.days == 1
    model = AutoETS(season_length=7 if seasonal else 1, model="ANA" if seasonal else "ANN")
    return _through_statsforecast(panel, horizon, chosen, model)


def theta(panel: Panel, horizon: int, chosen: Integers) -> Floats:
    """Return Theta forecasts of the chosen series, NaN for the others."""
    from statsforecast.models import Theta

    return _through_statsforecast(
        panel, horizon, chosen, Theta(season_length=7 if panel.days == 1 else 1)
    )


def _through_statsforecast(panel: Panel, horizon: int, chosen: Integers, model: Any) -> Floats:
    from statsforecast import StatsForecast
    from statsforecast.models import HistoricAverage

    forecast = np.full((len(panel.first), horizon), np.nan)
    if len(chosen) == 0:
        return forecast
    begin = max(panel.periods - LONGEST, 0)
    lived = panel.lived()[chosen, begin:]
    row, period = np.nonzero(lived)
    long = pl.DataFrame(
        {"unique_id": chosen[row], "ds": period, "y": panel.demand[chosen, begin:][lived]}
    )
    engine = StatsForecast([model], freq=1, n_jobs=1, fallback_model=HistoricAverage())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # constant series divide by zero inside
        found = engine.forecast(df=long, h=horizon)
    values = found.sort("unique_id", "ds")[:, -1].to_numpy().reshape(-1, horizon)
    forecast[chosen] = np.maximum(np.nan_to_num(values), 0.0)
    return forecast
