"""Suppliers and what to order from them."""

from __future__ import annotations

import polars as pl

from cartwheel.report.blocks import Block, Section
from cartwheel.report.data import ReportData
from cartwheel.report.preview import preview
from cartwheel.report.speech import Speech


def supply(data: ReportData, speech: Speech) -> Section:
    """Return the purchase plan and the suppliers' scorecards, whole as far as they are short."""
    blocks: list[Block] = []
    for name, caption in (
        ("purchase_plan", "purchase_plan"),
        ("supplier_scorecards", "scorecards"),
    ):
        frame = data.table(name)
        if frame is not None:
            columns = [column for column in frame.columns if not column.endswith("_zh")]
            if speech.language == "zh":
                columns = [f"{c}_zh" if f"{c}_zh" in frame.columns else c for c in columns]
            money = [column for column in columns if column.endswith("cost_minor")]
            if money:
                frame = frame.sort(pl.col(money[-1]), *frame.columns[:2], descending=True)
            blocks.append(preview(frame, columns, data, speech, caption=speech.say(caption)))
    title = speech.say("supply")
    if not blocks:
        return Section(id="supply", title=title, missing=speech.say("no_supply"))
    return Section(id="supply", title=title, lead=speech.say("supply_lead"), blocks=blocks)
