"""The sections of the report: each turns tables into blocks, or says why it cannot."""

from __future__ import annotations

from cartwheel.report.blocks import Section
from cartwheel.report.data import ReportData
from cartwheel.report.sections.attention import attention
from cartwheel.report.sections.customers import customers
from cartwheel.report.sections.demand import demand
from cartwheel.report.sections.key_figures import key_figures
from cartwheel.report.sections.methods import methods
from cartwheel.report.sections.overview import overview
from cartwheel.report.sections.proposals import all_proposals, top_proposals
from cartwheel.report.sections.quality import quality
from cartwheel.report.sections.recommendations import recommendations
from cartwheel.report.sections.stock import stock
from cartwheel.report.sections.supply import supply
from cartwheel.report.sections.turn import turn
from cartwheel.report.speech import Speech

_ORDER = (
    overview, top_proposals, attention, stock, demand, customers, recommendations, supply,
    key_figures, all_proposals, methods, quality, turn,
)  # fmt: skip


def all_sections(data: ReportData, speech: Speech) -> list[Section]:
    """Return the sections in the order a manager wants them."""
    return [section(data, speech) for section in _ORDER]
