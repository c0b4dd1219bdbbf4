"""Approval rules: a rule approves what is cheap and sure in the shop's money, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cartwheel.core.time import FixedClock
from cartwheel.loop.book import ProposalBook
from cartwheel.loop.rules import approve_by_rule
from cartwheel.loop.settings import ApprovalRule
from cartwheel.storage.database import open_database
from shops import MONDAY, drafts, reorder

AT = datetime(2026, 7, 1, 6, tzinfo=UTC)
RULE = ApprovalRule(kind="reorder", limit=Decimal("50.00"), confidence=0.9)


@pytest.fixture
def book(tmp_path: Path) -> ProposalBook:
    return ProposalBook(open_database(tmp_path / "records.db"))


def enter(book: ProposalBook, **facts: object) -> None:
    row = reorder("p1", 5, cost_minor=5000, confidence=0.9) | facts
    book.enter(drafts(row), stage="inventory", turn_id="t", on=MONDAY, at=AT)


def approved(book: ProposalBook, *rules: ApprovalRule, currency: str = "EUR") -> int:
    return approve_by_rule(rules, book=book, currency=currency, clock=FixedClock(AT))


def test_what_is_at_the_limit_in_money_and_confidence_is_approved(book: ProposalBook) -> None:
    enter(book)
    assert approved(book, RULE) == 1
    row = book.find().row(0, named=True)
    assert (row["status"], row["decided_by"]) == ("approved", "rule 1")
    assert row["note"] == "at most 50.00 EUR, confidence at least 0.9"


@pytest.mark.parametrize(
    "facts",
    [
        {"cost_minor": 5001},
        {"confidence": 0.89},
        {"currency": "USD"},
        {"kind": "transfer"},
    ],
)
def test_what_breaks_one_condition_waits_for_a_person(
    book: ProposalBook, facts: dict[str, object]
) -> None:
    enter(book, **facts)
    assert approved(book, RULE) == 0
    assert book.find()["status"].to_list() == ["proposed"]


def test_without_a_rule_people_approve_everything(book: ProposalBook) -> None:
    enter(book)
    assert approved(book) == 0


def test_the_limit_is_in_units_of_the_currency_not_in_hundredths(book: ProposalBook) -> None:
    enter(book, currency="JPY", cost_minor=51)
    assert approved(book, RULE, currency="JPY") == 0


def test_what_a_person_rejected_stays_rejected(book: ProposalBook) -> None:
    enter(book)
    book.decide(book.find()["proposal_id"].to_list(), "rejected", by="ann", at=AT)
    assert approved(book, RULE) == 0
    assert book.find()["status"].to_list() == ["rejected"]
