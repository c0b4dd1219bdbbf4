"""Importing files: all or nothing, the same again changes nothing, every row accounted for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from cartwheel.core.errors import CartwheelError, DiskFullError, InputError
from cartwheel.core.time import FixedClock
from cartwheel.loop.import_report import ImportReport
from cartwheel.loop.intake import ImportFiles, import_files
from cartwheel.storage.lake.lake import Lake

CLOCK = FixedClock(datetime(2026, 1, 2, tzinfo=UTC))
HEADING = "order_id,ordered_at,product_id,quantity,unit_price\n"
ROWS = "1,2024-01-01,a,1,2\n1,2024-01-01,a,1,2\n2,2024-01-13,b,0,3\n3,2024-01-14,b,3,3\n"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def write(folder: Path, text: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def bring(lake: Lake, *paths: Path, **settings: object) -> ImportReport:
    command = ImportFiles(paths=paths, currency="EUR", time_zone="UTC", **settings)  # type: ignore[arg-type]
    return import_files(command, lake=lake, clock=CLOCK)


def versions(lake: Lake) -> dict[str, int | None]:
    return {name: lake.version(name) for name in lake.names()}


def test_rows_go_to_the_lake_and_the_account_adds_up(tmp_path, lake):
    report = bring(lake, write(tmp_path, HEADING + ROWS))
    (tally,) = report.tallies
    assert (tally.rows_in, tally.accepted, tally.merged, tally.quarantined) == (4, 2, 1, 1)
    assert lake.read("order_lines")["order_id"].to_list() == ["1", "3"]
    (entry,) = lake.read("imports").to_dicts()
    assert (
        entry["rows_in"],
        entry["rows_accepted"],
        entry["rows_merged"],
        entry["rows_quarantined"],
    ) == (4, 2, 1, 1)
    assert (entry["file"], entry["imported_at"]) == ("orders.csv", CLOCK.now())
    (aside,) = lake.read("quarantine").to_dicts()
    assert (aside["line"], aside["field"], aside["value"]) == (4, "quantity", "0")


def test_columns_that_become_nothing_are_named(tmp_path, lake):
    text = HEADING.replace("unit_price", "unit_price,wrapping,voucher") + "1,2024-01-01,a,1,2,x,y\n"
    report = bring(lake, write(tmp_path, text))
    assert 'orders.csv: not used: "wrapping", "voucher".' in [note.en for note in report.notes]
    assert bring(lake, write(tmp_path, HEADING + ROWS)).notes[0].en.startswith("line_no counts")


def test_the_same_file_again_changes_nothing(tmp_path, lake):
    path = write(tmp_path, HEADING + ROWS)
    bring(lake, path)
    before = versions(lake)
    later = FixedClock(datetime(2027, 1, 1, tzinfo=UTC))
    report = import_files(
        ImportFiles(paths=(path,), currency="EUR", time_zone="UTC"), lake=lake, clock=later
    )
    assert versions(lake) == before
    assert [(w.added, w.updated, w.unchanged) for w in report.written] == [(0, 0, 2)]


def test_a_corrected_file_updates_its_rows(tmp_path, lake):
    bring(lake, write(tmp_path, HEADING + "1,2024-01-01,a,1,2\n"))
    report = bring(lake, write(tmp_path, HEADING + "1,2024-01-01,a,5,2\n4,2024-01-01,a,1,2\n"))
    assert [(w.added, w.updated) for w in report.written] == [(1, 1)]
    assert lake.read("order_lines")["quantity"].to_list() == [5, 1]


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path, lake):
    path = write(tmp_path, HEADING + ROWS)
    dry = bring(lake, path, is_dry_run=True)
    assert lake.names() == []
    assert dry.written == ()
    assert dry.tallies == bring(lake, path).tallies


def test_one_bad_file_keeps_all_files_out(tmp_path, lake):
    good = write(tmp_path, HEADING + ROWS)
    bad = write(tmp_path, "product_id,name\n", "products.csv")
    with pytest.raises(InputError, match=r"products\.csv is empty"):
        bring(lake, good, bad)
    assert lake.names() == []


def test_several_files_go_to_several_tables(tmp_path, lake):
    orders = write(tmp_path, HEADING + ROWS)
    products = write(tmp_path, "sku,product name\na,Cup\nb,Jug\n", "products.csv")
    bring(lake, orders, products)
    assert set(lake.names()) == {"products", "order_lines", "imports", "quarantine"}
    assert lake.read("imports")["table"].to_list().count("products") == 1


def test_the_map_that_was_guessed_is_told_with_its_reasons(tmp_path, lake):
    (told,) = bring(lake, write(tmp_path, HEADING + ROWS)).maps
    name, found = told
    assert (name, found.table) == ("orders.csv", "order_lines")
    assert found.columns["unit_price_minor"] == "unit_price"
    assert found.why["order_id"].en == "the same name"
    assert found.why["unit_price_minor"].zh == "已知的同义词"


def test_the_map_file_decides_table_columns_and_ways_of_writing(tmp_path, lake):
    text = "nr;wann;was;wieviel\n1;03/04/2024;a;2\n"
    mapped = (
        '[order_lines]\ndelimiter = ";"\ndate_order = "MDY"\n[order_lines.columns]\n'
        'order_id = "nr"\nordered_at = "wann"\nproduct_id = "was"\nquantity = "wieviel"\n'
    )
    bring(lake, write(tmp_path, text), map_path=write(tmp_path, mapped, "map.toml"))
    assert lake.read("order_lines")["ordered_at"].to_list() == [datetime(2024, 3, 4, tzinfo=UTC)]


def test_reasons_are_counted_with_their_first_lines(tmp_path, lake):
    rows = "".join(f"{i},2024-01-01,a,-1,2\n" for i in range(5)) + "9,2024-01-01,a,1,2\n"
    (reason,) = bring(lake, write(tmp_path, HEADING + rows)).reasons
    assert (reason.rows, reason.field, reason.reason.en) == (
        5,
        "quantity",
        "the value must be above 0",
    )
    assert reason.examples == ((2, "-1"), (3, "-1"), (4, "-1"))


def test_foreign_money_is_kept_and_pointed_out(tmp_path, lake):
    report = bring(lake, write(tmp_path, HEADING + "1,2024-01-01,a,1,$2\n"))
    assert "are in USD, the shop's currency is EUR" in report.doubts[0].en
    assert lake.read("order_lines")["currency"].to_list() == ["USD"]


def test_derived_rows_fill_in_and_never_overwrite(tmp_path, lake):
    uci = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "1,10001a,CUP,2,2011-01-01 10:00:00,1.5,17850.0,France\n"
    )
    bring(lake, write(tmp_path, "sku,product name,brand\n10001A,Best cup,Acme\n", "products.csv"))
    report = bring(lake, write(tmp_path, uci, "uci.csv"), named="uci-online-retail")
    (product,) = lake.read("products").to_dicts()
    assert (product["name"], product["brand"], product["currency"]) == ("Best cup", "Acme", "GBP")
    assert {t.table for t in report.tallies if t.is_derived} == {
        "products",
        "prices",
        "customers",
        "orders",
    }


@pytest.mark.parametrize("named", ["order_line", "olsit"])
def test_an_unknown_table_or_format_is_refused(tmp_path, lake, named):
    with pytest.raises(InputError, match="Did you mean"):
        bring(lake, write(tmp_path, HEADING + ROWS), named=named)


@pytest.mark.parametrize("named", ["olist", "m5", "vn2", "uci-online-retail"])
def test_files_that_are_not_of_the_format_are_refused(tmp_path, lake, named):
    with pytest.raises(CartwheelError, match=named) as refused:
        bring(lake, write(tmp_path, HEADING + ROWS), named=named)
    assert refused.value.exit_code == 2
    assert lake.names() == []


def test_sheets_that_are_no_table_are_left_aside_and_named(tmp_path, lake):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        book.add_worksheet("说明").write_column(0, 0, ["导出说明", "x"])
        sheet = book.add_worksheet("订单明细")
        sheet.write_row(0, 0, ["订单号", "下单时间", "商品编码", "数量"])
        sheet.write_row(1, 0, ["A1", 45356.5, "P1", 2])
    report = bring(lake, tmp_path / "b.xlsx")
    assert [t.file for t in report.tallies] == ["b.xlsx#订单明细"]
    assert "b.xlsx#说明 (1 rows)" in report.notes[0].en


class FullDisk(Lake):
    """A lake on a disk without room."""

    def merge(self, table: str, frame: pl.DataFrame):
        raise DiskFullError(f'The disk is full: table "{table}" was not written.', table=table)


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    lake = FullDisk(tmp_path / "lake")
    with pytest.raises(DiskFullError, match="The disk is full") as refused:
        bring(lake, write(tmp_path, HEADING + ROWS))
    assert refused.value.exit_code == 2
    assert lake.names() == []


def test_an_import_that_was_killed_half_way_can_be_repeated(tmp_path, lake, monkeypatch):
    files = (
        write(tmp_path, HEADING + ROWS),
        write(tmp_path, "sku,product name\na,Cup\n", "products.csv"),
    )
    whole = Lake(tmp_path / "whole")
    bring(whole, *files)
    merge, calls = Lake.merge, []

    def dies(self: Lake, table: str, frame: pl.DataFrame):
        calls.append(table)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return merge(self, table, frame)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Lake, "merge", dies)
        bring(lake, *files)
    bring(lake, *files)
    assert lake.names() == whole.names()
    assert all(lake.read(name).equals(whole.read(name)) for name in lake.names())


def test_progress_grows_to_the_end(tmp_path, lake):
    said: list[float] = []
    import_files(
        ImportFiles(paths=(write(tmp_path, HEADING + ROWS),), currency="EUR", time_zone="UTC"),
        lake=lake,
        clock=CLOCK,
        progress=lambda done, _: said.append(done),
    )
    assert said == sorted(said)
    assert said[-1] == 1.0


def test_the_same_file_named_twice_counts_once(tmp_path, lake):
    path = write(tmp_path, HEADING + ROWS)
    (tally,) = bring(lake, path, path).tallies
    assert tally.rows_in == 4


def test_two_files_of_one_name_are_refused_before_anything_is_written(tmp_path, lake):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    one, other = (write(tmp_path / folder, HEADING + ROWS) for folder in ("a", "b"))
    with pytest.raises(InputError, match="have one name"):
        bring(lake, one, other)
    assert lake.names() == []
