"""Which method serves which series, by how each did at past origins of the shop's own history.

Errors are squared and scaled by the series' own naive change (RMSSE squared). A series has few
origins, so its own errors are shrunk to those of its demand class: relative error = (n own + k
class) / (n + k), n periods seen. Beside the single methods stands a combination of all, weighted
by non-negative least squares in each class (Bates & Granger 1969, Operational Research Quarterly
20, 451-468), judged only at origins that were left out when its weights were found. A method that
does not beat the best simple baseline of a series does not serve it. Linear in cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.demand.candidate import BASELINES, COMBINATION, METHODS, Candidates
from cartwheel.stages.demand.panel import Floats, Integers, divided

PRIOR_PERIODS = 200.0  # k: periods of evidence the class counts for
RIDGE = 0.1  # pull of the weights towards equal shares


@dataclass(frozen=True, slots=True)
class Window:
    """Candidates at a past origin, and what then came; ``counts`` marks periods to judge by."""

    candidates: Candidates
    actual: Floats  # (series, steps known)
    counts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """The method of every series, and the errors that led to it."""

    names: tuple[str, ...]  # candidates; the combination last
    chosen: Integers  # index into names, one a series
    baseline: Integers  # the best simple one of the series
    error: Floats  # (names, series) mean squared scaled error of its own, NaN where none
    weights: dict[str, Floats]  # of the combination, by demand class

    def forecast(self, now: Candidates, demand_class: NDArray[np.str_]) -> Floats:
        """Return the chosen forecast of every series."""
        stacked = np.concatenate([now.mean, _combined(now.mean, self.weights, demand_class)[None]])
        return stacked[self.chosen, np.arange(stacked.shape[1])]


def choose(
    windows: Sequence[Window],
    scale: Floats,
    demand_class: NDArray[np.str_],
    served: NDArray[np.bool_],
) -> Choice:
    """Judge all candidates at the windows and choose for every series.

    ``scale`` is the mean squared naive change of each series; ``served`` (methods, series) tells
    which methods have an answer at the present origin.
    """
    if not windows:
        return _unjudged(len(scale))
    names = (*METHODS, COMBINATION)
    grams = [_grams(window, scale, demand_class) for window in windows]
    squares = np.zeros((len(names), len(scale)))
    seen = np.zeros(len(scale))
    for left_out, window in enumerate(windows):
        others = [gram for i, gram in enumerate(grams) if i != left_out] or grams
        mean = window.candidates.mean[:, :, : window.actual.shape[1]]
        mixed = _combined(mean, _weights(others), demand_class)
        stack = np.concatenate([mean, mixed[None]])
        squares += np.where(window.counts, (stack - window.actual) ** 2, 0.0).sum(axis=2)
        seen += window.counts.sum(axis=1)
    error = divided(squares, np.broadcast_to(seen * scale, squares.shape))
    relative = _shrunk(error, seen, demand_class)
    relative[:-1][~served] = np.inf
    simple = [names.index(name) for name in BASELINES]
    baseline = np.asarray(simple)[np.argmin(relative[simple], axis=0)]
    chosen = np.argmin(relative, axis=0)
    cells = np.arange(len(scale))
    chosen = np.where(relative[chosen, cells] < relative[baseline, cells], chosen, baseline)
    return Choice(names, chosen, baseline, error, _weights(grams))


def _unjudged(series: int) -> Choice:
    """Return the moving average for all, where history is too short to judge anything."""
    names = (*METHODS, COMBINATION)
    average = np.full(series, names.index("moving_average"))
    return Choice(names, average, average, np.full((len(names), series), np.nan), {})


def _shrunk(error: Floats, seen: Floats, demand_class: NDArray[np.str_]) -> Floats:
    """Return errors relative to the mean over candidates, pulled to the class's."""
    difficulty = error.mean(axis=0)
    known = difficulty > 0  # false where NaN: never judged
    own = np.where(known, error / np.where(known, difficulty, 1.0), 1.0)
    pulled = np.empty_like(own)
    overall = own[:, known].mean(axis=1) if known.any() else np.ones(len(own))
    trust = known * seen / (seen + PRIOR_PERIODS)
    for name in np.unique(demand_class):
        members = demand_class == name
        inside = members & known
        typical = own[:, inside].mean(axis=1) if inside.sum() >= 5 else overall
        pulled[:, members] = trust[members] * own[:, members] + np.outer(
            typical, 1.0 - trust[members]
        )
    return pulled


@dataclass(frozen=True, slots=True)
class _Products:
    """Sums over the cells of a class in a window: methods with each other and with the truth."""

    cross: Floats  # (methods, methods), scaled
    truth: Floats  # (methods,), scaled
    foretold: Floats  # (methods,), units
    actual: float  # units


Grams = dict[str, _Products]


def _grams(window: Window, scale: Floats, demand_class: NDArray[np.str_]) -> Grams:
    """Return the sums of products for each class."""
    steps = window.actual.shape[1]
    weight = divided(np.ones_like(scale), scale, otherwise=0.0)
    grams = {}
    for name in np.unique(demand_class):
        members = demand_class == name
        counts = window.counts[members]
        part = window.candidates.mean[:, members, :steps][:, counts]
        heavy = np.repeat(weight[members][:, None], steps, axis=1)[counts]
        truth = window.actual[members][counts]
        grams[str(name)] = _Products(
            (part * heavy) @ part.T, (part * heavy) @ truth, part.sum(axis=1), float(truth.sum())
        )
    return grams


def _weights(grams: Sequence[Grams]) -> dict[str, Floats]:
    """Return non-negative weights of the methods for each class.

    Least squares on scattered demand shrink towards zero, which planning cannot use: weights are
    moved halfway (geometrically) to where forecasts and outcomes have the same sum.
    """
    from scipy.optimize import nnls

    weights = {}
    for name in sorted({name for gram in grams for name in gram}):
        seen = [gram[name] for gram in grams if name in gram]
        cross = np.sum([part.cross for part in seen], axis=0)
        pull = RIDGE * np.trace(cross) / len(cross) + 1e-12
        root = np.linalg.cholesky(cross + pull * np.eye(len(cross)))
        truth = np.sum([part.truth for part in seen], axis=0) + pull / len(cross)
        least = nnls(root.T, np.linalg.solve(root, truth))[0]
        foretold = float(sum(part.foretold @ least for part in seen))
        actual = sum(part.actual for part in seen)
        lift = actual / foretold if min(actual, foretold) > 0 else 1.0
        weights[name] = least * np.sqrt(np.clip(lift, 0.5, 2.0))
    return weights


def _combined(mean: Floats, weights: dict[str, Floats], demand_class: NDArray[np.str_]) -> Floats:
    """Return the weighted sum of the methods, by class; equal shares for a class unheard of."""
    mixed = np.empty(mean.shape[1:])
    equal = np.full(len(mean), 1.0 / len(mean))
    for name in np.unique(demand_class):
        members = demand_class == name
        mixed[members] = np.tensordot(weights.get(str(name), equal), mean[:, members], axes=1)
    return mixed
