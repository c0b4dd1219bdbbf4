"""How orders are handled and carried, with two injected causes of delay.

A warehouse ships at 17:00 what was ordered before 14:00, never on Sundays. Carriers take their own
days. Injected: one carrier is late in one region all the time, one warehouse is slow for three
weeks. Everything else that is late is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.simulate.basket import Baskets
from cartwheel.simulate.calendar import DAY, NEVER, Flags, Floats, Ints, ShopCalendar, working_day
from cartwheel.simulate.places import REGIONS, distances
from cartwheel.simulate.series import ids, named, weighted

CAUSES = ("none", "chance", "warehouse", "carrier")
BAD_SHARE = 0.55  # of the bad carrier's parcels in its bad region are held up
_FAR = 350.0  # km from which a parcel takes a day more
_HOUR = 3600


class Carrier(NamedTuple):
    """A carrier: service, share of its service's parcels, P(0, 1, 2, 3 days more than planned)."""

    name: str
    service: str
    share: float
    planned_days: int
    promised_days: int
    more: tuple[float, ...]
    price: float  # major units, first weight step, near


CARRIERS = (
    Carrier("Swiftline", "standard", 0.45, 2, 4, (0.66, 0.24, 0.08, 0.02), 3.1),
    Carrier("Parcelo", "standard", 0.35, 2, 4, (0.60, 0.26, 0.10, 0.04), 2.8),
    Carrier("Northroad", "standard", 0.20, 2, 4, (0.70, 0.22, 0.07, 0.01), 3.4),
    Carrier("Kurier Direct", "express", 1.0, 1, 1, (0.93, 0.06, 0.01, 0.0), 6.9),
)
EXPRESS = 3
BAD_CARRIER = 1
_WEIGHT_STEPS = (0, 1_000, 5_000, 15_000)  # g


@dataclass(frozen=True, slots=True)
class Delays:
    """The injected causes."""

    bad_region: int
    slow_warehouse: int
    slow_from: int  # day
    slow_to: int  # day, inclusive


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What becomes of each order, in local seconds, whether or not the history reaches it."""

    carrier: Ints
    confirmed: Ints
    picked: Ints
    packed: Ints
    shipped: Ints
    promised: Ints
    delivered: Ints
    cancelled: Ints  # NEVER unless the customer cancels
    cause: Ints  # of lateness, number in CAUSES

    @property
    def is_late(self) -> Flags:
        """Tell which orders come after the promise."""
        return self.delivered > self.promised


def delays(seed: int, warehouses: int, calendar: ShopCalendar) -> Delays:
    """Choose the causes to inject."""
    rng = stream(seed, "simulate.delays")
    start = int(calendar.days * 0.55)
    region, warehouse = rng.integers(0, len(REGIONS)), rng.integers(0, warehouses)
    return Delays(int(region), int(warehouse), start, min(start + 20, calendar.days - 1))


def deliveries(
    seed: int, warehouses: int, calendar: ShopCalendar, bought: Baskets, injected: Delays
) -> Deliveries:
    """Draw the course of every order."""
    rng = stream(seed, "simulate.deliveries")
    n = bought.size
    express = rng.random(n) < 0.15
    carrier = np.where(express, EXPRESS, weighted(rng, _column("share")[:EXPRESS], n))
    confirmed = bought.second + rng.integers(20, 600, n)
    after_cut = bought.second % DAY >= 14 * _HOUR
    planned = working_day(bought.day + after_cut, calendar.first)
    wait = _slowness(rng, bought, injected)
    ship_day = working_day(planned + wait, calendar.first)
    shipped = ship_day * DAY + 17 * _HOUR + rng.integers(0, 5_400, n)
    packed = shipped - rng.integers(1_800, 5_400, n)
    far = distances(warehouses)[bought.warehouse, bought.region] > _FAR
    promised_day = planned + _column("promised_days")[carrier].astype(np.int64) + far
    more = _more_days(rng, carrier)
    bad = _badness(rng, carrier, bought.region, injected)
    arrival = ship_day + _column("planned_days")[carrier].astype(np.int64) + far + more + bad
    delivered = working_day(arrival, calendar.first) * DAY + rng.integers(9 * _HOUR, 70_200, n)
    promised = working_day(promised_day, calendar.first) * DAY + 20 * _HOUR
    late = delivered > promised
    cause = np.select([~late, bad > 0, wait > 0], [0, 3, 2], 1)
    cancels = rng.random(n) < 0.015
    return Deliveries(
        carrier, confirmed, packed - rng.integers(600, 2_400, n), packed, shipped, promised,
        delivered, np.where(cancels, bought.second + rng.integers(610, 2_400, n), NEVER), cause,
    )  # fmt: skip


def carrier_tables(currency: str) -> dict[str, pl.DataFrame]:
    """Return the tables ``carriers`` and ``carrier_rates``."""
    grid = [
        (c, r, w) for c in range(len(CARRIERS)) for r in range(len(REGIONS))
        for w in range(len(_WEIGHT_STEPS))
    ]  # fmt: skip
    carrier, region, step = (np.array(column) for column in zip(*grid, strict=True))
    return {
        "carriers": pl.DataFrame(
            {
                "carrier_id": ids("K", len(CARRIERS), 1),
                "name": [c.name for c in CARRIERS],
                "service": [c.service for c in CARRIERS],
            }
        ),
        "carrier_rates": pl.DataFrame(
            {
                "carrier_id": ids("K", carrier, 1),
                "region": named([r.name for r in REGIONS], region),
                "from_weight_g": np.array(_WEIGHT_STEPS)[step],
                "price_minor": _rate(carrier, region, step, currency),
                "currency": [currency] * len(grid),
                "promised_days": _column("promised_days")[carrier],
            }
        ),
    }


def parcel_cost(carrier: Ints, region: Ints, weight_g: Ints, currency: str) -> Ints:
    """Return what the shop pays the carrier, minor units."""
    step = np.searchsorted(_WEIGHT_STEPS, weight_g, side="right") - 1
    return _rate(carrier, region, step, currency)


def carrier_truths() -> pl.DataFrame:
    """Return how long each carrier takes where nothing is wrong with it."""
    frame = pl.DataFrame(
        {
            "carrier_id": ids("K", len(CARRIERS), 1),
            "planned_days": _column("planned_days"),
            "promised_days": _column("promised_days"),
        }
    )
    shares = np.array([carrier.more for carrier in CARRIERS])
    return frame.with_columns(
        pl.Series(f"share_{days}_more", shares[:, days]) for days in range(shares.shape[1])
    )


def _column(field: str) -> Floats:
    return np.array([float(getattr(carrier, field)) for carrier in CARRIERS])


def _rate(carrier: Ints, region: Ints, step: Ints, currency: str) -> Ints:
    remote = np.isin(region, [4, 11]) * 1.5  # Scotland and Northern Ireland cost more
    amount = (_column("price")[carrier] + remote) * (1 + 0.7 * step)
    price: Ints = np.rint(amount * 10 ** exponent(currency)).astype(np.int64)
    return price


def _more_days(rng: np.random.Generator, carrier: Ints) -> Ints:
    edges = np.cumsum([c.more for c in CARRIERS], axis=1)[carrier]
    more: Ints = (edges <= rng.random((carrier.size, 1))).sum(axis=1)
    return more.clip(0, 3)


def _slowness(rng: np.random.Generator, bought: Baskets, injected: Delays) -> Ints:
    """Return the days the slow warehouse holds an order."""
    slow = (
        (bought.warehouse == injected.slow_warehouse)
        & (bought.day >= injected.slow_from)
        & (bought.day <= injected.slow_to)
    )
    return np.where(slow, rng.integers(1, 4, slow.size), 0)


def _badness(rng: np.random.Generator, carrier: Ints, region: Ints, injected: Delays) -> Ints:
    """Return the days the bad carrier adds in its bad region."""
    hit = (carrier == BAD_CARRIER) & (region == injected.bad_region)
    hit &= rng.random(hit.size) < BAD_SHARE
    return np.where(hit, rng.integers(2, 6, hit.size), 0)
