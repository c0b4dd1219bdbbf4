"""Recency, frequency and monetary value of every customer, scored in fifths.

Score of a value = floor(5 * customers strictly worse / customers) + 1. Equal values always get
the same score, the lowest of their run: where 70 % of the customers have ordered once, all of them
have frequency 1. Fifths are therefore uneven under ties, and equal on every engine.
n log n in customers. Source: Hughes (1994), Strategic Database Marketing, ch. 7; ties ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

import ibis
from ibis import _

from cartwheel.core.wording import Text
from cartwheel.stages.behaviour.local_time import day_number


def rfm_scores(customer_days: ibis.Table, as_of: date) -> ibis.Table:
    """Return one row a customer who had ordered by the end of ``as_of``.

    Columns: ``first_day``, ``last_day`` (of orders), ``recency_days``, ``orders``, ``units``,
    ``revenue_minor``, ``refund_minor``, ``net_minor`` and the scores ``r``, ``f``, ``m``, 1 to 5.

    Parameters
    ----------
    customer_days
        As ``purchase.customer_days`` gives it; later days are not looked at.
    as_of
        Last day that counts.
    """
    known = customer_days.filter(_.day <= day_number(as_of))
    ordered = known.orders > 0
    totals = known.group_by("customer_id").aggregate(
        first_day=known.day.min(where=ordered),
        last_day=known.day.max(where=ordered),
        orders=_.orders.sum(),
        units=_.units.sum(),
        revenue_minor=_.revenue_minor.sum(),
        refund_minor=_.refund_minor.sum(),
    )
    buyers = totals.filter(_.orders > 0).mutate(
        recency_days=day_number(as_of) - totals.last_day,
        net_minor=totals.revenue_minor - totals.refund_minor,
    )
    return buyers.mutate(
        r=_fifth(buyers.last_day), f=_fifth(buyers.orders), m=_fifth(buyers.net_minor)
    )


def _fifth(value: ibis.Value) -> ibis.Value:
    worse = ibis.rank().over(order_by=value)  # 0-based, ties share the lowest
    everybody = ibis.window()
    return (5 * worse) // value.count().over(everybody) + 1


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
