"""Watch the shop: key figures, alerts and data quality."""

from typing import TYPE_CHECKING

from cartwheel.core.lazy import lazy_names

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

__getattr__ = lazy_names(__name__, _HOMES)
