"""Item-based nearest neighbours: products are alike when the same customers bought them.

Cosine of two products' columns with shrinkage, s(i, j) = n_ij / (sqrt(n_i n_j) + shrink), the
``neighbours`` nearest kept. A customer's score of a product is the sum of its similarities to
what the customer bought. Sum, not mean: with purchases there are no ratings to average, and the
mean ranks rare products first. Cost: the number of product pairs in baskets; memory is one block
of columns. Sources: Linden, Smith & York (2003), IEEE Internet Computing 7(1), 76-80; Deshpande &
Karypis (2004), ACM TOIS 22(1), 143-177; shrinkage: Bell & Koren (2007), ICDM. Fails for products
few have bought: they have no neighbours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cartwheel.stages.recommend.history import Matrix

_CELLS = 8_000_000  # similarities at a time: 64 MB


def cosine_neighbours(counts: Matrix, *, shrink: float = 0.0, neighbours: int = 100) -> Matrix:
    """Return similarities, products × products, about ``neighbours`` a column, none to itself.

    Parameters
    ----------
    counts
        Customers (or orders) × products; for 0/1 entries the formula above.
    shrink
        Added to the denominator, in customers: draws pairs with little evidence to zero.
    """
    columns = counts.tocsc()
    products = columns.shape[1]
    norms = np.sqrt(np.asarray(columns.multiply(columns).sum(axis=0)).ravel())
    across = columns.T.tocsr()
    width = max(1, _CELLS // max(products, 1))
    kept = []
    for start in range(0, products, width):
        block = slice(start, min(start + width, products))
        alike = (across @ columns[:, block]).toarray()
        alike /= np.maximum(norms[:, None] * norms[block] + shrink, 1e-12)
        alike[np.arange(block.start, block.stop), np.arange(alike.shape[1])] = 0.0
        kept.append(_nearest(alike, neighbours))
    return sparse.hstack(kept, format="csr", dtype=np.float32)


def _nearest(alike: NDArray[np.float64], neighbours: int) -> Matrix:
    """Return the columns with all but their greatest entries zero; ties at the edge stay."""
    if neighbours < len(alike):
        cut = len(alike) - neighbours
        alike[alike < np.partition(alike, cut, axis=0)[cut]] = 0.0
    return sparse.csc_matrix(alike, dtype=np.float32)
