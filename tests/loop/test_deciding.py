"""Two at one proposal: the first decision counts, nothing is done twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cartwheel.core.errors import ConflictError
from cartwheel.core.time import FixedClock
from cartwheel.loop.book import Entered, ProposalBook
from cartwheel.loop.carry_out import carry_out
from cartwheel.loop.records import outbox
from cartwheel.storage.database import open_database
from shops import MONDAY, drafts, reorder

AT = datetime(2026, 6, 20, 9, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> sa.Engine:
    return open_database(tmp_path / "records.db")


def enter(book: ProposalBook, *rows: dict[str, object]) -> Entered:
    return book.enter(drafts(*rows), stage="inventory", turn_id="t", on=MONDAY, at=AT)


def statuses(book: ProposalBook) -> list[str]:
    return sorted(book.find()["status"])


def proposed(book: ProposalBook) -> list[str]:
    return book.find(statuses=["proposed"])["proposal_id"].to_list()


def test_what_was_approved_and_not_carried_out_in_time_expires(database: sa.Engine) -> None:
    book = ProposalBook(database)
    enter(book, reorder("p1", 5, valid_until=MONDAY))
    book.decide(proposed(book), "approved", by="ann", at=AT)
    assert book.expire(MONDAY, AT) == 0
    assert book.expire(MONDAY + timedelta(1), AT) == 1
    assert statuses(book) == ["expired"]


def test_an_old_need_does_not_come_back_beside_an_approved_one(database: sa.Engine) -> None:
    book = ProposalBook(database)
    enter(book, reorder("p1", 5))
    enter(book, reorder("p1", 8))  # the first expires
    book.decide(proposed(book), "approved", by="ann", at=AT)
    enter(book, reorder("p1", 5))
    assert statuses(book) == ["approved", "expired"]


def test_of_two_decisions_at_once_the_first_counts(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, other = ProposalBook(database), ProposalBook(database)
    enter(book, reorder("p1", 5), reorder("p2", 5))
    ids = proposed(book)
    before = book.get(ids)
    other.decide(ids[:1], "rejected", by="bob", at=AT)
    monkeypatch.setattr(book, "get", lambda _: before)  # what was seen a moment ago
    with pytest.raises(ConflictError, match="Nothing was changed"):
        book.decide(ids, "approved", by="ann", at=AT)
    assert statuses(book) == ["proposed", "rejected"]
    assert [event["actor"] for event in book.history(ids[0])] == ["inventory", "bob"]


def test_what_was_carried_out_meanwhile_is_not_carried_out_again(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = ProposalBook(database)
    enter(book, reorder("p1", 5), reorder("p2", 5, supplier="s2"))
    ids = proposed(book)
    book.decide(ids, "approved", by="ann", at=AT)
    before = book.get(ids)
    facts = {"database": database, "clock": FixedClock(AT), "time_zone": "UTC", "by": "ann"}
    carry_out(ids[:1], book=ProposalBook(database), **facts)
    monkeypatch.setattr(book, "get", lambda _: before)
    with pytest.raises(ConflictError, match="Nothing was changed"):
        carry_out(ids[1:] + ids[:1], book=book, **facts)
    assert statuses(book) == ["applied", "approved"]
    with database.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar() == 1
