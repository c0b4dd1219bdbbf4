"""What the stages want done: the ten most valuable first, all of them in a table."""

from __future__ import annotations

from typing import Any

import polars as pl

from cartwheel.report.blocks import Block, Card, Cards, Cell, Grid, Heading, Note, Section
from cartwheel.report.codes import CODES
from cartwheel.report.data import ReportData
from cartwheel.report.figures import kpi_unit, ranked_proposals
from cartwheel.report.speech import Speech

_TOP = 10
_SHOWN_PER_KIND = 300


def top_proposals(data: ReportData, speech: Speech) -> Section:
    """Return the ten most valuable open proposals as cards."""
    title = speech.say("top_proposals")
    ranked = ranked_proposals(data)
    if ranked.is_empty():
        return Section(id="top-proposals", title=title, missing=speech.say("no_proposals"))
    units = {kpi: kpi_unit(data, kpi) for kpi in ranked["kpi"].unique()}
    cards = [
        Card(
            badge=speech.code("proposal", row["kind"]),
            title=subject_text(row["subject"], data, speech),
            text=speech.pick(row, "reason"),
            figures=[
                (
                    speech.say("expected_of", name=effect_name(row["kpi"], data, speech)),
                    speech.figure(row["effect"], units[row["kpi"]]),
                ),
                (speech.say("range90"), _range(row, units[row["kpi"]], speech)),
                (speech.say("cost"), speech.money(row["cost_minor"])),
                (speech.say("confidence"), speech.percent(row["confidence"])),
                (speech.say("valid_until"), speech.day(row["valid_until"])),
            ],
        )
        for row in ranked.head(_TOP).iter_rows(named=True)
    ]
    lead = speech.say("top_proposals_lead", count=speech.number(ranked.height))
    return Section(
        id="top-proposals", title=title, lead=lead, blocks=[Cards(cards, is_ranked=True)]
    )


def all_proposals(data: ReportData, speech: Speech) -> Section:
    """Return counts by kind and one table that sorts and filters by kind."""
    title = speech.say("all_proposals")
    ranked = ranked_proposals(data)
    if ranked.is_empty():
        return Section(id="proposals", title=title, missing=speech.say("no_proposals"))
    ranked = ranked.with_row_index("rank", offset=1)
    shown = ranked.group_by("kind", maintain_order=True).head(_SHOWN_PER_KIND).sort("rank")
    units = {kpi: kpi_unit(data, kpi) for kpi in shown["kpi"].unique()}
    kinds = ranked["kind"].unique().sort().to_list()
    table = Grid(
        caption=speech.say("all_proposals"),
        headings=[
            Heading(speech.say("rank"), is_number=True),
            Heading(speech.say("kind")),
            Heading(speech.say("what"), is_name=True),
            Heading(speech.say("why"), is_wide=True),
            Heading(speech.say("effect"), is_number=True),
            Heading(speech.say("range90"), is_number=True),
            Heading(speech.say("key_figure")),
            Heading(speech.say("cost"), is_number=True),
            Heading(speech.say("confidence"), is_number=True),
            Heading(speech.say("valid_until"), is_day=True),
            Heading(speech.say("status")),
            Heading(speech.say("id")),
        ],
        rows=[_row(row, units, data, speech) for row in shown.iter_rows(named=True)],
        kinds=shown["kind"].to_list(),
        kind_names=[(kind, speech.code("proposal", kind)) for kind in kinds],
    )
    blocks: list[Block] = [_counts(ranked, speech), table]
    if shown.height < ranked.height:
        said = speech.say(
            "shown_of", shown=speech.number(shown.height), count=speech.number(ranked.height)
        )
        blocks.insert(1, Note(said))
    return Section(
        id="proposals", title=title, lead=speech.say("all_proposals_lead"), blocks=blocks
    )


def subject_text(subject: str, data: ReportData, speech: Speech) -> str:
    """Write ``product_id@warehouse_id`` or ``campaign:segment`` with names; others as they are."""
    campaign, _, segment = subject.partition(":")
    if campaign in CODES["campaign"]:
        named = speech.code("campaign", campaign)
        return speech.say(
            "of_segment", what=named, name=data.segment_name(segment, speech.language)
        )
    product, _, place = subject.partition("@")
    name = data.product_name(product, speech.language)
    return f"{name} @ {place}" if place and place != "all" else name


def effect_name(kpi: str, data: ReportData, speech: Speech) -> str:
    """Return the name of the key figure a proposal is to move."""
    definitions = data.table("kpi_definitions", "kpi", "name")
    rows = [] if definitions is None else definitions.filter(kpi=kpi).to_dicts()
    return speech.pick(rows[0], "name") if rows else kpi


def _range(row: dict[str, Any], unit: str, speech: Speech) -> str:
    low, high = (speech.figure(row[name], unit) for name in ("effect_low", "effect_high"))
    return speech.say("from_to", low=low, high=high)


def _row(
    row: dict[str, Any], units: dict[str, str], data: ReportData, speech: Speech
) -> list[Cell]:
    unit = units[row["kpi"]]
    return [
        speech.number_cell(row["rank"]),
        Cell(speech.code("proposal", row["kind"])),
        Cell(subject_text(row["subject"], data, speech), hint=row["subject"]),
        Cell(speech.pick(row, "reason")),
        Cell(speech.figure(row["effect"], unit), row["effect"]),
        Cell(_range(row, unit, speech), row["effect_low"]),
        Cell(effect_name(row["kpi"], data, speech)),
        speech.money_cell(row["cost_minor"]),
        speech.percent_cell(row["confidence"]),
        Cell(speech.day(row["valid_until"])),
        Cell(speech.code("status", row["status"])),
        Cell(row["proposal_id"]),
    ]


def _counts(ranked: pl.DataFrame, speech: Speech) -> Grid:
    in_money = pl.col("effect").filter("is_money").sum()
    rows = (
        ranked.group_by("kind")
        .agg(pl.len(), pl.col("cost_minor").sum(), effect=in_money)
        .sort("effect", "kind", descending=[True, False])
    )
    return Grid(
        caption=speech.say("proposals_by_kind"),
        headings=[
            Heading(speech.say("kind")),
            Heading(speech.say("count"), is_number=True),
            Heading(speech.say("effect_money"), is_number=True),
            Heading(speech.say("cost"), is_number=True),
        ],
        rows=[
            [
                Cell(speech.code("proposal", row["kind"])),
                speech.number_cell(row["len"]),
                speech.money_cell(row["effect"]),
                speech.money_cell(row["cost_minor"]),
            ]
            for row in rows.iter_rows(named=True)
        ],
        note=speech.say("effects_overlap"),
    )
