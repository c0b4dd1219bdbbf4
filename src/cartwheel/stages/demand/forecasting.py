"""From a panel to forecasts: judge the methods at past origins, choose, forecast, calibrate.

The same function forecasts from the end of the panel and from any period before it, with what was
known then; so the held-out score measures the whole procedure, its choices included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cartwheel.stages.demand.boosting import BoostingRules
from cartwheel.stages.demand.calibration import Cases, quantiles
from cartwheel.stages.demand.candidate import METHODS, Candidates, candidates
from cartwheel.stages.demand.choice import Choice, Window, choose
from cartwheel.stages.demand.demand_class import DemandFacts, classify
from cartwheel.stages.demand.panel import Floats, Integers, Panel, divided
from cartwheel.stages.demand.score import naive_scale

VARIATION_DAYS = 182  # days over which the variation of a series is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRules:
    """How far ahead, and how the methods are judged; all in periods."""

    horizon: int
    judged: int  # steps ahead by which methods are chosen
    windows: int = 4  # past origins to judge at
    step: int = 4  # periods between them
    least_history: int = 8  # before the first of them
    boosting: BoostingRules = field(default_factory=BoostingRules)

    def origins(self, origin: int) -> list[int]:
        """Return the past origins at which methods are judged for a forecast from ``origin``."""
        back = [origin - self.step * (k + 1) for k in range(self.windows)]
        return [at for at in back if at >= self.least_history]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is foretold for every series from one origin."""

    origin: int
    mean: Floats  # (series, steps)
    quantiles: Floats  # (series, steps, quantiles)
    horizons: Integers  # steps of the sums
    total: Floats  # (series, horizons)
    total_quantiles: Floats  # (series, horizons, quantiles)
    facts: DemandFacts
    choice: Choice
    candidates: Candidates


class Forecaster:
    """Forecasts a panel from any origin, and remembers what the methods said at each."""

    def __init__(
        self,
        panel: Panel,
        rules: ForecastRules,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._panel = panel
        self._rules = rules
        self._progress = progress
        self._known: dict[int, Candidates] = {}

    def candidates(self, origin: int) -> Candidates:
        """Return every method's forecast from ``origin``, computed once."""
        if origin not in self._known:
            self._known[origin] = candidates(
                self._panel, origin, self._rules.horizon, self._rules.boosting
            )
            self._progress(len(self._known))
        return self._known[origin]

    def forecast(self, origin: int) -> Forecast:
        """Return the forecast from ``origin`` with what was known before it."""
        past = self._panel.until(origin)
        facts = classify(past)
        now = self.candidates(origin)
        origins = self._rules.origins(origin)
        windows = [self._window(at, origin, self._rules.judged) for at in origins]
        choice = choose(windows, naive_scale(past), facts.demand_class, now.served)
        mean = choice.forecast(now, facts.demand_class)
        mean[past.first >= origin] = 0.0
        before = [choice.forecast(window.candidates, facts.demand_class) for window in windows]
        return Forecast(
            origin=origin,
            mean=mean,
            quantiles=self._quantiles(origin, mean, before),
            horizons=np.arange(1, self._rules.horizon + 1),
            total=np.cumsum(mean, axis=1),
            total_quantiles=self._total_quantiles(origin, mean, before),
            facts=facts,
            choice=choice,
            candidates=now,
        )

    def method_quantiles(self, origin: int, method: str) -> Floats:
        """Return the quantiles one method would have, were it the only one."""
        at = METHODS.index(method)
        before = [self.candidates(past).mean[at] for past in self._rules.origins(origin)]
        return self._quantiles(origin, self.candidates(origin).mean[at], before)

    def _quantiles(self, origin: int, mean: Floats, before: Sequence[Floats]) -> Floats:
        """Calibrate the forecast ``mean`` by the forecasts made ``before``, at past origins."""
        past = list(zip(self._rules.origins(origin), before, strict=True))
        cases = [self._cases(at, origin, forecast) for at, forecast in past]
        spread = variation(self._panel.until(origin))
        near = _groups(self._rules.horizon)
        return np.sort(quantiles(mean, mean.mean(axis=1), spread, cases, near), axis=2)

    def _total_quantiles(self, origin: int, mean: Floats, before: Sequence[Floats]) -> Floats:
        """Calibrate the sums of ``mean``; a longer horizon never has less."""
        past = list(zip(self._rules.origins(origin), before, strict=True))
        cases = [self._sums(at, origin, forecast) for at, forecast in past]
        spread = variation(self._panel.until(origin))
        each = [np.array([k]) for k in range(self._rules.horizon)]
        total = np.cumsum(mean, axis=1)
        found = np.sort(quantiles(total, mean.mean(axis=1), spread, cases, each), axis=2)
        return np.maximum.accumulate(found, axis=1)

    def _window(self, at: int, origin: int, steps: int) -> Window:
        end = min(at + steps, origin)
        known = self._panel.first < at
        counts = (self._panel.stocked[:, at:end] >= 0.5) & known[:, None]
        return Window(self.candidates(at), self._panel.demand[:, at:end], counts)

    def _cases(self, at: int, origin: int, mean: Floats) -> Cases:
        window = self._window(at, origin, self._rules.horizon)
        actual = np.where(window.counts, window.actual, np.nan)
        spread = variation(self._panel.until(at))
        return Cases(mean[:, : actual.shape[1]], actual, mean.mean(axis=1), spread)

    def _sums(self, at: int, origin: int, mean: Floats) -> Cases:
        """Return the cases of sums; a sum that is mostly estimated tells nothing."""
        window = self._window(at, origin, self._rules.horizon)
        steps = np.arange(1, window.actual.shape[1] + 1)
        measured = np.cumsum(window.counts, axis=1) / steps >= 0.5
        actual = np.where(measured, np.cumsum(window.actual, axis=1), np.nan)
        spread = variation(self._panel.until(at))
        return Cases(np.cumsum(mean, axis=1)[:, : len(steps)], actual, mean.mean(axis=1), spread)


def variation(panel: Panel) -> Floats:
    """Return the standard deviation of demand over its mean, lately; large when there was none."""
    span = max(VARIATION_DAYS // panel.days, 2)
    lived = panel.lived()[:, -span:]
    demand = panel.demand[:, -span:] * lived
    count = np.maximum(lived.sum(axis=1), 1)
    mean = demand.sum(axis=1) / count
    squares = (demand**2).sum(axis=1) / count - mean**2
    return divided(np.sqrt(np.maximum(squares, 0.0)), mean, otherwise=float(span))


def _groups(horizon: int) -> list[Integers]:
    """Group steps ahead: 1, 2, 3-4, 5-8, 9-16 …: near ones differ most."""
    edges = [0, 1]
    while edges[-1] < horizon:
        edges.append(min(2 * edges[-1], horizon))
    return [np.arange(begin, end) for begin, end in pairwise(edges)]
