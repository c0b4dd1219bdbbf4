"""The report of a turn: one HTML file, and the same main facts for a console."""

from typing import TYPE_CHECKING, Any

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


def __getattr__(name: str) -> Any:
    """Load a public name where it is used: Polars and Jinja are heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
