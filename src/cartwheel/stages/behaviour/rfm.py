"""Recency, frequency and monetary value of every customer, scored in fifths.

Score of a value = floor(5 * customers strictly worse / customers) + 1. Equal values always get
the same score, the lowest of their run: where 70 % of the customers have ordered once, all of them
have frequency 1. Fifths are therefore uneven under ties, and equal on every engine.
n log n in customers. Source: Hughes (1994), Strategic Database Marketing, ch. 7; ties ours.
"""

from __future__ import annotations

from datetime import date

import ibis
from ibis import _

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
