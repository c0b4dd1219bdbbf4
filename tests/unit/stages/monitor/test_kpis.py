"""Key figures on a shop small enough to reckon by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from cartwheel.stages.monitor.calculate import compute_kpis
from cartwheel.stages.monitor.definitions import KPIS
from cartwheel.stages.monitor.facts import NEEDS, Shop
from cartwheel.tables import table_contract
from cartwheel.tables.demand import COVERAGES, WEIGHTED_RMSSE
from conftest import ROOT
from fakes import MemoryInputs

ON = date(2026, 1, 18)  # a Sunday


def at(day: int, hour: int = 12) -> datetime:
    """An instant in January 2026; the 5th and the 12th are Mondays."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def lines(*rows: tuple) -> pl.DataFrame:
    names = ["order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price_minor"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    number = pl.int_range(pl.len()).over("order_id") + 1
    return frame.with_columns(line_no=number, currency=pl.lit("GBP"))


ORDER_LINES = lines(
    ("o1", "c1", at(5), "p1", 2, 1000),
    ("o1", "c1", at(5), "p2", 1, 500),
    ("o2", "c2", at(6), "p1", 1, 1000),
    ("o3", None, at(13), "p2", 4, 500),
    ("o4", "c1", at(14), "p1", 3, 900),
    ("o5", "c3", at(14), "p1", 1, 900),
)
PRODUCTS = pl.DataFrame({"product_id": ["p1", "p2"], "cost_minor": [600, None], "currency": "GBP"})


def value_of(kpi: str, period: str, starts_on: date, **tables: pl.DataFrame) -> float | None:
    found = computed(**tables).filter(kpi=kpi, period=period, starts_on=starts_on)
    assert found.height == 1, f"{kpi} has {found.height} rows for {period} {starts_on}"
    return found["value"][0]


def computed(on: date = ON, time_zone: str = "UTC", **tables: pl.DataFrame) -> pl.DataFrame:
    inputs = MemoryInputs(on, tables)
    read = lambda name: inputs.scan(name) if inputs.has(name) else None  # noqa: E731
    shop = Shop(on=on, time_zone=time_zone, currency="GBP")
    return table_contract("kpis").check(compute_kpis(read, shop).values)


@pytest.mark.parametrize(
    ("kpi", "first_week", "second_week"),
    [
        ("revenue", 3500, 5600),
        ("orders", 2, 3),
        ("units", 4, 8),
        ("average_order_value", 1750, 5600 / 3),
        ("items_per_order", 2, 8 / 3),
        ("customers", 2, 2),
        ("new_customers", 2, 1),
        ("repeat_rate", 0, 50),
        ("gross_margin", 3 * 400, 4 * 300),
        ("margin_rate", 100 * 1200 / 3000, 100 * 1200 / 3600),
    ],
)
def test_weekly_sales_figures_are_exact(kpi: str, first_week: float, second_week: float) -> None:
    tables = {"order_lines": ORDER_LINES, "products": PRODUCTS}
    assert value_of(kpi, "week", date(2026, 1, 5), **tables) == pytest.approx(first_week)
    assert value_of(kpi, "week", date(2026, 1, 12), **tables) == pytest.approx(second_week)


def test_a_day_without_orders_sold_nothing_and_has_no_order_value() -> None:
    assert value_of("revenue", "day", date(2026, 1, 7), order_lines=ORDER_LINES) == 0
    assert value_of("average_order_value", "day", date(2026, 1, 7), order_lines=ORDER_LINES) is None


def test_cancelled_orders_do_not_sell() -> None:
    orders = pl.DataFrame(
        {
            "order_id": ["o1", "o2"],
            "ordered_at": [at(5), at(6)],
            "status": ["cancelled", "delivered"],
            "currency": "GBP",
        }
    )
    tables = {"order_lines": ORDER_LINES, "orders": orders}
    assert value_of("revenue", "week", date(2026, 1, 5), **tables) == 1000
    assert value_of("cancellation_rate", "week", date(2026, 1, 5), **tables) == 50


def test_other_currencies_are_left_out() -> None:
    foreign = lines(("o9", "c9", at(5), "p1", 1, 99_999)).with_columns(currency=pl.lit("USD"))
    both = pl.concat([ORDER_LINES, foreign])
    assert value_of("revenue", "week", date(2026, 1, 5), order_lines=both) == 3500


def test_days_are_cut_in_the_shops_time_zone() -> None:
    late = lines(("o1", "c1", at(5, 23), "p1", 1, 700))
    shanghai = computed(order_lines=late, time_zone="Asia/Shanghai").filter(kpi="revenue")
    assert shanghai.filter(period="day")["starts_on"][0] == date(2026, 1, 6)


def test_periods_the_data_do_not_cover_are_partial() -> None:
    found = computed(order_lines=ORDER_LINES, on=date(2026, 1, 16)).filter(kpi="revenue")
    weeks = found.filter(period="week").sort("starts_on")
    assert weeks["is_partial"].to_list() == [False, True]
    assert found.filter(period="month")["is_partial"].to_list() == [True]


def test_a_table_no_longer_fed_ends_there_instead_of_counting_zeros() -> None:
    found = computed(order_lines=ORDER_LINES, on=date(2026, 3, 1)).filter(kpi="revenue")
    assert found.filter(period="day")["starts_on"].max() == date(2026, 1, 14)


def test_returns_are_set_against_units_sold() -> None:
    returns = pl.DataFrame(
        {
            "return_id": ["r1"],
            "product_id": ["p1"],
            "returned_at": [at(13)],
            "quantity": [2],
            "refund_minor": [2000],
            "currency": ["GBP"],
        }
    )
    tables = {"order_lines": ORDER_LINES, "returns": returns}
    assert value_of("return_rate", "week", date(2026, 1, 12), **tables) == 25
    assert value_of("refunds", "day", date(2026, 1, 13), **tables) == 2000


def test_weekly_totals_alone_give_weeks_but_no_days() -> None:
    sales = pl.DataFrame(
        {
            "product_id": ["p1", "p1"],
            "warehouse_id": "all",
            "starts_on": [date(2026, 1, 5), date(2026, 1, 12)],
            "ends_on": [date(2026, 1, 11), date(2026, 1, 18)],
            "quantity": [10, 20],
            "revenue_minor": [1000, 3000],
            "currency": "GBP",
            "is_stocked": [True, False],
        }
    )
    found = computed(sales=sales)
    assert set(found["period"]) == {"week", "month"}
    weeks = found.filter(kpi="revenue", period="week").sort("starts_on")
    assert weeks["value"].to_list() == [1000, 3000]
    assert weeks["is_partial"].to_list() == [False, False]
    service = found.filter(kpi="service_level", period="week").sort("starts_on")
    assert service["value"].to_list() == [100, 0]


def counts(*rows: tuple) -> pl.DataFrame:
    names = ["product_id", "warehouse_id", "counted_at", "on_hand"]
    return pl.DataFrame(rows, schema=names, orient="row")


STOCK = counts(
    ("p1", "w1", at(5), 10),
    ("p2", "w1", at(5), 4),
    ("p1", "w1", at(8), 0),
    ("p1", "w1", at(10), 6),
)


def test_stock_is_carried_forward_between_counts() -> None:
    tables = {"stock_levels": STOCK, "products": PRODUCTS, "order_lines": ORDER_LINES}
    days = [5, 7, 8, 9, 10, 18]
    found = [value_of("stock_units", "day", date(2026, 1, day), **tables) for day in days]
    assert found == [14, 14, 4, 4, 10, 10]
    values = [value_of("stock_value", "day", date(2026, 1, day), **tables) for day in days]
    assert values == [6000, 6000, 0, 0, 3600, 3600]  # p2 has no cost
    assert value_of("service_level", "day", date(2026, 1, 8), **tables) == 50
    week = value_of("service_level", "week", date(2026, 1, 5), **tables)
    assert week == pytest.approx(100 * (14 - 2) / 14)


def test_cover_and_turnover_follow_their_formulas() -> None:
    tables = {"stock_levels": STOCK, "products": PRODUCTS, "order_lines": ORDER_LINES}
    stock_days = 14 * 3 + 4 * 2 + 10 * 2
    cover = value_of("stock_cover", "week", date(2026, 1, 5), **tables)
    assert cover == pytest.approx(stock_days / 4)
    turnover = value_of("stock_turnover", "week", date(2026, 1, 5), **tables)
    assert turnover == pytest.approx(365 * (3 * 600) / (6000 * 3 + 3600 * 2))


def test_movements_around_one_count_give_the_same_stock_as_daily_counts() -> None:
    moves = pl.DataFrame(
        [
            ("m1", at(5), "p1", "w1", 10, "receipt"),
            ("m2", at(8), "p1", "w1", -10, "sale"),
            ("m3", at(10), "p1", "w1", 6, "receipt"),
        ],
        schema=["movement_id", "moved_at", "product_id", "warehouse_id", "quantity", "kind"],
        orient="row",
    )
    last = counts(("p1", "w1", at(12), 6))
    found = computed(stock_levels=last, stock_movements=moves).filter(kpi="stock_units")
    daily = found.filter(period="day").sort("starts_on")["value"].to_list()
    assert daily == [10, 10, 10, 0, 0, *[6] * 9]


def test_stock_is_dead_from_the_ninetieth_day_without_a_sale_to_the_next_sale() -> None:
    first = datetime(2026, 1, 5, tzinfo=UTC)
    stock = counts(("p1", "w1", first, 10), ("p9", "w1", first, 1))
    sold = lines(
        ("o1", "c1", first, "p1", 1, 900), ("o2", "c1", first + timedelta(100), "p1", 1, 900)
    )
    products = pl.DataFrame(
        {"product_id": ["p1", "p9"], "cost_minor": [100, 1000], "currency": "GBP"}
    )
    found = (
        computed(on=date(2026, 4, 20), stock_levels=stock, order_lines=sold, products=products)
        .filter(kpi="dead_stock_share", period="day")
        .sort("starts_on")
    )
    shares = dict(found.select("starts_on", "value").rows())
    assert shares[date(2026, 4, 4)] == 0
    assert shares[date(2026, 4, 5)] == 100
    assert shares[date(2026, 4, 14)] == 100
    assert shares[date(2026, 4, 15)] == 50


def test_late_and_missing_deliveries_are_both_not_on_time() -> None:
    shipments = pl.DataFrame(
        {
            "shipment_id": ["s1", "s2", "s3", "s4"],
            "order_id": ["o1", "o2", "o3", "o4"],
            "shipped_at": [at(5), at(5), at(6), at(14)],
            "promised_at": [at(7, 9), at(7, 9), at(8), at(25)],
            "delivered_at": [at(7, 20), at(9), None, None],
        }
    )
    found = value_of("on_time_delivery", "week", date(2026, 1, 5), shipments=shipments)
    assert found == pytest.approx(100 / 3)  # s1 came on the promised day; s4 is not due
    days = value_of("delivery_days", "week", date(2026, 1, 5), shipments=shipments)
    assert days == pytest.approx((2 + 8 / 24 + 4) / 2)


def test_sessions_break_after_thirty_minutes() -> None:
    minutes = [0, 20, 49, 80, 5]
    events = pl.DataFrame(
        {
            "event_id": [f"e{place}" for place in range(5)],
            "happened_at": [at(5) + timedelta(minutes=m) for m in minutes],
            "visitor_id": ["v1", "v1", "v1", "v1", "v2"],
            "kind": ["view", "add_to_cart", "purchase", "view", "add_to_cart"],
        }
    )
    day = date(2026, 1, 5)
    assert value_of("sessions", "day", day, events=events) == 3
    assert value_of("conversion", "day", day, events=events) == pytest.approx(100 / 3)
    assert value_of("cart_abandonment", "day", day, events=events) == 50


def test_every_figure_is_defined_in_both_languages_and_needs_known_facts() -> None:
    assert len(KPIS) >= 20
    assert len({kpi.id for kpi in KPIS}) == len(KPIS)
    for kpi in KPIS:
        assert kpi.name.en
        assert kpi.formula.en
        assert kpi.name.zh != kpi.name.en
        assert kpi.formula.zh != kpi.formula.en
        assert set(kpi.facts) <= set(NEEDS)


def test_the_figures_other_stages_name_are_there_in_their_units() -> None:
    units = {kpi.id: kpi.unit for kpi in KPIS}
    assert units["revenue"] == units["gross_margin"] == "minor"
    assert units["service_level"] == "%"


def test_a_figure_left_out_says_what_it_needs() -> None:
    inputs = MemoryInputs(ON, {"order_lines": ORDER_LINES})
    read = lambda name: inputs.scan(name) if inputs.has(name) else None  # noqa: E731
    found = compute_kpis(read, Shop(on=ON)).definitions
    table_contract("kpi_definitions").check(found)
    satisfaction = found.filter(kpi="satisfaction").row(0, named=True)
    assert satisfaction["is_computed"] is False
    assert satisfaction["reason"] == "It needs tickets rated by customers."
    assert satisfaction["reason_zh"] == "需要客户评分的工单。"


def test_the_page_of_methods_lists_every_figure_with_its_formula() -> None:
    page = (ROOT / "docs" / "methods" / "monitor.md").read_text("utf-8")
    for kpi in KPIS:
        assert f"| `{kpi.id}` | {kpi.name.en} · {kpi.name.zh} | {kpi.formula.en} |" in page


@pytest.mark.parametrize(
    ("kpi", "measure", "value"),
    [("forecast_error", WEIGHTED_RMSSE, 0.8), ("forecast_coverage", COVERAGES[0.9], 91.0)],
)
def test_figures_of_the_forecast_are_those_the_demand_stage_measured(
    kpi: str, measure: str, value: float
) -> None:
    share = value / 100 if kpi == "forecast_coverage" else value
    scores = pl.DataFrame(
        {
            "stage": "demand", "method": "chosen", "slice": "all", "measure": measure,
            "value": share, "is_used": True, "is_baseline": False, "is_lower_better": True,
            "cases": 9, "tested_to": "2026-01-18",
        }
    )  # fmt: skip
    found = value_of(kpi, "week", date(2026, 1, 12), demand_scores=scores)
    assert found == pytest.approx(value)
