"""What the shop spends on advertising and how many customers it wins by it.

New customers a day and channel are in the mean proportional to ``strength * spend ^ 0.6`` (money in
major units), beside those who come by themselves: the response curve to be found again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.simulate.calendar import Floats, ShopCalendar
from cartwheel.simulate.parameters import ShopParameters

CHANNELS = ("search", "social", "affiliate", "organic")  # the last costs nothing
_STRENGTH = np.array([1.0, 0.7, 0.45])
_SHARE = np.array([0.5, 0.35, 0.15])  # of the budget
CURVE = 0.6
_ORGANIC = 0.4  # share of new customers who come by themselves


@dataclass(frozen=True, slots=True)
class Advertising:
    """Spend and expected new customers (relative), a day (row) and channel (column)."""

    spend: Floats  # major units
    winning: Floats  # relative rate of new customers, organic included


def advertising(parameters: ShopParameters, calendar: ShopCalendar) -> Advertising:
    """Draw the spend: bursts of some weeks around a budget of 0.1 units a customer and month."""
    rng = stream(parameters.seed, "simulate.advertising")
    days = calendar.days
    weeks = -(-days // 7)
    burst = np.repeat(rng.choice([0.4, 0.8, 1.0, 1.6, 2.4], (weeks, 3)), 7, axis=0)[:days]
    daily = parameters.customers * 0.1 / 30 * _SHARE
    spend = daily * burst * rng.uniform(0.85, 1.15, (days, 3))
    paid = _STRENGTH * spend**CURVE
    organic = np.full((days, 1), paid.sum() / days * _ORGANIC / (1 - _ORGANIC))
    return Advertising(spend, np.hstack([paid, organic]))


def ad_spend_table(
    parameters: ShopParameters, calendar: ShopCalendar, adverts: Advertising
) -> pl.DataFrame:
    """Return the table ``ad_spend``."""
    rng = stream(parameters.seed, "simulate.impressions")
    spend = adverts.spend.ravel()
    clicks = rng.poisson(spend / 0.45)
    return pl.DataFrame(
        {
            "channel": list(CHANNELS[:3]) * calendar.days,
            "spent_on": calendar.dates(np.repeat(np.arange(calendar.days), 3)),
            "amount_minor": np.rint(spend * 10 ** exponent(parameters.currency)).astype(np.int64),
            "currency": [parameters.currency] * spend.size,
            "impressions": clicks * 40 + rng.poisson(spend * 12),
            "clicks": clicks,
        }
    )


def response_truths() -> pl.DataFrame:
    """Return the response curve of each channel."""
    return pl.DataFrame(
        {"channel": CHANNELS[:3], "strength": _STRENGTH, "exponent": [CURVE] * len(_STRENGTH)}
    )
