"""What is popular among customers of one country or channel: for those we know nothing else of.

A segment's shares of recent sales, drawn towards the shop's by ``_DRAWN`` orders' worth, so that a
small segment says little of its own (Dirichlet smoothing; Zhai & Lafferty 2004, ACM TOIS 22(2)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from cartwheel.stages.recommend.history import History, Matrix
from cartwheel.stages.recommend.purchases import Axis

ATTRIBUTES = ("country", "channel")
_SMALLEST = 30  # customers; a smaller segment gets the shop's list
_DRAWN = 50.0  # recent order lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Customers × segments, 1 where in; labels such as ("country", "France")."""

    members: Matrix
    labels: tuple[tuple[str, str], ...]

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the attributes that part the customers into two segments or more."""
        named = [attribute for attribute, _ in self.labels]
        return tuple(name for name in ATTRIBUTES if named.count(name) > 1)


def customer_segments(customers: pl.DataFrame, axis: Axis) -> Segments:
    """Return the segments of the customers on ``axis`` by what the ``customers`` table says."""
    known = pl.DataFrame({"customer_id": axis.ids}).join(
        customers.select("customer_id", *ATTRIBUTES), on="customer_id", how="left",
        maintain_order="left",
    )  # fmt: skip
    labels: list[tuple[str, str]] = []
    columns = []
    for attribute in ATTRIBUTES:
        sizes = known.group_by(attribute).len().drop_nulls().filter(pl.col("len") >= _SMALLEST)
        for value in sizes[attribute].sort():
            labels.append((attribute, value))
            columns.append((known[attribute] == value).fill_null(False).to_numpy())
    width = max(len(columns), 1)
    dense = np.stack(columns, axis=1) if columns else np.zeros((known.height, width), bool)
    return Segments(members=sparse.csr_matrix(dense, dtype=np.float32), labels=tuple(labels))


def segment_weights(history: History, segments: Segments, *, attribute: str) -> NDArray[np.float32]:
    """Return segments × products: smoothed shares of recent sales; zero for other attributes."""
    counts = (segments.members.T @ history.lately).toarray()
    overall = history.recent / max(history.recent.sum(), 1e-9)
    shares = (counts + _DRAWN * overall) / (counts.sum(axis=1, keepdims=True) + _DRAWN)
    others = [at for at, (name, _) in enumerate(segments.labels) if name != attribute]
    shares[others] = 0.0
    return np.asarray(shares, dtype=np.float32)
