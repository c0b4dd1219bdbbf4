"""Data quality: the lowest share that passes by table and dimension, and what the files held."""

from __future__ import annotations

import polars as pl

from cartwheel.report.blocks import Block, Cell, Grid, Heading, Heat, Section
from cartwheel.report.data import ReportData
from cartwheel.report.speech import Speech
from cartwheel.tables import TABLES

_DIMENSIONS = ("completeness", "uniqueness", "validity", "consistency", "timeliness")


def quality(data: ReportData, speech: Speech) -> Section:
    """Return the heat map of quality, the checks below 100 % and the reconciled imports."""
    title = speech.say("quality")
    measured = data.table("quality", "table", "dimension", "measure", "period", "value", "failed")
    blocks: list[Block] = []
    if measured is not None:
        whole = measured.filter(period="all")
        blocks += [_heat(whole, speech), _checks(whole, speech)]
    imports = _imports(data, speech)
    if imports is not None:
        blocks.append(imports)
    if not blocks:
        return Section(id="quality", title=title, missing=speech.say("no_quality"))
    return Section(id="quality", title=title, lead=speech.say("quality_lead"), blocks=blocks)


def table_title(name: str, speech: Speech) -> str:
    """Return the title of a table in the reader's language."""
    return TABLES[name].title.to(speech.language) if name in TABLES else name


def _heat(whole: pl.DataFrame, speech: Speech) -> Heat:
    filled = 1 - pl.col("failed").sum() / pl.col("cases").sum()
    is_complete = pl.col("dimension").first() == "completeness"
    share = pl.when(is_complete).then(filled).otherwise(pl.col("value").min())
    worst = {
        (table, dimension): value
        for table, dimension, value in whole.group_by("table", "dimension").agg(share).rows()
    }
    rows = []
    for table in whole["table"].unique().sort():
        cells = []
        for dimension in _DIMENSIONS:
            value = worst.get((table, dimension))
            text = speech.percent(value, 1) if value is not None else ""
            cells.append(Cell(text, value, share=None if value is None else 1 - value))
        rows.append((table_title(table, speech), cells))
    return Heat(
        caption=speech.say("quality_heat"),
        corner=speech.say("table"),
        columns=[speech.code("dimension", name) for name in _DIMENSIONS],
        rows=rows,
        note=speech.say("quality_note"),
    )


def _checks(whole: pl.DataFrame, speech: Speech) -> Grid:
    failing = whole.filter(pl.col("failed") > 0).sort("value", "table", "measure")
    return Grid(
        caption=speech.say("checks"),
        headings=[
            Heading(speech.say("table")),
            Heading(speech.say("dimension")),
            Heading(speech.say("check")),
            Heading(speech.say("passes"), is_number=True),
            Heading(speech.say("fail"), is_number=True),
            Heading(speech.say("cases"), is_number=True),
        ],
        rows=[
            [
                Cell(table_title(row["table"], speech)),
                Cell(speech.code("dimension", row["dimension"])),
                Cell(check_text(row["measure"], speech)),
                speech.percent_cell(row["value"], 2),
                speech.number_cell(row["failed"]),
                speech.number_cell(row["cases"]),
            ]
            for row in failing.iter_rows(named=True)
        ],
        is_folded=True,
    )


def check_text(measure: str, speech: Speech) -> str:
    """Write the name of a check; columns keep theirs, by which they stand in the shop's files."""
    column, _, table = measure.partition(" in ")
    if table in TABLES:
        return speech.say("known_in", column=column, table=table_title(table, speech))
    earlier, _, later = measure.partition(" before ")
    if later:
        return speech.say("in_order", earlier=earlier, later=later)
    return speech.code("check", measure)


def _imports(data: ReportData, speech: Speech) -> Grid | None:
    imports = data.table("imports", "file", "table", "rows_in", "rows_accepted")
    if imports is None:
        return None
    columns = ("rows_in", "rows_accepted", "rows_merged", "rows_quarantined")
    return Grid(
        caption=speech.say("imports"),
        headings=[
            Heading(speech.say("file")),
            Heading(speech.say("table")),
            *(Heading(speech.say(name), is_number=True) for name in columns),
        ],
        rows=[
            [
                Cell(row["file"]),
                Cell(table_title(row["table"], speech)),
                *(speech.number_cell(row[name]) for name in columns),
            ]
            for row in imports.sort("imported_at", "table", descending=[True, False])
            .head(50)
            .iter_rows(named=True)
        ],
        note=speech.say("imports_note"),
        is_folded=True,
    )
