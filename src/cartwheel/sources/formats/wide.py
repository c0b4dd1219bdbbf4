"""Wide files, a row a series and a column a period, as period sales. A row in is a cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.sources.delivery import Delivery, with_rows
from cartwheel.sources.source_file import FAULT_SCHEMA, SourceFile, faults
from cartwheel.tables import table_contract

_WRONG = Text("no whole number of units, 0 or more", "不是大于等于 0 的整数")


def deliver_cells(
    source: SourceFile,
    keys: pl.DataFrame,
    periods: Mapping[str, tuple[Any, Any]],
    *,
    flags: pl.DataFrame | None,
) -> Delivery:
    """Turn a wide file into ``sales``.

    Parameters
    ----------
    keys
        ``product_id`` and ``warehouse_id``, parallel to the file's rows.
    periods
        Column to (first day, last day).
    flags
        ``product_id``, ``warehouse_id``, ``starts_on``, ``is_stocked``; or None when not known.
    """
    wide = pl.concat(
        [keys, source.lines.alias("line").to_frame(), source.frame.select(list(periods))],
        how="horizontal",
    )
    amounts = wide.with_columns(pl.col(list(periods)).cast(pl.Float64, strict=False))
    cells = amounts.unpivot(
        list(periods), index=["product_id", "warehouse_id", "line"],
        variable_name="period", value_name="quantity",
    )  # fmt: skip
    amount = pl.col("quantity")
    is_wrong = (
        amount.is_null() | (amount < 0) | (amount != amount.round(0))
        | pl.col("product_id").is_null() | pl.col("warehouse_id").is_null()
    )  # fmt: skip
    wrong = cells.filter(is_wrong)
    good = cells.filter(~is_wrong) if wrong.height else cells
    dates: dict[str, tuple[date, date]] = dict(periods)
    sales = good.select(
        "product_id",
        "warehouse_id",
        starts_on=_mapped({c: d[0] for c, d in dates.items()}),
        ends_on=_mapped({c: d[1] for c, d in dates.items()}),
        quantity=amount.cast(pl.Int64),
    )
    if flags is not None:
        key = ["product_id", "warehouse_id", "starts_on"]
        sales = sales.join(flags.unique(key), on=key, how="left", maintain_order="left")
    contract = table_contract("sales")
    kept = sales.unique(contract.key, keep="last", maintain_order=True)
    return Delivery(
        table="sales",
        file=source.name,
        frame=contract.conform(kept),
        rows_in=cells.height,
        merged=sales.height - kept.height,
        quarantined=wrong.height,
        faults=_faults(source, wrong),
    )


def _mapped(dates: Mapping[str, date]) -> pl.Expr:
    return pl.col("period").replace_strict(dates, return_dtype=pl.Date)


def _faults(source: SourceFile, wrong: pl.DataFrame) -> pl.DataFrame:
    """Name each wrong cell by its line and column, with the text that stands there."""
    if wrong.is_empty():
        return with_rows(pl.DataFrame(schema=FAULT_SCHEMA), source)
    texts = pl.concat(
        [source.lines.alias("line").to_frame(), source.frame.cast(pl.String, strict=False)],
        how="horizontal",
    )
    columns = wrong["period"].unique(maintain_order=True).to_list()
    found = [
        faults(
            lines := wrong.filter(pl.col("period") == c)["line"], c, _at(texts, lines, c), _WRONG
        )
        for c in columns
    ]
    return with_rows(pl.concat(found), source)


def _at(texts: pl.DataFrame, lines: pl.Series, column: str) -> pl.Series:
    named = texts.select("line", pl.col(column).alias("text"))
    return lines.to_frame("line").join(named, on="line", how="left", maintain_order="left")["text"]
