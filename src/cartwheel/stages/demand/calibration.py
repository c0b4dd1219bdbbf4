"""How wide the future is: quantiles from what past forecasts missed.

Each past origin gives ratios of what came to what was foretold. Ratios are pooled over series
alike in size, in variation and in steps ahead (equal-count groups, so that multiplying all demand
by a number multiplies the quantiles); the pool's empirical quantiles times the forecast are the
forecast's quantiles, as in split conformal prediction (Vovk, Gammerman & Shafer 2005) with groups.
Sums over horizons are treated as one number each: their errors are measured, not added up. Linear
in cells, n log n in cases of a pool. Fails when the future is unlike the windows, for example at
the first Christmas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cartwheel.stages.demand.panel import Floats, Integers
from cartwheel.tables.demand import QUANTILES

LEAST_CASES = 150  # series and origins in a pool
SIZES, VARIATIONS = 10, 4  # most groups of size, and of variation within each


@dataclass(frozen=True, slots=True)
class Cases:
    """Forecasts of one past origin with what came: (series, columns), NaN where it is not known."""

    mean: Floats
    actual: Floats
    size: Floats  # forecast demand of a period of each series
    variation: Floats  # standard deviation over level of each series, as then known


@dataclass(frozen=True, slots=True)
class Pools:
    """Groups of series by size and variation, learnt from cases."""

    size_edges: Floats
    variation_edges: Floats  # (sizes, edges)

    def __call__(self, size: Floats, variation: Floats) -> Integers:
        """Return the pool of each series."""
        of_size = np.searchsorted(self.size_edges, size, side="right")
        count = self.variation_edges.shape[1]
        within = (variation[:, None] >= self.variation_edges[of_size]).sum(axis=1)
        found: Integers = of_size * (count + 1) + within
        return found

    @property
    def count(self) -> int:
        """Return the number of pools."""
        return (len(self.size_edges) + 1) * int(self.variation_edges.shape[1] + 1)


def quantiles(
    mean: Floats,
    size: Floats,
    variation: Floats,
    cases: Sequence[Cases],
    column_groups: Sequence[Integers],
) -> Floats:
    """Return (series, columns, quantiles) for forecasts ``mean``.

    Columns of one group (steps ahead near each other) share their pools. A group whose columns
    were never seen takes the ratios of the group before it.
    """
    if not any(np.isfinite(case.actual).any() for case in cases):
        return _negative_binomial(mean, size, variation)
    pools = _pools(cases)
    of_case = [pools(case.size, case.variation) for case in cases]
    of_series = pools(size, variation)
    result = np.empty((*mean.shape, len(QUANTILES)))
    ratios = np.ones((pools.count, len(QUANTILES)))
    for columns in column_groups:
        seen = _group_ratios(cases, of_case, columns, pools.count)
        ratios = np.where(np.isfinite(seen), seen, ratios)
        result[:, columns] = mean[:, columns, None] * ratios[of_series][:, None, :]
    return result


def _negative_binomial(mean: Floats, size: Floats, variation: Floats) -> Floats:
    """Return quantiles where nothing could be measured: variance over mean as in the past."""
    from scipy.stats import nbinom

    excess = np.maximum(variation**2 * size, 1.05)[:, None, None]
    counts = np.maximum(mean, 1e-9)[:, :, None] / (excess - 1.0)
    found: Floats = nbinom.ppf(np.asarray(QUANTILES), counts, 1.0 / excess)
    return found


def _pools(cases: Sequence[Cases]) -> Pools:
    """Cut sizes and variations into groups of equal count, as many as the cases bear."""
    known = [np.isfinite(case.actual).any(axis=1) for case in cases]
    size = np.concatenate([c.size[k] for c, k in zip(cases, known, strict=True)])
    variation = np.concatenate([c.variation[k] for c, k in zip(cases, known, strict=True)])
    bear = max(len(size) // LEAST_CASES, 1)
    sizes = min(SIZES, max(int(np.sqrt(2.0 * bear)), 1))
    variations = min(VARIATIONS, max(bear // sizes, 1))
    size_edges = np.quantile(size, np.arange(1, sizes) / sizes)
    group = np.searchsorted(size_edges, size, side="right")
    within = np.arange(1, variations) / variations
    edges = [
        np.quantile(variation[group == g] if (group == g).any() else variation, within)
        for g in range(sizes)
    ]
    return Pools(size_edges, np.asarray(edges).reshape(sizes, variations - 1))


def _group_ratios(
    cases: Sequence[Cases], of_case: Sequence[Integers], columns: Integers, count: int
) -> Floats:
    """Return (pools, quantiles) of actual over forecast; NaN for a pool without cases."""
    pool, ratio = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for case, of in zip(cases, of_case, strict=True):
        inside = columns[columns < case.actual.shape[1]]
        mean, actual = case.mean[:, inside], case.actual[:, inside]
        known = np.isfinite(actual) & (mean > 0)
        pool.append(np.repeat(of[:, None], len(inside), axis=1)[known])
        ratio.append(actual[known] / mean[known])
    return _by_pool(np.concatenate(pool), np.concatenate(ratio), count)


def _by_pool(pool: Integers, ratio: Floats, count: int) -> Floats:
    order = np.lexsort((ratio, pool))
    begins = np.searchsorted(pool[order], np.arange(count + 1))
    found = np.full((count, len(QUANTILES)), np.nan)
    for group, (begin, end) in enumerate(pairwise(begins)):
        if end > begin:
            found[group] = np.quantile(ratio[order[begin:end]], QUANTILES)
    return found
