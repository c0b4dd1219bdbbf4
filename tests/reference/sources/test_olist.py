"""Olist: figures of the files themselves, and the facts the set's authors publish of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.sources import Delivery, files_of, read_file
from cartwheel.sources.formats import FORMATS
from cartwheel.sources.table_rows import Found
from cartwheel.tables import table_contract


@pytest.fixture
def whole(shared_data) -> Found:
    sources = [s for path in files_of([shared_data("olist")]) for s in read_file(path)]
    return FORMATS["olist"](sources, "EUR", "UTC")


@pytest.fixture
def found(whole) -> Mapping[str, Delivery]:
    return {d.table: d for d in whole.deliveries}


@pytest.fixture
def raw(shared_data):
    return lambda name: pl.read_parquet(shared_data("olist") / f"{name}.parquet")


def test_every_row_of_every_file_is_accounted_for(found):
    accounts = {
        name: (d.rows_in, d.frame.height, d.merged, d.quarantined)
        for name, d in found.items()
        if not d.is_derived
    }
    assert accounts == {
        "orders": (21_983, 21_983, 0, 0),
        "order_lines": (23_048, 23_048, 0, 0),
        "customers": (27_867, 27_485, 382, 0),
        "products": (32_951, 32_951, 0, 0),
        "suppliers": (3_095, 3_095, 0, 0),
        "reviews": (10_415, 10_415, 0, 0),
    }


def test_all_frames_keep_their_contracts(found):
    for name, delivery in found.items():
        table_contract(name).check(delivery.frame)


def test_files_without_a_part_are_named(whole):
    said = " ".join(note.en for note in whole.notes)
    assert "zip_prefix_geolocation.parquet (19015 rows) has no part" in said
    assert "order_payments.parquet: 23369 rows were looked up" in said


def test_money_is_that_of_the_files(found, raw):
    items = raw("order_items")
    lines = found["order_lines"].frame
    assert lines["unit_price_minor"].sum() == round(items["price"].sum() * 100)
    assert found["order_charges"].frame["amount_minor"].sum() == round(items["freight_value"].sum() * 100)  # fmt: skip
    assert lines["currency"].unique().to_list() == ["BRL"]


def test_a_customer_is_a_person_not_an_order(found, raw):
    people = raw("customers").select("customer_id", person="customer_unique_id")
    orders = raw("orders").join(people, on="customer_id", how="left")
    expected = dict(orders.select("order_id", "person").rows())
    assert dict(found["orders"].frame.select("order_id", "customer_id").rows()) == expected


def test_categories_are_english_and_those_without_a_translation_stay(found, raw):
    names = raw("product_category_name_translation")
    categories = set(found["products"].frame["category"].drop_nulls())
    untranslated = set(raw("products")["product_category_name"].drop_nulls()) - set(
        names["product_category_name"]
    )
    assert "health_beauty" in categories
    assert untranslated <= categories


def test_times_are_those_of_sao_paulo_and_promises_last_the_day(found):
    order = found["orders"].frame.filter(pl.col("order_id") == "8f06cc6465925031568537b815f1198d")
    (row,) = order.to_dicts()
    assert row["ordered_at"] == datetime(2017, 11, 15, 13, 31, 41, tzinfo=UTC)  # 11:31:41, UTC-2
    assert row["promised_at"] == datetime(2017, 12, 6, 1, 59, 59, tzinfo=UTC)  # end of 5 December


def test_statuses_are_ours(found, raw):
    said = dict(raw("orders")["order_status"].value_counts().iter_rows())
    ours = dict(found["orders"].frame["status"].value_counts().iter_rows())
    assert ours == {
        "delivered": said["delivered"],
        "shipped": said["shipped"],
        "cancelled": said["canceled"] + said["unavailable"],
        "confirmed": said["approved"] + said["invoiced"] + said["processing"],
        "received": said["created"],
    }


def test_shipments_and_events_follow_the_dates_of_orders(found, raw):
    orders = raw("orders")
    assert found["shipments"].frame.height == orders["order_delivered_carrier_date"].count()
    events = dict(found["order_events"].frame["status"].value_counts().iter_rows())
    assert events == {
        "received": orders.height,
        "confirmed": orders["order_approved_at"].count(),
        "shipped": orders["order_delivered_carrier_date"].count(),
        "delivered": orders["order_delivered_customer_date"].count(),
    }


def test_items_without_their_order_are_set_aside(shared_data, tmp_path):
    folder = shared_data("olist")
    pl.read_parquet(folder / "orders.parquet").head(100).write_parquet(tmp_path / "o.parquet")
    pl.read_parquet(folder / "order_items.parquet").write_parquet(tmp_path / "i.parquet")
    sources = [read_file(tmp_path / name)[0] for name in ("o.parquet", "i.parquet")]
    lines = next(d for d in FORMATS["olist"](sources, "EUR", "UTC").deliveries if d.table == "order_lines")  # fmt: skip
    assert lines.rows_in == 23_048 == lines.frame.height + lines.quarantined
    assert lines.faults["field"].unique().to_list() == ["ordered_at"]


def test_orders_alone_are_not_enough(shared_data):
    source = read_file(shared_data("olist/orders.parquet"))
    with pytest.raises(InputError, match="needs its order items"):
        FORMATS["olist"](source, "EUR", "UTC")
