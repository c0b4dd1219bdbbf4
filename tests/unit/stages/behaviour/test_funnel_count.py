"""Funnels: who has come how far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cartwheel.stages.behaviour.funnel import parse_funnel
from cartwheel.stages.behaviour.funnel_count import count_funnel
from cartwheel.stages.behaviour.session import visitor_events

START = datetime(2024, 5, 1, tzinfo=UTC)
KINDS = {"v": "view", "s": "search", "a": "add_to_cart", "c": "checkout", "p": "purchase"}


def counted(relation, path, *visitors, window=100):
    """Return visitors by step; a visitor is text such as "v0 a5 p9": kinds and seconds."""
    rows = [
        (f"visitor {n}", KINDS[event[0]], START + timedelta(seconds=int(event[1:])))
        for n, visitor in enumerate(visitors)
        for event in visitor.split()
    ]
    names, kinds, instants = zip(*rows, strict=True)
    table = relation(
        "events",
        {"event_id": [f"e{n:03}" for n in range(len(rows))], "happened_at": list(instants),
         "visitor_id": list(names), "kind": list(kinds)},
    )  # fmt: skip
    return count_funnel(visitor_events(table), parse_funnel(path), window)


def visitors(relation, path, *who, window=100):
    return counted(relation, path, *who, window=window)["visitors"].to_list()


@pytest.mark.parametrize(
    ("visitor", "reached"),
    [
        ("v0 a5 p9", [1, 1, 1]),
        ("a0 v5 p9", [1, 0, 0]),  # the cart came first
        ("v0 p5", [1, 0, 0]),  # no step may be left out
        ("v0 s1 a5 c6 v7 p9", [1, 1, 1]),  # other events may lie between
        ("v0 a5 p101", [1, 1, 0]),  # too late
        ("v0 a5 p100", [1, 1, 1]),  # just in time
        ("v0 v60 a70 p130", [1, 1, 1]),  # too late from the first view, not from the second
        ("v0 a50 v90 p130", [1, 1, 0]),  # the second view has no cart after it
        ("p0", [0, 0, 0]),
    ],
)
def test_steps_come_one_after_the_other_within_the_window(relation, visitor, reached):
    assert visitors(relation, "view > add_to_cart > purchase", visitor) == reached


@pytest.mark.parametrize(
    ("visitor", "reached"),
    [
        ("v0 c5 p9", [1, 1, 1]),
        ("v0 p9", [1, 0, 1]),  # later steps do not need it
        ("v0 p9 c10", [1, 1, 1]),
        ("c0 v1", [1, 0, 0]),
    ],
)
def test_later_steps_do_not_need_an_optional_one(relation, visitor, reached):
    assert visitors(relation, "view > checkout? > purchase", visitor) == reached


@pytest.mark.parametrize(
    ("visitor", "reached"),
    [
        ("v0 s1 a2", [1, 1]),
        ("s0 v1 a2", [1, 1]),
        ("v0 a1 s2", [1, 0]),
        ("v0 v1 a2", [0, 0]),
        ("v0 s90 a101", [1, 0]),  # the window counts from the group's first event
        ("v0 v50 s90 a101", [1, 1]),
    ],
)
def test_a_group_wants_all_its_slots_in_any_order(relation, visitor, reached):
    assert visitors(relation, "{search, view} > add_to_cart", visitor) == reached


@pytest.mark.parametrize(
    ("visitor", "reached"),
    [("v0 a1 s2 p3", [1, 1, 1]), ("v0 s1 a2 p3", [1, 1, 1]), ("s0 v1 a2 p3", [1, 0, 0])],
)
def test_a_group_may_stand_in_the_middle(relation, visitor, reached):
    assert visitors(relation, "view > {add_to_cart, search} > purchase", visitor) == reached


def test_a_group_of_three_is_filled_in_every_order(relation):
    orders = [
        "v0 s1 a2 p3",
        "v0 a1 s2 p3",
        "s0 v1 a2 p3",
        "s0 a1 v2 p3",
        "a0 v1 s2 p3",
        "a0 s1 v2 p3",
    ]
    assert visitors(relation, "{add_to_cart, search, view} > purchase", *orders) == [6, 6]


def test_either_kind_of_a_choice_will_do(relation):
    assert visitors(relation, "view|search > purchase", "v0 p1", "s0 p1", "a0 p1") == [2, 2]


def test_a_kind_may_come_twice_in_a_path(relation):
    assert visitors(relation, "view > view", "v0", "v0 v1") == [2, 1]


def test_events_of_one_instant_are_taken_in_the_paths_order(relation):
    assert visitors(relation, "view > add_to_cart > purchase", "p0 a0 v0") == [1, 1, 1]


def test_time_is_each_visitors_fastest_and_half_were_faster(relation):
    found = counted(relation, "view > purchase", "v0 p10", "v0 p50 v60 p80", "v0 p90")
    assert found["median_seconds"].to_list() == [0.0, 20.0]


def test_conversion_is_among_those_at_the_last_required_step(relation):
    found = counted(relation, "view > checkout? > purchase", "v0 c1", "v0 p1", "v0", "v0")
    assert found["conversion"].to_list() == [1.0, 0.25, 0.25]
    assert found["of_first"].to_list() == [1.0, 0.25, 0.25]
    assert ((found["low"] <= found["conversion"]) & (found["conversion"] <= found["high"])).all()


def test_a_path_nobody_began_has_no_conversion(relation):
    found = counted(relation, "view > purchase", "p0")
    assert found["conversion"].to_list() == [None, None]
    assert found["median_seconds"].to_list() == [None, None]
