"""A first day by the command line, from files to a purchase order; also killed on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartwheel.simulate import ShopParameters, simulate_shop, write_shop
from cartwheel.storage.lake.lake import Lake
from cartwheel.wiring import open_workspace

pytestmark = pytest.mark.slow

SMALL = ShopParameters(products=60, customers=500, months=6, suppliers=6, seed=3)


def cartwheel(*arguments: object, code: int = 0) -> str:
    """Run a command and return what it printed; it must end with ``code``."""
    command = [sys.executable, "-m", "cartwheel", *map(str, arguments)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert found.returncode == code, found.stderr + found.stdout
    assert "Traceback" not in found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    write_shop(simulate_shop(SMALL), folder)
    return sorted(file for file in folder.iterdir() if file.suffix in {".csv", ".parquet"})


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Path:
    """Return a shop whose wheel has turned once."""
    shop = tmp_path_factory.mktemp("turned") / "shop"
    cartwheel("init", shop, "--currency", SMALL.currency, "--time-zone", SMALL.time_zone)
    cartwheel("import", shop, *files)
    cartwheel("run", shop)
    return shop


@pytest.fixture
def acting(turned: Path, tmp_path: Path) -> Path:
    """Return a copy of the shop for a test that carries something out."""
    return shutil.copytree(turned, tmp_path / "acting")


def tables(shop: Path) -> dict[str, pl.DataFrame]:
    lake = Lake(shop / "lake")
    return {name: lake.read(name) for name in lake.names() if name not in {"imports"}}


def assert_same_tables(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    assert sorted(one) == sorted(other)
    for name, frame in one.items():
        assert_frame_equal(frame, other[name], check_exact=False, rel_tol=1e-9)


def test_every_row_of_every_file_is_in_the_lake(turned: Path) -> None:
    lake = Lake(turned / "lake")
    for name, frame in simulate_shop(SMALL).tables.items():
        assert lake.rows(name) == frame.height, name
    assert lake.rows("quarantine") == 0


def test_every_step_was_done(turned: Path) -> None:
    workspace = open_workspace(turned)
    steps = workspace.turn_log.steps(workspace.turn_log.all()["turn_id"][0])
    assert dict(zip(steps["step"], steps["status"], strict=True)) == dict.fromkeys(
        ["behaviour", "recommend", "demand", "inventory", "procurement", "monitor"], "done"
    )
    assert steps["rows_in"].min() > 0
    assert steps["peak_mb"].min() > 0


def test_the_report_is_one_file_in_either_language(turned: Path) -> None:
    for language, tag, word in (("en", "en", "proposals"), ("zh", "zh-Hans", "提案")):
        out = turned / f"report-{language}.html"
        cartwheel("report", turned, "--lang", language, "--out", out)
        text = out.read_text(encoding="utf-8")
        assert word in text
        assert f'<html lang="{tag}">' in text
        assert "<script src" not in text
        assert "<link" not in text


def test_the_same_turn_again_changes_nothing_and_proposes_nothing_new(turned: Path) -> None:
    before, proposed = tables(turned), open_workspace(turned).book.find().drop("status")
    said = json.loads(cartwheel("run", turned, "--json"))
    assert [step["proposals"] for step in said["steps"]] == [0] * 6
    assert_same_tables(before, tables(turned))
    assert_frame_equal(open_workspace(turned).book.find().drop("status"), proposed)


def test_proposals_are_exported_for_machines_and_for_excel(turned: Path, tmp_path: Path) -> None:
    listed = json.loads(cartwheel("proposals", turned, "--json"))
    assert listed
    assert {"reason", "reason_zh", "effect_low", "confidence", "method"} <= set(listed[0])
    cartwheel("proposals", turned, "--csv", tmp_path / "p.csv", "--xlsx", tmp_path / "p.xlsx")
    assert pl.read_csv(tmp_path / "p.csv").height == len(listed)
    assert pl.read_excel(tmp_path / "p.xlsx").height == len(listed)


def test_an_approved_reorder_becomes_a_purchase_order_once(acting: Path) -> None:
    first = json.loads(cartwheel("proposals", acting, "--kind", "reorder", "--json"))[0]
    lake = Lake(acting / "lake")
    before = lake.rows("purchase_order_lines")
    cartwheel("apply", acting, first["proposal_id"], code=2)
    cartwheel("approve", acting, first["proposal_id"], "--by", "ann")
    cartwheel("apply", acting)
    cartwheel("apply", acting)
    assert lake.rows("purchase_order_lines") == before + 1
    wanted = json.loads(first["payload"])
    order = lake.read("purchase_orders").filter(pl.col("note") == first["proposal_id"])
    assert order["supplier_id"].to_list() == [wanted["supplier_id"]]


def test_importing_the_files_again_changes_nothing(turned: Path, files: list[Path]) -> None:
    lake = Lake(turned / "lake")
    before = {name: lake.version(name) for name in lake.names()}
    cartwheel("import", turned, *files)
    after = {name: lake.version(name) for name in lake.names()}
    assert after == before


def test_a_past_turn_equals_the_turn_of_a_shop_that_knows_no_more(
    tmp_path: Path, files: list[Path]
) -> None:
    """With all data but --on a past day, every table is as if the rest had never come."""
    on = SMALL.until - timedelta(days=45)
    found = {}
    for name in ("all", "past"):
        shop = tmp_path / name
        cartwheel("init", shop, "--currency", SMALL.currency, "--time-zone", SMALL.time_zone)
        cartwheel("import", shop, *files)
        if name == "past":
            _forget(shop, on)
        cartwheel("run", shop, "--on", on)
        workspace = open_workspace(shop)
        written = {table for step in workspace.steps() for table in step.writes}
        found[name] = {table: workspace.lake.read(table) for table in sorted(written)}
        drafts = workspace.book.find().drop("turn_id")
        found[name]["proposals"] = drafts.sort("proposal_id")
    assert found["all"]["forecasts"].height > 0
    assert found["all"]["proposals"].height > 0
    assert_same_tables(found["all"], found["past"])


def _forget(shop: Path, on: object) -> None:
    """Take every row and value out of the lake that a turn of day ``on`` may not see."""
    from dataclasses import replace

    from cartwheel.storage.lake.engine import open_engine
    from cartwheel.storage.lake.view import LakeView

    lake = Lake(shop / "lake")
    with open_engine("duckdb") as engine:
        view = LakeView(lake=lake, engine=engine, on=on, currency="GBP", time_zone=SMALL.time_zone)  # type: ignore[arg-type]
        seen = {name: replace(view).frame(name) for name in lake.names()}
    for name, frame in seen.items():
        lake.replace(name, frame)


def _killed(arguments: list[object], after_seconds: float) -> None:
    command = [sys.executable, "-m", "cartwheel", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        time.sleep(after_seconds)
        os.killpg(process.pid, signal.SIGKILL)


def test_an_import_killed_at_any_moment_is_simply_repeated(
    tmp_path: Path, files: list[Path], turned: Path
) -> None:
    shop = tmp_path / "shop"
    cartwheel("init", shop, "--currency", SMALL.currency, "--time-zone", SMALL.time_zone)
    for after in (1.0, 4.0, 5.5, 6.5, 8.0):
        _killed(["import", shop, *files], after)
        lake = Lake(shop / "lake")
        for name in lake.names():
            lake.read(name)
    cartwheel("import", shop, *files)
    imported = simulate_shop(SMALL).tables
    lake = Lake(shop / "lake")
    for name in imported:
        assert_frame_equal(lake.read(name), Lake(turned / "lake").read(name))
        assert lake.rows(name) == imported[name].height


def test_carrying_out_killed_at_any_moment_orders_each_once(acting: Path) -> None:
    workspace = open_workspace(acting)
    waiting = workspace.book.find(kind="reorder", statuses=["proposed"])
    assert waiting.height >= 5
    before = workspace.lake.rows("purchase_order_lines")
    for number, proposal in enumerate(waiting["proposal_id"].head(5)):
        cartwheel("approve", acting, proposal)
        _killed(["apply", acting, proposal], 1.0 + 0.7 * number)
    cartwheel("apply", acting)
    lake = Lake(acting / "lake")
    assert lake.rows("purchase_order_lines") == before + 5
    noted = lake.read("purchase_orders")["note"].drop_nulls().str.split(" ").explode()
    for proposal in waiting["proposal_id"].head(5):
        assert noted.to_list().count(proposal) == 1
