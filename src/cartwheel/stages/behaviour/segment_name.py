"""Names for groups of customers, by rule from their RFM scores."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cartwheel.core.wording import Text


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    name: Text


class RfmSegment(Enum):
    """Groups a marketer knows by name, from the best to the lost."""

    CHAMPIONS = _Named("champions", Text("Champions", "重要价值客户"))
    LOYAL = _Named("loyal", Text("Loyal", "重要保持客户"))
    PROMISING = _Named("promising", Text("Promising", "重要发展客户"))
    NEW = _Named("new", Text("New", "新客户"))
    NEED_ATTENTION = _Named("need_attention", Text("Need attention", "需关注客户"))
    CANNOT_LOSE = _Named("cannot_lose", Text("Cannot lose them", "重要挽留客户"))
    AT_RISK = _Named("at_risk", Text("At risk", "流失风险客户"))
    LOST = _Named("lost", Text("Lost", "已流失客户"))

    @property
    def key(self) -> str:
        """Return the name that tables hold."""
        return self.value.key

    @property
    def label(self) -> Text:
        """Return the name that people read."""
        return self.value.name


def name_segment(r: float, f: float, m: float) -> RfmSegment:
    """Return the segment of RFM scores by rule; also of mean scores, to name a cluster.

    The rule looks at recency and at worth = (f + m) / 2, each as low (< 2.5), middle (< 3.5)
    or high; "new" is a recent customer with f and m below 2, "cannot lose" has worth of 4.5 on.

    Examples
    --------
    >>> name_segment(5, 5, 5).key, name_segment(1, 5, 5).key, name_segment(5, 1, 1).key
    ('champions', 'cannot_lose', 'new')
    """
    worth = (f + m) / 2
    if r >= 3.5:
        return _recent(worth)
    if r >= 2.5:
        return RfmSegment.LOYAL if worth >= 3.5 else RfmSegment.NEED_ATTENTION
    if worth >= 4.5:
        return RfmSegment.CANNOT_LOSE
    return RfmSegment.AT_RISK if worth >= 2.5 else RfmSegment.LOST


def _recent(worth: float) -> RfmSegment:
    if worth >= 3.5:
        return RfmSegment.CHAMPIONS
    return RfmSegment.PROMISING if worth >= 2 else RfmSegment.NEW
