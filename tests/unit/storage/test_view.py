"""The view of a past day: no later row, no later value, on every table and on both readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from cartwheel.storage.lake.engine import Engine, open_engine
from cartwheel.storage.lake.lake import Lake
from cartwheel.storage.lake.view import ORIGIN_DAY, LakeView
from cartwheel.tables import TABLES, table_contract
from shops import order_lines

ON = date(2026, 6, 10)
BEFORE, AFTER = datetime(2026, 6, 10, 20, tzinfo=UTC), datetime(2026, 6, 11, 20, tzinfo=UTC)
TIMED = [name for name, contract in TABLES.items() if contract.known]
REVEALED = [(n, c) for n, contract in TABLES.items() for c in contract.revealed]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine("duckdb") as opened:
        yield opened


def view(lake: Lake, engine: Engine, *, on: date = ON, time_zone: str = "UTC") -> LakeView:
    return LakeView(lake=lake, engine=engine, on=on, currency="EUR", time_zone=time_zone)


def example(table: str, times: list[datetime]) -> pl.DataFrame:
    """Return one row a time, all other columns filled with the same allowed value."""
    contract = table_contract(table)
    fill = {pl.String: "x", pl.Int64: 1, pl.Float64: 1.0, pl.Boolean: True}
    columns: dict[str, object] = {}
    for name, column in contract.columns.items():
        if column.dtype.is_temporal():
            values = [t.date() if column.dtype == pl.Date else t for t in times]
        elif column.allowed and not column.allowed[0].split("(")[0].endswith(
            ("_to", "_than", "range")
        ):
            values = [column.allowed[0]] * len(times)
        elif name in contract.key:
            values = [f"k{i}" if column.dtype == pl.String else i + 1 for i in range(len(times))]
        elif name == "birth_year":
            values = [1990] * len(times)
        else:
            values = [fill[column.dtype.base_type()]] * len(times)
        columns[name] = pl.Series(name, values, dtype=column.dtype)
    return pl.DataFrame(columns)


@pytest.mark.parametrize("table", TIMED)
def test_no_row_of_a_later_day_is_in_reach(table: str, tmp_path: Path, engine: Engine) -> None:
    lake = Lake(tmp_path)
    lake.replace(table, example(table, [BEFORE, AFTER]))
    seen = view(lake, engine)
    known = table_contract(table).known
    assert known is not None
    for frame in (seen.frame(table), seen.scan(table).collect(), seen.relation(table).to_polars()):
        assert frame.height == 1
        assert str(frame[known].item())[:10] == "2026-06-10"


@pytest.mark.parametrize(("table", "column"), REVEALED)
def test_no_value_of_a_later_day_is_in_reach(
    table: str, column: str, tmp_path: Path, engine: Engine
) -> None:
    contract = table_contract(table)
    lake = Lake(tmp_path)
    rows = example(table, [BEFORE, BEFORE])
    rows = rows.with_columns(pl.Series(column, [BEFORE, AFTER], dtype=contract.schema[column]))
    lake.replace(table, rows)
    seen = view(lake, engine)
    for frame in (seen.frame(table), seen.relation(table).to_polars().sort(contract.key)):
        for hidden in contract.revealed[column]:
            assert frame[hidden].is_null().to_list() == [False, True]


def test_the_day_ends_in_the_shops_time_zone(tmp_path: Path, engine: Engine) -> None:
    lake = Lake(tmp_path)
    late = datetime(2026, 6, 10, 22, 30, tzinfo=UTC)  # half past midnight in Berlin
    lines = order_lines(1).with_columns(ordered_at=pl.lit(late).cast(pl.Datetime("us", "UTC")))
    lake.replace("order_lines", lines)
    assert view(lake, engine, time_zone="UTC").rows("order_lines") == 2
    assert view(lake, engine, time_zone="Europe/Berlin").rows("order_lines") == 0
    assert view(lake, engine, on=ON + timedelta(1), time_zone="Europe/Berlin").has("order_lines")


def test_master_data_without_a_date_is_always_known(tmp_path: Path, engine: Engine) -> None:
    lake = Lake(tmp_path)
    customers = pl.DataFrame({"customer_id": ["a"]})
    lake.replace("customers", table_contract("customers").conform(customers))
    seen = view(lake, engine)
    assert seen.rows("customers") == seen.relation("customers").to_polars().height == 1


def test_what_a_step_made_for_a_later_day_is_not_in_reach(tmp_path: Path, engine: Engine) -> None:
    lake = Lake(tmp_path)
    lake.replace("warehouses", example("warehouses", [BEFORE]), origin={ORIGIN_DAY: "2026-06-11"})
    seen = view(lake, engine)
    assert not seen.has("warehouses")
    assert seen.frame("warehouses").is_empty()
    assert seen.relation("warehouses").to_polars().is_empty()
    assert view(lake, engine, on=ON + timedelta(1)).has("warehouses")
