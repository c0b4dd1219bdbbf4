"""Demand methods against worked examples and second implementations."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from cartwheel.stages.demand import Panel, classify
from cartwheel.stages.demand.baseline import moving_average, seasonal_average, seasonal_naive
from cartwheel.stages.demand.intermittent import croston, sba, tsb
from cartwheel.stages.demand.score import (
    mean_squared_scaled,
    naive_scale,
    pinball,
    weighted_mean,
)

INTERMITTENT = [0.0, 0.0, 3.0, 0.0, 5.0, 0.0, 0.0, 0.0, 2.0, 0.0]


def panel(rows: list[list[float]], days: int = 7) -> Panel:
    sold = np.asarray(rows, dtype=float)
    return Panel(
        keys=pl.DataFrame({"product_id": [f"p{i}" for i in range(len(sold))]}).with_columns(
            warehouse_id=pl.lit("all")
        ),
        starts_on=date(2024, 1, 1),
        days=days,
        sold=sold,
        demand=sold,
        stocked=np.ones(sold.shape),
        first=np.zeros(len(sold), dtype=np.int64),
        drivers={},
    )


def test_croston_by_hand() -> None:
    """Croston (1972): sizes 3, 5, 2 and intervals 3, 2, 4, both smoothed with 0.1.

    Size: 3, 3.2, 3.08. Interval: 3, 2.9, 3.01.
    """
    assert croston(panel([INTERMITTENT]), 2)[0] == pytest.approx([3.08 / 3.01] * 2)


def test_the_syntetos_boylan_approximation_by_hand() -> None:
    """Syntetos & Boylan (2005): Croston's forecast times 1 - 0.1 / 2."""
    assert sba(panel([INTERMITTENT]), 1)[0] == pytest.approx([0.95 * 3.08 / 3.01])


def test_teunter_syntetos_babai_by_hand() -> None:
    """Teunter, Syntetos & Babai (2011): begins with chance 1/3 and size 3, then smooths by 0.1.

    Chance: 1/3, .3, .37, .333, .2997, .26973, .342757, .3084813. Size: 3, 3.2, 3.08.
    """
    assert tsb(panel([INTERMITTENT]), 1)[0] == pytest.approx([0.3084813 * 3.08])


def test_croston_and_sba_agree_with_statsforecast() -> None:
    from statsforecast.models import CrostonClassic, CrostonSBA

    rng = np.random.default_rng(3)
    rows = rng.poisson(0.4, size=(20, 60)) * rng.integers(1, 9, size=(20, 60))
    rows[:, 5] = 2
    ours = croston(panel(rows.tolist()), 1)[:, 0], sba(panel(rows.tolist()), 1)[:, 0]
    for forecast, model in zip(ours, (CrostonClassic(), CrostonSBA()), strict=True):
        theirs = [model.forecast(row.astype(float), h=1)["mean"][0] for row in rows]
        np.testing.assert_allclose(forecast, theirs, rtol=1e-6)


def test_baselines_agree_with_statsforecast() -> None:
    from statsforecast.models import SeasonalNaive, SeasonalWindowAverage, WindowAverage

    rows = np.random.default_rng(4).poisson(5.0, size=(6, 70)).astype(float)
    days = panel(rows.tolist(), days=1)
    for ours, model in (
        (seasonal_naive, SeasonalNaive(season_length=7)),
        (moving_average, WindowAverage(window_size=56)),
        (seasonal_average, SeasonalWindowAverage(season_length=7, window_size=8)),
    ):
        theirs = [model.forecast(row, h=10)["mean"] for row in rows]
        np.testing.assert_allclose(ours(days, 10), theirs)


@pytest.mark.parametrize(
    ("demand", "kind"),
    [
        ([5.0, 6.0, 5.0, 6.0] * 3, "smooth"),
        ([1.0, 20.0, 1.0, 2.0] * 3, "erratic"),
        ([0.0, 5.0, 0.0, 6.0] * 3, "intermittent"),
        ([0.0, 30.0, 0.0, 1.0] * 3, "lumpy"),
        ([0.0] * 10 + [1.0, 1.0], "new"),
        ([5.0, 5.0, 5.0] + [0.0] * 30, "dormant"),
    ],
)
def test_kinds_of_demand(demand: list[float], kind: str) -> None:
    """Syntetos, Boylan & Croston (2005): cut-offs 1.32 periods and 0.49."""
    assert classify(panel([demand])).demand_class.tolist() == [kind]


def test_the_cut_off_of_the_interval_is_1_32() -> None:
    """25 demands in 33 periods are 1.32 periods apart, in 34 more."""
    regular = [1.0] * 24 + [0.0] * 8 + [1.0]
    rarer = [1.0] * 24 + [0.0] * 9 + [1.0]
    assert classify(panel([regular])).demand_class.tolist() == ["smooth"]
    assert classify(panel([rarer])).demand_class.tolist() == ["intermittent"]


def test_the_cut_off_of_the_variation_is_0_49() -> None:
    """Sizes 3 and 17 about a mean of 10 have a squared variation of 0.49; 2 and 18 more."""
    assert classify(panel([[3.0, 17.0] * 4])).demand_class.tolist() == ["smooth"]
    assert classify(panel([[2.0, 18.0] * 4])).demand_class.tolist() == ["erratic"]


def test_rmsse_by_hand() -> None:
    """Changes 2, -1, 3 have mean square 14/3; errors 1 and 3 have mean square 5."""
    past = panel([[1.0, 3.0, 2.0, 5.0]])
    scale = naive_scale(past)
    assert scale == pytest.approx([14 / 3])
    error = mean_squared_scaled(
        np.array([[4.0, 8.0]]), np.array([[5.0, 5.0]]), scale, np.ones((1, 2), dtype=bool)
    )
    assert error == pytest.approx([5 / (14 / 3)])


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # in utilsforecast's docstrings
def test_rmsse_and_pinball_agree_with_utilsforecast() -> None:
    from utilsforecast.losses import quantile_loss, rmsse

    rng = np.random.default_rng(5)
    past = rng.poisson(4.0, size=(5, 30)).astype(float) + 1.0
    actual, forecast = rng.poisson(4.0, size=(2, 5, 8)).astype(float)
    ids = np.arange(5).repeat(8)
    frame = pl.DataFrame(
        {"unique_id": ids, "ds": np.tile(np.arange(30, 38), 5), "y": actual.ravel()}
    ).with_columns(m=pl.Series(forecast.ravel()))
    train = pl.DataFrame(
        {"unique_id": np.arange(5).repeat(30), "ds": np.tile(np.arange(30), 5), "y": past.ravel()}
    )
    theirs = rmsse(frame, ["m"], seasonality=1, train_df=train).sort("unique_id")["m"]
    ours = mean_squared_scaled(
        actual, forecast, naive_scale(panel(past.tolist())), np.ones((5, 8), dtype=bool)
    )
    np.testing.assert_allclose(np.sqrt(ours), theirs)
    losses = quantile_loss(frame, {"m": "m"}, q=0.9).sort("unique_id")["m"]
    found = pinball(actual, forecast[..., None], [0.9]).mean(axis=1)
    np.testing.assert_allclose(found, 2 * np.asarray(losses))


def test_weights_leave_out_what_is_unknown() -> None:
    values = np.array([1.0, np.nan, 3.0])
    assert weighted_mean(values, np.array([1.0, 5.0, 3.0])) == pytest.approx(2.5)
