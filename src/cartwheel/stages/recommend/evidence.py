"""What a recommendation rests on: the known product that speaks most for it, and how loudly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.recommend.history import Matrix
from cartwheel.stages.recommend.model import Cases, Lists, Model
from cartwheel.stages.recommend.purchases import Integers

_PAIRS = 4_000_000  # (known, shown) pairs at a time
_CELLS = 8_000_000  # counts at a time


def responsible(model: Model, cases: Cases, lists: Lists) -> Integers:
    """Return for each shown product the profile's product that adds most to its score; -1 if none.

    Cost: the profiles' length times the lists' length.
    """
    found = np.full(lists.columns.shape, -1, dtype=np.int64)
    if model.weights is None:
        return found
    place = _places(model, int(lists.columns.max(initial=0)) + 1, cases.profile.shape[1])
    ends = cases.profile.indptr
    start = 0
    while start < len(found):
        most = ends[start] + _PAIRS // lists.columns.shape[1]
        stop = max(start + 1, int(np.searchsorted(ends, most, side="right")) - 1)
        found[start:stop] = _strongest(
            model, cases.profile[start:stop], lists.columns[start:stop], place
        )
        start = stop
    return found


def bought_together(counts: Matrix, left: Integers, right: Integers) -> Integers:
    """Return for each pair of columns the number of rows that hold both; -1 in a pair gives 0."""
    both = np.zeros(len(left), dtype=np.int64)
    real = np.flatnonzero((left >= 0) & (right >= 0))
    asked, place = np.unique(left[real], return_inverse=True)
    order = np.argsort(place, kind="stable")
    across = counts.T.tocsr()
    width = max(1, _CELLS // max(counts.shape[1], 1))
    for start in range(0, len(asked), width):
        first, last = np.searchsorted(place[order], [start, start + width])
        taken = real[order[first:last]]
        block = across[asked[start : start + width]] @ counts
        counted = block[place[order[first:last]] - start, right[taken]]
        both[taken] = np.asarray(counted).ravel().round()
    return both


def _places(model: Model, shown: int, known: int) -> Integers:
    if model.kept is None:
        return np.arange(max(shown, known))
    place = np.full(max(shown, known), -1, dtype=np.int64)
    place[model.kept] = np.arange(len(model.kept))
    return place


def _strongest(model: Model, profile: Matrix, shown: Integers, place: Integers) -> Integers:
    number, k = shown.shape
    length = np.diff(profile.indptr)
    row = np.repeat(np.arange(number), length)
    left = np.repeat(place[profile.indices], k)
    right = np.where(shown >= 0, place[np.maximum(shown, 0)], -1)[row].ravel()
    value = np.repeat(profile.data, k) * _weights_at(model.weights, left, right)
    value = value.reshape(-1, k)
    found = np.full((number, k), -1, dtype=np.int64)
    some = length > 0
    if not some.any():
        return found
    starts = profile.indptr[:-1][some]
    most = np.zeros((number, k))
    most[some] = np.maximum.reduceat(value, starts, axis=0)
    entry = np.where((value == most[row]) & (value > 0), np.arange(len(row))[:, None], len(row))
    first = np.minimum.reduceat(entry, starts, axis=0)
    known = np.append(profile.indices, -1)
    found[some] = known[first]
    return found


def _weights_at(weights: Any, left: Integers, right: Integers) -> NDArray[np.float32]:
    real = (left >= 0) & (right >= 0)
    values = np.zeros(len(left), dtype=np.float32)
    values[real] = np.asarray(weights[left[real], right[real]]).ravel()
    return values
