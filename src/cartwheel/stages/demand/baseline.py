"""The simple methods every other one has to beat: seasonal naive and averages.

Vectorised over series; linear in cells. Each takes a panel and a horizon and gives the expected
demand of the next ``horizon`` periods, one row a series.
"""

from __future__ import annotations

import numpy as np

from cartwheel.stages.demand.panel import Floats, Panel

AVERAGE_DAYS = 56  # length of the moving averages


def seasonal_naive(panel: Panel, horizon: int) -> Floats:
    """Repeat the last season; the last period where the panel is shorter than two seasons."""
    season = panel.season if panel.periods >= 2 * panel.season else 1
    ahead = panel.periods - season + np.arange(horizon) % season
    return panel.demand[:, ahead]


def moving_average(panel: Panel, horizon: int) -> Floats:
    """Carry the mean of the last eight weeks forward."""
    window = max(AVERAGE_DAYS // panel.days, 1)
    return np.repeat(_mean_of_last(panel, window)[:, None], horizon, axis=1)


def seasonal_average(panel: Panel, horizon: int) -> Floats:
    """Average each weekday over the last eight weeks; NaN where periods are not days."""
    weeks = min(AVERAGE_DAYS // 7, panel.periods // 7)
    if panel.days != 1 or weeks < 2:
        return np.full((len(panel.first), horizon), np.nan)
    level = moving_average(panel, horizon)
    lived = panel.lived()[:, -7 * weeks :].reshape(-1, weeks, 7)
    seen = (panel.demand[:, -7 * weeks :].reshape(-1, weeks, 7) * lived).sum(axis=1)
    count = lived.sum(axis=1)
    mean = np.divide(seen, count, out=level[:, :1].repeat(7, axis=1), where=count > 0)
    ahead: Floats = mean[:, np.arange(horizon) % 7]
    return ahead


def _mean_of_last(panel: Panel, window: int) -> Floats:
    lived = panel.lived()[:, -window:]
    count = np.maximum(lived.sum(axis=1), 1)
    mean: Floats = (panel.demand[:, -window:] * lived).sum(axis=1) / count
    return mean
