"""EASE: the linear item-to-item model with zero diagonal, in closed form.

B = argmin ||X - XB||² + ridge ||B||² with diag(B) = 0. With P = (XᵀX + ridge I)⁻¹,
B_ij = -P_ij / P_jj off the diagonal. Source: Steck (2019), Embarrassingly Shallow Autoencoders for
Sparse Data, WWW '19, 3251-3257, equation 8. Cost: products³ flops for the Cholesky inverse (5,000
products: about 3 s and 0.4 GB), whatever the number of customers; therefore a cap on products.
Fails for products few have bought, and does not see order in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from cartwheel.core.errors import InputError
from cartwheel.stages.recommend.history import Matrix


def fit_ease(counts: Matrix, *, ridge: float) -> NDArray[np.float32]:
    """Return the weights B, products × products; scores are ``profile @ B``.

    Parameters
    ----------
    counts
        Customers × products, 1 where bought.
    ridge
        Penalty on the weights, above zero; larger trusts rare pairs less.
    """
    return ease_of_gram((counts.T @ counts).toarray(), ridge=ridge)


def ease_of_gram(gram: NDArray[Any], *, ridge: float) -> NDArray[np.float32]:
    """Return the weights from ``XᵀX``; the input is not changed."""
    if ridge <= 0:
        raise InputError("The ridge of EASE must be above zero.", got=ridge)
    inverse = np.array(gram, dtype=np.float64, order="F")
    inverse[np.diag_indices_from(inverse)] += ridge
    factor, failed = lapack.dpotrf(inverse, lower=1, overwrite_a=1, clean=1)
    inverse, failed_too = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise InputError("XᵀX of EASE is not positive definite.", ridge=ridge)
    scale = -np.diag(inverse)
    weights = inverse + inverse.T  # dpotri fills the lower triangle only
    weights /= scale
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights, dtype=np.float32)
