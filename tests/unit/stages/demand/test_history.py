"""History is what was ordered, cut into equal periods that end on the turn's day."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from cartwheel.stages.demand import HistoryRules, daily_panel, order_demand, sales_panel
from cartwheel.stages.demand.history import choose_grain
from cartwheel.tables import table_contract

RULES = HistoryRules()
UNLISTED = pl.DataFrame(schema={"product_id": pl.String, "listed_on": pl.Date})
NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)


def lines(*rows: tuple[str, str | None, str, int, datetime]) -> pl.DataFrame:
    names = ["order_id", "customer_id", "product_id", "quantity", "ordered_at"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(line_no=pl.lit(1))
    return table_contract("order_lines").conform(frame)


def returns(*rows: tuple[str | None, str | None, str, int, datetime]) -> pl.DataFrame:
    names = ["order_id", "customer_id", "product_id", "quantity", "returned_at"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names) | {"order_id": pl.String}, orient="row")
    return table_contract("returns").conform(frame.with_row_index("return_id"))


def demand(ordered: pl.DataFrame, back: pl.DataFrame | None = None, zone: str = "UTC") -> list:
    back = table_contract("returns").empty() if back is None else back
    found = order_demand(ordered, back, time_zone=zone, rules=RULES)
    return found.select("product_id", "warehouse_id", "day", "quantity").rows()


def test_orders_of_a_day_are_added_up() -> None:
    ordered = lines(("o1", "c", "p", 2, NOON), ("o2", "c", "p", 3, NOON))
    assert demand(ordered) == [("p", "all", date(2024, 3, 4), 5.0)]


def test_the_day_is_the_shops_own() -> None:
    late = datetime(2024, 3, 4, 23, 30, tzinfo=UTC)
    ordered = lines(("o1", "c", "p", 2, late))
    assert demand(ordered, zone="Asia/Shanghai") == [("p", "all", date(2024, 3, 5), 2.0)]


def test_a_huge_order_cancelled_minutes_later_was_no_demand() -> None:
    ordered = lines(("o1", "c", "p", 80_995, NOON), ("o2", "d", "p", 4, NOON))
    back = returns((None, "c", "p", 80_995, NOON + timedelta(minutes=12)))
    assert demand(ordered, back) == [("p", "all", date(2024, 3, 4), 4.0)]


def test_a_cancellation_that_names_its_order_needs_no_customer() -> None:
    ordered = lines(("o1", None, "p", 7, NOON), ("o2", None, "p", 7, NOON))
    back = returns(("o1", None, "p", 7, NOON + timedelta(hours=1)))
    assert demand(ordered, back) == [("p", "all", date(2024, 3, 4), 7.0)]


@pytest.mark.parametrize(
    ("who", "quantity", "after"),
    [("c", 5, timedelta(days=9)), ("c", 4, timedelta(hours=1)), ("d", 5, timedelta(hours=1))],
)
def test_goods_that_come_back_otherwise_were_demanded(who, quantity, after) -> None:
    ordered = lines(("o1", "c", "p", 5, NOON))
    back = returns((None, who, "p", quantity, NOON + after))
    assert demand(ordered, back) == [("p", "all", date(2024, 3, 4), 5.0)]


def daily(*rows: tuple[str, date, float]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["product_id", "day", "quantity"], orient="row")
    return frame.with_columns(warehouse_id=pl.lit("all"))


def test_the_last_week_is_whole_and_ends_on_the_turns_day() -> None:
    on = date(2024, 3, 17)
    sold = daily(("a", date(2024, 2, 28), 9.0), ("a", date(2024, 3, 11), 1.0), ("a", on, 2.0))
    panel = daily_panel(sold, UNLISTED, on=on, days=7, rules=RULES)
    assert panel.starts_on == date(2024, 3, 4)
    assert panel.sold.tolist() == [[0.0, 3.0]]


def test_a_series_begins_with_its_first_sale_or_its_listing() -> None:
    on = date(2024, 3, 28)
    sold = daily(("a", date(2024, 3, 1), 1.0), ("b", date(2024, 3, 20), 1.0), ("c", on, 1.0))
    listed = pl.DataFrame(
        {"product_id": ["c"], "listed_on": [date(2024, 3, 9)]},
        schema={"product_id": pl.String, "listed_on": pl.Date},
    )
    panel = daily_panel(sold, listed, on=on, days=7, rules=RULES)
    assert panel.keys["product_id"].to_list() == ["a", "b", "c"]
    assert panel.first.tolist() == [0, 2, 1]


def test_dense_demand_is_forecast_by_day_and_sparse_demand_by_week() -> None:
    on = date(2024, 6, 28)
    days = [on - timedelta(days=back) for back in range(200)]
    dense = daily(*(("a", day, 1.0) for day in days))
    sparse = daily(*(("a", day, 1.0) for day in days[::5]))
    assert choose_grain(dense, on, RULES) == 1
    assert choose_grain(sparse, on, RULES) == 7
    assert choose_grain(sparse, on, HistoryRules(grain="day")) == 1


def test_sales_totals_keep_their_own_weeks_and_stock_flags() -> None:
    weeks = [date(2024, 1, 3) + timedelta(days=7 * i) for i in range(3)]
    sales = pl.DataFrame(
        {
            "product_id": ["p"] * 3,
            "warehouse_id": ["w"] * 3,
            "starts_on": weeks,
            "ends_on": [day + timedelta(days=6) for day in weeks],
            "quantity": [2, 0, 5],
            "is_stocked": [True, False, None],
        }
    )
    panel = sales_panel(table_contract("sales").conform(sales), UNLISTED, rules=RULES)
    assert (panel.days, panel.starts_on) == (7, weeks[0])
    assert panel.sold.tolist() == [[2.0, 0.0, 5.0]]
    assert panel.stocked.tolist() == [[1.0, 0.0, 1.0]]


def test_monthly_totals_are_not_taken() -> None:
    sales = pl.DataFrame(
        {
            "product_id": ["p"],
            "warehouse_id": ["all"],
            "starts_on": [date(2024, 1, 1)],
            "ends_on": [date(2024, 1, 31)],
            "quantity": [3],
        }
    )
    assert sales_panel(table_contract("sales").conform(sales), UNLISTED, rules=RULES) is None
