"""A table of the stages as a table of the report: columns by name, written by their suffix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from cartwheel.report.blocks import Cell, Grid, Heading
from cartwheel.report.data import ReportData
from cartwheel.report.speech import Speech

_SHARE_ENDS = (
    "_share",
    "_probability",
    "_rate",
    "confidence",
    "retention",
    "conversion",
    "service",
)
_SENTENCES = frozenset({"reason", "why"})
_NAME_COLUMNS = frozenset({"product_id", "supplier_id", "subject", "because_id"})
_CODE_COLUMNS = {
    "method": "method", "binding": "binding", "demand_class": "demand_class", "place": "place",
    "lead_time_source": "source", "state": "health", "motive": "motive",
}  # fmt: skip


def preview(
    frame: pl.DataFrame, wanted: Sequence[str], data: ReportData, speech: Speech, *, caption: str,
    limit: int = 50, is_folded: bool = False,
) -> Grid:  # fmt: skip
    """Return the first ``limit`` rows with those of the ``wanted`` columns that exist."""
    columns = [name for name in wanted if name in frame.columns]
    shown = frame.head(limit).select(columns)
    note = ""
    if frame.height > limit:
        note = speech.say("shown_of", shown=speech.number(limit), count=speech.number(frame.height))
    return Grid(
        caption=caption,
        headings=[
            Heading(
                speech.code("column", name),
                is_number=frame.schema[name].is_numeric(),
                is_day=frame.schema[name].is_temporal(),
                is_wide=name in _SENTENCES,
                is_name=name in _NAME_COLUMNS,
            )
            for name in columns
        ],
        rows=[
            [_cell(name, value, data, speech) for name, value in zip(columns, row, strict=True)]
            for row in shown.iter_rows()
        ],
        note=note,
        is_folded=is_folded,
    )


def _cell(name: str, value: Any, data: ReportData, speech: Speech) -> Cell:
    if value is None:
        return Cell("–", "")
    if name in _CODE_COLUMNS:
        return Cell(speech.code(_CODE_COLUMNS[name], value))
    if name == "supplier_id":
        return Cell(data.supplier_name(value), hint=value)
    if name in _NAME_COLUMNS - {"subject"}:
        return Cell(data.product_name(value, speech.language), hint=value)
    if name == "warehouse_id":
        return Cell(speech.code("whole", value))
    return _plain_cell(name, value, speech)


def _plain_cell(name: str, value: Any, speech: Speech) -> Cell:
    if isinstance(value, bool):
        return Cell(speech.say("yes" if value else "no"))
    if isinstance(value, float) and name.endswith(_SHARE_ENDS):
        return speech.percent_cell(value)
    if isinstance(value, int | float):
        return speech.money_cell(value) if name.endswith("_minor") else speech.number_cell(value)
    return Cell(speech.day(value) if isinstance(value, date) else str(value))
