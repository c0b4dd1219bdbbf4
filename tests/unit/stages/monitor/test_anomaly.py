"""Alert rules: what they see, what they leave alone, and that they never look ahead."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.core.interval import wilson
from cartwheel.stages.monitor.alerts import find_alerts
from cartwheel.stages.monitor.anomaly import WatchRule, seasonal_watch, sigma_watch
from cartwheel.stages.monitor.scores import score_watches
from cartwheel.tables import table_contract


def busy_weekends(days: int = 200, seed: int = 1) -> np.ndarray:
    """Figures with a strong week: weekends sell three times as much."""
    rng = np.random.default_rng(seed)
    level = np.where(np.arange(days) % 7 >= 5, 300.0, 100.0)
    return level + rng.normal(0, 5, days)


def test_a_quiet_saturday_is_seen_though_it_is_an_ordinary_weekday_value() -> None:
    values = busy_weekends()
    weekend = max(place for place in range(190, 200) if place % 7 >= 5)
    values[weekend] = 100.0
    seasonal = seasonal_watch(pl.Series(values), WatchRule())
    simple = sigma_watch(pl.Series(values), WatchRule())
    assert seasonal["is_alert"][weekend]
    assert not simple["is_alert"][weekend]


def test_ordinary_weeks_raise_next_to_no_alerts() -> None:
    watched = seasonal_watch(pl.Series(busy_weekends(700)), WatchRule())
    assert watched["is_alert"].mean() < 0.01


def test_a_judgement_depends_on_the_past_only() -> None:
    values = busy_weekends()
    short = seasonal_watch(pl.Series(values[:150]), WatchRule())
    whole = seasonal_watch(pl.Series(values), WatchRule())
    assert whole[:150].equals(short)


def test_short_series_raise_no_alert() -> None:
    watched = seasonal_watch(pl.Series([1.0, 2.0, 1000.0]), WatchRule())
    assert not watched["is_alert"].any()
    assert watched["score"].null_count() == 3


def test_missing_values_are_passed_over() -> None:
    values = busy_weekends().tolist()
    values[50:60] = [None] * 10
    watched = seasonal_watch(pl.Series(values), WatchRule())
    assert not watched["is_alert"][50:60].any()
    assert watched["score"][-1] is not None


@pytest.mark.parametrize("wrong", [{"season": 0}, {"seasons": 3}, {"threshold": 0}])
def test_impossible_rules_are_refused(wrong: dict) -> None:
    with pytest.raises(InputError):
        WatchRule(**wrong)


def daily_kpis(values: np.ndarray, on: date, unit: str = "minor") -> pl.DataFrame:
    days = pl.date_range(on - timedelta(days=len(values) - 1), on, eager=True)
    return table_contract("kpis").conform(
        pl.DataFrame({"starts_on": days, "value": values}).with_columns(
            kpi=pl.lit("revenue"), period=pl.lit("day"), unit=pl.lit(unit), is_partial=False
        )
    )


def test_alerts_of_whole_recent_periods_only() -> None:
    on = date(2026, 6, 30)
    values = busy_weekends()
    values[100] = 5000.0  # long ago
    values[-3] = 5000.0
    kpis = daily_kpis(values, on)
    alerts = find_alerts(kpis, on, recent_days=28)
    assert alerts["starts_on"].to_list() == [on - timedelta(days=2)]
    assert alerts["low"][0] >= 0
    partial = kpis.with_columns(is_partial=pl.col("starts_on") == on - timedelta(days=2))
    assert find_alerts(partial, on, recent_days=28).is_empty()


def test_scores_of_both_rules_stand_side_by_side() -> None:
    on = date(2026, 6, 30)
    scores = score_watches(daily_kpis(busy_weekends(300), on), on)
    table_contract("monitor_scores").check(scores)
    found = scores.filter(measure="found 30 % off").sort("is_baseline")
    assert found["is_baseline"].to_list() == [False, True]
    assert found["cases"][0] == found["cases"][1] == 182
    assert found["value"][0] > 0.95
    assert found["value"][1] < 0.2


def test_too_short_a_history_is_not_scored() -> None:
    assert score_watches(
        daily_kpis(busy_weekends(40), date(2026, 6, 30)), date(2026, 6, 30)
    ).is_empty()


def test_wilson_interval_of_nothing_found_starts_at_zero() -> None:
    low, high = wilson(0, 100)
    assert low == 0
    assert 0.02 < high < 0.03


def test_expected_shares_stay_between_nothing_and_all() -> None:
    on = date(2026, 6, 30)
    rng = np.random.default_rng(2)
    values = np.minimum(98 + rng.normal(0, 2, 200), 100)
    values[-1] = 50.0
    alert = find_alerts(daily_kpis(values, on, unit="%"), on, recent_days=7).to_dicts()[0]
    assert alert["starts_on"] == on
    assert alert["expected"] <= alert["high"] == 100
