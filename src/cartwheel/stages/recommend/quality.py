"""How good a ranked list is: recall, nDCG and hit rate at k, with intervals over customers.

For a customer with n wanted products, of which h are in the first k: recall = h / n,
nDCG = sum over hits of 1 / log2(rank + 1), over the same for a perfect list, hit = 1 if h > 0.
Coverage is the share of products that appear in any list. Source: Järvelin & Kekäläinen (2002),
ACM TOIS 20(4), 422-446. Intervals: percentile bootstrap over customers, Efron & Tibshirani (1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.recommend.history import Matrix
from cartwheel.stages.recommend.purchases import Floats, Integers

_RESAMPLES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RankQuality:
    """One value a case (customer or basket), and the products shown to anybody."""

    recall: Floats
    ndcg: Floats
    hit: Floats
    shown: Integers  # distinct columns

    @property
    def measures(self) -> dict[str, Floats]:
        """Return the values by name of measure."""
        return {"recall@10": self.recall, "nDCG@10": self.ndcg, "hit rate@10": self.hit}


def rank_quality(top: Integers, wanted: Matrix) -> RankQuality:
    """Measure lists of columns, best first (-1 pads short lists), against wanted columns.

    Parameters
    ----------
    top
        Cases × k.
    wanted
        Cases × products, nonzero where wanted; every case wants at least one.
    """
    cases, k = top.shape
    rows = np.repeat(np.arange(cases), k)
    found = np.asarray(wanted[rows, np.maximum(top, 0).ravel()]).ravel() != 0
    hits = found.reshape(cases, k) & (top >= 0)
    number = np.diff(wanted.indptr)
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discount)[np.minimum(number, k) - 1]
    return RankQuality(
        recall=hits.sum(axis=1) / number,
        ndcg=(hits * discount).sum(axis=1) / ideal,
        hit=hits.any(axis=1).astype(np.float64),
        shown=np.unique(top[top >= 0]),
    )


def bootstrap(values: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 90 % percentile interval of the mean of ``values`` over cases."""
    draws = rng.integers(0, len(values), size=(_RESAMPLES, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), [0.05, 0.95])
    return float(low), float(high)


def is_better(values: NDArray[np.float64], than: Floats, rng: np.random.Generator) -> bool:
    """Tell whether the mean gain, case by case, is above zero at 95 % one-sided confidence."""
    low, _ = bootstrap(values - than, rng)
    return low > 0
