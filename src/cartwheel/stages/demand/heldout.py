"""Scores on the last periods of the panel, which had no part in choosing or calibrating.

The whole procedure is run as if the last periods were not yet known. Every method's expected
demand is scored, and the quantiles of what would have been chosen beside the simple ones'
empirical quantiles (their own past ratios, calibrated in the same way).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.demand.candidate import BASELINES, METHODS
from cartwheel.stages.demand.forecasting import Forecaster, ForecastRules
from cartwheel.stages.demand.panel import Floats, Panel
from cartwheel.stages.demand.score import mean_squared_scaled, naive_scale, pinball, weighted_mean
from cartwheel.tables.demand import QUANTILES

CHOSEN = "chosen"
WEIGHT_DAYS = 56  # units sold in these days before the test weigh the series


@dataclass(frozen=True, slots=True)
class Score:
    """One measured number."""

    method: str
    slice: str
    measure: str
    value: float
    cases: int
    is_baseline: bool
    is_used: bool


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores of the periods from ``origin`` to the end of the panel."""

    origin: int
    scores: tuple[Score, ...]


def held_out(panel: Panel, forecaster: Forecaster, rules: ForecastRules) -> HeldOut | None:
    """Score the last ``rules.judged`` periods; None when no origin before them could be judged."""
    origin = panel.periods - rules.judged
    if not rules.origins(origin):
        return None
    past = panel.until(origin)
    found = forecaster.forecast(origin)
    actual = panel.demand[:, origin:]
    counts = (panel.stocked[:, origin:] >= 0.5) & (panel.first < origin)[:, None]
    weight = past.sold[:, -max(WEIGHT_DAYS // panel.days, 1) :].sum(axis=1)
    scale = naive_scale(past)
    steps = actual.shape[1]
    means = dict(zip(METHODS, found.candidates.mean[:, :, :steps], strict=True))
    means[CHOSEN] = found.mean[:, :steps]
    kinds = found.facts.demand_class
    slices = {"all": np.ones(len(kinds), dtype=bool)} | {
        str(kind): kinds == kind for kind in np.unique(kinds)
    }
    scores = []
    for slice_name, members in slices.items():
        inside = members & counts.any(axis=1)
        for method, mean in means.items():
            error = np.sqrt(mean_squared_scaled(actual, mean, scale, counts))
            value = weighted_mean(error[inside], weight[inside])
            scores.append(_score(method, slice_name, "weighted RMSSE", value, inside))
        spread = found.quantiles[:, :steps]
        scores += _spread_scores(actual, spread, counts, inside, slice_name)
    return HeldOut(origin, tuple(scores))


def _spread_scores(
    actual: Floats,
    spread: Floats,
    counts: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    slice_name: str,
) -> list[Score]:
    cells = counts & inside[:, None]
    truth, bands = actual[cells], spread[cells]
    if len(truth) == 0:
        return []
    loss = float(pinball(truth, bands, QUANTILES).mean())
    found = [_score(CHOSEN, slice_name, "pinball", loss, inside)]
    for share in (0.5, 0.9):
        low, high = (QUANTILES.index(round(q, 2)) for q in ((1 - share) / 2, (1 + share) / 2))
        held = float(((bands[:, low] <= truth) & (truth <= bands[:, high])).mean())
        found.append(_score(CHOSEN, slice_name, f"coverage {share:.0%}", held, inside))
    return found


def _score(
    method: str, slice_name: str, measure: str, value: float, inside: NDArray[np.bool_]
) -> Score:
    return Score(
        method, slice_name, measure, value, int(inside.sum()), method in BASELINES, method == CHOSEN
    )
