"""VN2 Inventory Planning Challenge: weekly sales and in-stock flags, and the state to plan from.

Source: the challenge's files of 2024 (rules in the data's README): six weekly orders, an order
placed at the end of week t arrives at the start of week t + 3, lost sales, holding cost 0.2 a
unit-week, shortage cost 1 a unit. Rows of wide files are counted as cells. In-stock flags of weeks
without sales are left aside: they lie in the future of the state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.time import zone
from cartwheel.core.wording import Text
from cartwheel.sources.convert import Conventions, Converted, convert
from cartwheel.sources.delivery import Delivery, deliver, derived
from cartwheel.sources.field import Field
from cartwheel.sources.formats.recognise import parts_of, periods
from cartwheel.sources.formats.wide import deliver_cells
from cartwheel.sources.source_file import SourceFile
from cartwheel.sources.table_rows import Found

SUPPLIER = "vn2-supplier"
_WEEK = timedelta(days=7)
_LEAD_WEEKS = 3  # placed at the end of week t, there at the start of week t + 3
_PERIOD = r"^\d{4}-\d{2}-\d{2}$"
_STATE = ("Store", "Product", "End Inventory", "In Transit W+1", "In Transit W+2")
_MASTER = ("Store", "Product", "ProductGroup", "Division", "Department", "DepartmentGroup")


def read(sources: Sequence[SourceFile], _currency: str, time_zone: str) -> Found:
    """Read sales; with in-stock flags, master data and the initial state where they are given."""
    sales, flags, others = _wide(sources)
    files, aside = parts_of("vn2", others, {"state": _STATE, "master": _MASTER}, required=())
    keys = _keys(sales, time_zone)
    weeks = {
        c: (w := date.fromisoformat(c), w + timedelta(days=6)) for c in periods(sales, _PERIOD)
    }
    delivery = deliver_cells(sales, keys, weeks, flags=_flags(flags, weeks, time_zone))
    last = max(begin for begin, _ in weeks.values())
    deliveries = [delivery]
    if "state" in files:
        deliveries += _state(files["state"], last, time_zone)
    deliveries += _master(files.get("master"), keys, sales.name, time_zone)
    return Found(deliveries=tuple(deliveries), notes=(*aside, *_notes(sales, flags, weeks)))


def _wide(
    sources: Sequence[SourceFile],
) -> tuple[SourceFile, SourceFile | None, list[SourceFile]]:
    """Tell sales from in-stock flags: the flags are true or false."""
    wide = [s for s in sources if len(periods(s, _PERIOD)) > 1]
    flags = [s for s in wide if _are_flags(s)]
    sales = [s for s in wide if not _are_flags(s)]
    if len(sales) != 1 or len(flags) > 1:
        names = ", ".join(s.name for s in sources)
        raise InputError(
            "Format vn2 needs one sales file (Store, Product and a column a week) and at most one "
            f"of in-stock flags. Given were {names}.",
            format="vn2",
        )
    return sales[0], (flags[0] if flags else None), [s for s in sources if s not in wide]


def _are_flags(source: SourceFile) -> bool:
    first = source.frame[periods(source, _PERIOD)[0]].drop_nulls().head(1).cast(pl.String)
    return first.str.to_lowercase().is_in(["true", "false"]).any()


def _ids(source: SourceFile, time_zone: str, extra: Sequence[Field] = ()) -> Converted:
    fields = [
        Field(name="product_id", source="Product", kind="id"),
        Field(name="warehouse_id", source="Store", kind="id"),
        *extra,
    ]
    return convert(source, fields, Conventions(currency="EUR", time_zone=time_zone))


def _keys(source: SourceFile, time_zone: str) -> pl.DataFrame:
    return _ids(source, time_zone).frame.select("product_id", "warehouse_id")


def _flags(
    source: SourceFile | None, weeks: Mapping[str, tuple[date, date]], time_zone: str
) -> pl.DataFrame | None:
    """Return product, warehouse, first day and whether it was in stock."""
    if source is None:
        return None
    columns = [c for c in periods(source, _PERIOD) if c in weeks]
    return (
        pl.concat([_keys(source, time_zone), source.frame.select(columns)], how="horizontal")
        .unpivot(columns, index=["product_id", "warehouse_id"], variable_name="w")
        .select(
            "product_id", "warehouse_id", starts_on=pl.col("w").str.to_date(),
            is_stocked=pl.col("value").cast(pl.String).str.to_lowercase() == "true",
        )
    )  # fmt: skip


def _state(source: SourceFile, last: date, time_zone: str) -> list[Delivery]:
    """Read stock and orders under way as they were when week ``last`` closed."""
    named = re.search(r"\d{4}-\d{2}-\d{2}", source.name)
    week = date.fromisoformat(named.group()) if named else last
    place = zone(time_zone)

    def at(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, place).astimezone(UTC)

    def close(begin: date) -> datetime:
        return at(begin + timedelta(days=6), time(23, 59, 59))

    whole = {"on_hand": "End Inventory", "w1": "In Transit W+1", "w2": "In Transit W+2"}
    found = _ids(
        source, time_zone, [Field(name=n, source=s, kind="whole") for n, s in whole.items()]
    )
    levels = found.frame.select(
        "line", "product_id", "warehouse_id", "on_hand",
        counted_at=pl.lit(close(week)).cast(pl.Datetime("us", "UTC")),
    )  # fmt: skip
    orders, lines = [], []
    for ahead, column in ((1, "w1"), (2, "w2")):
        placed = close(week + (ahead - _LEAD_WEEKS) * _WEEK)
        sent = (
            found.frame.filter(pl.col(column) > 0)
            .with_columns(
                purchase_order_id=pl.format("vn2-{}-" + placed.date().isoformat(), "warehouse_id"),
                ordered_at=pl.lit(placed).cast(pl.Datetime("us", "UTC")),
                promised_at=pl.lit(at(week + ahead * _WEEK, time())).cast(pl.Datetime("us", "UTC")),
                supplier_id=pl.lit(SUPPLIER),
                quantity=pl.col(column),
            )
            .with_columns(
                line_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("purchase_order_id")
            )
        )
        head = ("purchase_order_id", "supplier_id", "warehouse_id", "ordered_at")
        orders.append(sent.select(head).unique("purchase_order_id", maintain_order=True))
        lines.append(sent.select(
            "purchase_order_id", "line_no", "ordered_at", "product_id", "quantity", "promised_at"
        ))  # fmt: skip
    supplier = pl.DataFrame({"supplier_id": [SUPPLIER], "name": ["VN2 supplier"]})
    return [
        deliver("stock_levels", source, levels, unread=found.faults, names=found.names),
        derived("purchase_orders", source.name, pl.concat(orders)),
        derived("purchase_order_lines", source.name, pl.concat(lines)),
        derived("suppliers", source.name, supplier),
    ]


def _master(
    source: SourceFile | None, keys: pl.DataFrame, sales: str, time_zone: str
) -> list[Delivery]:
    """Return products with their category path, and stores."""
    if source is None:
        products, stores, name = keys.select("product_id"), keys.select("warehouse_id"), sales
    else:
        path = [pl.col(c).cast(pl.String) for c in reversed(_MASTER[2:])]
        master = pl.concat([_keys(source, time_zone), source.frame], how="horizontal")
        products = master.select("product_id", category=pl.concat_str(path, separator=" > "))
        stores, name = master.select("warehouse_id"), source.name
    return [
        derived("products", name, products.sort("product_id")),
        derived("warehouses", name, stores.sort("warehouse_id").with_columns(
            name=pl.format("Store {}", "warehouse_id")
        )),
    ]  # fmt: skip


def _notes(
    sales: SourceFile, flags: SourceFile | None, weeks: Mapping[str, tuple[date, date]]
) -> list[Text]:
    notes = [
        Text(
            f"{sales.name}: {sales.rows} series of {len(weeks)} weeks; rows are counted as cells.",
            f"{sales.name}：{sales.rows} 个序列 × {len(weeks)} 周，按单元格计行。",
        )
    ]
    if flags is not None:
        later = sum(1 for c in periods(flags, _PERIOD) if c not in weeks)
        notes.append(Text(
            f"{flags.name}: {flags.rows} rows were looked up for is_stocked; {later} weeks without "
            "sales were left aside.",
            f"{flags.name}：{flags.rows} 行用于补充是否有库存；{later} 个没有销量的周未读取。",
        ))  # fmt: skip
    return notes
