"""Wilson's interval."""

from __future__ import annotations

import polars as pl
import pytest
from scipy.stats import binomtest

from cartwheel.stages.behaviour.interval import wilson


def ends(hits: int, cases: int) -> tuple[float, float]:
    low, high = wilson(pl.col("hits"), pl.col("cases"))
    frame = pl.DataFrame({"hits": [hits], "cases": [cases]}).select(low=low, high=high)
    return frame.row(0)


@pytest.mark.parametrize(("hits", "cases"), [(0, 10), (3, 10), (10, 10), (1, 1), (50, 1000)])
def test_the_ends_agree_with_scipy(hits, cases):
    theirs = binomtest(hits, cases).proportion_ci(0.90, "wilson")
    assert ends(hits, cases) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_no_case_has_no_interval():
    assert ends(0, 0) == (None, None)
