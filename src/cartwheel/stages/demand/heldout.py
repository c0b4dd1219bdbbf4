"""Scores on the last periods of the panel, which had no part in choosing or calibrating.

The whole procedure is run as if the last periods were not yet known. Every method's expected
demand is scored, and the quantiles of what would have been chosen beside those of the simple
methods, which are calibrated in the same way on their own past errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.demand.candidate import BASELINES, METHODS
from cartwheel.stages.demand.forecasting import Forecaster, ForecastRules
from cartwheel.stages.demand.panel import Floats, Panel
from cartwheel.stages.demand.score import mean_squared_scaled, naive_scale, pinball, weighted_mean
from cartwheel.tables.demand import COVERAGES, PINBALL, QUANTILES, WEIGHTED_RMSSE

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
    found = forecaster.forecast(origin)
    means = {
        name: mean
        for name, mean, served in zip(
            METHODS, found.candidates.mean, found.candidates.served, strict=True
        )
        if served.any()
    } | {CHOSEN: found.mean}
    spreads = {name: forecaster.method_quantiles(origin, name) for name in BASELINES}
    spreads[CHOSEN] = found.quantiles
    test = _test(panel, origin)
    kinds = found.facts.demand_class
    slices = {"all": np.ones(len(kinds), dtype=bool)} | {
        str(kind): kinds == kind for kind in np.unique(kinds)
    }
    scores: list[Score] = []
    for name, members in slices.items():
        part = replace(test, counts=test.counts & members[:, None])
        scores += [part.mean_score((method, name), mean) for method, mean in means.items()]
        for method, spread in spreads.items():
            scores += part.spread_scores((method, name), spread)
    return HeldOut(origin, tuple(scores))


@dataclass(frozen=True, slots=True)
class _Test:
    """The held-out window: what came, which cells count, and how series are scaled and weighed."""

    actual: Floats
    counts: NDArray[np.bool_]
    weight: Floats
    scale: Floats

    def mean_score(self, named: tuple[str, str], mean: Floats) -> Score:
        """Return the weighted RMSSE of an expected demand."""
        steps = self.actual.shape[1]
        squared = mean_squared_scaled(self.actual, mean[:, :steps], self.scale, self.counts)
        return self._score(named, WEIGHTED_RMSSE, weighted_mean(np.sqrt(squared), self.weight))

    def spread_scores(self, named: tuple[str, str], spread: Floats) -> list[Score]:
        """Return pinball loss and coverage of quantiles."""
        truth = self.actual[self.counts]
        bands = spread[:, : self.actual.shape[1]][self.counts]
        if len(truth) == 0:
            return []
        found = [self._score(named, PINBALL, float(pinball(truth, bands, QUANTILES).mean()))]
        for share, low, high in ((0.5, 0.25, 0.75), (0.9, 0.05, 0.95)):
            least, most = bands[:, QUANTILES.index(low)], bands[:, QUANTILES.index(high)]
            held = float(((least <= truth) & (truth <= most)).mean())
            found.append(self._score(named, COVERAGES[share], held))
        return found

    def _score(self, named: tuple[str, str], measure: str, value: float) -> Score:
        method, slice_name = named
        return Score(
            method=method,
            slice=slice_name,
            measure=measure,
            value=value,
            cases=int(self.counts.any(axis=1).sum()),
            is_baseline=method in BASELINES,
            is_used=method == CHOSEN,
        )


def _test(panel: Panel, origin: int) -> _Test:
    past = panel.until(origin)
    return _Test(
        actual=panel.demand[:, origin:],
        counts=(panel.stocked[:, origin:] >= 0.5) & (panel.first < origin)[:, None],
        weight=past.sold[:, -max(WEIGHT_DAYS // panel.days, 1) :].sum(axis=1),
        scale=naive_scale(past),
    )
