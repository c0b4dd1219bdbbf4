"""How wrong a forecast was: RMSSE, pinball loss, coverage. Linear in cells.

RMSSE (Hyndman & Koehler 2006; the M5 competition): root mean squared error over the horizon,
divided by the root mean squared change from one period to the next in the series' own past since
its first demand. Weighted by a series' share of units sold it is the WRMSSE of a single level. The
mean weighted pinball loss is the mean over quantiles of 2 max(q (y - f), (q - 1)(y - f)), weighted
in the same way and divided by the mean absolute change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.demand.panel import Floats, Panel, divided


def naive_scale(panel: Panel, *, squared: bool = True) -> Floats:
    """Return the mean squared (or absolute) change from a period to the next; NaN when none."""
    began = np.argmax(panel.demand > 0, axis=1)
    change = np.diff(panel.demand, axis=1)
    counts = np.arange(1, panel.periods)[None, :] > began[:, None]
    size = change**2 if squared else np.abs(change)
    total = (size * counts).sum(axis=1)
    return divided(total, np.where(total > 0, counts.sum(axis=1), 0))


def mean_squared_scaled(
    actual: Floats, forecast: Floats, scale: Floats, counts: NDArray[np.bool_]
) -> Floats:
    """Return for each series the mean of squared errors over ``scale``, where ``counts``."""
    seen = counts.sum(axis=1)
    squares = (np.where(counts, actual - forecast, 0.0) ** 2).sum(axis=1)
    return divided(squares, seen * scale)


def pinball(actual: Floats, quantiles: Floats, levels: Sequence[float]) -> Floats:
    """Return twice the pinball loss a cell, mean over ``levels`` (last axis of ``quantiles``)."""
    over = actual[..., None] - quantiles
    level = np.asarray(levels)
    loss: Floats = 2.0 * np.maximum(level * over, (level - 1.0) * over).mean(axis=-1)
    return loss


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Return the weighted mean of the values that are numbers; NaN when there is none."""
    known = np.isfinite(values) & (weights > 0)
    total = float(weights[known].sum())
    return float((values[known] * weights[known]).sum() / total) if total > 0 else float("nan")
