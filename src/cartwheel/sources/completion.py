"""Columns a file does not have but that follow from it.

Everything here is a function of the file's rows in their order, so that importing the same file
again gives the same keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.tables import table_contract

_NUMBERED = {
    ("order_lines", "line_no"): "order_id",
    ("order_charges", "charge_no"): "order_id",
    ("purchase_order_lines", "line_no"): "purchase_order_id",
}
_HASHED = frozenset({"event_id", "return_id", "movement_id", "review_id", "message_id", "touch_id"})
_ALL_PLACES = frozenset({"sales", "stock_levels", "purchase_orders"})


def is_derivable(table: str, column: str) -> bool:
    """Tell whether a required column can be made when a file lacks it."""
    return (
        (table, column) in _NUMBERED
        or column in _HASHED
        or column in ("currency", "from_quantity")
        or (column == "warehouse_id" and table in _ALL_PLACES)
        or (table == "sales" and column == "ends_on")
    )


def has_own_key(key: tuple[str, ...], known: Container[str]) -> bool:
    """Tell whether the file itself says what makes a row unique."""
    return all(name in known for name in key if name not in ("warehouse_id", "from_quantity"))


def complete(
    table: str, frame: pl.DataFrame, currency: str
) -> tuple[pl.DataFrame, tuple[Text, ...]]:
    """Add the columns that ``table`` requires and ``frame`` lacks; say which and how."""
    notes: list[Text] = []
    for (of, column), group in _NUMBERED.items():
        if of == table and column not in frame.columns:
            number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(group)
            frame = frame.with_columns(number.alias(column))
            notes.append(Text(
                f"{column} counts the rows of each {group} in the order of the file; an order must "
                "lie whole in one import.",
                f"{column} 按文件中的顺序为每个 {group} 编号；同一订单须完整地在一次导入中。",
            ))  # fmt: skip
    made: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
        "from_quantity": lambda f: f.with_columns(from_quantity=pl.lit(1, pl.Int64)),
        "warehouse_id": lambda f: f.with_columns(warehouse_id=pl.lit("all")),
        "ends_on": _with_ends,
    }
    for column, make in made.items():
        if column not in frame.columns and _wants(table, column):
            frame = make(frame)
    if _wants(table, "currency") and "currency" not in frame.columns:
        frame = frame.with_columns(currency=pl.lit(currency))
    for column in _HASHED:
        if column in table_contract(table).key and column not in frame.columns:
            frame = frame.with_columns(_hashes(frame, column))
            notes.append(Text(
                f"{column} is a hash of each row's content.", f"{column} 由每行内容的哈希生成。"
            ))  # fmt: skip
    return frame, tuple(notes)


def _wants(table: str, column: str) -> bool:
    found = table_contract(table).columns.get(column)
    return found is not None and found.is_required


def _hashes(frame: pl.DataFrame, column: str) -> pl.Series:
    """Hash each row's content; the n-th row with the same content gets the n-th hash."""
    body = frame.drop("line", "file", strict=False)  # where a row stands says nothing of it
    text = body.select(
        pl.concat_str(
            [pl.col(c).cast(pl.String).fill_null("\x00") for c in sorted(body.columns)],
            separator="\x1f",
        ).alias("t")
    )
    nth = text.select(pl.int_range(pl.len()).over("t").alias("n")).to_series()
    prefix = column.removesuffix("_id")[:2]
    pairs = zip(text["t"], nth, strict=True)
    digests = (hashlib.sha256(f"{t}\x1e{n}".encode()).hexdigest() for t, n in pairs)
    return pl.Series(column, [f"{prefix}-{d[:20]}" for d in digests], dtype=pl.String)


def _with_ends(frame: pl.DataFrame) -> pl.DataFrame:
    """Let each period end before the next begins; its length is the commonest step of days."""
    starts = frame["starts_on"].drop_nulls().unique().sort()
    steps = starts.diff().dt.total_days().drop_nulls()
    step = int(steps.mode().min() or 1) if len(steps) else 1  # type: ignore[arg-type]
    if 28 <= step <= 31 and (starts.dt.day() == 1).all():
        return frame.with_columns(ends_on=pl.col("starts_on").dt.month_end())
    return frame.with_columns(ends_on=pl.col("starts_on") + pl.duration(days=step - 1))
