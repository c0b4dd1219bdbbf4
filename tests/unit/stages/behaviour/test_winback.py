"""The win-back list: when it is proposed, and what it promises."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.core.random import stream
from cartwheel.stages.behaviour.winback import Occasion, WinbackRule, winback_proposals
from cartwheel.tables import table_contract

RULE = WinbackRule()
OCCASION = Occasion(on=date(2024, 12, 10), horizon_days=90, currency="EUR", is_consent_known=True)


def now(size: int = 300) -> pl.DataFrame:
    return pl.DataFrame(
        {"customer_id": [f"c{n:04}" for n in range(size)], "segment": ["at_risk"] * size,
         "net_minor": range(size)}
    )  # fmt: skip


def past(returned: int = 40, known: int = 400) -> pl.DataFrame:
    return pl.DataFrame(
        {"segment": ["at_risk"] * known, "bought": [n < returned for n in range(known)],
         "spent_minor": [5000 if n < returned else 0 for n in range(known)]}
    )  # fmt: skip


def proposals(who=None, history=None, rule=RULE, occasion=OCCASION):
    who, history = (now() if who is None else who), (past() if history is None else history)
    return winback_proposals(who, history, rule, occasion, rng=stream(0, "winback"))


def test_the_effect_is_the_shops_own_return_rate_times_the_assumed_lift():
    (row,) = proposals().to_dicts()
    written = 300 - 60
    assert row["effect"] == pytest.approx(0.10 * 5000 * written * 0.1)
    assert row["effect_low"] == 0.0 < row["effect"] < row["effect_high"]
    assert row["confidence"] == 0.5


def test_the_proposal_keeps_the_contract_and_says_what_is_assumed():
    contract = table_contract("proposal_drafts")
    frame = contract.check(contract.conform(proposals()))
    assert "10% came back within 90 days and spent €50" in frame["reason"].item()
    assert "假设值" in frame["reason_zh"].item()
    assert frame["valid_until"].item() == date(2025, 1, 14)


def test_those_held_out_are_not_written_to_and_nobody_is_lost():
    payload = json.loads(proposals()["payload"].item())
    written, held = set(payload["customer_ids"]), set(payload["holdout_ids"])
    assert len(held) == 60
    assert not written & held
    assert written | held == set(now()["customer_id"])


def test_a_long_list_keeps_the_most_valuable():
    payload = json.loads(proposals(rule=WinbackRule(most_customers=250))["payload"].item())
    assert min(payload["customer_ids"] + payload["holdout_ids"]) == "c0050"


@pytest.mark.parametrize(
    "few",
    [
        {"who": now(100)},
        {"history": past(returned=5)},
        {"history": past().head(0)},
        {"history": past().with_columns(spent_minor=0)},
    ],
)
def test_too_little_to_measure_or_to_go_by_proposes_nothing(few):
    assert proposals(**few) is None


def test_a_list_is_proposed_once_a_month():
    def print_on(day):
        occasion = Occasion(on=day, horizon_days=90, currency="EUR", is_consent_known=True)
        return proposals(who=now(day.day + 300), occasion=occasion)["fingerprint"].item()

    assert print_on(date(2024, 12, 1)) == print_on(date(2024, 12, 31))
    assert print_on(date(2024, 12, 31)) != print_on(date(2025, 1, 1))


def test_unknown_consent_is_said():
    asked = Occasion(on=date(2024, 12, 10), horizon_days=90, currency="EUR", is_consent_known=False)
    assert proposals(occasion=asked)["reason"].item().endswith("Check their consent first.")


@pytest.mark.parametrize("wrong", [{"relative_lift": 0}, {"holdout_share": 1}])
def test_a_rule_that_cannot_hold_is_refused(wrong):
    with pytest.raises(InputError):
        WinbackRule(**wrong)
