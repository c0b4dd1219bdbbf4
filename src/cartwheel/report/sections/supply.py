"""Suppliers and what to order from them."""

from __future__ import annotations

from typing import Any

import polars as pl

from cartwheel.report.blocks import Block, Cell, Grid, Heading, Section
from cartwheel.report.data import ReportData
from cartwheel.report.preview import preview
from cartwheel.report.speech import Speech

_PLAN_COLUMNS = (
    "supplier_id", "product_id", "warehouse_id", "state", "needed", "quantity",
    "unit_cost_minor", "line_cost_minor", "expected_on", "is_assumed", "why",
)  # fmt: skip
_SUPPLIERS_SHOWN = 100


def supply(data: ReportData, speech: Speech) -> Section:
    """Return the purchase plan, the largest lines first, and the suppliers' scorecards."""
    blocks: list[Block] = []
    plan = data.table("purchase_plan", "line_cost_minor", "why", "why_zh")
    if plan is not None:
        why = "why_zh" if speech.language == "zh" else "why"
        largest = plan.with_columns(why=pl.col(why)).sort(
            "line_cost_minor", "product_id", "warehouse_id", descending=[True, False, False]
        )
        caption = speech.say("purchase_plan")
        blocks.append(preview(largest, _PLAN_COLUMNS, data, speech, caption=caption))
    cards = data.table("supplier_scorecards", "on_time", "lead_time_days", "is_reliable")
    if cards is not None:
        blocks.append(_scorecards(cards, data, speech))
    title = speech.say("supply")
    if not blocks:
        return Section(id="supply", title=title, missing=speech.say("no_supply"))
    return Section(id="supply", title=title, lead=speech.say("supply_lead"), blocks=blocks)


def _scorecards(cards: pl.DataFrame, data: ReportData, speech: Speech) -> Grid:
    busiest = cards.sort("lines", "supplier_id", descending=[True, False]).head(_SUPPLIERS_SHOWN)
    return Grid(
        caption=speech.say("scorecards"),
        headings=[
            Heading(speech.code("column", "supplier_id"), is_name=True),
            Heading(speech.say("deliveries"), is_number=True),
            Heading(speech.say("on_time"), is_number=True),
            Heading(speech.say("range90"), is_number=True),
            Heading(speech.say("lead_days"), is_number=True),
            Heading(speech.say("lead_p90"), is_number=True),
            Heading(speech.say("refused"), is_number=True),
            Heading(speech.say("in_full"), is_number=True),
            Heading(speech.say("price_index"), is_number=True),
            Heading(speech.say("overdue"), is_number=True),
            Heading(speech.say("enough_cases")),
        ],
        rows=[_row(row, data, speech) for row in busiest.iter_rows(named=True)],
        note=speech.say("scorecards_note"),
    )


def _row(row: dict[str, Any], data: ReportData, speech: Speech) -> list[Cell]:
    low, high = row["on_time_low"], row["on_time_high"]
    between = "–"
    if low is not None and high is not None:
        between = speech.say("from_to", low=speech.percent(low), high=speech.percent(high))
    return [
        Cell(data.supplier_name(row["supplier_id"]), hint=row["supplier_id"]),
        speech.number_cell(row["deliveries"]),
        speech.percent_cell(row["on_time"], bar=True),
        Cell(between, low if low is not None else float("-inf")),
        speech.number_cell(row["lead_time_days"], 1),
        speech.number_cell(row["lead_time_p90_days"], 1),
        speech.percent_cell(row["rejected"], 1),
        speech.percent_cell(row["full"], 1),
        speech.number_cell(row["price_index"], 2),
        speech.number_cell(row["overdue"]),
        Cell(speech.say("yes" if row["is_reliable"] else "no")),
    ]
