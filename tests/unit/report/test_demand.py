"""The fan of the whole shop: as wide as its products have moved together."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from cartwheel.report import render_report
from cartwheel.report.sections.demand import demand
from cartwheel.report.sections.methods import compared
from cartwheel.report.speech import Speech
from unit.report.report_shop import conformed, report_data


def history(demand_of: np.ndarray) -> pl.DataFrame:
    series, periods = demand_of.shape
    first = date(2026, 1, 5)
    return conformed(
        "demand_history",
        [
            {
                "product_id": f"p{n}", "warehouse_id": "all", "days": 7, "is_stocked": True,
                "starts_on": first + timedelta(weeks=week), "sold": demand_of[n, week],
                "demand": demand_of[n, week],
            }
            for n in range(series)
            for week in range(periods)
        ],
    )  # fmt: skip


def half_width(**tables: pl.DataFrame) -> float:
    chart = demand(report_data(**tables), Speech("en", "GBP")).blocks[0]
    low, high = chart.spec["range"][0]
    return (high - low) / 2


ALONE = 1.6449 * (16 / 3.2897) * 5**0.5  # five series with q95 - q05 = 16
TOGETHER = 1.6449 * (16 / 3.2897) * 5


def test_series_that_vary_alone_add_up_by_squares() -> None:
    rng = np.random.default_rng(3)
    width = half_width(demand_history=history(rng.uniform(0, 100, (5, 200))))
    assert width == pytest.approx(ALONE, rel=0.15)


def test_series_that_move_together_add_up_plainly() -> None:
    rng = np.random.default_rng(3)
    same = np.tile(rng.uniform(0, 100, 60), (5, 1))
    assert half_width(demand_history=history(same)) == pytest.approx(TOGETHER, rel=0.01)


def test_without_a_past_the_wide_range_is_told() -> None:
    assert half_width() == pytest.approx(TOGETHER, rel=0.01)


def test_intervals_that_hold_too_much_are_no_better_than_a_fitting_baseline() -> None:
    shared = {
        "stage": "demand", "slice": "all", "measure": "coverage 90 %", "is_lower_better": False,
        "cases": 9,
    }  # fmt: skip
    scores = conformed(
        "demand_scores",
        [
            {"method": "wide", "value": 0.99, "is_baseline": False, "is_used": True, **shared},
            {"method": "plain", "value": 0.89, "is_baseline": True, "is_used": False, **shared},
        ],
    )
    wide = compared(scores).filter(method="wide").to_dicts()[0]
    assert wide["gain"] == pytest.approx(-0.08)
    html = render_report(report_data(demand_scores=scores), "en")
    assert "+11.2\u00a0% worse" in html
