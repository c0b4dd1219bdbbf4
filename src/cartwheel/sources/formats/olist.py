"""Olist: a Brazilian marketplace of 2016-18, nine files that tell of one another.

Source: Olist and A. Sionek (2018), "Brazilian E-Commerce Public Dataset by Olist", Kaggle,
CC BY-NC-SA 4.0. A customer is a ``customer_unique_id`` (``customer_id`` is new for each order); a
seller is a supplier; each unit is a line of its own. Files may be CSV or Parquet under any name;
orders and order items are required, all others make the answer richer. Times are those of São
Paulo; the estimated delivery date holds until the end of its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.sources.convert import Conventions, Converted, convert
from cartwheel.sources.delivery import Delivery, deliver, derived
from cartwheel.sources.field import Field, Kind
from cartwheel.sources.formats.catalogue import price_steps
from cartwheel.sources.formats.recognise import parts_of
from cartwheel.sources.source_file import SourceFile
from cartwheel.sources.table_rows import Found
from cartwheel.tables.orders import ORDER_STATUSES

CURRENCY, TIME_ZONE = "BRL", "America/Sao_Paulo"
# part -> {name here: (name in the file, kind)}
_FIELDS: dict[str, dict[str, tuple[str, Kind]]] = {
    "orders": {
        "order_id": ("order_id", "id"),
        "account_id": ("customer_id", "id"),
        "status": ("order_status", "choice"),
        "ordered_at": ("order_purchase_timestamp", "instant"),
        "approved_at": ("order_approved_at", "instant"),
        "shipped_at": ("order_delivered_carrier_date", "instant"),
        "delivered_at": ("order_delivered_customer_date", "instant"),
        "promised_at": ("order_estimated_delivery_date", "instant"),
    },
    "order items": {
        "order_id": ("order_id", "id"),
        "line_no": ("order_item_id", "whole"),
        "product_id": ("product_id", "id"),
        "supplier_id": ("seller_id", "id"),
        "price_minor": ("price", "money"),
        "freight_minor": ("freight_value", "money"),
    },
    "customers": {
        "account_id": ("customer_id", "id"),
        "customer_id": ("customer_unique_id", "id"),
        "postal_code": ("customer_zip_code_prefix", "id"),
        "city": ("customer_city", "text"),
        "region": ("customer_state", "text"),
    },
    "products": {
        "product_id": ("product_id", "id"),
        "category": ("product_category_name", "text"),
        "weight_g": ("product_weight_g", "whole"),
        "length_cm": ("product_length_cm", "number"),
        "height_cm": ("product_height_cm", "number"),
        "width_cm": ("product_width_cm", "number"),
    },
    "sellers": {
        "supplier_id": ("seller_id", "id"),
        "city": ("seller_city", "text"),
    },
    "reviews": {
        "review_id": ("review_id", "id"),
        "order_id": ("order_id", "id"),
        "rating": ("review_score", "whole"),
        "title": ("review_comment_title", "text"),
        "text": ("review_comment_message", "text"),
        "reviewed_at": ("review_answer_timestamp", "instant"),
    },
    "payments": {
        "order_id": ("order_id", "id"),
        "payment_kind": ("payment_type", "text"),
        "paid_minor": ("payment_value", "money"),
    },
    "category names": {
        "category": ("product_category_name", "text"),
        "english": ("product_category_name_english", "text"),
    },
}


def read(sources: Sequence[SourceFile], _currency: str, _time_zone: str) -> Found:
    """Read the files; the shop's own currency and time zone give way to the set's."""
    wanted = {part: [column for column, _ in fields.values()] for part, fields in _FIELDS.items()}
    files, aside = parts_of("olist", sources, wanted, required=("orders", "order items"))
    parts = {name: _converted(name, source) for name, source in files.items()}
    frames = {name: part.frame for name, part in parts.items()}
    orders = _orders(frames)
    tables = {
        "orders": ("orders", orders),
        "order items": ("order_lines", _lines(frames, orders)),
        "customers": ("customers", frames.get("customers", pl.DataFrame())),
        "products": ("products", _products(frames)),
        "sellers": ("suppliers", frames.get("sellers", pl.DataFrame())),
        "reviews": ("reviews", _reviews(frames, orders)),
    }
    deliveries = [
        deliver(
            table, files[part], _only(table, frame), unread=parts[part].faults,
            names=parts[part].names,
        )
        for part, (table, frame) in tables.items()
        if part in files
    ]  # fmt: skip
    lookups = [_used(files[name]) for name in ("payments", "category names") if name in files]
    return Found(
        deliveries=(*deliveries, *_derived(files, frames, orders)),
        notes=(*aside, *lookups, *(n for p in parts.values() for n in p.notes)),
        doubts=tuple(n for p in parts.values() for n in p.doubts),
    )


def _converted(part: str, source: SourceFile) -> Converted:
    fields = [
        Field(
            name=name, source=column, kind=kind, unit="g" if name == "weight_g" else None,
            allowed=tuple(ORDER_STATUSES) if kind == "choice" else (),
        )
        for name, (column, kind) in _FIELDS[part].items()
    ]  # fmt: skip
    return convert(source, fields, Conventions(currency=CURRENCY, time_zone=TIME_ZONE))


def _orders(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    day_end = (
        pl.col("promised_at").dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None)
        .dt.truncate("1d").dt.offset_by("23h59m59s")
        .dt.replace_time_zone(TIME_ZONE, ambiguous="latest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )  # fmt: skip
    reached = {"delivered": "delivered_at", "shipped": "shipped_at", "confirmed": "approved_at",
               "received": "ordered_at"}  # fmt: skip
    orders = frames["orders"].with_columns(
        promised_at=day_end,
        status_at=pl.coalesce(
            pl.when(pl.col("status") == status).then(at) for status, at in reached.items()
        ),
        currency=pl.lit(CURRENCY),
        country=pl.lit("Brazil"),
    )
    if "customers" in frames:
        people = frames["customers"].drop("line").unique("account_id", keep="last")
        orders = orders.join(people, on="account_id", how="left", maintain_order="left")
    if "payments" in frames:
        means = frames["payments"].sort("paid_minor", "payment_kind", descending=True)
        means = means.unique("order_id", keep="first").select("order_id", "payment_kind")
        orders = orders.join(means, on="order_id", how="left", maintain_order="left")
    freight = (
        frames["order items"].group_by("order_id").agg(shipping_minor=pl.col("freight_minor").sum())
    )
    return orders.join(freight, on="order_id", how="left", maintain_order="left")


def _lines(frames: Mapping[str, pl.DataFrame], orders: pl.DataFrame) -> pl.DataFrame:
    known = orders.select(
        "order_id", "ordered_at", *(c for c in ("customer_id",) if c in orders.columns)
    ).unique("order_id", keep="last")
    lines = frames["order items"].join(known, on="order_id", how="left", maintain_order="left")
    return lines.rename({"price_minor": "unit_price_minor"}).with_columns(
        quantity=pl.lit(1, pl.Int64), currency=pl.lit(CURRENCY)
    )


def _products(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if "products" not in frames:
        return pl.DataFrame()
    products = frames["products"]
    if "category names" in frames:
        names = frames["category names"].select("category", "english").unique("category")
        products = products.join(names, on="category", how="left", maintain_order="left")
        products = products.with_columns(category=pl.coalesce("english", "category"))
    volume = (pl.col("length_cm") * pl.col("height_cm") * pl.col("width_cm")).round(0)
    return products.with_columns(volume_cm3=volume.cast(pl.Int64))


def _reviews(frames: Mapping[str, pl.DataFrame], orders: pl.DataFrame) -> pl.DataFrame:
    """Give each review its customer, and its product where the order has only one.

    Olist's ``review_id`` is missing or the same for several orders; with the order it is unique.
    """
    if "reviews" not in frames:
        return pl.DataFrame()
    single = (
        frames["order items"].group_by("order_id").agg(pl.col("product_id").unique())
        .filter(pl.col("product_id").list.len() == 1)
        .with_columns(pl.col("product_id").list.first())
    )  # fmt: skip
    reviews = frames["reviews"].join(single, on="order_id", how="left", maintain_order="left")
    if "customer_id" in orders.columns:
        people = orders.select("order_id", "customer_id").unique("order_id")
        reviews = reviews.join(people, on="order_id", how="left", maintain_order="left")
    return reviews.with_columns(
        review_id=pl.format("{}-{}", "order_id", pl.col("review_id").fill_null("0")),
        language=pl.lit("pt"),
    )


def _derived(
    files: Mapping[str, SourceFile], frames: Mapping[str, pl.DataFrame], orders: pl.DataFrame
) -> Iterator[Delivery]:
    items, order_file = files["order items"].name, files["orders"].name
    lines = _lines(frames, orders).drop_nulls(["ordered_at", "unit_price_minor"])
    yield derived("order_charges", items, _charges(lines))
    yield derived("order_events", order_file, _events(orders))
    yield derived("shipments", order_file, _shipments(frames, orders))
    sold = lines.rename({"ordered_at": "at", "unit_price_minor": "price_minor"})
    yield derived("prices", items, price_steps(sold.lazy(), TIME_ZONE))


def _charges(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.drop_nulls("freight_minor").select(
        "order_id", "currency", charge_no="line_no", charged_at="ordered_at",
        kind=pl.lit("postage"), code=pl.lit("freight"), amount_minor="freight_minor",
    )  # fmt: skip


def _events(orders: pl.DataFrame) -> pl.DataFrame:
    steps = {"ordered_at": "received", "approved_at": "confirmed", "shipped_at": "shipped",
             "delivered_at": "delivered"}  # fmt: skip
    return pl.concat(
        orders.drop_nulls(at).select(
            "order_id", happened_at=at, status=pl.lit(status),
            event_id=pl.format("{}-" + status, "order_id"),
        )
        for at, status in steps.items()
    )  # fmt: skip


def _shipments(frames: Mapping[str, pl.DataFrame], orders: pl.DataFrame) -> pl.DataFrame:
    sent = orders.drop_nulls("shipped_at")
    if "products" in frames:
        weights = frames["products"].select("product_id", "weight_g")
        parcels = frames["order items"].join(weights, on="product_id", how="left")
        heavy = parcels.group_by("order_id").agg(
            pl.when(pl.col("weight_g").null_count() == 0).then(pl.col("weight_g").sum())
        )
        sent = sent.join(heavy, on="order_id", how="left", maintain_order="left")
    columns = ("weight_g", "region")
    return sent.select(
        "order_id", "shipped_at", "promised_at", "delivered_at",
        *(c for c in columns if c in sent.columns), shipment_id="order_id",
    )  # fmt: skip


def _only(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the columns that ``table`` has, and ``line``."""
    from cartwheel.tables import table_contract

    extra = {
        "suppliers": {"country": pl.lit("Brazil")},
        "customers": {"country": pl.lit("Brazil"), "language": pl.lit("pt")},
    }.get(table, {})
    frame = frame.with_columns(**extra)
    return frame.select("line", *(c for c in table_contract(table).schema if c in frame.columns))


def _used(source: SourceFile) -> Text:
    return Text(
        f"{source.name}: {source.rows} rows were looked up for other tables.",
        f"{source.name}：{source.rows} 行仅用于补充其他表。",
    )
