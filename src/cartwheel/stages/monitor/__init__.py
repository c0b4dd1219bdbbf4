"""Watch the shop: key figures, alerts and data quality."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cartwheel.stages.monitor.calculate import KpiResult, compute_kpis
    from cartwheel.stages.monitor.definitions import KPIS
    from cartwheel.stages.monitor.quality import (
        QualityPolicy,
        QualityReport,
        assess_quality,
        quality_report,
    )

__all__ = [
    "KPIS",
    "KpiResult",
    "QualityPolicy",
    "QualityReport",
    "assess_quality",
    "compute_kpis",
    "quality_report",
]

_HOMES = {
    "KPIS": "definitions",
    "KpiResult": "calculate",
    "QualityPolicy": "quality",
    "QualityReport": "quality",
    "assess_quality": "quality",
    "compute_kpis": "calculate",
    "quality_report": "quality",
}


def __getattr__(name: str) -> Any:
    """Load a public name where it is used: Polars is heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
