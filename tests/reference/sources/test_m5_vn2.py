"""M5 and VN2: wide files of period sales against the files themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.sources import files_of, read_file
from cartwheel.sources.formats import FORMATS
from cartwheel.tables import table_contract


@pytest.fixture
def found(shared_data):
    def read(name: str, folder: str):
        sources = [s for path in files_of([shared_data(folder)]) for s in read_file(path)]
        deliveries = FORMATS[name](sources, "EUR", "Europe/Berlin").deliveries
        for delivery in deliveries:
            table_contract(delivery.table).check(delivery.frame)
        return {d.table: d for d in deliveries}

    return read


def test_m5_has_a_row_a_series_and_day(found, shared_data):
    tables = found("m5", "m5_foods3_tx3")
    sales = tables["sales"]
    assert (sales.rows_in, sales.frame.height, sales.quarantined) == (823 * 1_913, 823 * 1_913, 0)
    raw = pl.read_parquet(shared_data("m5_foods3_tx3/sales_d1_d1913.parquet")).drop("id")
    assert sales.frame["quantity"].sum() == raw.sum().sum_horizontal().item()
    assert (sales.frame["starts_on"].min(), sales.frame["ends_on"].max()) == (date(2011, 1, 29), date(2016, 4, 24))  # fmt: skip


def test_m5_cells_are_dated_by_the_calendar(found, shared_data):
    raw = pl.read_parquet(shared_data("m5_foods3_tx3/sales_d1_d1913.parquet"))
    sales = found("m5", "m5_foods3_tx3")["sales"].frame
    on = sales.filter(pl.col("starts_on") == date(2011, 1, 29) + pl.duration(days=99))
    wide = raw.select(product_id=pl.col("id").str.extract(r"^([A-Z]+_\d+_\d+)"), expected="d_100")
    both = on.join(wide, on="product_id")
    assert both.height == 823
    assert (both["quantity"] == both["expected"]).all()


def test_m5_products_have_their_department_and_first_sale(found):
    tables = found("m5", "m5_foods3_tx3")
    products = tables["products"].frame
    assert products.height == 823
    assert products["category"].unique().to_list() == ["FOODS > FOODS_3"]
    first = tables["sales"].frame.filter(pl.col("quantity") > 0)["starts_on"].min()
    assert products["listed_on"].drop_nulls().min() > first
    assert tables["warehouses"].frame["warehouse_id"].to_list() == ["TX_3"]


def test_m5_without_its_calendar_is_refused(shared_data):
    sources = read_file(shared_data("m5_foods3_tx3/sales_d1_d1913.parquet"))
    with pytest.raises(InputError, match="needs its calendar"):
        FORMATS["m5"](sources, "EUR", "UTC")


def test_vn2_has_a_row_a_store_product_and_week(found, shared_data):
    sales = found("vn2", "vn2")["sales"]
    assert (sales.rows_in, sales.frame.height, sales.quarantined) == (599 * 157, 599 * 157, 0)
    raw = pl.read_csv(shared_data("vn2/Week 0 - 2024-04-08 - Sales.csv")).drop("Store", "Product")
    assert sales.frame["quantity"].sum() == raw.sum().sum_horizontal().item()
    week = sales.frame.filter(pl.col("starts_on") == date(2024, 4, 8))
    assert week["ends_on"].unique().to_list() == [date(2024, 4, 14)]


def test_vn2_weeks_out_of_stock_are_marked(found, shared_data):
    flags = pl.read_csv(shared_data("vn2/Week 0 - In Stock.csv"))
    weeks = [c for c in flags.columns[2:] if c <= "2024-04-08"]
    sales = found("vn2", "vn2")["sales"].frame
    assert sales["is_stocked"].null_count() == 0
    assert sales["is_stocked"].sum() == flags.select(weeks).sum().sum_horizontal().item()


def test_vn2_stock_is_that_of_the_end_of_the_week(found, shared_data):
    state = pl.read_csv(shared_data("vn2/Week 0 - 2024-04-08 - Initial State.csv"))
    levels = found("vn2", "vn2")["stock_levels"].frame
    assert levels["on_hand"].sum() == state["End Inventory"].sum()
    assert levels["counted_at"].unique().to_list() == [
        datetime(2024, 4, 14, 21, 59, 59, tzinfo=UTC)
    ]


def test_vn2_orders_under_way_arrive_at_the_start_of_the_next_two_weeks(found, shared_data):
    state = pl.read_csv(shared_data("vn2/Week 0 - 2024-04-08 - Initial State.csv"))
    lines = found("vn2", "vn2")["purchase_order_lines"].frame
    units = dict(lines.group_by("promised_at").agg(pl.col("quantity").sum()).rows())
    first, second = datetime(2024, 4, 14, 22, tzinfo=UTC), datetime(2024, 4, 21, 22, tzinfo=UTC)
    assert units.get(first, 0) == state["In Transit W+1"].sum()
    assert units[second] == state["In Transit W+2"].sum()
    assert (lines["promised_at"] - lines["ordered_at"]).dt.total_days().unique().to_list() == [14]


def test_vn2_orders_and_lines_belong_together(found):
    tables = found("vn2", "vn2")
    orders, lines = tables["purchase_orders"].frame, tables["purchase_order_lines"].frame
    assert set(orders["purchase_order_id"]) == set(lines["purchase_order_id"])
    assert set(orders["supplier_id"]) == set(tables["suppliers"].frame["supplier_id"])


def test_cells_that_are_no_units_are_set_aside_one_by_one(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("Store,Product,2024-01-01,2024-01-08\n1,a,3,-1\n1,b,x,1.5\n")
    (sales, *_) = FORMATS["vn2"](read_file(path), "EUR", "UTC").deliveries
    assert (sales.rows_in, sales.frame.height, sales.quarantined) == (4, 1, 3)
    assert sales.faults.select("line", "field", "value").rows() == [
        (2, "2024-01-08", "-1"), (3, "2024-01-01", "x"), (3, "2024-01-08", "1.5"),
    ]  # fmt: skip
