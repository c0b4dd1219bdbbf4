"""Campaigns: who was written to, who was held out, and what it changed.

A customer reached by a campaign buys ``lift`` times as often while it runs; customers held out (one
in ten, at random) do not. That ratio is the truth an uplift method has to find.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.simulate.calendar import DAY, Flags, Floats, Ints, ShopCalendar
from cartwheel.simulate.clientele import SEGMENTS, Clientele
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.series import ids, named

LIFTS = (1.6, 1.3, 1.15, 1.0)  # a campaign may do nothing at all
MOST_LIFT = max(LIFTS)
_CHANNELS = ("email", "sms", "in_app", "social")
_DAYS = 10  # how long a campaign runs
_EVERY = 26  # days from one campaign to the next


@dataclass(frozen=True, slots=True)
class Campaigning:
    """The campaigns, and each customer's part in each of them."""

    start: Ints  # day of each campaign
    segment: Ints  # -1: all customers
    channel: Ints
    lift: Floats
    is_treated: Flags  # campaign x customer
    is_held_out: Flags
    on_day: Ints  # campaign that runs on each day, -1: none

    def boost(self, customer: Ints, day: Ints) -> Floats:
        """Return how much more often each customer buys on each day."""
        running = self.on_day[day]
        if not self.start.size:
            return np.ones(customer.size)
        reached = (running >= 0) & self.is_treated[running, customer]
        return np.where(reached, self.lift[running], 1.0)

    def day_factor(self, people: Clientele) -> Floats:
        """Return the factor of each day on the demand of all, from the buyers reached."""
        weight = people.weight * np.array([s.frequency for s in SEGMENTS])[people.segment]
        there = _active(people, self.start)
        share = (self.is_treated * weight).sum(axis=1) / np.maximum((there * weight).sum(axis=1), 1)
        factor = np.append(1 + share * (self.lift - 1), 1.0)  # the last stands for "none"
        return factor[self.on_day]


def campaigning(
    parameters: ShopParameters, calendar: ShopCalendar, people: Clientele
) -> Campaigning:
    """Plan a campaign every 26 days, in turn for all customers and for one segment."""
    rng = stream(parameters.seed, "simulate.campaigns")
    start = np.arange(12, calendar.days - _DAYS, _EVERY)
    n = start.size
    segment = np.where(np.arange(n) % 2 == 0, -1, rng.integers(0, len(SEGMENTS), n))
    aimed = (segment[:, None] == -1) | (segment[:, None] == people.segment)
    aimed &= people.is_contactable & _active(people, start)
    held_out = aimed & (rng.random(aimed.shape) < 0.1)
    on_day = np.full(calendar.total, -1)
    for number, day in enumerate(start):
        on_day[day : day + _DAYS] = number
    return Campaigning(
        start, segment, rng.integers(0, len(_CHANNELS), n), np.array(LIFTS)[np.arange(n) % 4],
        aimed & ~held_out, held_out, on_day,
    )  # fmt: skip


def campaign_tables(
    parameters: ShopParameters, calendar: ShopCalendar, people: Clientele, plan: Campaigning
) -> dict[str, pl.DataFrame]:
    """Return the tables ``campaigns`` and ``touches``."""
    n = plan.start.size
    audience = ["all", *(segment.name for segment in SEGMENTS)]
    channel = named(_CHANNELS, plan.channel)
    reached = plan.is_treated.sum(axis=1)
    campaigns = pl.DataFrame(
        {
            "campaign_id": ids("M", n, 3),
            "name": [
                f"{calendar.date(day):%B %Y} {name} round"
                for day, name in zip(plan.start, channel, strict=True)
            ],
            "channel": channel,
            "segment": named(audience, plan.segment + 1),
            "starts_on": calendar.dates(plan.start),
            "ends_on": calendar.dates(plan.start + _DAYS - 1),
            "budget_minor": reached * 10 ** exponent(parameters.currency) // 20,
            "currency": pl.repeat(parameters.currency, n, eager=True),
        }
    )
    return {"campaigns": campaigns, "touches": _touches(parameters.seed, calendar, people, plan)}


def campaign_truths(plan: Campaigning) -> pl.DataFrame:
    """Return what each campaign did to those it reached."""
    return pl.DataFrame(
        {
            "campaign_id": ids("M", plan.start.size, 3),
            "lift": plan.lift,
            "treated": plan.is_treated.sum(axis=1),
            "held_out": plan.is_held_out.sum(axis=1),
        }
    )


def _active(people: Clientele, day: Ints) -> Flags:
    """Return who is a customer (column) on each day (row)."""
    return people.is_active(np.arange(people.size)[None, :], day[:, None])


def _touches(
    seed: int, calendar: ShopCalendar, people: Clientele, plan: Campaigning
) -> pl.DataFrame:
    rng = stream(seed, "simulate.touches")
    campaign, customer = np.nonzero(plan.is_treated)
    kept_campaign, kept = np.nonzero(plan.is_held_out)
    sent = plan.start[campaign] * DAY + 9 * 3600 + rng.integers(0, 3600, campaign.size)
    opened = rng.random(campaign.size) < 0.35
    clicked = opened & (rng.random(campaign.size) < 0.25)
    left = opened & (rng.random(campaign.size) < 0.01)
    wait = rng.exponential(5 * 3600, campaign.size).astype(np.int64).clip(30, 2 * DAY)
    parts = [
        ("held_out", kept_campaign, kept, plan.start[kept_campaign] * DAY + 9 * 3600),
        ("sent", campaign, customer, sent),
        ("opened", campaign[opened], customer[opened], (sent + wait)[opened]),
        ("clicked", campaign[clicked], customer[clicked], (sent + wait + 40)[clicked]),
        ("unsubscribed", campaign[left], customer[left], (sent + wait + 90)[left]),
    ]
    campaigns, customers, at = (np.concatenate([part[k] for part in parts]) for k in (1, 2, 3))
    kinds = np.repeat(np.arange(len(parts)), [part[1].size for part in parts])
    order = np.lexsort((kinds, customers, at))
    return pl.DataFrame(
        {
            "touch_id": ids("T", order.size, 7),
            "campaign_id": ids("M", campaigns[order], 3),
            "customer_id": people.id.gather(customers[order]),
            "happened_at": calendar.instants(at[order]),
            "kind": named([part[0] for part in parts], kinds[order]),
        }
    )
