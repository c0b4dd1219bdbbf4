"""The one form all methods here have, so that all are scored, ranked and explained alike.

score(u, i) = max(0, sum over j of profile(u, j) · weight(j, i)) · lift(i)
            + repeats · log(1 + orders of u with i) · appeal(i) + floor · prior(i)

Popularity has only the last term, repurchase only the last two, kNN and EASE the first and, far
below it, the last: nobody gets an empty list, and equal scores go to the more popular product.
Cost: per case the profile's length times the products; memory is one block of cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.recommend.history import Matrix
from cartwheel.stages.recommend.purchases import Integers

Vector = NDArray[np.float32]
_CELLS = 16_000_000  # scores at a time: 64 MB
_FAINT = 1e-6  # the popular, below everything else


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A method ready to score; vectors have one element a product."""

    method: str
    prior: Vector
    weights: Any = None  # sparse or dense; rows are profile columns, columns are products
    kept: Integers | None = None  # the products ``weights`` is over; None for all
    lift: Vector
    repeats: float = 0.0
    appeal: Vector
    floor: float = _FAINT

    def score(self, cases: Cases) -> Vector:
        """Return cases × products."""
        scores = np.tile(np.float32(self.floor) * self.prior, (cases.profile.shape[0], 1))
        if self.weights is not None:
            over = slice(None) if self.kept is None else self.kept
            taste = self.taste(cases.profile)
            taste *= self.lift[over]
            scores[:, over] += taste
        if self.repeats and cases.own is not None:
            scores += cases.own.log1p().toarray() * (self.repeats * self.appeal)
        return scores

    def taste(self, profile: Matrix) -> Vector:
        """Return the first term before its lift, over the products kept."""
        known = profile if self.kept is None else profile[:, self.kept]
        product = known @ self.weights
        dense = product.toarray() if hasattr(product, "toarray") else product
        taste = np.asarray(dense, dtype=np.float32)
        return np.maximum(taste, 0, out=taste)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Whom to score: a profile each, what they know, and what must not be shown to them."""

    profile: Matrix
    own: Matrix | None = None  # what they may come back to; None where there is no such thing
    hidden: Matrix | None = None  # nonzero: not to be shown

    def part(self, rows: slice | Integers) -> Cases:
        """Return some of the cases."""
        return Cases(
            profile=self.profile[rows],
            own=None if self.own is None else self.own[rows],
            hidden=None if self.hidden is None else self.hidden[rows],
        )

    def blocks(self) -> Iterator[tuple[int, Cases]]:
        """Yield parts that fit in memory, each with its first row."""
        number, products = self.profile.shape
        height = max(1, _CELLS // max(products, 1))
        for start in range(0, number, height):
            yield start, self.part(slice(start, start + height))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The first k products of each case; -1 and -inf where there are fewer."""

    columns: Integers
    scores: Vector


def top_lists(
    model: Model, cases: Cases, k: int, *, allowed: NDArray[np.bool_] | None = None
) -> Lists:
    """Rank products for every case: highest score first, then the lower column.

    ``allowed`` has one element a product; what it forbids is shown to nobody.
    """
    columns = np.full((cases.profile.shape[0], k), -1, dtype=np.int64)
    values = np.full(columns.shape, -np.inf, dtype=np.float32)
    for start, part in cases.blocks():
        scores = model.score(part)
        if allowed is not None:
            scores[:, ~allowed] = -np.inf
        if part.hidden is not None:
            rows, hidden = part.hidden.nonzero()
            scores[rows, hidden] = -np.inf
        best = first_columns(scores, k)
        stop = start + len(scores)
        values[start:stop, : best.shape[1]] = np.take_along_axis(scores, best, axis=1)
        columns[start:stop, : best.shape[1]] = best
    columns[np.isneginf(values)] = -1
    return Lists(columns=columns, scores=values)


def first_columns(scores: Vector, k: int) -> Integers:
    """Return the k best columns of each row, equal scores by column; O(columns) a row.

    A partition is quick but breaks ties at its edge as it likes; rows with a tie there are sorted.
    """
    width = scores.shape[1]
    k = min(k, width)
    best = np.argpartition(scores, width - k, axis=1)[:, width - k :] if k < width else None
    if best is None:
        return np.argsort(-scores, axis=1, kind="stable")
    best.sort(axis=1)
    kept = np.take_along_axis(scores, best, axis=1)
    tied = (scores >= kept.min(axis=1, keepdims=True)).sum(axis=1) > k
    order = np.argsort(-kept, axis=1, kind="stable")
    best = np.take_along_axis(best, order, axis=1)
    if tied.any():
        best[tied] = np.argsort(-scores[tied], axis=1, kind="stable")[:, :k]
    return best
