"""What a file is and which column is which."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.sources import SourceFile, TableMap, read_file
from cartwheel.sources.guess import guess_columns, guess_table, require_key, require_table
from cartwheel.sources.vocabulary import INPUT_TABLES, words_of
from cartwheel.tables import TABLES


def source(folder: Path, text: str, name: str = "export.csv") -> SourceFile:
    (folder / name).write_text(text, encoding="utf-8")
    return read_file(folder / name)[0]


def columns(found: SourceFile, table: str) -> dict[str, str]:
    return dict(guess_columns(found, TableMap(table=table)).columns)


CHINESE = "订单编号,下单时间,商品编码,数量,单价,会员编号\nA1,2024-03-05 10:00:00,P1,2,12.50,C1\n"
SHOPIFY = "Name,Created at,Lineitem sku,Lineitem quantity,Lineitem price\n#1,2024-03-05,P1,2,3.5\n"
GERMAN = "Order No;Datum;SKU;Qty;Price\nA1;05.03.2024;P1;2;12,50\n"
ORDER_LINES = {
    "order_id": 0,
    "ordered_at": 1,
    "product_id": 2,
    "quantity": 3,
    "unit_price_minor": 4,
    "customer_id": 5,
}


@pytest.mark.parametrize("text", [CHINESE, SHOPIFY, GERMAN])
def test_order_lines_are_known_by_their_columns(tmp_path, text):
    found = source(tmp_path, text)
    assert guess_table(found, {}) == "order_lines"
    expected = {t: found.columns[i] for t, i in ORDER_LINES.items() if i < len(found.columns)}
    assert columns(found, "order_lines") == expected


def test_a_file_named_orders_with_products_in_it_holds_order_lines(tmp_path):
    assert guess_table(source(tmp_path, CHINESE, "订单.csv"), {}) == "order_lines"
    assert guess_table(source(tmp_path, SHOPIFY, "orders.csv"), {}) == "order_lines"


@pytest.mark.parametrize(
    ("name", "text", "table"),
    [
        (
            "orders.csv",
            "order_id,order_date,customer_id,status\n1,2024-01-01,c,shipped\n",
            "orders",
        ),
        ("items.csv", "sku,product name,category,weight (kg)\n1,Cup,Home,0.3\n", "products"),
        ("库存.csv", "商品编码,仓库,库存数量,盘点时间\nP1,W1,5,2024-01-01\n", "stock_levels"),
        (
            "clients.csv",
            "customer id,country,city,sign up date\n1,FR,Lyon,2024-01-01\n",
            "customers",
        ),
        ("w.csv", "sku,store,week,units sold\n1,s,2024-01-01,4\n", "sales"),
        (
            "po.csv",
            "po number,line,po date,sku,ordered qty,eta\n1,1,2024-01-01,a,5,2024-02-01\n",
            "purchase_order_lines",
        ),
        (
            "退货.csv",
            "退货单号,订单号,商品编码,退货数量,退货时间\nR1,A1,P1,1,2024-01-01\n",
            "returns",
        ),
    ],
)
def test_other_tables_are_known_by_their_columns(tmp_path, name, text, table):
    assert guess_table(source(tmp_path, text, name), {}) == table


@pytest.mark.parametrize("table", INPUT_TABLES)
def test_every_table_under_its_own_column_names_is_known(tmp_path, table):
    contract = TABLES[table]
    sample = {
        pl.String: "x",
        pl.Int64: 1,
        pl.Float64: 1.5,
        pl.Boolean: True,
        pl.Date: "2024-01-01",
        pl.Datetime: "2024-01-01T00:00:00Z",
    }
    cells = [
        c.allowed[0]
        if c.dtype == pl.String and c.allowed
        else "EUR"
        if n == "currency"
        else sample[c.dtype.base_type()]
        for n, c in contract.columns.items()
    ]
    text = ",".join(contract.schema) + "\n" + ",".join(map(str, cells)) + "\n"
    found = source(tmp_path, text, f"{table}.csv")
    assert guess_table(found, {}) == table
    assert columns(found, table) == {name: name for name in contract.schema}


def test_a_name_does_not_count_when_its_values_cannot_be(tmp_path):
    found = source(tmp_path, "order_no,date,sku,qty\n1,soon,P1,2\n2,later,P2,1\n")
    assert "ordered_at" not in columns(found, "order_lines")


def test_the_only_column_of_dates_is_the_date(tmp_path):
    found = guess_columns(source(tmp_path, GERMAN), TableMap(table="order_lines"))
    assert found.columns["ordered_at"] == "Datum"
    assert found.why["ordered_at"].en == "the only column of dates"


def test_units_are_taken_from_the_heading(tmp_path):
    found = source(tmp_path, "sku,重量（公斤）,price_minor\n1,2,3\n")
    assert guess_columns(found, TableMap(table="products")).units == {"weight_g": "公斤"}


def test_what_the_map_says_stays(tmp_path):
    given = TableMap(table="order_lines", columns={"quantity": "单价"})
    assert guess_columns(source(tmp_path, CHINESE), given).columns["quantity"] == "单价"


def test_a_column_the_map_names_must_exist(tmp_path):
    given = TableMap(table="order_lines", columns={"quantity": "数两"})
    with pytest.raises(InputError, match='has no column "数两"'):
        guess_columns(source(tmp_path, CHINESE), given)


def test_a_missing_key_column_is_answered_with_the_nearest(tmp_path):
    found = source(tmp_path, "order_id,ordered_at,quantity,prod kode nr\n1,2024-01-01,1,x\n")
    guessed = guess_columns(found, TableMap(table="order_lines"))
    with pytest.raises(InputError, match=r'"product_id".*the nearest is "prod kode nr"'):
        require_key(found, guessed)


def test_one_column_is_taken_for_a_wrong_delimiter(tmp_path):
    found = source(tmp_path, "order_id~qty\n1~2\n")
    with pytest.raises(InputError, match=r"only one column.*wrong delimiter"):
        require_key(found, guess_columns(found, TableMap(table="order_lines")))


def test_a_file_that_fits_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"fits no table.*--as"):
        guess_table(source(tmp_path, "foo,bar\n1,2\n"), {})


def test_a_file_that_nearly_fits_is_told_what_it_lacks(tmp_path):
    text = "order_id,ordered_at,quantity,unit price\n1,2024-01-01,1,2\n"
    with pytest.raises(InputError, match=r'nearest is order_lines, but .* "product_id"'):
        guess_table(source(tmp_path, text), {})


def test_order_lines_without_their_order_are_not_taken_for_returns(tmp_path):
    text = "单据,下单时间,客户编号,商品编码,数量,单价\nA1,2024-03-05 10:20,C1,P1,2,12.50\n"
    with pytest.raises(
        InputError, match=r'nearest is order_lines, .*"order_id".*nearest is "单据"'
    ):
        guess_table(source(tmp_path, text, "订单.csv"), {})


def test_dates_that_cannot_be_read_are_shown_instead_of_called_missing(tmp_path):
    text = "订单号,下单时间,商品编码,数量\nA1,soon,P1,2\nA2,later,P1,1\n"
    found = source(tmp_path, text)
    told = r'"下单时间" has its name, but most of its values, such as "soon", are no date'
    with pytest.raises(InputError, match=told):
        guess_table(found, {})
    with pytest.raises(InputError, match=told):
        require_key(found, guess_columns(found, TableMap(table="order_lines")))


def test_an_unknown_table_is_answered_with_the_nearest():
    with pytest.raises(InputError, match='Did you mean "order_lines"'):
        require_table("order_line", ["olist"])


def test_all_words_belong_to_columns_that_exist():
    from cartwheel.sources.vocabulary import _SPECIAL, _WORDS, TABLE_WORDS

    known = {name for table in INPUT_TABLES for name in TABLES[table].schema}
    assert set(_WORDS) <= known
    assert all(column in TABLES[table].schema for table, column in _SPECIAL)
    assert set(TABLE_WORDS) <= set(INPUT_TABLES)
    assert "数量" in words_of("order_lines", "quantity")
