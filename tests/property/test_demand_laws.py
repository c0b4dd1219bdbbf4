"""Laws that hold for any demand."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cartwheel.stages.demand import BoostingRules, Forecaster, ForecastRules, Panel, uncensored
from cartwheel.stages.demand.baseline import moving_average, seasonal_average, seasonal_naive
from cartwheel.stages.demand.calibration import Cases, quantiles
from cartwheel.stages.demand.intermittent import croston, sba, tsb
from cartwheel.stages.demand.stockout import mask_from_levels
from cartwheel.tables import table_contract

CHEAP = (seasonal_naive, moving_average, croston, sba, tsb)
RULES = ForecastRules(
    horizon=6, judged=4, windows=3, step=4, boosting=BoostingRules(rounds=20, threads=1)
)
demands = arrays(np.int64, (4, 20), elements=st.integers(0, 50)).map(lambda a: a.astype(float))
flags = arrays(np.bool_, (4, 20))


def panel(sold: np.ndarray, stocked: np.ndarray | None = None, days: int = 7) -> Panel:
    return Panel(
        keys=pl.DataFrame({"product_id": [f"p{i:03d}" for i in range(len(sold))]}).with_columns(
            warehouse_id=pl.lit("all")
        ),
        starts_on=date(2024, 1, 1),
        days=days,
        sold=sold,
        demand=sold,
        stocked=np.ones(sold.shape) if stocked is None else stocked.astype(float),
        first=np.argmax(sold > 0, axis=1).astype(np.int64),
        drivers={},
    )


def shop(seed: int = 0, series: int = 60, periods: int = 40) -> np.ndarray:
    rng = np.random.default_rng(seed)
    level = rng.gamma(0.8, 8.0, size=(series, 1))
    sold = rng.poisson(level * rng.gamma(2.0, 0.5, size=(series, periods))).astype(float)
    sold[:, 0] += 1
    return sold


@given(demands, flags)
def test_a_stock_out_raises_demand_and_never_lowers_it(sold, stocked) -> None:
    filled = uncensored(panel(sold, stocked))
    assert (filled.demand >= filled.sold).all()
    assert (filled.demand[stocked] == sold[stocked]).all()


@given(demands, flags, st.integers(1, 19))
def test_what_is_filled_in_does_not_know_the_future(sold, stocked, origin) -> None:
    whole = panel(sold, stocked)
    np.testing.assert_array_equal(
        uncensored(whole).until(origin).demand, uncensored(whole.until(origin)).demand
    )


@given(demands)
def test_simple_methods_treat_every_series_by_itself(sold) -> None:
    whole = panel(sold)
    for method in CHEAP:
        apart = np.concatenate([method(whole.rows(np.array([i])), 3) for i in range(len(sold))])
        np.testing.assert_allclose(method(whole, 3), apart)


@given(demands)
def test_simple_methods_scale_with_demand(sold) -> None:
    for method in (*CHEAP, seasonal_average):
        for days in (1, 7):
            once, tenfold = panel(sold, days=days), panel(10 * sold, days=days)
            np.testing.assert_allclose(method(tenfold, 3), 10 * method(once, 3))


@given(
    arrays(np.float64, (40, 5), elements=st.floats(0.1, 100.0)),
    arrays(np.float64, (40, 5), elements=st.floats(0.0, 100.0)),
)
def test_quantiles_rise_with_their_level(mean, actual) -> None:
    size, spread = mean.mean(axis=1), np.ones(40)
    cases = [Cases(mean, actual, size, spread)]
    found = quantiles(mean, size, spread, cases, [np.arange(5)])
    assert (np.diff(found, axis=2) >= 0).all()
    assert (found >= 0).all()


@given(st.integers(0, 5))
@settings(max_examples=3, deadline=None)
def test_forecasts_keep_their_order(seed) -> None:
    whole = panel(shop(seed))
    found = Forecaster(whole, RULES).forecast(whole.periods)
    assert (np.diff(found.quantiles, axis=2) >= 0).all()
    assert (np.diff(found.total_quantiles, axis=2) >= 0).all()
    assert (np.diff(found.total_quantiles, axis=1) >= 0).all()
    assert (np.diff(found.total, axis=1) >= 0).all()
    assert (found.mean >= 0).all()


def test_the_future_never_changes_a_forecast_of_the_past() -> None:
    sold = shop()
    other = sold.copy()
    other[:, 30:] = 1000.0 - other[:, 30:]
    found = [Forecaster(panel(values), RULES).forecast(30) for values in (sold, other)]
    np.testing.assert_array_equal(found[0].mean, found[1].mean)
    np.testing.assert_array_equal(found[0].quantiles, found[1].quantiles)
    np.testing.assert_array_equal(found[0].total_quantiles, found[1].total_quantiles)


def test_the_same_panel_gives_the_same_forecast() -> None:
    whole = panel(shop(1))
    once, again = (Forecaster(whole, RULES).forecast(whole.periods) for _ in range(2))
    np.testing.assert_array_equal(once.mean, again.mean)
    np.testing.assert_array_equal(once.quantiles, again.quantiles)


def test_ten_times_the_demand_gives_about_ten_times_the_forecast() -> None:
    once, tenfold = (
        Forecaster(panel(factor * shop(2)), RULES).forecast(40) for factor in (1.0, 10.0)
    )
    np.testing.assert_allclose(tenfold.mean.sum(), 10 * once.mean.sum(), rtol=0.05)
    np.testing.assert_allclose(tenfold.quantiles.sum(), 10 * once.quantiles.sum(), rtol=0.05)


def test_a_method_that_serves_is_no_worse_than_the_simple_ones_where_it_was_judged() -> None:
    whole = panel(shop(3, series=200))
    choice = Forecaster(whole, RULES).forecast(whole.periods).choice
    cells = np.arange(200)
    chosen, baseline = (choice.error[at, cells] for at in (choice.chosen, choice.baseline))
    assert np.nanmean(chosen) <= np.nanmean(baseline)


def test_masks_only_ever_take_stock_away() -> None:
    whole = panel(shop(4, series=5), days=1)
    levels = table_contract("stock_levels").empty()
    np.testing.assert_array_equal(
        mask_from_levels(whole, levels, time_zone="UTC").stocked, whole.stocked
    )
    short = replace(whole, stocked=np.zeros(whole.stocked.shape))
    np.testing.assert_array_equal(
        mask_from_levels(short, levels, time_zone="UTC").stocked, short.stocked
    )
