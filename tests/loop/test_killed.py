"""A turn killed at any moment is simply repeated: nothing is lost, nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from cartwheel.core.time import FixedClock
from cartwheel.loop.book import ProposalBook
from cartwheel.loop.turn import TurnRecord, take_turn
from cartwheel.loop.turn_log import TurnFacts, TurnLog
from cartwheel.storage.database import open_database
from cartwheel.storage.lake.engine import open_engine
from cartwheel.storage.lake.lake import Lake
from cartwheel.storage.lake.view import LakeView
from cartwheel.tables.step import Outputs
from shops import MONDAY, FakeStep, SilentWatcher, drafts, order_lines, reorder

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)


@pytest.fixture
def view(tmp_path: Path) -> Iterator[LakeView]:
    lake = Lake(tmp_path / "lake")
    lake.replace("order_lines", order_lines(30))
    with open_engine("duckdb") as engine:
        yield LakeView(
            lake=lake, engine=engine, on=MONDAY + timedelta(29), currency="EUR", time_zone="UTC"
        )


@pytest.fixture
def book(tmp_path: Path) -> ProposalBook:
    return ProposalBook(open_database(tmp_path / "records.db"))


def steps() -> list[FakeStep]:
    one = Outputs(
        tables={"warehouses": pl.DataFrame({"warehouse_id": ["w1"]})},
        proposals=drafts(reorder("p1", 5), reorder("p2", 7)),
    )
    two = Outputs(tables={"carriers": pl.DataFrame({"carrier_id": ["c1"]})})
    return [
        FakeStep("one", writes=frozenset({"warehouses"}), answer=one),
        FakeStep("two", writes=frozenset({"carriers"}), answer=two),
    ]


def turn(view: LakeView, book: ProposalBook, minute: int) -> TurnRecord:
    clock = FixedClock(NOW + timedelta(minutes=minute))
    return take_turn(steps(), view, book=book, clock=clock, watcher=SilentWatcher())


@pytest.mark.parametrize(
    "write", [(Lake, "replace"), (ProposalBook, "enter"), (ProposalBook, "expire")]
)
@pytest.mark.parametrize("is_after", [False, True])
def test_killed_around_a_write_the_turn_is_simply_repeated(
    view: LakeView,
    book: ProposalBook,
    monkeypatch: pytest.MonkeyPatch,
    write: tuple[type, str],
    is_after: bool,
) -> None:
    owner, method = write
    real = getattr(owner, method)

    def dies(*given: object, **named: object) -> None:
        if is_after:
            real(*given, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(owner, method, dies)
        turn(view, book, 0)
    record = turn(view, book, 1)
    assert [step.status for step in record.steps] == ["done", "done"]
    assert sorted(book.find()["subject"]) == ["p1@w1", "p2@w1"]
    assert book.find()["status"].unique().to_list() == ["proposed"]
    assert [view.lake.version(name) for name in ("warehouses", "carriers")] == [0, 0]


def test_a_turn_that_never_reached_the_log_leaves_the_log_whole(
    view: LakeView, book: ProposalBook, tmp_path: Path
) -> None:
    log = TurnLog(open_database(tmp_path / "records.db"))
    facts = TurnFacts(started_at=NOW, seconds=1.0, engine="duckdb", settings="{}", inputs={})
    turn(view, book, 0)  # killed before it was logged
    log.write(turn(view, book, 1), facts)
    assert log.all().height == 1
    steps_logged = log.steps(log.all()["turn_id"][0])
    assert steps_logged["step"].to_list() == ["one", "two"]
    assert steps_logged["proposals"].to_list() == [0, 0]
    assert book.find().height == 2
