"""UCI Online Retail against the facts published of it, and against the raw file itself.

Facts: UCI Machine Learning Repository, set 352 (541,909 rows); Chen, Sain & Guo (2012) and the many
analyses since: 25,900 invoices, 4,372 customers, 9,288 cancelled lines, 135,080 lines without a
customer, 5,268 exact duplicates, 3,958 stock codes regardless of case.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from cartwheel.sources import Delivery, read_file
from cartwheel.sources.formats import FORMATS
from cartwheel.tables import table_contract

NAME = "uci_online_retail/online_retail.parquet"
_READ: dict[str, object] = {}


@pytest.fixture
def raw(shared_data) -> pl.DataFrame:
    return pl.read_parquet(shared_data(NAME))


@pytest.fixture
def found(shared_data) -> Mapping[str, Delivery]:
    path = shared_data(NAME)
    if not _READ:
        _READ.update(
            {
                d.table: d
                for d in FORMATS["uci-online-retail"](read_file(path), "EUR", "UTC").deliveries
            }
        )
    return _READ  # type: ignore[return-value]


def test_every_row_has_exactly_one_home(found):
    accounts = {
        name: (d.rows_in, d.frame.height, d.merged, d.quarantined)
        for name, d in found.items()
        if not d.is_derived
    }
    assert accounts == {
        "order_lines": (528_157, 522_931, 5_226, 0),
        "order_charges": (2_950, 2_944, 6, 0),
        "returns": (8_704, 8_668, 36, 0),
        "stock_movements": (2_098, 2_098, 0, 0),
    }
    assert sum(rows_in for rows_in, *_ in accounts.values()) == 541_909
    assert sum(merged for _, _, merged, _ in accounts.values()) == 5_268


def test_all_frames_keep_their_contracts(found):
    for name, delivery in found.items():
        table_contract(name).check(delivery.frame)


def test_no_invoice_is_lost(found):
    numbers = pl.concat([
        found["order_lines"].frame["order_id"], found["order_charges"].frame["order_id"],
        found["returns"].frame["return_id"].str.replace(r"-\d+$", ""),
        found["stock_movements"].frame["reference_id"],
    ])  # fmt: skip
    assert numbers.n_unique() == 25_900


def test_the_4372_customers_are_found(found):
    assert found["customers"].frame.height == 4_372


def test_9288_cancelled_lines_are_returns_or_charges_given_back(found, raw):
    cancelled = raw.filter(pl.col("InvoiceNo").str.starts_with("C"))
    assert cancelled.height == 9_288
    charges = found["order_charges"].frame.filter(pl.col("order_id").str.starts_with("C"))
    given_back = found["returns"].frame.height + charges.height
    assert given_back == cancelled.unique().height
    assert (found["returns"].frame["quantity"] > 0).all()


def test_missing_customers_stay_missing(found, raw):
    assert raw["CustomerID"].null_count() == 135_080
    services = r"(?i)^(post|dot|c2|m|d|s|b|pads|bank charges|amazonfee|cruk|gift.*)$"
    goods = raw.unique().filter(~pl.col("StockCode").str.contains(services))
    anonymous = goods["CustomerID"].null_count() - found["stock_movements"].frame.height
    lines, returns = found["order_lines"].frame, found["returns"].frame
    assert lines["customer_id"].null_count() + returns["customer_id"].null_count() == anonymous


def test_service_codes_are_no_products(found):
    products = found["products"].frame
    assert products.filter(~pl.col("product_id").str.contains(r"^(\d{5}|DCGS)")).height == 0
    kinds = dict(found["order_charges"].frame["kind"].value_counts().iter_rows())
    assert set(kinds) == {"postage", "fee", "discount", "correction", "gift", "other"}
    bad_debt = found["order_charges"].frame.filter(pl.col("order_id").str.starts_with("A"))
    assert sorted(bad_debt["amount_minor"]) == [-1_106_206, -1_106_206, 1_106_206]


def test_codes_are_one_product_regardless_of_case(found, raw):
    codes = raw["StockCode"].str.to_uppercase()
    assert codes.n_unique() == 3_958
    goods = codes.filter(codes.str.contains(r"^(\d{5}|DCGS)")).unique()
    assert set(found["products"].frame["product_id"]) <= set(goods)
    assert found["products"].frame.height == goods.len()


def test_money_in_equals_money_out_to_the_rounding_of_pennies(found, raw):
    value = raw.unique().select((pl.col("Quantity") * pl.col("UnitPrice")).sum()).item()
    lines, returns = found["order_lines"].frame, found["returns"].frame
    sold = (lines["quantity"] * lines["unit_price_minor"]).sum()
    total = (
        sold + found["order_charges"].frame["amount_minor"].sum() - returns["refund_minor"].sum()
    )
    tenths = raw.unique().filter((pl.col("UnitPrice") * 100).round(0) != (pl.col("UnitPrice") * 100).round(4))  # fmt: skip
    rounding = 0.005 * tenths["Quantity"].abs().sum() + 1
    assert abs(total / 100 - value) <= rounding


def test_corrections_of_stock_bring_no_money(found, raw):
    moved = found["stock_movements"].frame
    negative = raw.filter((pl.col("Quantity") < 0) & ~pl.col("InvoiceNo").str.starts_with("C"))
    assert moved.filter(pl.col("quantity") < 0).height == negative.unique().filter(
        ~pl.col("StockCode").str.contains(r"(?i)^(post|dot|m|d|s|b|pads|bank charges|amazonfee|cruk|gift.*)$")
    ).height  # fmt: skip
    assert set(moved["kind"]) == {"scrap", "adjustment"}


def test_products_have_the_name_customers_read(found):
    names = dict(found["products"].frame.select("product_id", "name").rows())
    assert names["85123A"] == "WHITE HANGING HEART T-LIGHT HOLDER"
    assert names["23843"] == "PAPER CRAFT , LITTLE BIRDIE"
    notes = found["products"].frame["name"].str.to_lowercase().is_in(
        ["damaged", "damages", "check", "?", "found", "ebay", "thrown away"]
    )  # fmt: skip
    assert notes.sum() == 0


def test_times_are_those_of_london(found, raw):
    july = raw.filter(pl.col("InvoiceDate").dt.month() == 7).select("InvoiceNo", "InvoiceDate")
    sold = found["order_lines"].frame.filter(pl.col("ordered_at").dt.month() == 7)
    both = sold.join(july.unique("InvoiceNo"), left_on="order_id", right_on="InvoiceNo")
    ahead = both["InvoiceDate"].dt.replace_time_zone("UTC") - both["ordered_at"]
    assert ahead.dt.total_minutes().mode().to_list() == [60]
    assert str(found["order_lines"].frame["ordered_at"].min()) == "2010-12-01 08:26:00+00:00"


def test_the_csv_of_the_same_data_gives_the_same_tables(found, raw, tmp_path):
    raw.head(50_000).write_csv(tmp_path / "part.csv")
    raw.head(50_000).write_parquet(tmp_path / "part.parquet")
    both = [
        FORMATS["uci-online-retail"](read_file(tmp_path / name), "EUR", "UTC").deliveries
        for name in ("part.csv", "part.parquet")
    ]
    for text, typed in zip(*both, strict=True):
        assert text.frame.equals(typed.frame), text.table
