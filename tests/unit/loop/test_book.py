"""The book of proposals: once a fingerprint, decided once, never two orders for one need."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from cartwheel.core.errors import ConflictError, NotFoundError
from cartwheel.loop.book import Entered, ProposalBook
from cartwheel.storage.database import open_database
from shops import MONDAY, drafts, reorder

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> ProposalBook:
    return ProposalBook(open_database(tmp_path / "records.db"))


def enter(book: ProposalBook, *rows: dict[str, object], on: date = MONDAY) -> Entered:
    return book.enter(drafts(*rows), stage="procurement", turn_id="turn-1", on=on, at=NOW)


def statuses(book: ProposalBook) -> dict[str, str]:
    found = book.find()
    return dict(zip(found["subject"], found["status"], strict=True))


def test_a_draft_is_entered_as_proposed_with_all_it_says(book: ProposalBook) -> None:
    assert enter(book, reorder("p1", 5)) == Entered(added=1, known=0, held_back=0, replaced=0)
    row = book.find().row(0, named=True)
    assert (row["status"], row["stage"], row["proposed_on"]) == ("proposed", "procurement", MONDAY)
    assert row["reason_zh"] == "订购5件p1。"
    assert [event["to_status"] for event in book.history(row["proposal_id"])] == ["proposed"]


def test_the_same_fingerprint_is_never_entered_twice(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    assert enter(book, reorder("p1", 5)) == Entered(added=0, known=1, held_back=0, replaced=0)
    assert book.find().height == 1


def test_a_newer_proposal_replaces_an_undecided_one(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    assert enter(book, reorder("p1", 7)) == Entered(added=1, known=0, held_back=0, replaced=1)
    assert sorted(book.find()["status"]) == ["expired", "proposed"]


def test_an_approved_proposal_holds_newer_ones_back(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    book.decide(book.find()["proposal_id"].to_list(), "approved", by="ann", at=NOW)
    assert enter(book, reorder("p1", 7)) == Entered(added=0, known=0, held_back=1, replaced=0)
    assert statuses(book) == {"p1@w1": "approved"}


def test_what_is_not_proposed_any_more_expires_and_may_come_back(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5), reorder("p2", 5))
    enter(book, reorder("p2", 5))
    assert statuses(book) == {"p1@w1": "expired", "p2@w1": "proposed"}
    enter(book, reorder("p1", 5), reorder("p2", 5))
    assert statuses(book) == {"p1@w1": "proposed", "p2@w1": "proposed"}
    assert book.find().height == 2


def test_what_is_proposed_again_is_valid_as_long_as_the_newest_draft(book: ProposalBook) -> None:
    early, late = MONDAY, MONDAY + timedelta(7)
    enter(book, reorder("p1", 5, valid_until=early), reorder("p2", 5, valid_until=early))
    book.expire(late, NOW)
    assert set(statuses(book).values()) == {"expired"}
    enter(book, reorder("p1", 5, valid_until=late), on=late)
    assert book.expire(late, NOW) == 0
    assert statuses(book) == {"p1@w1": "proposed", "p2@w1": "expired"}


def test_proposals_of_other_stages_are_left_alone(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    book.enter(drafts(), stage="inventory", turn_id="turn-2", on=MONDAY, at=NOW)
    assert statuses(book) == {"p1@w1": "proposed"}


def test_a_proposal_expires_after_its_last_day(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5, valid_until=MONDAY))
    assert book.expire(MONDAY, NOW) == 0
    assert book.expire(MONDAY + timedelta(1), NOW) == 1
    assert statuses(book) == {"p1@w1": "expired"}


def test_proposals_come_the_most_valuable_first(book: ProposalBook) -> None:
    enter(
        book,
        reorder("p1", 5, effect=10.0),
        reorder("p2", 5, effect=30.0),
        reorder("p3", 5, effect=20.0),
    )
    assert book.find()["subject"].to_list() == ["p2@w1", "p3@w1", "p1@w1"]


def test_deciding_the_same_way_again_changes_nothing(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    ids = book.find()["proposal_id"].to_list()
    assert book.decide(ids, "approved", by="ann", at=NOW, note="fine") == 1
    assert book.decide(ids, "approved", by="bob", at=NOW) == 0
    row = book.find().row(0, named=True)
    assert (row["decided_by"], row["note"]) == ("ann", "fine")


def test_a_decision_on_a_decided_one_changes_none_of_them(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5), reorder("p2", 5))
    first, second = book.find()["proposal_id"].to_list()
    book.decide([first], "rejected", by="ann", at=NOW)
    with pytest.raises(ConflictError, match="is rejected"):
        book.decide([first, second], "approved", by="bob", at=NOW)
    assert sorted(book.find()["status"]) == ["proposed", "rejected"]


def test_an_unknown_id_names_the_nearest_one(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    known = book.find()["proposal_id"].item()
    with pytest.raises(NotFoundError, match=f'Did you mean "{known}"'):
        book.decide([known[:-1]], "approved", by="ann", at=NOW)


def test_the_database_itself_refuses_an_unknown_status(book: ProposalBook) -> None:
    enter(book, reorder("p1", 5))
    with pytest.raises(sa.exc.IntegrityError), book._database.begin() as connection:
        connection.exec_driver_sql("UPDATE proposals SET status = 'perhaps'")


def test_ten_thousand_drafts_are_entered_as_columns(book: ProposalBook) -> None:
    many = [reorder(f"p{number}", 5) for number in range(10_000)]
    assert enter(book, *many).added == 10_000
    assert enter(book, *many).known == 10_000
    assert book.find().get_column("status").value_counts().row(0) == ("proposed", 10_000)
    assert isinstance(book.find().schema["decided_at"], pl.Datetime)
