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
    """Return the columns people decide on, money in major units."""
    scale = 10 ** exponent(currency)
    effects = ["effect", "effect_low", "effect_high"]
    is_money = pl.col("kpi").is_in(MONEY_KPIS)
    shown = [pl.when(is_money).then(pl.col(n) / scale).otherwise(n).alias(n) for n in effects]
    return found.select(
        "proposal_id", "kind", "subject", "status", "reason", "reason_zh", "kpi",
        *shown, pl.col("cost_minor") / scale, "currency", "confidence", "valid_until",
        "method", "payload", "decided_by", "note",
    ).rename({"cost_minor": "cost"})  # fmt: skip


def _without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Put a quote before texts that a spreadsheet would run."""
    texts = pl.col(pl.String)
    risky = texts.str.slice(0, 1).is_in(_FORMULA_STARTS)
    return frame.with_columns(pl.when(risky).then("'" + texts).otherwise(texts).name.keep())
