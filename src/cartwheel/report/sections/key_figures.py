"""All key figures with their formulas, and which are left out and why."""

from __future__ import annotations

from typing import Any

import polars as pl

from cartwheel.report.blocks import Block, Cell, Grid, Heading, Section, Spark
from cartwheel.report.data import ReportData
from cartwheel.report.figures import KpiLine, kpi_lines
from cartwheel.report.sections.overview import change_text
from cartwheel.report.speech import Speech


def key_figures(data: ReportData, speech: Speech) -> Section:
    """Return the last whole week and month of every figure, with a small line over 26 weeks."""
    title = speech.say("key_figures")
    weeks = kpi_lines(data)
    if not weeks:
        return Section(id="key-figures", title=title, missing=speech.say("no_kpis"))
    months = {line.definition["kpi"]: line for line in kpi_lines(data, "month")}
    table = Grid(
        caption=speech.say("key_figures"),
        headings=[
            Heading(speech.say("key_figure"), is_name=True),
            Heading(speech.say("last_week"), is_number=True),
            Heading(speech.say("four_before"), is_number=True),
            Heading(speech.say("change"), is_number=True),
            Heading(speech.say("last_26")),
            Heading(speech.say("last_month"), is_number=True),
            Heading(speech.say("direction")),
            Heading(speech.say("formula"), is_wide=True),
        ],
        rows=[_row(line, months.get(line.definition["kpi"]), speech) for line in weeks],
    )
    blocks: list[Block] = [table]
    left_out = _left_out(data, speech)
    if left_out is not None:
        blocks.append(left_out)
    return Section(
        id="key-figures", title=title, lead=speech.say("key_figures_lead"), blocks=blocks
    )


def _row(line: KpiLine, month: KpiLine | None, speech: Speech) -> list[Cell | Spark]:
    definition: dict[str, Any] = dict(line.definition)
    unit, better = definition["unit"], definition["is_higher_better"]
    name = speech.pick(definition, "name")
    direction = (
        "neither_better" if better is None else "higher_better" if better else "lower_better"
    )
    return [
        Cell(name),
        _figure_cell(line.value, unit, speech),
        _figure_cell(line.before, unit, speech),
        Cell(
            change_text(line, speech),
            line.change if line.change is not None else float("-inf"),
            "plain" if line.is_good is None else "good" if line.is_good else "bad",
        ),
        Spark(values=line.history, label=speech.say("spark", name=name), sort=line.change or 0.0),
        _figure_cell(month.value if month else None, unit, speech),
        Cell(speech.say(direction)),
        Cell(speech.pick(definition, "formula")),
    ]


def _figure_cell(value: float | None, unit: str, speech: Speech) -> Cell:
    return Cell(speech.figure(value, unit), float("-inf") if value is None else value)


def _left_out(data: ReportData, speech: Speech) -> Grid | None:
    definitions = data.table("kpi_definitions", "kpi", "is_computed", "reason", "position")
    if definitions is None:
        return None
    rows = definitions.filter(~pl.col("is_computed")).sort("position").to_dicts()
    if not rows:
        return None
    return Grid(
        caption=speech.say("left_out", count=len(rows)),
        headings=[Heading(speech.say("key_figure")), Heading(speech.say("needs"), is_wide=True)],
        rows=[[Cell(speech.pick(row, "name")), Cell(speech.pick(row, "reason"))] for row in rows],
        is_folded=True,
    )
