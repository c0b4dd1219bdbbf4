"""The report of a turn: one HTML file, and the same main facts for a console."""

from typing import TYPE_CHECKING

from cartwheel.core.lazy import lazy_names

if TYPE_CHECKING:
    from cartwheel.report.data import ReportData
    from cartwheel.report.html import render_report
    from cartwheel.report.summary import Summary, render_summary

__all__ = ["ReportData", "Summary", "render_report", "render_summary"]

_HOMES = {
    "ReportData": "data",
    "Summary": "summary",
    "render_report": "html",
    "render_summary": "summary",
}

__getattr__ = lazy_names(__name__, _HOMES)
