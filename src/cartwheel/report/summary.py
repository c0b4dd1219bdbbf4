"""The main facts of a turn for a console: the same figures as in the report, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from cartwheel.core.wording import Language
from cartwheel.report.blocks import Card, Cards, Section, Tile, Tiles
from cartwheel.report.data import ReportData
from cartwheel.report.sections.attention import attention
from cartwheel.report.sections.overview import overview
from cartwheel.report.sections.proposals import top_proposals
from cartwheel.report.sections.stock import stock
from cartwheel.report.speech import Speech


@dataclass(frozen=True, slots=True)
class Summary:
    """What a manager wants to know; every text is ready to print."""

    title: str
    sales: str  # a sentence
    figures: tuple[dict[str, str], ...]  # label, value, change, note
    stock: str
    stock_figures: tuple[dict[str, str], ...]  # label, value, note
    proposals: tuple[dict[str, str], ...]  # kind, what, why, effect …; the ten most valuable
    proposals_lead: str
    attention: tuple[dict[str, str], ...]  # badge, title, text
    skipped: tuple[dict[str, str], ...]  # step, status, reason

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return asdict(self)


def render_summary(data: ReportData, language: Language) -> Summary:
    """Return sales, stock health, the ten most valuable proposals, alerts, what was skipped."""
    speech = Speech(language, data.currency)
    sales, health = overview(data, speech), stock(data, speech)
    proposed, seen = top_proposals(data, speech), attention(data, speech)
    return Summary(
        title=speech.say("title", shop=data.shop, day=speech.day(data.turn.get("on_day"))),
        sales=sales.lead or sales.missing,
        figures=tuple(
            {"label": tile.label, "value": tile.value, "change": tile.change, "note": tile.note}
            for tile in _tiles(sales)
            if tile.spark is not None
        ),
        stock=health.lead or health.missing,
        stock_figures=tuple(
            {"label": tile.label, "value": tile.value, "note": tile.note} for tile in _tiles(health)
        ),
        proposals=tuple(
            {"kind": card.badge, "what": card.title, "why": card.text} | dict(card.figures)
            for card in _cards(proposed)
        ),
        proposals_lead=proposed.lead or proposed.missing,
        attention=tuple(
            {"badge": card.badge, "title": card.title, "text": card.text} for card in _cards(seen)
        ),
        skipped=_skipped(data, speech),
    )


def _tiles(section: Section) -> Iterator[Tile]:
    return (tile for block in section.blocks if isinstance(block, Tiles) for tile in block.tiles)


def _cards(section: Section) -> Iterator[Card]:
    return (card for block in section.blocks if isinstance(block, Cards) for card in block.cards)


def _skipped(data: ReportData, speech: Speech) -> tuple[dict[str, str], ...]:
    if data.steps.is_empty():
        return ()
    rows = data.steps.filter(pl.col("status") != "done").to_dicts()
    return tuple(
        {
            "step": speech.code("stage", row["step"]),
            "status": speech.code("status", row["status"]),
            "reason": speech.pick(row, "reason"),
        }
        for row in rows
    )
