"""Customer segments by K-Means (B6), with Ward's hierarchical clustering beside it.

Features: recency, number of orders and net revenue, each log(1 + x), drawn in to its 1 % and 99 %
quantiles (else a dozen customers with all money refunded become a cluster) and standardised. The
number of clusters is the one of greatest mean silhouette (Rousseeuw 1987, J. Comp. Appl. Math. 20,
53-65) on a sample; Ward's method (1963, JASA 58, 236-244) is cut at the same number on the same
sample. Stability is the adjusted Rand index (Hubert & Arabie 1985) between the clusters of all
customers and those fitted on a bootstrap sample: 1 means the same groups, 0 chance.

K-Means is linear in customers; silhouette and Ward are quadratic in the sample. Fails where there
are no groups: it then cuts a cloud in pieces, silhouette is low (below 0.25 by the usual reading)
and stability falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartwheel.core.errors import InputError

_FEATURES = ("recency_days", "orders", "net_minor")
_TAIL = 0.01  # share of customers at either end whose values are drawn in
Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSearch:
    """Which numbers of clusters are tried, and on how many customers the quadratic parts run."""

    least: int = 3  # two clusters are seldom of use to a marketer
    most: int = 8
    sample: int = 2_000  # customers
    resamples: int = 10  # bootstrap samples for the stability

    def __post_init__(self) -> None:
        if not 2 <= self.least <= self.most:
            raise InputError("Clusters must be at least 2, and least at most most.")
        if self.sample < 10 * self.most:
            raise InputError("The sample must hold at least ten customers a cluster.")


@dataclass(frozen=True, slots=True)
class Scale:
    """Ends, mean and spread of the logged features; values beyond the ends are drawn to them."""

    least: Matrix
    most: Matrix
    mean: Matrix
    spread: Matrix

    @classmethod
    def of(cls, customers: pl.DataFrame) -> Scale:
        """Return the scale on which ``customers`` have mean 0 and spread 1."""
        logs = _logs(customers)
        least, most = np.quantile(logs, [_TAIL, 1 - _TAIL], axis=0)
        logs = logs.clip(least, most)
        spread = logs.std(axis=0)
        return cls(least, most, logs.mean(axis=0), np.where(spread > 0, spread, 1.0))

    def points(self, customers: pl.DataFrame) -> Matrix:
        """Return the standardised features."""
        points: Matrix = (_logs(customers).clip(self.least, self.most) - self.mean) / self.spread
        return points


@dataclass(frozen=True, slots=True)
class Clustering:
    """The segments found, and how firm they are."""

    labels: Labels  # of every row; 0 is the cluster of greatest net revenue a customer
    silhouettes: dict[int, float]  # mean silhouette of K-Means by number of clusters
    stability: Sequence[float]  # adjusted Rand index of each bootstrap sample
    sample: NDArray[np.int64]  # rows Ward was run on
    ward_labels: Labels  # of the sample, numbered in the same way
    ward_silhouette: float
    agreement: float  # adjusted Rand index between K-Means and Ward on the sample
    scale: Scale
    centres: Matrix  # in the standardised space, by label

    @property
    def clusters(self) -> int:
        """Return the number of clusters chosen."""
        return int(self.labels.max()) + 1

    @property
    def silhouette(self) -> float:
        """Return the mean silhouette of the number of clusters chosen."""
        return self.silhouettes[self.clusters]

    def assign(self, customers: pl.DataFrame) -> Labels:
        """Return the label of the nearest centre for customers of any day."""
        points = self.scale.points(customers)
        squared = ((points[:, None, :] - self.centres[None, :, :]) ** 2).sum(axis=2)
        labels: Labels = squared.argmin(axis=1).astype(np.int64)
        return labels


def cluster_customers(
    customers: pl.DataFrame, search: ClusterSearch, *, rng: np.random.Generator
) -> Clustering | None:
    """Return the clusters of ``customers``, or None when there are too few or all alike.

    Parameters
    ----------
    customers
        ``recency_days``, ``orders``, ``net_minor``; at least ten a cluster of the most tried.
    search
        What to try.
    rng
        Draws the samples and the starts of K-Means.
    """
    scale = Scale.of(customers)
    points = scale.points(customers)
    different = np.unique(points, axis=0)
    if len(points) < 10 * search.most or len(different) <= search.most:
        return None
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    rows = np.sort(rng.permutation(len(points))[: search.sample])
    part = points[rows]
    seed = int(rng.integers(2**31))
    tried = {k: _k_means(points, k, seed) for k in range(search.least, search.most + 1)}
    scores = {k: float(silhouette_score(part, labels[rows])) for k, labels in tried.items()}
    best = max(scores, key=lambda k: (scores[k], -k))
    net = customers["net_minor"].to_numpy()
    labels = _by_worth(tried[best], net)
    ward = _by_worth(_ward(part, best), net[rows])
    return Clustering(
        labels=labels,
        silhouettes=scores,
        stability=[
            _agreement_of_resample(points, labels, seed, rng) for _ in range(search.resamples)
        ],
        sample=rows,
        ward_labels=ward,
        ward_silhouette=float(silhouette_score(part, ward)),
        agreement=float(adjusted_rand_score(labels[rows], ward)),
        scale=scale,
        centres=np.stack([points[labels == label].mean(axis=0) for label in range(best)]),
    )


def silhouette(customers: pl.DataFrame, labels: Labels, found: Clustering) -> float | None:
    """Return the mean silhouette of any ``labels`` on the sample of ``found``; None for one."""
    from sklearn.metrics import silhouette_score

    part = labels[found.sample]
    if len(np.unique(part)) < 2:
        return None
    return float(silhouette_score(found.scale.points(customers[found.sample]), part))


def _logs(customers: pl.DataFrame) -> Matrix:
    return customers.select(pl.col(f).clip(lower_bound=0).log1p() for f in _FEATURES).to_numpy()


def _k_means(points: Matrix, k: int, seed: int, to_label: Matrix | None = None) -> Labels:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):  # sums of one thread come out the same every time
        fitted = KMeans(k, n_init=4, random_state=seed).fit(points)
        labels: Labels = fitted.predict(points if to_label is None else to_label).astype(np.int64)
    return labels


def _ward(points: Matrix, k: int) -> Labels:
    from scipy.cluster.hierarchy import fcluster, linkage

    labels: Labels = fcluster(linkage(points, "ward"), k, "maxclust").astype(np.int64) - 1
    return labels


def _agreement_of_resample(
    points: Matrix, labels: Labels, seed: int, rng: np.random.Generator
) -> float:
    from sklearn.metrics import adjusted_rand_score

    drawn = points[rng.integers(len(points), size=len(points))]
    again = _k_means(drawn, int(labels.max()) + 1, seed, points)
    return float(adjusted_rand_score(labels, again))


def _by_worth(labels: Labels, net: NDArray[np.int64]) -> Labels:
    """Renumber clusters by mean net revenue, greatest first, so that numbers mean something."""
    present = np.unique(labels)
    worth = [-net[labels == label].mean() for label in present]
    renumber = np.empty(int(present.max()) + 1, dtype=np.int64)
    renumber[present[np.argsort(worth, kind="stable")]] = np.arange(len(present))
    return renumber[labels]
