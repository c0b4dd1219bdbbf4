"""A workspace as a whole: which day a turn is of, what a report is of, and one writer at a time."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from cartwheel.core.errors import InputError, NotFoundError, UnavailableError
from cartwheel.core.time import FixedClock
from cartwheel.loop.intake import ImportFiles
from cartwheel.loop.outbox import Message, put
from cartwheel.loop.settings import ShopSettings
from cartwheel.loop.turn import StepRecord, TurnRecord
from cartwheel.loop.turn_log import TurnFacts
from cartwheel.storage.workspace import Folders
from cartwheel.wiring import Workspace, init_workspace, open_workspace
from shops import MONDAY, SilentWatcher, order_lines

NOW = datetime(2026, 7, 1, 22, tzinfo=UTC)


def shop(root: Path, *, time_zone: str = "UTC", now: datetime = NOW) -> Workspace:
    settings = ShopSettings(name="S", currency="EUR", time_zone=time_zone)
    return init_workspace(root, settings, FixedClock(now))


def turn(workspace: Workspace, on: date, *stages: str) -> None:
    """Take a turn on the evening after ``on``."""
    clock = FixedClock(datetime(on.year, on.month, on.day, 23, tzinfo=UTC) + timedelta(days=1))
    later = open_workspace(workspace.folders.root, clock)
    record = later.turn(on=on, only=stages, watcher=SilentWatcher())
    assert [step.status for step in record.steps] == ["done"] * len(stages)


def test_a_shop_without_data_says_what_to_import(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="import one of order_lines"):
        shop(tmp_path / "s").newest_day()


def test_the_newest_day_is_that_of_the_last_order_in_the_shops_time_zone(tmp_path: Path) -> None:
    lines = order_lines(10).with_columns(pl.col("ordered_at") + pl.duration(hours=11))
    for zone, day in (("UTC", 9), ("Asia/Shanghai", 10)):
        workspace = shop(tmp_path / zone.replace("/", "-"), time_zone=zone)
        workspace.lake.merge("order_lines", lines)
        assert workspace.newest_day() == MONDAY + timedelta(day)


def test_today_is_not_over_and_the_future_not_known(tmp_path: Path) -> None:
    for now, newest in (
        (datetime(2026, 6, 10, 22, tzinfo=UTC), date(2026, 6, 9)),
        (datetime(2026, 6, 11, 0, tzinfo=UTC), date(2026, 6, 10)),
    ):
        workspace = shop(tmp_path / now.isoformat().replace(":", ""), now=now)
        workspace.lake.merge("order_lines", order_lines(30))
        assert workspace.newest_day() == newest


def test_a_stage_that_is_unknown_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='Did you mean "demand"'):
        shop(tmp_path / "s").steps(["demnd"])


def test_without_a_turn_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cartwheel run"):
        _ = shop(tmp_path / "s").report_data


def test_a_report_is_of_the_last_turns_day_and_of_no_other(tmp_path: Path) -> None:
    """What another stage found for an earlier day does not show as of this one."""
    workspace = shop(tmp_path / "s")
    workspace.lake.merge("order_lines", order_lines(30))
    first, last = MONDAY + timedelta(20), MONDAY + timedelta(29)
    turn(workspace, first, "behaviour", "monitor")
    turn(workspace, last, "monitor")
    data = open_workspace(workspace.folders.root).report_data
    assert data.turn["on_day"] == last
    assert "kpis" in data.tables
    assert "segments" not in data.tables


def test_a_month_of_daily_turns_keeps_the_report_and_the_past_apart(tmp_path: Path) -> None:
    """Old versions are removed; what the writer said of the newest stays."""
    workspace = shop(tmp_path / "s")
    workspace.lake.merge("order_lines", order_lines(30))
    for day in (20, 25):
        turn(workspace, MONDAY + timedelta(day), "monitor")
    workspace.lake.vacuum(timedelta(0))
    assert "kpis" in open_workspace(workspace.folders.root).report_data.tables


HOLD = """
import sys, time, pathlib
from cartwheel.loop.turn import StepRecord, TurnRecord
from cartwheel.loop.turn_log import TurnFacts
from cartwheel.storage.workspace import Folders
with Folders(pathlib.Path(sys.argv[1])).writing():
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_writes_at_a_time_and_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "s")
    folders = Folders(tmp_path / "s")
    command = [sys.executable, "-c", HOLD, str(folders.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with (
            pytest.raises(UnavailableError, match="Another command is writing"),
            folders.writing(wait_seconds=0.2),
        ):
            pytest.fail("two writers at once")
        writer.kill()
    files = ImportFiles(paths=(_file(tmp_path),), currency="EUR", time_zone="UTC")
    assert workspace.bring_in(files, lambda done, doing: None).written


def _file(folder: Path) -> Path:
    path = folder / "orders.csv"
    order_lines(3).write_csv(path)
    return path


def test_the_steps_of_a_turn_are_told_in_the_order_they_ran(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "s")
    steps = tuple(
        StepRecord(
            step=name, status="done", reason=None, seconds=1.0, rows_in=0, rows_out=0, proposals=0,
            peak_mb=1.0,
        )
        for name in ("recommend", "inventory", "monitor", "demand")
    )  # fmt: skip
    facts = TurnFacts(started_at=NOW, seconds=4.0, engine="duckdb", settings="{}", inputs={})
    workspace.turn_log.write(TurnRecord("turn-1", MONDAY, steps), facts)
    told = workspace.turn_log.steps("turn-1")
    assert told["step"].to_list() == ["recommend", "inventory", "monitor", "demand"]


def test_the_quality_of_a_shop_with_products_alone_can_be_seen(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "s")
    with pytest.raises(InputError, match="import a file first"):
        workspace.quality()
    workspace.lake.merge("products", pl.DataFrame({"product_id": ["a", "b"]}))
    assert set(workspace.quality().measures["table"]) == {"products"}


def test_what_waits_is_delivered_before_an_import(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "s")
    head = {
        "purchase_order_id": "po-1", "supplier_id": "s", "warehouse_id": "w",
        "ordered_at": "2026-06-01T00:00:00+00:00",
    }  # fmt: skip
    with workspace.database.begin() as connection:
        put(connection, Message("po-1", "purchase-order", {"purchase_orders": [head]}), NOW)
    file = tmp_path / "orders.csv"
    file.write_text("purchase_order_id,supplier_id,warehouse_id,ordered_at\npo-1,t,w,2026-06-02\n")
    command = ImportFiles(paths=(file,), currency="EUR", time_zone="UTC", named="purchase_orders")
    workspace.bring_in(command, lambda done, doing: None)
    workspace.deliver()
    assert workspace.lake.read("purchase_orders")["supplier_id"].to_list() == ["t"]
