"""The funnel language: what it reads and what it refuses."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.behaviour.funnel import parse_funnel


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("view>purchase", "view > purchase"),
        (" view > add_to_cart ? > purchase ", "view > add_to_cart? > purchase"),
        ("{ search,view }>buy", "{search, view} > buy"),
        ("view|search > {a|b, c}? > d", "search|view > {a|b, c}? > d"),
        ("浏览 > 加购 > 购买", "浏览 > 加购 > 购买"),
    ],
)
def test_a_path_is_written_evenly(text, even):
    assert parse_funnel(text).text == even
    assert parse_funnel(even) == parse_funnel(text)


def test_slots_and_options_are_told_apart():
    first, second = parse_funnel("{search, view|list} > checkout?").steps
    assert first.slots == (frozenset({"search"}), frozenset({"view", "list"}))
    assert (first.is_optional, second.is_optional) == (False, True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("view", "at least two steps"),
        ("", "no event kind"),
        ("view > > purchase", "no event kind"),
        ("view? > purchase", "cannot be optional"),
        ("{view, view} > purchase", "twice"),
        ("{view, search > purchase", "no event kind"),
        ("{a, b, c, d, e} > f", "more than 4"),
        ("add to cart > buy", "add to cart"),
    ],
)
def test_what_is_no_path_is_refused_with_the_reason(text, why):
    with pytest.raises(InputError, match=why):
        parse_funnel(text)
