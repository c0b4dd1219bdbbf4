"""Motives: which share stands out."""

from __future__ import annotations

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.behaviour.motive import MotiveRule, motives

PLAIN = {"lines": 20, "deal_share": 0.1, "brand_share": 0.3, "repeat_share": 0.2}


def motive(**shares):
    rows = [{**PLAIN, "deal_share": 0.1 + 0.01 * (n % 3)} for n in range(30)]
    return motives(pl.DataFrame([*rows, {**PLAIN, **shares}]), MotiveRule())[-1]


@pytest.mark.parametrize(
    ("share", "named"),
    [("deal_share", "price"), ("brand_share", "brand"), ("repeat_share", "function")],
)
def test_the_share_far_above_the_shops_mean_names_the_motive(share, named):
    assert motive(**{share: 0.9}) == named


def test_a_customer_like_all_others_is_mixed():
    assert motive() == "mixed"


def test_few_lines_say_nothing():
    assert motive(lines=3, deal_share=0.9) == "unknown"


def test_a_shop_without_brands_has_no_brand_motive():
    rows = pl.DataFrame(
        [{**PLAIN, "brand_share": None}] * 3, schema_overrides={"brand_share": pl.Float64}
    )
    assert motives(rows, MotiveRule()).to_list() == ["mixed"] * 3


def test_a_rule_that_cannot_hold_is_refused():
    with pytest.raises(InputError):
        MotiveRule(least_lines=0)
