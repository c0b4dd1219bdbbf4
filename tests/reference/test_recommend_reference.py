"""Second implementations and published formulas for the recommend stage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from cartwheel.stages.recommend import cosine_neighbours, fit_ease, rank_quality

SEEDS = st.integers(0, 2**32 - 1)


def purchases_of(seed: int, customers: int = 30, products: int = 8) -> np.ndarray:
    return (np.random.default_rng(seed).random((customers, products)) < 0.3).astype(np.float32)


def constrained_least_squares(counts: np.ndarray, ridge: float) -> np.ndarray:
    """Steck (2019), equation 1, column by column: leave the product out and solve for the rest."""
    number = counts.shape[1]
    weights = np.zeros((number, number))
    for column in range(number):
        rest = np.delete(np.arange(number), column)
        x = counts[:, rest].astype(float)
        left = x.T @ x + ridge * np.eye(number - 1)
        weights[rest, column] = np.linalg.solve(left, x.T @ counts[:, column])
    return weights


@given(seed=SEEDS, ridge=st.floats(0.1, 100))
@settings(max_examples=40, deadline=None)
def test_ease_solves_the_constrained_least_squares_of_steck_2019(seed, ridge):
    counts = purchases_of(seed)
    weights = fit_ease(sparse.csr_matrix(counts), ridge=ridge)
    assert weights == pytest.approx(constrained_least_squares(counts, ridge), abs=1e-5)


def test_ease_of_two_products_by_hand():
    """XᵀX = [[2, 1], [1, 3]], ridge 1: B_01 = n_01 / (n_0 + 1) = 1/3, B_10 = 1 / (3 + 1)."""
    counts = np.array([[1, 1], [1, 0], [0, 1], [0, 1]], np.float32)
    weights = fit_ease(sparse.csr_matrix(counts), ridge=1.0)
    assert weights == pytest.approx(np.array([[0, 1 / 3], [1 / 4, 0]]), abs=1e-7)


@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_cosine_neighbours_agree_with_scikit_learn(seed):
    from sklearn.metrics.pairwise import cosine_similarity

    counts = purchases_of(seed)
    expected = cosine_similarity(counts.T)
    np.fill_diagonal(expected, 0)
    found = cosine_neighbours(sparse.csr_matrix(counts), shrink=0.0)
    assert found.toarray() == pytest.approx(expected, abs=1e-6)


@given(seed=SEEDS, kept=st.integers(1, 7))
@settings(max_examples=30, deadline=None)
def test_neighbours_kept_are_the_nearest(seed, kept):
    counts = np.random.default_rng(seed).random((30, 8)).astype(np.float32)  # no ties
    whole = cosine_neighbours(sparse.csr_matrix(counts)).toarray()
    found = cosine_neighbours(sparse.csr_matrix(counts), neighbours=kept).toarray()
    assert ((found > 0).sum(axis=0) == kept).all()
    assert np.sort(found, axis=0)[-kept:] == pytest.approx(np.sort(whole, axis=0)[-kept:])


def test_shrinkage_by_hand():
    """n_01 = 1, n_0 = 2, n_1 = 3, shrink 10: 1 / (sqrt(6) + 10)."""
    counts = sparse.csr_matrix(np.array([[1, 1], [1, 0], [0, 1], [0, 1]], np.float32))
    found = cosine_neighbours(counts, shrink=10.0).toarray()
    assert found[0, 1] == pytest.approx(1 / (6**0.5 + 10), rel=1e-6)


@given(seed=SEEDS, k=st.integers(2, 12))
@settings(max_examples=40, deadline=None)
def test_ndcg_agrees_with_scikit_learn(seed, k):
    from sklearn.metrics import ndcg_score

    rng = np.random.default_rng(seed)
    wanted = (rng.random((20, 12)) < 0.3).astype(float)
    wanted[:, 0] = 1
    scores = rng.random((20, 12))
    top = np.argsort(-scores, axis=1)[:, :k]
    found = rank_quality(top, sparse.csr_matrix(wanted))
    assert found.ndcg.mean() == pytest.approx(ndcg_score(wanted, scores, k=k))
