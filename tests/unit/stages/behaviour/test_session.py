"""Sessions: where a visit ends, and to which day it belongs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cartwheel.stages.behaviour.local_time import LocalTime
from cartwheel.stages.behaviour.session import daily_sessions, visitor_events, visits

START = datetime(2024, 5, 1, 12, tzinfo=UTC)
GAP = 1_800  # s


def events(relation, *rows):
    """Rows: (seconds after START, visitor, kind)."""
    seconds, visitors, kinds = zip(*rows, strict=True)
    return relation(
        "events",
        {
            "event_id": [f"e{n:03}" for n in range(len(rows))],
            "happened_at": [START + timedelta(seconds=s) for s in seconds],
            "visitor_id": list(visitors),
            "kind": list(kinds),
        },
    )


def found(relation, *rows):
    seen = visitor_events(events(relation, *rows))
    return visits(seen, GAP).order_by("visitor", "visit_no").to_polars()


def test_a_pause_of_exactly_the_gap_keeps_the_visit(relation):
    assert found(relation, (0, "v", "view"), (GAP, "v", "view"))["events"].to_list() == [2]


def test_a_longer_pause_begins_a_new_visit(relation):
    rows = found(relation, (0, "v", "view"), (GAP + 1, "v", "add_to_cart"))
    assert rows.select("visit_no", "events", "carts").rows() == [(1, 1, 0), (2, 1, 1)]


def test_a_visit_may_be_longer_than_the_gap(relation):
    rows = found(relation, *((n * GAP, "v", "view") for n in range(5)))
    assert (rows["last_second"] - rows["first_second"]).to_list() == [4 * GAP]


def test_visitors_do_not_share_visits(relation):
    assert found(relation, (0, "v", "view"), (1, "w", "view"))["visitor"].to_list() == ["v", "w"]


def test_an_event_without_a_visitor_belongs_to_no_visit(relation):
    assert found(relation, (0, "v", "view"), (1, None, "view"))["events"].to_list() == [1]


def test_the_customer_stands_in_for_an_unknown_device(relation):
    table = relation(
        "events",
        {"event_id": ["a"], "happened_at": [START], "customer_id": ["c"], "kind": ["view"]},
    )
    assert visits(visitor_events(table), GAP).to_polars()["visitor"].to_list() == ["c"]


@pytest.mark.parametrize(
    ("zone_name", "day"), [("UTC", date(2024, 5, 1)), ("Asia/Tokyo", date(2024, 5, 2))]
)
def test_a_visit_belongs_to_the_shops_day_on_which_it_began(relation, zone_name, day):
    late = 11 * 3600 + 3000  # 23:50 UTC, and on past midnight
    seen = visitor_events(
        events(relation, (late, "v", "view"), (late + 1200, "v", "purchase"), (late, "w", "view"))
    )
    local = LocalTime(zone_name, date(2024, 5, 1), date(2024, 5, 3))
    (row,) = daily_sessions(visits(seen, GAP), local).to_dicts()
    assert row == {
        "day_on": day, "channel": "unknown", "sessions": 2, "visitors": 2, "events": 3,
        "bounced": 1, "with_cart": 0, "with_purchase": 1, "seconds": 1200,
    }  # fmt: skip
