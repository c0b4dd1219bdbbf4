"""Proposals as files: money in major units, units as units, and nothing a spreadsheet would run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from cartwheel.core.errors import NotFoundError
from cartwheel.loop.book import ProposalBook
from cartwheel.loop.export import write_csv, write_excel
from cartwheel.storage.database import open_database
from shops import MONDAY, drafts, reorder


@pytest.fixture
def found(tmp_path: Path) -> pl.DataFrame:
    book = ProposalBook(open_database(tmp_path / "records.db"))
    risky = reorder("p2", 6, effect=500.0) | {"reason": "=HYPERLINK(1)", "reason_zh": "@汇总"}
    units = reorder("p3", 7, effect=800.0) | {"kpi": "units"}
    rows = drafts(reorder("p1", 5, effect=1250.0), risky, units)
    book.enter(rows, stage="s", turn_id="t", on=MONDAY, at=datetime(2026, 6, 1, tzinfo=UTC))
    return book.find()


def test_money_comes_first_and_in_major_units_and_units_stay_units(
    found: pl.DataFrame, tmp_path: Path
) -> None:
    write_csv(found, tmp_path / "p.csv", "EUR")
    read = pl.read_csv(tmp_path / "p.csv")
    assert read["effect"].to_list() == [12.5, 5.0, 800.0]
    assert read["cost"].to_list() == [50.0, 50.0, 50.0]


def test_what_is_to_be_ordered_stands_in_columns_of_its_own(
    found: pl.DataFrame, tmp_path: Path
) -> None:
    write_excel(found, tmp_path / "p.xlsx", "EUR")
    read = pl.read_excel(tmp_path / "p.xlsx")
    ordered = read.select("product_id", "supplier_id", "warehouse_id", "quantity", "unit_cost")
    payload = json.loads(found["payload"][0])
    assert ordered.row(0) == (
        payload["product_id"], payload["supplier_id"], payload["warehouse_id"],
        payload["quantity"], payload["unit_cost_minor"] / 100,
    )  # fmt: skip
    assert read["quantity"].to_list() == [5, 6, 7]


def test_amounts_have_no_more_decimals_than_their_currency(
    found: pl.DataFrame, tmp_path: Path
) -> None:
    thirds = found.with_columns(effect=pl.lit(100 / 3), confidence=pl.lit(2 / 3))
    write_csv(thirds, tmp_path / "p.csv", "EUR")
    read = pl.read_csv(tmp_path / "p.csv")
    assert read["effect"].to_list() == [0.33, 0.33, 33.3]
    assert read["confidence"].to_list() == [0.667] * 3


def test_a_csv_opens_in_excel_in_chinese_and_runs_nothing(
    found: pl.DataFrame, tmp_path: Path
) -> None:
    write_csv(found, tmp_path / "p.csv", "EUR")
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    read = pl.read_csv(tmp_path / "p.csv")
    assert read["reason"].to_list()[1] == "'=HYPERLINK(1)"
    assert read["reason_zh"].to_list()[:2] == ["订购5件p1。", "'@汇总"]


def test_a_workbook_keeps_texts_as_texts(found: pl.DataFrame, tmp_path: Path) -> None:
    write_excel(found, tmp_path / "p.xlsx", "EUR")
    read = pl.read_excel(tmp_path / "p.xlsx")
    assert read["reason"].to_list()[1] == "=HYPERLINK(1)"
    assert read["effect"].to_list() == [12.5, 5.0, 800.0]


def test_a_payload_too_long_for_a_cell_says_where_it_is(
    found: pl.DataFrame, tmp_path: Path
) -> None:
    long = found.with_columns(payload=pl.lit('{"customers": "' + "x" * 40_000 + '"}'))
    write_excel(long, tmp_path / "p.xlsx", "EUR")
    assert "--json" in pl.read_excel(tmp_path / "p.xlsx")["payload"][0]


def test_a_folder_that_is_not_there_is_named(found: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no folder"):
        write_csv(found, tmp_path / "absent" / "p.csv", "EUR")
