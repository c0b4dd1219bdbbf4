"""A shop's own exports as rows of a table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cartwheel.core.errors import InputError
from cartwheel.sources import TableMap, read_file
from cartwheel.sources.guess import guess_columns
from cartwheel.sources.table_rows import Found, table_rows

HEADING = "order_id,ordered_at,product_id,quantity,unit_price\n"


def read(folder: Path, table: str, *texts: str, zone: str = "UTC", **settings: object) -> Found:
    parts = []
    for i, text in enumerate(texts):
        path = folder / f"f{i}.csv"
        path.write_text(text, encoding="utf-8")
        source = read_file(path)[0]
        parts.append((source, guess_columns(source, TableMap(table=table, **settings))))  # type: ignore[arg-type]
    return table_rows(parts, currency="EUR", time_zone=zone)


def account(found: Found) -> list[tuple[int, int, int, int]]:
    return [(d.rows_in, d.frame.height, d.merged, d.quarantined) for d in found.deliveries]


def test_a_german_export_reads_as_it_is_meant(tmp_path):
    text = "Order No;Datum;SKU;Qty;Price\nA1;31.03.2024 02:30;17850.0;1.200;€ 1.012,50\n"
    found = read(tmp_path, "order_lines", text, zone="Europe/Berlin")
    (row,) = found.deliveries[0].frame.to_dicts()
    assert row["ordered_at"] == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert (row["product_id"], row["quantity"]) == ("17850", 1200)
    assert (row["unit_price_minor"], row["currency"]) == (101250, "EUR")
    assert any("clocks skip" in note.en for note in found.notes)


def test_a_chinese_export_reads_as_it_is_meant(tmp_path):
    text = "订单号,下单时间,商品编码,数量,单价\nA1,2024年3月5日 下午1:05,货1,2件,￥12.5\n"
    (row,) = (
        read(tmp_path, "order_lines", text, zone="Asia/Shanghai").deliveries[0].frame.to_dicts()
    )
    assert row["ordered_at"] == datetime(2024, 3, 5, 5, 5, tzinfo=UTC)
    assert (row["quantity"], row["unit_price_minor"], row["currency"]) == (2, 1250, "CNY")


def test_exact_duplicates_are_merged_and_counted(tmp_path):
    row = "1,2024-01-01,a,1,2\n"
    found = read(tmp_path, "order_lines", HEADING + row + row + "1,2024-01-01,a,2,2\n" + row)
    assert account(found) == [(4, 2, 2, 0)]
    assert found.deliveries[0].frame["line_no"].to_list() == [1, 2]


def test_duplicates_stay_where_the_map_says_so(tmp_path):
    row = "1,2024-01-01,a,1,2\n"
    found = read(tmp_path, "order_lines", HEADING + row + row, keep_duplicates=True)
    assert account(found) == [(2, 2, 0, 0)]


def test_of_rows_with_the_same_key_the_last_counts(tmp_path):
    found = read(tmp_path, "products", "product_id,name\n1,Cup\n2,Jug\n1,Mug\n")
    assert account(found) == [(3, 2, 1, 0)]
    assert dict(found.deliveries[0].frame.select("product_id", "name").rows()) == {
        "1": "Mug",
        "2": "Jug",
    }


def test_of_two_files_with_the_same_key_the_later_counts(tmp_path):
    found = read(
        tmp_path, "products", "product_id,name\n1,Cup\n2,Jug\n", "product_id,name\n1,Mug\n"
    )
    assert account(found) == [(2, 1, 1, 0), (1, 1, 0, 0)]


def test_an_order_over_two_files_keeps_all_its_lines(tmp_path):
    found = read(
        tmp_path, "order_lines", HEADING + "1,2024-01-01,a,1,2\n", HEADING + "1,2024-01-01,b,1,2\n"
    )
    assert [d.frame["line_no"].to_list() for d in found.deliveries] == [[1], [2]]


def test_files_that_disagree_on_columns_are_refused(tmp_path):
    with pytest.raises(InputError, match=r'f1\.csv lacks "unit_price_minor"'):
        read(
            tmp_path,
            "order_lines",
            HEADING + "1,2024-01-01,a,1,2\n",
            "order_id,ordered_at,product_id,quantity\n1,2024-01-01,a,1\n",
        )


def test_each_bad_row_is_set_aside_with_its_line_column_and_reason(tmp_path):
    rows = "1,2024-01-01,a,1,2\n2,soon,a,1,2\n3,2024-01-01,a,-1,x\n4,2024-01-01,,1,2\n5,2024-01-01,a,1.5,2\n"
    (delivery,) = read(tmp_path, "order_lines", HEADING + rows).deliveries
    assert (delivery.rows_in, delivery.frame.height, delivery.quarantined) == (5, 1, 4)
    told = delivery.faults.select("line", "field", "value").rows()
    assert told == [
        (3, "ordered_at", "soon"),
        (4, "unit_price", "x"),
        (4, "quantity", "-1"),
        (5, "product_id", None),
        (6, "quantity", "1.5"),
    ]
    assert delivery.faults["reason"][2] == "the value must be above 0"
    assert delivery.faults["reason_zh"][2] == "值必须大于 0"
    assert '"order_id":"3"' in delivery.faults["row"][2]


def test_a_row_of_totals_is_called_one(tmp_path):
    (delivery,) = read(
        tmp_path, "order_lines", HEADING + "1,2024-01-01,a,1,2\n合计,,,1,2\n"
    ).deliveries
    assert set(delivery.faults["reason"]) == {"the line is a total, not data"}


@pytest.mark.parametrize(
    ("column", "value"), [("ordered_at", "soon"), ("quantity", "many"), ("unit_price", "dear")]
)
def test_a_column_without_one_readable_value_is_refused(tmp_path, column, value):
    cells = {
        "order_id": "1",
        "ordered_at": "2024-01-01",
        "product_id": "a",
        "quantity": "1",
        "unit_price": "2",
    } | {column: value}
    target = "unit_price_minor" if column == "unit_price" else column
    with pytest.raises(InputError, match=f'not one value of column "{column}".*line 2.*"{value}"'):
        read(
            tmp_path,
            "order_lines",
            HEADING + ",".join(cells.values()) + "\n",
            columns={target: column},
        )


def test_what_was_decided_without_proof_is_said(tmp_path):
    found = read(tmp_path, "order_lines", HEADING + "1,03/04/2024,a,1,2\n")
    assert ["day or month" in doubt.en for doubt in found.doubts] == [True]
    assert found.deliveries[0].frame["ordered_at"][0] == datetime(2024, 4, 3, tzinfo=UTC)
    told = read(tmp_path, "order_lines", HEADING + "1,03/04/2024,a,1,2\n", date_order="MDY")
    assert told.doubts == ()
    assert told.deliveries[0].frame["ordered_at"][0] == datetime(2024, 3, 4, tzinfo=UTC)


def test_rows_without_a_sign_have_the_only_currency_of_the_file(tmp_path):
    found = read(tmp_path, "order_lines", HEADING + "1,2024-01-01,a,1,$2\n2,2024-01-01,a,1,2\n")
    assert found.deliveries[0].frame["currency"].to_list() == ["USD", "USD"]


def test_each_row_counts_in_the_decimals_of_its_currency(tmp_path):
    text = "product_id,cost,currency\n1,1200,JPY\n2,1.2345,KWD\n3,2.675,EUR\n"
    frame = read(tmp_path, "products", text).deliveries[0].frame
    assert frame["cost_minor"].to_list() == [1200, 1234, 268]


@pytest.mark.parametrize(
    ("heading", "cell", "grams"),
    [
        ("weight (kg)", "1.5", 1500),
        ("weight_g", "250", 250),
        ("weight", "2 lb", 907),
        ("重量", "1.2公斤", 1200),
    ],
)
def test_weights_become_grams(tmp_path, heading, cell, grams):
    frame = read(tmp_path, "products", f"product_id,{heading}\n1,{cell}\n").deliveries[0].frame
    assert frame["weight_g"].to_list() == [grams]


def test_a_weight_without_a_unit_is_asked_about(tmp_path):
    found = read(tmp_path, "products", "product_id,weight\n1,2\n")
    assert "no unit is stated; g was taken" in found.doubts[0].en


def test_our_own_minor_columns_stay_minor(tmp_path):
    text = "product_id,cost_minor,currency\n1,250,EUR\n"
    assert read(tmp_path, "products", text).deliveries[0].frame["cost_minor"].to_list() == [250]


def test_statuses_are_known_in_both_languages_and_by_the_map(tmp_path):
    text = "order_id,ordered_at,status\n1,2024-01-01,已发货\n2,2024-01-01,Canceled\n3,2024-01-01,fertig\n"
    found = read(tmp_path, "orders", text, values={"status": {"fertig": "delivered"}})
    assert found.deliveries[0].frame["status"].to_list() == ["shipped", "cancelled", "delivered"]


def test_weeks_and_months_end_where_they_should(tmp_path):
    weekly = read(tmp_path, "sales", "sku,week,units\n1,2024-01-01,4\n1,2024-01-08,5\n")
    assert weekly.deliveries[0].frame["ends_on"].to_list() == [date(2024, 1, 7), date(2024, 1, 14)]
    monthly = read(tmp_path, "sales", "sku,month,units\n1,2024-01-01,4\n1,2024-02-01,5\n")
    assert monthly.deliveries[0].frame["ends_on"].to_list() == [
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
    assert monthly.deliveries[0].frame["warehouse_id"].to_list() == ["all", "all"]


def test_rows_without_an_id_get_one_from_their_content(tmp_path):
    text = "order_id,sku,return date,qty\n1,a,2024-01-01,1\n2,b,2024-01-02,1\n"
    first, again = (read(tmp_path, "returns", text).deliveries[0].frame for _ in range(2))
    assert first.equals(again)
    assert first["return_id"].n_unique() == 2


def test_an_id_from_content_does_not_depend_on_the_file_a_row_lies_in(tmp_path):
    heading, row = "order_id,sku,return date,qty\n", "2,b,2024-01-02,1\n"
    alone = read(tmp_path, "returns", heading + row).deliveries[0].frame["return_id"]
    second = read(tmp_path, "returns", heading + "1,a,2024-01-01,1\n", heading + row).deliveries[1]
    assert second.frame["return_id"].to_list() == alone.to_list()
