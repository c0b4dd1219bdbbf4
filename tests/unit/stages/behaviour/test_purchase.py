"""Orders and customer days: what counts, and with how much money."""

from __future__ import annotations

from datetime import UTC, datetime

from cartwheel.stages.behaviour.purchase import customer_days, kept_lines, placed_orders

NOON = [datetime(2024, 5, 1, 12, tzinfo=UTC)]


def test_lines_of_cancelled_orders_are_left_out(relation):
    lines = relation(
        "order_lines",
        {"order_id": ["a", "b"], "line_no": [1, 1], "ordered_at": NOON * 2,
         "product_id": ["p", "p"], "quantity": [1, 1]},
    )  # fmt: skip
    orders = relation(
        "orders",
        {"order_id": ["a", "b"], "ordered_at": NOON * 2, "status": ["cancelled", "returned"]},
    )
    assert kept_lines(lines, orders, "EUR").to_polars()["order_id"].to_list() == ["b"]


def test_money_in_another_currency_or_unknown_counts_as_none(relation):
    lines = relation(
        "order_lines",
        {"order_id": ["a"] * 4, "line_no": [1, 2, 3, 4], "ordered_at": NOON * 4,
         "product_id": ["p"] * 4, "quantity": [2] * 4, "unit_price_minor": [100, 100, 100, None],
         "currency": ["EUR", "USD", None, "EUR"]},
    )  # fmt: skip
    values = kept_lines(lines, relation("orders"), "EUR").order_by("line_no").to_polars()
    assert values["value_minor"].to_list() == [200, 0, 200, 0]


def test_an_order_sums_its_lines_and_takes_its_channel_from_its_head(relation, local):
    lines = relation(
        "order_lines",
        {"order_id": ["a", "a"], "line_no": [1, 2],
         "ordered_at": [datetime(2024, 5, 1, 23, 59, tzinfo=UTC), datetime(2024, 5, 2, tzinfo=UTC)],
         "customer_id": ["c", "c"], "product_id": ["p", "q"], "quantity": [2, 3],
         "unit_price_minor": [100, 50]},
    )  # fmt: skip
    heads = relation("orders", {"order_id": ["a"], "ordered_at": NOON, "channel": ["app"]})
    (order,) = placed_orders(kept_lines(lines, heads, "EUR"), heads, local).to_polars().to_dicts()
    assert {k: order[k] for k in ("lines", "units", "revenue_minor", "channel")} == {
        "lines": 2, "units": 5, "revenue_minor": 350, "channel": "app",
    }  # fmt: skip
    assert (order["weekday"], order["hour"]) == (3, 23)


def test_anonymous_orders_have_no_customer_day(days):
    found = days(("a", "c", "05-01", 100), ("b", None, "05-01", 100)).to_polars()
    assert found["customer_id"].to_list() == ["c"]


def test_a_refund_in_the_shops_currency_is_booked_on_its_own_day(relation, local):
    lines = relation(
        "order_lines",
        {"order_id": ["a"], "line_no": [1], "ordered_at": NOON, "customer_id": ["c"],
         "product_id": ["p"], "quantity": [1], "unit_price_minor": [500]},
    )  # fmt: skip
    returns = relation(
        "returns",
        {"return_id": ["r", "s", "t"], "product_id": ["p"] * 3, "customer_id": ["c", None, "c"],
         "returned_at": [datetime(2024, 5, 9, tzinfo=UTC)] * 3, "quantity": [1] * 3,
         "refund_minor": [400, 100, 300], "currency": ["EUR", None, "USD"]},
    )  # fmt: skip
    orders = placed_orders(kept_lines(lines, relation("orders"), "EUR"), relation("orders"), local)
    found = customer_days(orders, returns, local, "EUR").order_by("day").to_polars()
    assert found.select("orders", "revenue_minor", "refund_minor").rows() == [
        (1, 500, 0),
        (0, 0, 400),
    ]
