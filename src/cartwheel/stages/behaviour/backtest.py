"""Test whether segments foretell who buys next, and better than recency alone.

Two periods of equal length h before the last known day: what was known 2h ago and who bought in
the h days after teaches each method a purchase rate; what was known h ago and who bought since
tests it. No method sees the test period. Methods:

- ``base_rate``: everybody alike (AUC 0.5 by definition);
- ``recency``: logistic regression on log recency alone (the simple rule to beat);
- ``rfm_segments``: the rate of the named segment;
- ``kmeans``: the rate of the cluster (K-Means fitted on what was known 2h ago);
- ``rfm_logit``: logistic regression on log recency, orders, net revenue.

AUC ranks (higher is better), Brier is the mean squared error of the probability (lower is
better). Intervals are percentiles over bootstrap samples of customers: the spread over customers,
not over periods; one test period cannot tell a good season from a good method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

Rates = NDArray[np.float64]
Hits = NDArray[np.bool_]
Foretell = Callable[[pl.DataFrame, pl.DataFrame], Rates]

SIMPLE = "recency"
BASELINES = ("base_rate", SIMPLE)
USED = "rfm_segments"
_RESAMPLES = 200
_PRIOR = 20.0  # customers' worth of base rate mixed into a group's rate


@dataclass(frozen=True, slots=True)
class Score:
    """A measure of one method on the test period, with its 90 % interval."""

    method: str
    measure: str
    value: float
    low: float
    high: float


def score_methods(
    learn: pl.DataFrame, test: pl.DataFrame, *, rng: np.random.Generator
) -> list[Score]:
    """Return AUC and Brier score of every method; empty when all or nobody bought.

    Parameters
    ----------
    learn, test
        One row a customer, sorted by customer: ``recency_days``, ``orders``, ``net_minor``,
        ``segment``, ``cluster`` as known at the start of the period, ``bought`` within it.
    rng
        Draws the bootstrap samples.
    """
    hits = test["bought"].to_numpy()
    if learn["bought"].n_unique() < 2 or not 0 < hits.sum() < len(hits):
        return []
    rates = {method: foretell(learn, test) for method, foretell in _METHODS.items()}
    spread: dict[tuple[str, str], list[float]] = {key: [] for key in product(rates, _MEASURES)}
    for _ in range(_RESAMPLES):
        drawn = rng.integers(len(hits), size=len(hits))
        times = np.bincount(drawn, minlength=len(hits)).astype(np.float64)
        for (method, measure), found in spread.items():
            found.append(_MEASURES[measure](rates[method], hits, times))
    once = np.ones(len(hits))
    return [
        Score(
            method,
            measure,
            _MEASURES[measure](rates[method], hits, once),
            *(float(end) for end in np.nanquantile(found, [0.05, 0.95])),
        )
        for (method, measure), found in spread.items()
    ]


def auc(rates: Rates, hits: Hits, times: Rates) -> float:
    """Return the probability that a buyer was rated above a non-buyer, ties counting half.

    The Mann-Whitney statistic, each customer counted ``times``; nan when all or nobody bought.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, True, False, True]), np.ones(4))
    0.875
    """
    values, place = np.unique(rates, return_inverse=True)
    bought = np.bincount(place, weights=times * hits, minlength=len(values))
    not_bought = np.bincount(place, weights=times * ~hits, minlength=len(values))
    pairs = bought.sum() * not_bought.sum()
    if not pairs:
        return float("nan")
    below = np.cumsum(not_bought) - not_bought
    return float((bought * (below + not_bought / 2)).sum() / pairs)


def brier(rates: Rates, hits: Hits, times: Rates) -> float:
    """Return the mean squared error of the probabilities (Brier 1950)."""
    return float(np.average((rates - hits) ** 2, weights=times))


def _base_rate(learn: pl.DataFrame, test: pl.DataFrame) -> Rates:
    return np.full(test.height, learn["bought"].mean())


def _rate_by(group: str) -> Foretell:
    """Foretell the group's rate, drawn towards the base rate where the group is small."""

    def foretell(learn: pl.DataFrame, test: pl.DataFrame) -> Rates:
        base = float(learn["bought"].to_numpy().mean())
        shrunk = (pl.col("bought").sum() + _PRIOR * base) / (pl.len() + _PRIOR)
        rates = learn.group_by(group).agg(rate=shrunk)
        joined = test.select(group).join(rates, on=group, how="left", maintain_order="left")
        return joined["rate"].fill_null(base).to_numpy()

    return foretell


def _logit(*columns: str) -> Foretell:
    """Foretell by logistic regression on log(1 + column)."""

    def features(customers: pl.DataFrame) -> NDArray[np.float64]:
        return customers.select(pl.col(c).clip(lower_bound=0).log1p() for c in columns).to_numpy()

    def foretell(learn: pl.DataFrame, test: pl.DataFrame) -> Rates:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        model = make_pipeline(StandardScaler(), LogisticRegression())
        model.fit(features(learn), learn["bought"].to_numpy())
        rates: Rates = model.predict_proba(features(test))[:, 1]
        return rates

    return foretell


_METHODS: Mapping[str, Foretell] = {
    "base_rate": _base_rate,
    SIMPLE: _logit("recency_days"),
    USED: _rate_by("segment"),
    "kmeans": _rate_by("cluster"),
    "rfm_logit": _logit("recency_days", "orders", "net_minor"),
}
_MEASURES: Mapping[str, Callable[[Rates, Hits, Rates], float]] = {"AUC": auc, "Brier": brier}
