"""A turn: order, skipping, failing, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.core.time import FixedClock
from cartwheel.core.wording import Text
from cartwheel.loop.book import ProposalBook
from cartwheel.loop.turn import TurnRecord, ordered, take_turn
from cartwheel.storage.database import open_database
from cartwheel.storage.lake.engine import open_engine
from cartwheel.storage.lake.lake import Lake
from cartwheel.storage.lake.view import LakeView
from cartwheel.tables.step import Outputs, Skipped
from shops import MONDAY, FakeStep, SilentWatcher, drafts, order_lines, reorder

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
ON = MONDAY + timedelta(29)


@pytest.fixture
def view(tmp_path: Path) -> Iterator[LakeView]:
    lake = Lake(tmp_path / "lake")
    lake.replace("order_lines", order_lines(30))
    with open_engine("duckdb") as engine:
        yield LakeView(lake=lake, engine=engine, on=ON, currency="EUR", time_zone="UTC")


@pytest.fixture
def book(tmp_path: Path) -> ProposalBook:
    return ProposalBook(open_database(tmp_path / "records.db"))


def turn(view: LakeView, book: ProposalBook, *steps: FakeStep) -> TurnRecord:
    return take_turn(steps, view, book=book, clock=FixedClock(NOW), watcher=SilentWatcher())


def status(record: TurnRecord) -> dict[str, str]:
    return {step.step: step.status for step in record.steps}


def warehouses(*names: str) -> Outputs:
    return Outputs(tables={"warehouses": pl.DataFrame({"warehouse_id": list(names)})})


def maker(answer: object = None) -> FakeStep:
    writes = frozenset({"warehouses"})
    return FakeStep("maker", writes=writes, answer=answer or warehouses("w1"))


def taker() -> FakeStep:
    return FakeStep("taker", reads=frozenset({"warehouses"}))


def test_steps_run_after_those_whose_tables_they_read(view: LakeView, book: ProposalBook) -> None:
    reader, writer = taker(), maker()
    record = turn(view, book, reader, writer)
    assert [step.step for step in record.steps] == ["maker", "taker"]
    assert reader.seen["warehouses"]["warehouse_id"].to_list() == ["w1"]


def test_steps_that_wait_for_each_other_are_refused() -> None:
    one = FakeStep("one", reads=frozenset({"carriers"}), writes=frozenset({"vehicles"}))
    two = FakeStep("two", reads=frozenset({"vehicles"}), writes=frozenset({"carriers"}))
    with pytest.raises(InputError, match="wait for each other"):
        ordered([one, two])


def test_two_writers_of_one_table_are_refused() -> None:
    with pytest.raises(InputError, match='both write "warehouses"'):
        ordered([maker(), FakeStep("other", writes=frozenset({"warehouses"}))])


def test_a_step_without_its_table_is_skipped_with_the_reason(
    view: LakeView, book: ProposalBook
) -> None:
    record = turn(view, book, FakeStep("needy", reads=frozenset({"suppliers"})))
    assert status(record) == {"needy": "skipped"}
    reason = record.steps[0].reason
    assert reason == Text("no rows in suppliers", "没有数据：供应商")


def test_a_step_with_too_little_is_skipped_by_its_own_word(
    view: LakeView, book: ProposalBook
) -> None:
    said = Text("only 3 orders", "只有3个订单")
    record = turn(view, book, maker(Skipped(said)), taker())
    assert status(record) == {"maker": "skipped", "taker": "skipped"}
    assert record.steps[1].reason == Text('the step "maker" was skipped', "步骤“maker”被跳过")


def test_a_step_that_fails_does_not_undo_the_others(view: LakeView, book: ProposalBook) -> None:
    good = FakeStep("good", writes=frozenset({"carriers"}), answer=Outputs(
        tables={"carriers": pl.DataFrame({"carrier_id": ["c"]})}))  # fmt: skip
    record = turn(view, book, good, maker(ValueError("boom")), taker())
    assert status(record) == {"good": "done", "maker": "failed", "taker": "skipped"}
    assert record.has_failed
    assert view.lake.rows("carriers") == 1
    failed = next(step for step in record.steps if step.step == "maker")
    assert failed.reason is not None
    assert failed.reason.en == "ValueError: boom"


def test_a_frame_that_breaks_its_contract_fails_the_step_and_writes_nothing(
    view: LakeView, book: ProposalBook
) -> None:
    record = turn(view, book, maker(warehouses("w1", "w1")))
    assert status(record) == {"maker": "failed"}
    assert not view.lake.has("warehouses")


def test_a_table_not_declared_fails_the_step(view: LakeView, book: ProposalBook) -> None:
    record = turn(view, book, FakeStep("sneaky", answer=warehouses("w1")))
    assert record.steps[0].reason is not None
    assert "without declaring it" in record.steps[0].reason.en


def test_what_a_failed_step_wrote_in_an_earlier_turn_is_not_shown_as_of_this_one(
    view: LakeView, book: ProposalBook
) -> None:
    turn(view, book, maker())
    optional = FakeStep("optional", reads_if_there=frozenset({"warehouses"}))
    turn(view, book, maker(ValueError("boom")), optional)
    assert optional.seen["warehouses"].is_empty()


def test_only_the_chosen_step_runs_on_what_an_earlier_turn_wrote(
    view: LakeView, book: ProposalBook
) -> None:
    reader = taker()
    turn(view, book, maker())
    assert status(turn(view, book, reader)) == {"taker": "done"}


def test_the_same_turn_twice_changes_and_proposes_nothing_new(
    view: LakeView, book: ProposalBook
) -> None:
    tables = {"warehouses": pl.DataFrame({"warehouse_id": ["w1"]})}
    answer = Outputs(tables=tables, proposals=drafts(reorder("p1", 5)))
    first = turn(view, book, maker(answer))
    version = view.lake.version("warehouses")
    second = turn(view, book, maker(answer))
    assert (first.steps[0].proposals, second.steps[0].proposals) == (1, 0)
    assert view.lake.version("warehouses") == version
    assert book.find().height == 1


@pytest.mark.parametrize("day", [0, 7, 28])
def test_a_turn_of_a_past_day_sees_only_what_was_known_then(
    view: LakeView, book: ProposalBook, day: int
) -> None:
    reader = FakeStep("reader", reads=frozenset({"order_lines"}))
    then = replace(view, on=MONDAY + timedelta(day))
    turn(then, book, reader)
    assert reader.seen["order_lines"]["ordered_at"].max().date() == MONDAY + timedelta(day)
    assert reader.seen["order_lines"].height == 2 * (day + 1)


def test_a_day_before_everything_skips_instead_of_failing(
    view: LakeView, book: ProposalBook
) -> None:
    early = replace(view, on=date(2020, 1, 1))
    reader = FakeStep("reader", reads=frozenset({"order_lines"}))
    assert status(turn(early, book, reader)) == {"reader": "skipped"}
