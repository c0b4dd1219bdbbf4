"""Item-based nearest neighbours: products are alike when the same customers bought them.

Cosine of two products' columns with shrinkage, s(i, j) = n_ij / (sqrt(n_i n_j) + shrink), the
``neighbours`` nearest kept. A customer's score of a product is the sum of its similarities to
what the customer bought. Sum, not mean: with purchases there are no ratings to average, and the
mean ranks rare products first. Cost: the number of product pairs in baskets, at most ``PAIRS``:
beyond that the longest baskets are left out first, which say least about likeness and cost most;
memory is one block of pairs. Sources: Linden, Smith & York (2003), IEEE Internet Computing 7(1),
76-80; Deshpande & Karypis (2004), ACM TOIS 22(1), 143-177; shrinkage: Bell & Koren (2007), ICDM.
Fails for products few have bought: they have no neighbours.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cartwheel.stages.recommend.history import Matrix

PAIRS = 1_000_000_000  # products of two entries of a row at most
_CELLS = 8_000_000  # similarities at a time: 64 MB


def cosine_neighbours(
    counts: Matrix, *, shrink: float = 0.0, neighbours: int = 100, pairs: int = PAIRS
) -> Matrix:
    """Return similarities, products × products, about ``neighbours`` a column, none to itself.

    Parameters
    ----------
    counts
        Customers (or orders, or terms) × products; for 0/1 entries the formula above.
    shrink
        Added to the denominator, in customers: draws pairs with little evidence to zero.
    pairs
        Bound of the cost: the longest rows are left out until their squared lengths sum to it.
    """
    rows = _shortest_rows(counts.tocsr(), pairs)
    across = rows.T.tocsr()
    products = across.shape[0]
    norms = np.sqrt(np.asarray(across.multiply(across).sum(axis=1)).ravel())
    width = max(1, _CELLS // max(products, 1))
    kept = [sparse.csr_matrix((0, products), dtype=np.float32)]
    for start in range(0, products, width):
        alike = (across[start : start + width] @ rows).tocsr()
        row = np.repeat(np.arange(start, start + alike.shape[0]), np.diff(alike.indptr))
        alike.data /= np.maximum(norms[row] * norms[alike.indices] + shrink, 1e-12)
        alike.data[row == alike.indices] = 0.0
        kept.append(_nearest(alike, neighbours))
    return sparse.vstack(kept, format="csr", dtype=np.float32).T.tocsr()


def _shortest_rows(counts: Matrix, pairs: int) -> Matrix:
    """Return the rows without the longest, so that their squared lengths sum to ``pairs``."""
    length = np.diff(counts.indptr).astype(np.int64)
    order = np.argsort(length, kind="stable")
    within = np.cumsum(length[order] ** 2) <= pairs
    return counts if within.all() else counts[np.sort(order[within])]


def _nearest(alike: Matrix, neighbours: int) -> Matrix:
    """Return the rows with only their greatest entries; ties at the edge stay."""
    ends = alike.indptr
    for row in np.flatnonzero(np.diff(ends) > neighbours):  # a partition a product, not a sort
        values = alike.data[ends[row] : ends[row + 1]]
        cut = len(values) - neighbours
        values[values < np.partition(values, cut)[cut]] = 0.0
    alike.eliminate_zeros()
    return alike
