"""The wording catalogue: both languages whole, the same blanks, every key used and known."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import cartwheel.report
from cartwheel.core.wording import Text
from cartwheel.report.codes import CODES
from cartwheel.report.wording import WORDS
from cartwheel.stages.behaviour import backtest
from cartwheel.stages.demand.candidate import COMBINATION, METHODS
from cartwheel.stages.demand.heldout import CHOSEN
from cartwheel.stages.inventory.replay import RULES
from cartwheel.stages.recommend import choice
from cartwheel.stages.recommend.segments import ATTRIBUTES
from cartwheel.tables.behaviour import MOTIVES
from cartwheel.tables.demand import COVERAGES, DEMAND_CLASSES, PINBALL, WEIGHTED_RMSSE
from cartwheel.tables.inventory import STOCK_STATES
from cartwheel.tables.monitor import QUALITY_DIMENSIONS
from cartwheel.tables.procurement import PLAN_STATES
from cartwheel.tables.proposals import PROPOSAL_KINDS, PROPOSAL_STATUSES
from cartwheel.tables.recommend import PLACES

HAN = re.compile(r"[\u4e00-\u9fff]")
ROOT = Path(cartwheel.report.__file__).parent
SAME_IN_BOTH = {"ABC", "XYZ"}


RECOMMENDERS = [
    recipe.method
    for family in (
        *choice.customer_families(has_words=True),
        *choice.product_families(has_words=True),
        *choice.newcomer_families(ATTRIBUTES),
        [*choice.BASELINES, choice.REPURCHASE, choice.product_blend(has_words=True).start],
    )
    for recipe in family
]
BUYER_METHODS = [*backtest.BASELINES, backtest.USED, "kmeans", "rfm_logit"]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_a_sentence_has_both_languages_and_the_same_blanks(key: str) -> None:
    text = WORDS[key]
    assert text.en
    assert not HAN.search(text.en)
    assert blanks(text.en) == blanks(text.zh)
    assert (
        HAN.search(text.zh)
        or not re.search("[A-Za-z]", re.sub(r"{.*?}", "", text.en))
        or (key == "from_to")
    )


def test_codes_have_both_languages() -> None:
    for kind, words in CODES.items():
        for code, text in words.items():
            assert isinstance(text, Text)
            assert text.en, (kind, code)
            assert HAN.search(text.zh) or text.en in SAME_IN_BOTH or "%" in text.zh, (kind, code)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("proposal", PROPOSAL_KINDS),
        ("status", [*PROPOSAL_STATUSES, "done", "skipped", "failed"]),
        ("health", [*STOCK_STATES, *PLAN_STATES]),
        ("demand_class", DEMAND_CLASSES),
        ("dimension", QUALITY_DIMENSIONS),
        ("place", PLACES),
        ("motive", MOTIVES),
        ("method", [*METHODS, COMBINATION, CHOSEN]),
        ("method", RECOMMENDERS),
        ("method", BUYER_METHODS),
        ("method", list(RULES)),
        ("method", ["promise", "promise + usual delay", "supplier median"]),
        ("measure", [*COVERAGES.values(), PINBALL, WEIGHTED_RMSSE]),
        ("measure", ["cost a week", "fill rate", "units held a week", "arrival MAE, days"]),
        (
            "binding",
            ["none", "no_offer", "inactive", "enough_stock", "no_demand", "rounding", "no_plan"],
        ),
        ("weekday", [str(day) for day in range(1, 8)]),
    ],
)
def test_every_code_a_table_may_hold_has_words(kind: str, codes: list[str]) -> None:
    assert set(codes) <= set(CODES[kind])


def test_every_sentence_named_in_the_code_exists_and_none_is_idle() -> None:
    source = "\n".join(
        file.read_text("utf-8")
        for file in [*ROOT.rglob("*.py"), *ROOT.rglob("*.j2")]
        if file.name not in {"wording.py", "codes.py"}
    )
    named = set(re.findall(r'say\(\s*"([a-z_0-9]+)"', source))
    assert named <= set(WORDS)
    quoted = set(re.findall(r'"([A-Za-z_0-9]+)"', source))
    made = {key for key in WORDS if key.startswith(("class_", "fan_"))}
    assert set(WORDS) - quoted - made == set()
