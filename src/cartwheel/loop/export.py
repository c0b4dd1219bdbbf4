"""Proposals as files that Excel opens as people expect: money in major units, no formulas."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from cartwheel.core.money import exponent
from cartwheel.storage.files import write_bytes, write_text
from cartwheel.tables.proposals import MONEY_KPIS

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # OWASP: CSV injection
# what a proposal is about, in columns of their own to sort and filter by
_ORDERED = (
    "product_id", "supplier_id", "warehouse_id", "from_warehouse_id", "to_warehouse_id",
)  # fmt: skip


_payload = (  # an Excel cell holds 32,767 characters; the list of a campaign may be longer
    pl.when(pl.col("payload").str.len_chars() <= 32_000)
    .then("payload")
    .otherwise(pl.lit("too long for a cell; see cartwheel proposals --json"))
    .alias("payload")
)


def write_csv(found: pl.DataFrame, path: Path, currency: str) -> None:
    """Write proposals as UTF-8 CSV with a byte-order mark, which Excel needs for Chinese."""
    text = _without_formulas(_readable(found, currency)).write_csv(include_bom=True)
    write_text(path, text)


def write_excel(found: pl.DataFrame, path: Path, currency: str) -> None:
    """Write proposals as an Excel workbook; texts stay texts."""
    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        _readable(found, currency).write_excel(book, worksheet="proposals", autofit=True)
    write_bytes(path, content.getvalue())


def _readable(found: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return the columns people decide on, money in major units; orders spelt out."""
    places = exponent(currency)
    scale = 10**places
    effects = ["effect", "effect_low", "effect_high"]
    is_money = pl.col("kpi").is_in(MONEY_KPIS)
    return found.select(
        "proposal_id", "kind", "status", "subject",
        *(_ordered(name) for name in _ORDERED),
        _ordered("quantity").cast(pl.Int64, strict=False),
        (_ordered("unit_cost_minor").cast(pl.Float64, strict=False) / scale).alias("unit_cost"),
        (pl.col("cost_minor") / scale).alias("cost"),
        *(
            pl.when(is_money).then((pl.col(name) / scale).round(places))
            .otherwise(pl.col(name).round(1)).alias(name)
            for name in effects
        ),
        "currency", "kpi", pl.col("confidence").round(3), "valid_until",
        "reason", "reason_zh", "method", "decided_by", "note", _payload,
    )  # fmt: skip


def _ordered(name: str) -> pl.Expr:
    """Return what a proposal's payload says under ``name``; nothing where it does not."""
    return pl.col("payload").str.json_path_match(f"$.{name}").alias(name)


def _without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Put a quote before texts that a spreadsheet would run."""
    texts = pl.col(pl.String)
    risky = texts.str.slice(0, 1).is_in(_FORMULA_STARTS)
    return frame.with_columns(pl.when(risky).then("'" + texts).otherwise(texts).name.keep())
