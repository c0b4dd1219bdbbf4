"""RFM: scores in fifths, ties, and the names of segments."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from cartwheel.stages.behaviour.rfm import rfm_scores
from cartwheel.stages.behaviour.segment_name import RfmSegment, name_segment


def scores(days, *rows, as_of=date(2024, 12, 31)):
    return rfm_scores(days(*rows), as_of).to_polars().sort("customer_id")


def test_five_different_customers_get_one_fifth_each(days):
    found = scores(days, *((f"o{n}", f"c{n}", f"0{n}-01", 100 * n) for n in range(1, 6)))
    assert found["r"].to_list() == found["m"].to_list() == [1, 2, 3, 4, 5]


def test_equal_values_share_the_lowest_score_of_their_run(days):
    once = [(f"o{n}", f"c{n}", "03-01", 100) for n in range(4)]
    found = scores(days, *once, ("o8", "c9", "03-01", 100), ("o9", "c9", "03-01", 100))
    assert found["f"].to_list() == [1, 1, 1, 1, 5]
    assert found["r"].to_list() == [1, 1, 1, 1, 1]


def test_two_orders_of_one_day_are_two_orders(days):
    found = scores(days, ("a", "c", "03-01", 100), ("b", "c", "03-01", 250))
    assert found.select("orders", "revenue_minor", "recency_days").row(0) == (2, 350, 305)


def test_later_days_are_not_looked_at(days):
    rows = [("a", "c", "03-01", 100), ("b", "c", "06-01", 900), ("d", "new", "06-01", 1)]
    found = scores(days, *rows, as_of=date(2024, 5, 31))
    assert found.select("customer_id", "orders", "net_minor").rows() == [("c", 1, 100)]


def test_an_order_of_the_day_itself_is_known(days):
    assert scores(days, ("a", "c", "03-01", 1), as_of=date(2024, 3, 1))["recency_days"].item() == 0


@pytest.mark.parametrize(
    ("rfm", "segment"),
    [
        ((5, 5, 5), RfmSegment.CHAMPIONS),
        ((3, 4, 4), RfmSegment.LOYAL),
        ((4, 2, 3), RfmSegment.PROMISING),
        ((5, 1, 1), RfmSegment.NEW),
        ((3, 2, 2), RfmSegment.NEED_ATTENTION),
        ((1, 5, 4), RfmSegment.CANNOT_LOSE),
        ((2, 3, 2), RfmSegment.AT_RISK),
        ((1, 1, 2), RfmSegment.LOST),
    ],
)
def test_a_segment_is_named_by_recency_and_worth(rfm, segment):
    assert name_segment(*rfm) is segment


def test_every_segment_can_be_reached():
    fifths = range(1, 6)
    assert {name_segment(*rfm) for rfm in product(fifths, repeat=3)} == set(RfmSegment)


def test_every_segment_has_a_name_in_both_languages():
    names = [segment.label for segment in RfmSegment]
    assert len({n.en for n in names}) == len({n.zh for n in names}) == len(RfmSegment)
