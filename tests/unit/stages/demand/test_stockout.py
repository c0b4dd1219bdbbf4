"""A stock-out is no zero: demand there is estimated from stocked periods before it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from cartwheel.stages.demand import mask_from_levels, uncensored
from cartwheel.tables import table_contract

START = datetime(2024, 1, 1, 9, tzinfo=UTC)


def levels(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    """Rows of product, warehouse, day after the start, units on hand."""
    frame = pl.DataFrame(
        [(p, w, START + timedelta(days=d), q) for p, w, d, q in rows],
        schema=["product_id", "warehouse_id", "counted_at", "on_hand"],
        orient="row",
    )
    return table_contract("stock_levels").conform(frame)


def test_a_stock_out_is_filled_with_the_mean_of_stocked_periods_before(panel_of) -> None:
    panel = uncensored(panel_of([[4, 6, 0, 5]], stocked=[[1, 1, 0, 1]]))
    assert panel.demand.tolist() == [[4.0, 6.0, 5.0, 5.0]]
    assert panel.sold.tolist() == [[4.0, 6.0, 0.0, 5.0]]


def test_days_are_filled_with_the_same_weekday(panel_of) -> None:
    fortnight = [1, 2, 3, 4, 5, 6, 7] * 2
    stocked = [1] * 14
    fortnight[9] = 0
    stocked[9] = 0
    panel = uncensored(panel_of([fortnight], days=1, stocked=[stocked]))
    assert panel.demand[0, 9] == 3.0


def test_a_period_short_of_stock_in_part_is_filled_in_part(panel_of) -> None:
    panel = uncensored(panel_of([[8, 8, 5]], stocked=[[1, 1, 0.75]]))
    assert panel.demand[0, 2] == 7.0  # 5 sold in three quarters, 8 a period in stock


def test_a_stock_out_before_any_stocked_period_stays_as_sold(panel_of) -> None:
    panel = uncensored(panel_of([[0, 3, 4]], stocked=[[0, 1, 1]]))
    assert panel.demand.tolist() == [[0.0, 3.0, 4.0]]


def test_a_count_of_zero_holds_until_the_next_count(panel_of) -> None:
    panel = panel_of([[3, 0, 0, 2]], days=1)
    masked = mask_from_levels(
        panel, levels(("p0", "w", 0, 9), ("p0", "w", 1, 0), ("p0", "w", 3, 4)), time_zone="UTC"
    )
    assert masked.stocked.tolist() == [[1.0, 0.0, 0.0, 1.0]]


def test_a_sale_after_the_count_shows_that_there_was_stock(panel_of) -> None:
    panel = panel_of([[3, 0, 2, 0]], days=1)
    masked = mask_from_levels(panel, levels(("p0", "w", 1, 0)), time_zone="UTC")
    assert masked.stocked.tolist() == [[1.0, 0.0, 1.0, 0.0]]


def test_without_warehouses_all_of_them_must_be_empty(panel_of) -> None:
    panel = panel_of([[1, 0, 0, 0]], days=1)
    masked = mask_from_levels(
        panel, levels(("p0", "a", 1, 0), ("p0", "b", 0, 5), ("p0", "b", 2, 0)), time_zone="UTC"
    )
    assert masked.stocked.tolist() == [[1.0, 1.0, 0.0, 0.0]]


def test_a_series_of_a_warehouse_follows_its_own_counts(panel_of) -> None:
    panel = panel_of([[1, 0], [1, 0]], days=1)
    keys = pl.DataFrame({"product_id": ["p", "p"], "warehouse_id": ["a", "b"]})
    masked = mask_from_levels(
        replace(panel, keys=keys), levels(("p", "a", 1, 0), ("p", "b", 1, 3)), time_zone="UTC"
    )
    assert masked.stocked.tolist() == [[1.0, 0.0], [1.0, 1.0]]


def test_a_week_is_short_by_the_share_of_its_days(panel_of) -> None:
    panel = panel_of([[7, 7]], days=7)
    masked = mask_from_levels(panel, levels(("p0", "w", 9, 0), ("p0", "w", 10, 6)), time_zone="UTC")
    np.testing.assert_allclose(masked.stocked, [[1.0, 6 / 7]])
