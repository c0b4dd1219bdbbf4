"""Kinds of demand by how often and how unevenly it comes.

Syntetos, Boylan & Croston (2005), Journal of the Operational Research Society 56, 495-503: mean
interval between demands above or below 1.32 periods, squared coefficient of variation of demand
sizes above or below 0.49. Two kinds are set apart: new (too few demands to say) and dormant (none
for so long that it is probably over). Linear in cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.demand.panel import Floats, Integers, Panel, divided

INTERVAL_CUT = 1.32  # periods
VARIATION_CUT = 0.49  # squared coefficient of variation
NEW_DEMANDS = 3  # fewer periods with demand are too few
DORMANT_INTERVALS = 6.0  # a wait this many mean intervals long, and
DORMANT_DAYS = 91  # at least this long, is dormant


@dataclass(frozen=True, slots=True)
class DemandFacts:
    """What is counted of each series; NaN where no demand was seen."""

    interval: Floats  # mean periods between demands
    variation: Floats  # squared coefficient of variation of the demands
    mean: Floats  # units a period, since the series began
    demands: Integers  # periods with demand
    waited: Integers  # periods since the last demand
    demand_class: NDArray[np.str_]


def classify(panel: Panel) -> DemandFacts:
    """Count and classify every series."""
    lived = panel.lived()
    demand = np.where(lived, panel.demand, 0.0)
    sold = demand > 0
    count = sold.sum(axis=1)
    age = np.maximum(lived.sum(axis=1), 1)
    total = demand.sum(axis=1)
    some = np.maximum(count, 1)
    size = total / some
    spread = np.maximum((demand**2).sum(axis=1) / some - size**2, 0.0)
    nothing = count == 0
    interval = np.where(nothing, np.nan, age / some)
    variation = divided(spread, size**2)
    waited = np.where(nothing, age, np.argmax(sold[:, ::-1], axis=1))
    return DemandFacts(
        interval=interval,
        variation=variation,
        mean=total / age,
        demands=count,
        waited=waited,
        demand_class=_named(panel.days, interval, variation, count, waited),
    )


def _named(
    days: int, interval: Floats, variation: Floats, count: Integers, waited: Integers
) -> NDArray[np.str_]:
    rare = interval > INTERVAL_CUT
    uneven = variation > VARIATION_CUT
    usual = np.nan_to_num(interval - waited / np.maximum(count, 1))  # while there was demand
    is_dormant = (waited * days >= DORMANT_DAYS) & (waited >= DORMANT_INTERVALS * usual)
    return np.select(
        [is_dormant, count < NEW_DEMANDS, rare & uneven, rare, uneven],
        ["dormant", "new", "lumpy", "intermittent", "erratic"],
        default="smooth",
    )
