"""All methods that may serve, run at one origin, and at every past origin they are judged at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cartwheel.stages.demand.baseline import moving_average, seasonal_average, seasonal_naive
from cartwheel.stages.demand.boosting import BoostingRules, boosted
from cartwheel.stages.demand.demand_class import classify
from cartwheel.stages.demand.intermittent import croston, sba, tsb
from cartwheel.stages.demand.panel import Floats, Panel
from cartwheel.stages.demand.smoothing import ets, theta, worth_smoothing

BASELINES = ("seasonal_naive", "moving_average")
METHODS = (*BASELINES, "seasonal_average", "croston", "sba", "tsb", "ets", "theta", "boosting")
COMBINATION = "combination"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Expected demand by every method from one origin: (methods, series, steps ahead).

    ``served`` tells where a method has an answer of its own; elsewhere the moving average stands.
    """

    origin: int
    mean: Floats
    served: np.ndarray  # (methods, series), bool


def candidates(panel: Panel, origin: int, horizon: int, rules: BoostingRules) -> Candidates:
    """Run every method on what was known before period ``origin``."""
    past = panel.until(origin)
    chosen = worth_smoothing(past, classify(past))
    cheap: dict[str, Callable[[Panel, int], Floats]] = {
        "seasonal_naive": seasonal_naive,
        "moving_average": moving_average,
        "seasonal_average": seasonal_average,
        "croston": croston,
        "sba": sba,
        "tsb": tsb,
    }
    found: dict[str, Floats | None] = {name: run(past, horizon) for name, run in cheap.items()}
    found["ets"] = ets(past, horizon, chosen)
    found["theta"] = theta(past, horizon, chosen)
    found["boosting"] = boosted(past, horizon, rules)
    nothing = np.full((len(past.first), horizon), np.nan)
    stacked = np.stack([nothing if found[m] is None else found[m] for m in METHODS])  # type: ignore[misc]
    served = np.isfinite(stacked).all(axis=2)
    fallback = stacked[METHODS.index("moving_average")]
    return Candidates(origin, np.where(served[:, :, None], stacked, fallback), served)
