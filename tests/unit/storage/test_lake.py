"""The lake: whole tables, merges by key, versions, and a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartwheel.core.errors import DiskFullError, InputError, NotFoundError
from cartwheel.storage.lake import lake as lake_module
from cartwheel.storage.lake.lake import Lake, MergeCounts
from shops import order_lines


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_a_table_never_written_is_empty_with_its_columns(lake: Lake) -> None:
    assert lake.read("products").is_empty()
    assert "product_id" in lake.read("products").columns
    assert lake.version("products") is None
    assert lake.names() == []


def test_what_is_written_is_read_back_sorted_by_key(lake: Lake) -> None:
    lines = order_lines()
    lake.replace("order_lines", lines.reverse())
    assert_frame_equal(lake.read("order_lines"), lines.sort("order_id", "line_no"))


def test_merging_the_same_rows_twice_makes_no_new_version(lake: Lake) -> None:
    first = lake.merge("order_lines", order_lines())
    version = lake.version("order_lines")
    second = lake.merge("order_lines", order_lines())
    assert first == MergeCounts(added=60, updated=0, unchanged=0)
    assert second == MergeCounts(added=0, updated=0, unchanged=60)
    assert lake.version("order_lines") == version


def test_merging_adds_new_keys_and_overwrites_known_ones(lake: Lake) -> None:
    lake.merge("order_lines", order_lines(10))
    changed = order_lines(12).with_columns(quantity=pl.col("quantity") + 1)
    assert lake.merge("order_lines", changed.tail(6)) == MergeCounts(
        added=4, updated=2, unchanged=0
    )
    assert lake.rows("order_lines") == 24
    assert lake.read("order_lines")["quantity"].sum() == 30 + 6 + 6


def test_rows_with_nulls_that_did_not_change_count_as_unchanged(lake: Lake) -> None:
    lines = order_lines(3).with_columns(customer_id=pl.lit(None, pl.String))
    lake.merge("order_lines", lines)
    assert lake.merge("order_lines", lines).unchanged == lines.height


def test_replacing_with_the_same_rows_changes_nothing(lake: Lake) -> None:
    assert lake.replace("order_lines", order_lines(), origin={"cartwheel.on": "2026-06-30"})
    version = lake.version("order_lines")
    assert not lake.replace("order_lines", order_lines(), origin={"cartwheel.on": "2026-06-30"})
    assert lake.version("order_lines") == version
    assert lake.origin("order_lines") == {"cartwheel.on": "2026-06-30"}


def test_the_same_rows_made_for_another_day_say_so(lake: Lake) -> None:
    lake.replace("order_lines", order_lines(), origin={"cartwheel.on": "2026-06-29"})
    assert not lake.replace("order_lines", order_lines(), origin={"cartwheel.on": "2026-06-30"})
    assert lake.origin("order_lines") == {"cartwheel.on": "2026-06-30"}


def test_a_frame_that_breaks_the_contract_is_refused_and_nothing_written(lake: Lake) -> None:
    lake.replace("order_lines", order_lines())
    with pytest.raises(InputError, match="quantity greater_than"):
        lake.replace("order_lines", order_lines().with_columns(quantity=pl.lit(0)))
    assert lake.rows("order_lines") == 60


def test_two_rows_with_one_key_are_refused(lake: Lake) -> None:
    with pytest.raises(InputError, match="share a key"):
        lake.merge("order_lines", pl.concat([order_lines(1), order_lines(1)]))


def test_an_unknown_table_names_the_nearest_one(lake: Lake) -> None:
    with pytest.raises(NotFoundError, match='Did you mean "order_lines"'):
        lake.read("order_line")


def test_a_full_disk_keeps_the_old_version_and_says_so(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.replace("order_lines", order_lines(5))

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lake_module, "write_deltalake", full)
    with pytest.raises(DiskFullError, match="keeps its old version") as caught:
        lake.merge("order_lines", order_lines(6))
    assert caught.value.exit_code == 2
    assert lake.rows("order_lines") == 10


@pytest.mark.parametrize("name", ["my shop", "数据", "a#b", "a*", "a{1}"])
def test_a_lake_lives_in_a_folder_of_any_usual_name(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")
    lake.merge("order_lines", order_lines(2))
    lake.merge("order_lines", order_lines(3))
    assert lake.rows("order_lines") == lake.read("order_lines").height == 6


def test_vacuum_keeps_the_newest_version_readable(lake: Lake) -> None:
    for days in (5, 6, 7):
        lake.replace("order_lines", order_lines(days))
    lake.vacuum(timedelta(0))
    assert lake.rows("order_lines") == 14
    files = list((lake.root / "order_lines").glob("*.parquet"))
    assert len(files) == 1


def test_vacuum_leaves_version_and_origin_alone(lake: Lake) -> None:
    for days in (5, 6, 7):
        lake.replace("order_lines", order_lines(days), origin={"cartwheel.on": f"2026-06-0{days}"})
    for _ in range(2):
        lake.vacuum(timedelta(0))
    assert lake.version("order_lines") == 2
    assert lake.origin("order_lines") == {"cartwheel.on": "2026-06-07"}


def test_vacuum_removes_what_a_killed_writer_left_when_it_is_old_enough(lake: Lake) -> None:
    lake.replace("order_lines", order_lines())
    folder = lake.root / "order_lines"
    for name in ("old", "young"):
        (folder / f"part-{name}.parquet").write_bytes(b"half a file")
    month = 31 * 24 * 3600
    os.utime(folder / "part-old.parquet", (time.time() - month, time.time() - month))
    lake.vacuum(timedelta(days=30))
    assert not (folder / "part-old.parquet").exists()
    assert (folder / "part-young.parquet").exists()
    assert lake.rows("order_lines") == 60


def test_a_first_write_that_ended_before_its_commit_is_simply_repeated(lake: Lake) -> None:
    log = lake.root / "order_lines" / "_delta_log"
    log.mkdir(parents=True)
    (log / "00000000000000000000.json#1").write_text("{", encoding="utf-8")
    assert not lake.has("order_lines")
    assert lake.names() == []
    assert lake.read("order_lines").is_empty()
    lake.merge("order_lines", order_lines())
    assert lake.rows("order_lines") == 60


MERGE_FOREVER = """
import sys, pathlib, polars as pl
sys.path.insert(0, sys.argv[2])
from shops import order_lines
from cartwheel.storage.lake.lake import Lake
lake = Lake(pathlib.Path(sys.argv[1]))
for days in range(2, 10_000):
    lake.merge("order_lines", order_lines(days % 60 + 1).with_columns(quantity=pl.lit(days)))
    print(days, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3, 0.7])
def test_a_writer_killed_at_any_moment_leaves_a_readable_version(lake: Lake, delay: float) -> None:
    lake.replace("order_lines", order_lines(60))
    command = [sys.executable, "-c", MERGE_FOREVER, str(lake.root), str(Path(__file__).parents[2])]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline(), "the writer never wrote"
        time.sleep(delay)
        writer.kill()
    assert lake.rows("order_lines") == 120
    lake.merge("order_lines", order_lines(60))
    assert_frame_equal(lake.read("order_lines"), order_lines(60).sort("order_id", "line_no"))
