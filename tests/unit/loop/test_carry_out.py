"""Carrying out: purchase orders and movements, each exactly once, also after a kill."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from cartwheel.core.errors import ConflictError, InputError
from cartwheel.core.time import FixedClock
from cartwheel.loop import outbox
from cartwheel.loop.book import ProposalBook
from cartwheel.loop.carry_out import CarriedOut, carry_out
from cartwheel.storage.database import open_database
from cartwheel.storage.lake.lake import Lake
from shops import MONDAY, drafts, reorder

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)


@dataclass
class Shop:
    folder: Path
    database: sa.Engine
    lake: Lake
    clock: FixedClock

    @property
    def book(self) -> ProposalBook:
        return ProposalBook(self.database)

    def approve(self, *rows: dict[str, object]) -> list[str]:
        self.book.enter(drafts(*rows), stage="test", turn_id="t", on=MONDAY, at=NOW)
        ids = self.book.find(statuses=["proposed"])["proposal_id"].to_list()
        self.book.decide(ids, "approved", by="ann", at=NOW)
        return ids

    def carry_out(self, *ids: str) -> CarriedOut:
        return carry_out(
            ids, book=self.book, database=self.database, clock=self.clock, time_zone="UTC", by="ann"
        )

    def deliver(self) -> int:
        return outbox.deliver(
            self.database, lake=self.lake, folder=self.folder / "out", clock=self.clock
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    database = open_database(tmp_path / "records.db")
    return Shop(tmp_path, database, Lake(tmp_path / "lake"), FixedClock(NOW))


def test_reorders_become_one_purchase_order_a_supplier_and_warehouse(shop: Shop) -> None:
    shop.approve(
        reorder("p1", 5), reorder("p2", 6), reorder("p3", 7, supplier="s2"),
        reorder("p4", 8, warehouse="w2"),
    )  # fmt: skip
    assert shop.carry_out() == CarriedOut(proposals=4, purchase_orders=3, transfers=0, files=3)
    shop.deliver()
    orders, lines = shop.lake.read("purchase_orders"), shop.lake.read("purchase_order_lines")
    places = sorted(zip(orders["supplier_id"], orders["warehouse_id"], strict=True))
    assert places == [("s1", "w1"), ("s1", "w2"), ("s2", "w1")]
    assert dict(zip(lines["product_id"], lines["quantity"], strict=True)) == {
        "p1": 5, "p2": 6, "p3": 7, "p4": 8,
    }  # fmt: skip
    assert orders["ordered_at"].unique().to_list() == [NOW]
    assert lines["received_at"].is_null().all()
    assert lines["promised_at"].unique().to_list() == [datetime(2026, 7, 20, tzinfo=UTC)]


def test_a_transfer_moves_as_many_units_out_as_in(shop: Shop) -> None:
    shop.approve(reorder("p1", 5, kind="transfer"))
    shop.carry_out()
    shop.deliver()
    moved = shop.lake.read("stock_movements").sort("quantity")
    assert moved["quantity"].to_list() == [-5, 5]
    assert moved["warehouse_id"].to_list() == ["w1", "w2"]
    assert moved["kind"].to_list() == ["transfer_out", "transfer_in"]


def test_other_kinds_are_handed_out_as_files(shop: Shop) -> None:
    shop.approve(reorder("p1", 5, kind="campaign"))
    assert shop.carry_out().files == 1
    shop.deliver()
    (file,) = (shop.folder / "out").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["payload"]["quantity"] == 5


def test_repeating_the_command_orders_once(shop: Shop) -> None:
    ids = shop.approve(reorder("p1", 5))
    shop.carry_out(*ids)
    shop.deliver()
    assert shop.carry_out(*ids).proposals == 0
    assert shop.deliver() == 0
    assert shop.lake.rows("purchase_order_lines") == 1


def test_killed_before_delivery_the_next_command_delivers(shop: Shop) -> None:
    shop.approve(reorder("p1", 5))
    shop.carry_out()
    assert shop.lake.rows("purchase_orders") == 0
    assert shop.deliver() == 1
    assert shop.lake.rows("purchase_orders") == 1


def test_killed_after_the_lake_was_written_the_repeat_changes_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.approve(reorder("p1", 5), reorder("p2", 5, kind="transfer"))
    shop.carry_out()
    with monkeypatch.context() as patch:

        def killed(*args: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(outbox, "_hand_out", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.deliver()
    assert shop.lake.rows("purchase_order_lines") == 1
    version = shop.lake.version("purchase_order_lines")
    assert shop.deliver() == 2
    assert shop.lake.version("purchase_order_lines") == version
    assert shop.lake.rows("stock_movements") == 2


def test_killed_inside_the_decision_nothing_happened(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.approve(reorder("p1", 5))

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cartwheel.loop.carry_out.put", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.carry_out()
    assert shop.book.find()["status"].to_list() == ["approved"]
    assert shop.deliver() == 0
    assert shop.carry_out().purchase_orders == 1


def test_what_nobody_approved_is_not_carried_out(shop: Shop) -> None:
    shop.book.enter(drafts(reorder("p1", 5)), stage="test", turn_id="t", on=MONDAY, at=NOW)
    (waiting,) = shop.book.find()["proposal_id"]
    with pytest.raises(ConflictError, match="approve it before"):
        shop.carry_out(waiting)
    assert shop.carry_out().proposals == 0


def test_a_payload_that_lacks_something_changes_nothing(shop: Shop) -> None:
    broken = reorder("p1", 5) | {"payload": '{"product_id": "p1"}'}
    shop.approve(broken)
    with pytest.raises(InputError, match="supplier_id, warehouse_id, quantity missing"):
        shop.carry_out()
    assert shop.book.find()["status"].to_list() == ["approved"]


def test_what_the_lake_would_refuse_is_refused_before_it_is_decided(shop: Shop) -> None:
    shop.approve(reorder("p1", 0))
    with pytest.raises(InputError, match="quantity greater_than"):
        shop.carry_out()
    assert shop.book.find()["status"].to_list() == ["approved"]
    assert shop.deliver() == 0


def test_a_replayed_past_day_orders_on_its_next_morning(shop: Shop) -> None:
    shop.approve(reorder("p1", 5, valid_until=MONDAY + timedelta(2)))
    shop.carry_out()
    shop.deliver()
    ordered_at = shop.lake.read("purchase_orders")["ordered_at"].item()
    assert ordered_at == datetime(2026, 6, 2, tzinfo=UTC)
    assert shop.lake.read("purchase_orders").schema["ordered_at"] == pl.Datetime("us", "UTC")
