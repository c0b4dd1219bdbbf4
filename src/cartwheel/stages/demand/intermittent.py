"""Demand that is mostly zero: Croston, Syntetos-Boylan and Teunter-Syntetos-Babai.

Croston (1972), Operational Research Quarterly 23, 289-303, smooths sizes and intervals apart.
Syntetos & Boylan (2005), International Journal of Forecasting 21, 303-314, take out its bias with
1 - alpha / 2. Teunter, Syntetos & Babai (2011), European Journal of Operational Research 214,
606-615, smooth the probability of demand in every period instead, so that the forecast of a dying
product falls. Vectorised over series, one pass over time; linear in cells. All three fail on
demand with a season.
"""

from __future__ import annotations

import numpy as np

from cartwheel.stages.demand.panel import Floats, Panel

SIZE_SMOOTHING = 0.1  # alpha of sizes and intervals, as in the papers
CHANCE_SMOOTHING = 0.1  # beta of the probability of demand


def croston(panel: Panel, horizon: int) -> Floats:
    """Return smoothed size over smoothed interval."""
    size, interval = _sizes_and_intervals(panel, SIZE_SMOOTHING)
    return np.repeat((size / interval)[:, None], horizon, axis=1)


def sba(panel: Panel, horizon: int) -> Floats:
    """Return Croston's forecast without its bias."""
    return (1.0 - SIZE_SMOOTHING / 2.0) * croston(panel, horizon)


def tsb(panel: Panel, horizon: int) -> Floats:
    """Return smoothed size times smoothed probability of demand."""
    lived = panel.lived()
    demand = panel.demand
    size = np.zeros(len(demand))
    chance = np.zeros(len(demand))
    begun = np.zeros(len(demand), dtype=bool)
    for t in range(panel.periods):
        now = demand[:, t]
        sold = lived[:, t] & (now > 0)
        fresh = sold & ~begun
        chance = np.where(begun & lived[:, t], chance + CHANCE_SMOOTHING * (sold - chance), chance)
        size = np.where(sold & begun, size + SIZE_SMOOTHING * (now - size), size)
        size = np.where(fresh, now, size)
        chance = np.where(fresh, 1.0 / np.maximum(t - panel.first + 1.0, 1.0), chance)
        begun |= fresh
    return np.repeat((size * chance)[:, None], horizon, axis=1)


def _sizes_and_intervals(panel: Panel, alpha: float) -> tuple[Floats, Floats]:
    """Smooth demand sizes and the periods between demands; both start at the first demand."""
    demand = panel.demand
    lived = panel.lived()
    size = np.zeros(len(demand))
    interval = np.ones(len(demand))
    waited = np.zeros(len(demand))
    begun = np.zeros(len(demand), dtype=bool)
    for t in range(panel.periods):
        now = demand[:, t]
        waited += lived[:, t]
        sold = lived[:, t] & (now > 0)
        size = np.where(sold, np.where(begun, size + alpha * (now - size), now), size)
        gap = np.where(begun, interval + alpha * (waited - interval), waited)
        interval = np.where(sold, gap, interval)
        waited = np.where(sold, 0.0, waited)
        begun |= sold
    return size, interval
