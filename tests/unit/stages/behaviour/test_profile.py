"""Profiles: what a customer buys, when and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cartwheel.stages.behaviour.motive import MotiveRule
from cartwheel.stages.behaviour.profile import customer_profiles, favourite, purchase_intervals
from cartwheel.stages.behaviour.purchase import customer_days, kept_lines, placed_orders
from cartwheel.stages.behaviour.rfm import rfm_scores


@pytest.fixture
def profiles(relation, local):
    def make(lines, **others):
        tables = {
            name: relation(name, others.get(name))
            for name in ("orders", "returns", "products", "customers")
        }
        good = kept_lines(relation("order_lines", lines), tables["orders"], "EUR")
        orders = placed_orders(good, tables["orders"], local)
        days = customer_days(orders, tables["returns"], local, "EUR")
        return customer_profiles(
            rfm_scores(days, date(2024, 12, 31)), lines=good, orders=orders, customer_days=days,
            products=tables["products"], customers=tables["customers"], rule=MotiveRule(),
        )  # fmt: skip

    return make


ANN = {
    "order_id": ["a", "a", "b", "c"],
    "line_no": [1, 2, 1, 1],
    "ordered_at": [
        datetime(2024, month, 1, hour, tzinfo=UTC)
        for month, hour in ((1, 9), (1, 9), (3, 20), (4, 9))
    ],
    "customer_id": ["ann"] * 4,
    "product_id": ["tea", "cup", "tea", "tea"],
    "quantity": [1, 1, 2, 4],
    "unit_price_minor": [1000, 500, 1000, 900],
    "channel": ["web", "web", "app", "app"],
}


def test_a_profile_says_what_was_bought_when_and_how_often(profiles):
    (ann,) = profiles(ANN).to_dicts()
    expected = {
        "customer_id": "ann", "channel": "app", "first_on": date(2024, 1, 1),
        "last_on": date(2024, 4, 1), "recency_days": 274, "orders": 3, "units": 8,
        "revenue_minor": 7100, "refund_minor": 0, "average_order_minor": 2367,
        "orders_per_year": 365 * 2 / 91, "interval_days": 45.5, "usual_weekday": 1,
        "usual_hour": 9, "favourite_product_id": "tea", "repeat_share": 0.5, "motive": "unknown",
    }  # fmt: skip
    assert {name: ann[name] for name in expected} == expected


def test_a_deal_is_a_price_well_below_the_products_usual_one_or_a_promotion(profiles):
    assert profiles(ANN)["deal_share"].item() == 4 / 8  # 900 is at most 95 % of the median, 1000
    promoted = {**ANN, "is_promotion": [False, True, None, False]}
    assert profiles(promoted)["deal_share"].item() == 5 / 8


def test_categories_and_brands_come_from_the_products(profiles):
    products = {"product_id": ["tea", "cup"], "category": ["Food", None], "brand": ["T", "C"]}
    found = profiles(ANN, products=products)
    assert found.select("favourite_category", "favourite_brand", "brand_share").row(0) == (
        "Food", "T", 7 / 8,
    )  # fmt: skip


def test_the_customers_own_country_wins_over_that_of_deliveries(profiles):
    orders = {
        "order_id": ["a", "b"], "ordered_at": ANN["ordered_at"][:2], "country": ["FR", "FR"],
    }  # fmt: skip
    assert profiles(ANN, orders=orders)["country"].item() == "FR"
    customers = {"customer_id": ["ann", "never ordered"], "country": ["DE", "IT"]}
    found = profiles(ANN, orders=orders, customers=customers)
    assert found["country"].to_list() == ["DE"]


def test_one_day_of_orders_has_no_interval_and_no_frequency(profiles):
    one = {name: values[:2] for name, values in ANN.items()}
    found = profiles(one)
    assert found.select("interval_days", "orders_per_year").row(0) == (None, None)


def test_a_favourite_is_of_greatest_weight_and_ties_go_to_the_lowest(relation):
    rows = relation("order_lines", {**ANN, "quantity": [7, 1, 2, 4]})
    tied = favourite(rows, "unit_price_minor", rows.quantity).to_polars()
    assert tied.rows(named=True) == [
        {"customer_id": "ann", "unit_price_minor": 1000, "most": 9, "whole": 14}
    ]
    assert favourite(rows, "channel", rows.line_no).to_polars()["channel"].to_list() == ["web"]


def test_the_interval_is_the_median_of_days_between_days_with_an_order(days):
    rows = [(f"o{n}", "c", day, 1) for n, day in enumerate(["01-01", "01-03", "01-03", "01-13"])]
    assert purchase_intervals(days(*rows)).to_polars()["interval_days"].item() == 6.0
