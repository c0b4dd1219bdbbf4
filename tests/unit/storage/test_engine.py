"""The engines: files of a Delta snapshot become a relation with the contract's columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake

from cartwheel.core.errors import InputError, UnavailableError
from cartwheel.storage.lake import engine as engine_module
from cartwheel.storage.lake.engine import EngineLimits, open_engine
from cartwheel.tables import table_contract

EVENTS = table_contract("events")
has_spark = engine_module._missing_for_spark() is None
spark = pytest.param(
    "spark",
    marks=[pytest.mark.slow, pytest.mark.skipif(not has_spark, reason="no PySpark or no Java")],
)


@pytest.fixture(scope="module", params=["duckdb", spark])
def engine(request):
    with open_engine(request.param, EngineLimits(memory_gb=1, threads=2)) as opened:
        yield opened


def events() -> pl.DataFrame:
    instants = [
        datetime(2024, 3, 31, 0, 59, 59, 999_999, tzinfo=UTC),
        datetime(2024, 7, 1, tzinfo=UTC),
    ]
    return EVENTS.conform(
        pl.DataFrame(
            {"event_id": ["a", "b"], "happened_at": instants, "kind": ["view", "加购"]}
        ).with_columns(channel=pl.lit("web"))
    )


def snapshot(folder: Path, *frames: pl.DataFrame) -> list[str]:
    folder.mkdir(parents=True)
    for frame in frames:
        write_deltalake(folder, frame, mode="append", schema_mode="merge")
    return DeltaTable(folder).file_uris()


def test_files_come_back_as_they_were_written(engine, tmp_path):
    found = engine.relation(snapshot(tmp_path / "events", events()), EVENTS).to_polars()
    assert found.sort("event_id").equals(events())


def test_a_folder_may_have_spaces_and_chinese_in_its_name(engine, tmp_path):
    files = snapshot(tmp_path / "my shop" / "数据 {1}", events())
    assert engine.relation(files, EVENTS).count().execute() == 2


def test_columns_that_older_files_lack_are_null(engine, tmp_path):
    files = snapshot(tmp_path / "events", events().drop("channel"), events())
    found = engine.relation(files, EVENTS).to_polars()
    assert found.columns == list(EVENTS.schema)
    assert found["channel"].is_null().sum() == 2


def test_no_files_give_an_empty_relation_with_the_contracts_types(engine):
    assert engine.relation([], EVENTS).to_polars().schema == EVENTS.schema


def test_empty_and_full_relations_can_be_joined(engine, tmp_path):
    full = engine.relation(snapshot(tmp_path / "events", events()), EVENTS)
    empty = engine.relation([], EVENTS)
    assert full.anti_join(empty, "event_id").count().execute() == 2


def test_a_file_that_is_gone_is_unavailable(engine, tmp_path):
    with pytest.raises(UnavailableError, match="cannot read table"):
        engine.relation([str(tmp_path / "gone.parquet")], EVENTS).to_polars()


def test_duckdb_downloads_nothing_and_keeps_its_limits():
    with open_engine("duckdb", EngineLimits(memory_gb=0.5, threads=1)) as opened:
        ask = (
            "SELECT name, value FROM duckdb_settings() WHERE name IN"
            " ('autoinstall_known_extensions', 'autoload_known_extensions', 'threads', 'TimeZone')"
        )
        said = dict(opened.backend.raw_sql(ask).fetchall())
    assert said == {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "threads": "1",
        "TimeZone": "UTC",
    }


def test_closing_twice_does_nothing_and_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    opened = open_engine("duckdb")
    assert len(list(tmp_path.iterdir())) == 1
    opened.close()
    opened.close()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_engine_names_the_nearest():
    with pytest.raises(InputError, match='Did you mean "duckdb"'):
        open_engine("duckbd")


@pytest.mark.parametrize("missing", ["PySpark", "Java"])
def test_without_pyspark_or_java_the_extra_is_named(monkeypatch, missing):
    monkeypatch.setattr(engine_module, "_missing_for_spark", lambda: missing)
    with pytest.raises(UnavailableError, match=rf"needs {missing}.*cartwheel\[spark\]"):
        open_engine("spark")


def test_java_is_looked_for_where_java_home_says(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert engine_module._missing_for_spark() in {"Java", "PySpark"}


@pytest.mark.parametrize("wrong", [{"memory_gb": 0.1}, {"threads": -1}])
def test_limits_that_cannot_hold_are_refused(wrong):
    with pytest.raises(InputError):
        EngineLimits(**wrong)
