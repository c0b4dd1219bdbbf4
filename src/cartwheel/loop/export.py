"""Proposals as files that Excel opens as people expect: money in major units, no formulas."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from cartwheel.core.errors import NotFoundError, UnavailableError
from cartwheel.core.money import exponent

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # OWASP: CSV injection


def write_csv(found: pl.DataFrame, path: Path, currency: str) -> None:
    """Write proposals as UTF-8 CSV with a byte-order mark, which Excel needs for Chinese."""
    text = _without_formulas(_readable(found, currency)).write_csv(include_bom=True)
    _write(path, text.encode())


def write_excel(found: pl.DataFrame, path: Path, currency: str) -> None:
    """Write proposals as an Excel workbook; texts stay texts."""
    draft = path.with_name(f".{path.name}.part.xlsx")
    _require_folder(path)
    try:
        _readable(found, currency).write_excel(draft, worksheet="proposals", autofit=True)
        draft.replace(path)
    except OSError as error:
        raise UnavailableError(f'"{path}" cannot be written: {error.strerror}') from error


def _readable(found: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return the columns people decide on; effects are money in this version."""
    scale = 10 ** exponent(currency)
    money = ["effect", "effect_low", "effect_high", "cost_minor"]
    return found.select(
        "proposal_id", "kind", "subject", "status", "reason", "reason_zh", "kpi",
        *(pl.col(name) / scale for name in money), "currency", "confidence", "valid_until",
        "method", "payload", "decided_by", "note",
    ).rename({"cost_minor": "cost"})  # fmt: skip


def _without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Put a quote before texts that a spreadsheet would run."""
    texts = pl.col(pl.String)
    risky = texts.str.slice(0, 1).is_in(_FORMULA_STARTS)
    return frame.with_columns(pl.when(risky).then("'" + texts).otherwise(texts).name.keep())


def _write(path: Path, content: bytes) -> None:
    _require_folder(path)
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            file.write(content)
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise UnavailableError(f'"{path}" cannot be written: {error.strerror}') from error


def _require_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise NotFoundError(f'There is no folder "{path.parent}" to write {path.name} to.')
