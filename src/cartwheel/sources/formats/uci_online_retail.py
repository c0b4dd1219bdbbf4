"""UCI Online Retail (and II): the order lines of a British gift shop, cancellations and all.

Source: Chen, Sain & Guo (2012), Journal of Database Marketing 19(3), 197-208; UCI Machine Learning
Repository, set 352. Each line of the file goes to exactly one table:

- ``order_charges``: a service code (postage, fees, corrections, discounts, vouchers, bad debt);
- ``returns``: a product on a cancelled invoice (C...);
- ``stock_movements``: a line below zero on an invoice that is not cancelled, or a free line for
  nobody on an invoice without any price: the shop's own corrections of stock;
- ``order_lines``: all else. A missing customer stays missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cartwheel.sources.convert import Conventions, convert
from cartwheel.sources.delivery import Delivery, deliver, derived, without_duplicates
from cartwheel.sources.field import Field
from cartwheel.sources.formats.catalogue import price_steps, product_names
from cartwheel.sources.formats.recognise import parts_of
from cartwheel.sources.source_file import SourceFile
from cartwheel.sources.table_rows import Found

CURRENCY, TIME_ZONE = "GBP", "Europe/London"
_COLUMNS = {
    "InvoiceNo": "Invoice", "StockCode": "StockCode", "Description": "Description",
    "Quantity": "Quantity", "InvoiceDate": "InvoiceDate", "UnitPrice": "Price",
    "CustomerID": "Customer ID", "Country": "Country",
}  # fmt: skip
_SERVICES = {
    "POST": "postage", "DOT": "postage", "C2": "postage", "C3": "postage",
    "BANK CHARGES": "fee", "AMAZONFEE": "fee", "CRUK": "fee",
    "D": "discount", "M": "correction", "B": "correction", "ADJUST": "correction",
    "ADJUST2": "correction", "S": "other", "PADS": "other", "TEST001": "other", "TEST002": "other",
}  # fmt: skip
_VOUCHER = r"^GIFT"
_SCRAP = r"(?i)damag|thrown|throw|destroy|broken|smash|crush|wet|rust|mould|faulty|unsal|scrap|wax"


def read(sources: Sequence[SourceFile], _currency: str, _time_zone: str) -> Found:
    """Read the file; the shop's own currency and time zone give way to the set's."""
    wanted = {"order lines (2010-11)": list(_COLUMNS), "order lines (II)": list(_COLUMNS.values())}
    parts, aside = parts_of("uci-online-retail", sources, wanted, required=())
    if not parts:
        parts_of("uci-online-retail", sources, wanted, required=list(wanted)[:1])
    found = [_read(source) for source in parts.values()]
    return Found(
        deliveries=tuple(d for f in found for d in f.deliveries),
        notes=(*aside, *(n for f in found for n in f.notes)),
        doubts=tuple(n for f in found for n in f.doubts),
    )


def _read(source: SourceFile) -> Found:
    is_first, _ = without_duplicates(source)
    names = list(_COLUMNS) if "InvoiceNo" in source.columns else list(_COLUMNS.values())
    kinds = ("id", "id", "text", "whole", "instant", "money", "id", "text")
    targets = (
        "order_id", "product_id", "description", "quantity", "at", "price_minor", "customer_id",
        "country",
    )  # fmt: skip
    fields = [
        Field(name=t, source=s, kind=k)  # type: ignore[arg-type]
        for t, s, k in zip(targets, names, kinds, strict=True)
    ]
    read_ = convert(source, fields, Conventions(currency=CURRENCY, time_zone=TIME_ZONE))
    routed = _routed(read_.frame, _exact_totals(source, names), is_first)
    lines = routed.lazy().filter(pl.col("is_first"))  # lazy: only the columns asked are copied
    repeated = dict(routed.filter(~pl.col("is_first"))["route"].value_counts().iter_rows())
    deliveries = [
        deliver(
            table,
            source,
            rows(lines.filter(pl.col("route") == table)).collect(),
            unread=read_.faults,
            merged=repeated.get(table, 0),
            names=read_.names,
            with_broken=table == "order_lines",
        )
        for table, rows in _TABLES.items()
    ]
    return Found(
        deliveries=(*deliveries, *_derived(source, lines)),
        notes=(*source.notes, *read_.notes),
        doubts=read_.doubts,
    )


def _exact_totals(source: SourceFile, names: Sequence[str]) -> pl.Series:
    """Return quantity times price of each line in minor units, rounded once."""
    amount = pl.col(names[5]).cast(pl.String).cast(pl.Decimal(38, 6), strict=False)
    quantity = pl.col(names[3]).cast(pl.String).cast(pl.Decimal(38, 0), strict=False)
    total = (amount * quantity * 100).round(0).cast(pl.Int64, strict=False)
    return source.frame.select(total.alias("total_minor")).to_series()


def _routed(frame: pl.DataFrame, totals: pl.Series, is_first: pl.Series) -> pl.DataFrame:
    code = pl.col("product_id").str.to_uppercase()
    frame = frame.with_columns(totals, is_first.alias("is_first"), product_id=code).with_columns(
        is_service=code.is_in(list(_SERVICES)) | code.str.contains(_VOUCHER),
        is_cancelled=pl.col("order_id").str.starts_with("C"),
        has_price=(pl.col("price_minor") > 0).any().over("order_id"),
        line_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("order_id"),
    )
    is_stock = (pl.col("quantity") < 0) | (
        (pl.col("price_minor") == 0) & pl.col("customer_id").is_null() & ~pl.col("has_price")
    )
    return frame.with_columns(
        route=pl.when("is_service").then(pl.lit("order_charges"))
        .when("is_cancelled").then(pl.lit("returns"))
        .when(is_stock).then(pl.lit("stock_movements"))
        .otherwise(pl.lit("order_lines"))
    )  # fmt: skip


def _order_lines(lines: pl.LazyFrame) -> pl.LazyFrame:
    return lines.select(
        "line", "order_id", "line_no", "customer_id", "product_id", "quantity", "currency",
        ordered_at=pl.col("at"), unit_price_minor=pl.col("price_minor"),
    )  # fmt: skip


def _order_charges(lines: pl.LazyFrame) -> pl.LazyFrame:
    code = pl.col("product_id")
    voucher = pl.when(code.str.contains(_VOUCHER)).then(pl.lit("gift")).otherwise(pl.lit("other"))
    return lines.select(
        "line", "order_id", "currency", charge_no="line_no", charged_at="at", code=code,
        kind=code.replace_strict(_SERVICES, default=voucher, return_dtype=pl.String),
        amount_minor="total_minor",
    )  # fmt: skip


def _returns(lines: pl.LazyFrame) -> pl.LazyFrame:
    return lines.select(
        "line", "product_id", "customer_id", "currency", returned_at="at",
        return_id=pl.format("{}-{}", "order_id", "line_no"),
        quantity=-pl.col("quantity"), refund_minor=-pl.col("total_minor"),
        reason=pl.format("cancelled by invoice {}", "order_id"),
    )  # fmt: skip


def _stock_movements(lines: pl.LazyFrame) -> pl.LazyFrame:
    is_scrap = (pl.col("quantity") < 0) & pl.col("description").str.contains(_SCRAP)
    return lines.select(
        "line", "product_id", "quantity", moved_at="at",
        movement_id=pl.format("{}-{}", "order_id", "line_no"),
        kind=pl.when(is_scrap).then(pl.lit("scrap")).otherwise(pl.lit("adjustment")),
        reference_id="order_id", note="description",
    )  # fmt: skip


_TABLES = {
    "order_lines": _order_lines,
    "order_charges": _order_charges,
    "returns": _returns,
    "stock_movements": _stock_movements,
}


def _derived(source: SourceFile, lines: pl.LazyFrame) -> list[Delivery]:
    sold = lines.filter(pl.col("route") == "order_lines")
    goods = lines.filter(~pl.col("is_service")).drop_nulls("product_id")
    customers = (
        lines.drop_nulls("customer_id")
        .group_by("customer_id")
        .agg(
            registered_at=pl.col("at").min(),
            country=pl.col("country").sort_by("at", "line").last(),
        )
        .sort("customer_id")
    )
    orders = (
        sold.filter(pl.col("quantity") > 0)
        .group_by("order_id")
        .agg(pl.col("customer_id", "country", "currency").min(), ordered_at=pl.col("at").min())
        .sort("order_id")
    )
    found = {
        "products": product_names(goods, sold).with_columns(currency=pl.lit(CURRENCY)),
        "prices": price_steps(sold, TIME_ZONE),
        "customers": customers.collect(engine="streaming"),
        "orders": orders.collect(engine="streaming"),
    }
    return [derived(table, source.name, frame) for table, frame in found.items()]
