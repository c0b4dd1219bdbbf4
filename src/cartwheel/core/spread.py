"""A quantity that is not known for certain: many distributions at once, a row each.

Each row is held as points at fixed normal scores. Between two scores the value is linear in the
score, and so beyond the outer quantiles given: a normal tail with the slope of the last two
quantiles. A normal distribution is therefore met exactly, a skewed one piece by piece; what falls
below zero is zero. Linear in rows. Where it fails: tails much heavier than the outer quantiles say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

Floats = npt.NDArray[np.float64]

_EDGES = np.concatenate([[-np.inf], np.linspace(-3.2, 3.2, 33), [np.inf]])
WEIGHTS: Floats = np.diff(ndtr(_EDGES))
SCORES: Floats = -np.diff(np.exp(-(_EDGES**2) / 2) / np.sqrt(2 * np.pi)) / WEIGHTS  # cell means
_MIXED_ROWS_AT_ONCE = 20_000  # bounds the memory of a mixture to some 100 MB


@dataclass(frozen=True, slots=True)
class Spread:
    """Distributions, one a row; ``points[i, j]`` is row i's value at normal score ``SCORES[j]``."""

    points: Floats

    @classmethod
    def from_quantiles(cls, values: Floats, levels: Sequence[float]) -> Spread:
        """Read distributions from quantiles; ``values`` is (rows, levels), ascending in both.

        Examples
        --------
        >>> spread = Spread.from_quantiles(np.array([[40.0, 50.0, 60.0]]), [0.1, 0.5, 0.9])
        >>> float(spread.quantile(np.array([0.9]))[0].round(6))
        60.0
        """
        known = np.maximum.accumulate(np.asarray(values, dtype=float), axis=1)
        scores = ndtri(np.asarray(levels, dtype=float))
        piece = np.clip(np.searchsorted(scores, SCORES) - 1, 0, len(scores) - 2)
        share = (SCORES - scores[piece]) / (scores[piece + 1] - scores[piece])
        step = known[:, piece + 1] - known[:, piece]
        return cls(np.maximum(known[:, piece] + share * step, 0.0))

    @classmethod
    def mixture(cls, spreads: Sequence[Spread], weights: Floats) -> Spread:
        """Mix distributions row by row; ``weights`` has one probability a spread."""
        pooled_weights = np.concatenate([weight * WEIGHTS for weight in weights])
        rows = spreads[0].points.shape[0]
        mixed = np.empty((rows, len(SCORES)))
        for start in range(0, rows, _MIXED_ROWS_AT_ONCE):
            part = slice(start, start + _MIXED_ROWS_AT_ONCE)
            pooled = np.concatenate([spread.points[part] for spread in spreads], axis=1)
            order = np.argsort(pooled, axis=1, kind="stable")
            ranked = pooled_weights[order]
            reached = ndtri(np.cumsum(ranked, axis=1) - ranked / 2)
            values = np.take_along_axis(pooled, order, axis=1)
            for row, (score, value) in enumerate(zip(reached, values, strict=True), start=start):
                mixed[row] = np.interp(SCORES, score, value)
        return cls(mixed)

    def take(self, rows: npt.NDArray[np.intp]) -> Spread:
        """Return some rows."""
        return Spread(self.points[rows])

    def mean(self) -> Floats:
        """Return the expected value of each row."""
        mean: Floats = self.points @ WEIGHTS
        return mean

    def sd(self) -> Floats:
        """Return the standard deviation of each row."""
        away = self.points - self.mean()[:, None]
        sd: Floats = np.sqrt((away**2) @ WEIGHTS)
        return sd

    def quantile(self, level: Floats) -> Floats:
        """Return the value not exceeded with probability ``level``, one a row."""
        score = ndtri(np.asarray(level, dtype=float))
        right = np.clip(np.searchsorted(SCORES, score), 1, len(SCORES) - 1)
        rows = np.arange(self.points.shape[0])
        low, high = self.points[rows, right - 1], self.points[rows, right]
        share = (score - SCORES[right - 1]) / (SCORES[right] - SCORES[right - 1])
        value: Floats = np.maximum(low + share * (high - low), 0.0)
        return value

    def exceedance(self, value: Floats) -> Floats:
        """Return P(quantity > ``value``), one a row; beyond the outer points it is 1 or 0."""
        count = (self.points <= value[:, None]).sum(axis=1)
        right = np.clip(count, 1, len(SCORES) - 1)
        rows = np.arange(self.points.shape[0])
        low, high = self.points[rows, right - 1], self.points[rows, right]
        wide = np.where(high > low, high - low, 1.0)
        share = np.clip(np.where(high > low, (value - low) / wide, 1.0), 0.0, 1.0)
        score = SCORES[right - 1] + share * (SCORES[right] - SCORES[right - 1])
        return np.where(count == 0, 1.0, np.where(count == len(SCORES), 0.0, 1.0 - ndtr(score)))

    def shortage(self, value: Floats) -> Floats:
        """Return E(quantity - ``value``)+, the expected part above ``value``, one a row."""
        short: Floats = np.maximum(self.points - value[:, None], 0.0) @ WEIGHTS
        return short
