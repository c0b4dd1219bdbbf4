"""The test of who buys next."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cartwheel.core.random import stream
from cartwheel.stages.behaviour.backtest import auc, brier, score_methods


def customers(seed: int, size: int = 600) -> pl.DataFrame:
    """Who has ordered often buys again; recency says nothing."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(1, 20, size)
    return pl.DataFrame(
        {
            "recency_days": rng.integers(0, 300, size), "orders": orders,
            "net_minor": 1000 * orders, "segment": np.where(orders > 10, "loyal", "lost"),
            "cluster": rng.integers(0, 3, size), "bought": rng.random(size) < orders / 20,
        }
    )  # fmt: skip


def scores() -> dict[tuple[str, str], tuple[float, float, float]]:
    found = score_methods(customers(1), customers(2), rng=stream(0, "backtest"))
    return {(s.method, s.measure): (s.value, s.low, s.high) for s in found}


def test_what_foretells_beats_what_does_not():
    found = scores()
    assert found["rfm_segments", "AUC"][1] > found["recency", "AUC"][2]
    assert found["rfm_logit", "Brier"][2] < found["base_rate", "Brier"][1]
    assert found["base_rate", "AUC"] == (0.5, 0.5, 0.5)
    assert 0.4 < found["kmeans", "AUC"][0] < 0.6


def test_intervals_hold_their_value():
    assert all(low <= value <= high for value, low, high in scores().values())


def test_a_segment_nobody_was_in_before_gets_the_base_rate():
    test = customers(2).with_columns(segment=pl.lit("unheard of"))
    found = score_methods(customers(1), test, rng=stream(0, "backtest"))
    assert {s.value for s in found if (s.method, s.measure) == ("rfm_segments", "AUC")} == {0.5}


@pytest.mark.parametrize("bought", [True, False])
def test_a_period_in_which_all_or_nobody_bought_tests_nothing(bought):
    test = customers(2).with_columns(bought=pl.lit(bought))
    assert score_methods(customers(1), test, rng=stream(0, "backtest")) == []


def test_auc_and_brier_agree_with_scikit_learn():
    from sklearn.metrics import brier_score_loss, roc_auc_score

    rng = np.random.default_rng(5)
    rates, hits = rng.integers(0, 10, 300) / 10, rng.random(300) < 0.3
    times = rng.integers(0, 4, 300).astype(float)
    assert auc(rates, hits, times) == pytest.approx(roc_auc_score(hits, rates, sample_weight=times))
    assert brier(rates, hits, times) == pytest.approx(
        brier_score_loss(hits, rates, sample_weight=times)
    )
