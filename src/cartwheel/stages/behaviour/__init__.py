"""What customers do (B1 to B6): profiles, habits, sessions, funnels, cohorts, RFM, segments.

Names load when they are used: Ibis is not imported with the package.
"""

from typing import TYPE_CHECKING

from cartwheel.core.lazy import lazy_names

if TYPE_CHECKING:
    from cartwheel.stages.behaviour.cohort import cohorts
    from cartwheel.stages.behaviour.funnel import Funnel, parse_funnel
    from cartwheel.stages.behaviour.funnel_count import count_funnel
    from cartwheel.stages.behaviour.local_time import LocalTime
    from cartwheel.stages.behaviour.purchase import customer_days
    from cartwheel.stages.behaviour.rfm import rfm_scores
    from cartwheel.stages.behaviour.segment_name import name_segment
    from cartwheel.stages.behaviour.segmentation import ClusterSearch, cluster_customers
    from cartwheel.stages.behaviour.session import visitor_events, visits

_HOMES = {
    "ClusterSearch": "segmentation",
    "Funnel": "funnel",
    "LocalTime": "local_time",
    "cluster_customers": "segmentation",
    "cohorts": "cohort",
    "count_funnel": "funnel_count",
    "customer_days": "purchase",
    "name_segment": "segment_name",
    "parse_funnel": "funnel",
    "rfm_scores": "rfm",
    "visitor_events": "session",
    "visits": "session",
}

__all__ = [
    "ClusterSearch",
    "Funnel",
    "LocalTime",
    "cluster_customers",
    "cohorts",
    "count_funnel",
    "customer_days",
    "name_segment",
    "parse_funnel",
    "rfm_scores",
    "visitor_events",
    "visits",
]

__getattr__ = lazy_names(__name__, _HOMES)
