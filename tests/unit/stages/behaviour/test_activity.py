"""The hours in which the shop is busy."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from cartwheel.stages.behaviour.activity import activity
from cartwheel.stages.behaviour.local_time import LocalTime
from cartwheel.stages.behaviour.purchase import kept_lines, placed_orders

SUNDAY = [datetime(2024, 3, 31, 0, 30, tzinfo=UTC), datetime(2024, 3, 31, 1, 30, tzinfo=UTC)]
LONDON = LocalTime("Europe/London", date(2024, 3, 1), date(2024, 4, 30))


def test_all_hours_are_there_and_anonymous_orders_count(relation):
    lines = relation(
        "order_lines",
        {"order_id": ["a", "b"], "line_no": [1, 1], "ordered_at": SUNDAY, "product_id": ["p", "p"],
         "customer_id": ["c", None], "quantity": [2, 3], "unit_price_minor": [10, None]},
    )  # fmt: skip
    heads = relation("orders")
    orders = placed_orders(kept_lines(lines, heads, "EUR"), heads, LONDON)
    events = relation("events", {"event_id": ["x"], "happened_at": SUNDAY[1:], "kind": ["view"]})
    found = activity(orders, events, LONDON)
    assert found.height == 168
    busy = found.filter((pl.col("orders") > 0) | (pl.col("events") > 0))
    assert busy.select("weekday", "hour", "orders", "units", "revenue_minor", "events").rows() == [
        (7, 0, 1, 2, 20, 0),
        (7, 2, 1, 3, 0, 1),
    ]
    assert activity(orders, None, LONDON)["events"].is_null().all()
