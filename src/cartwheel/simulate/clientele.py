"""Who buys: segments with tastes, and customers of each with favourites of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.advertising import CHANNELS, Advertising
from cartwheel.simulate.assortment import PATHS, TYPE_DEPARTMENT
from cartwheel.simulate.calendar import DAY, Flags, Floats, Ints, ShopCalendar
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.places import COUNTRY, POPULATION, REGIONS
from cartwheel.simulate.series import ids, named, weighted, weighted_rows
from cartwheel.simulate.words import DEPARTMENTS

FAVOURITES = 3
_LIKING = np.array([0.025, 0.1, 1.0])  # other department, same department, favourite category


class Segment(NamedTuple):
    """A kind of customer."""

    name: str
    share: float  # of customers
    frequency: float  # orders, relative
    basket: float  # mean lines an order, companions aside
    tilt: float  # weight in promoted sales relative to others
    churn: float  # P(leaves within a year)
    born: int  # mean year of birth
    evening: float  # share of orders after 18:00
    app: float  # share of orders in the app
    tastes: tuple[float, ...]  # one a department, relative


SEGMENTS = (
    Segment("bargain hunters", 0.24, 0.9, 2.3, 3.0, 0.45, 1988, 0.45, 0.55,
            (1.0, 0.8, 0.6, 1.6, 0.8, 0.7, 1.2, 1.3)),
    Segment("home makers", 0.20, 1.3, 2.2, 1.2, 0.20, 1978, 0.25, 0.30,
            (2.2, 2.4, 1.2, 0.5, 0.5, 0.3, 0.4, 0.9)),
    Segment("young families", 0.18, 1.4, 2.6, 1.4, 0.25, 1990, 0.60, 0.60,
            (1.0, 0.8, 0.6, 0.9, 3.5, 0.5, 0.4, 0.9)),
    Segment("active people", 0.14, 1.0, 1.7, 0.8, 0.30, 1993, 0.40, 0.65,
            (0.5, 0.3, 1.5, 1.2, 0.2, 3.6, 0.9, 0.7)),
    Segment("tech fans", 0.12, 0.8, 1.5, 0.9, 0.30, 1991, 0.55, 0.50,
            (0.4, 0.5, 0.2, 0.5, 0.4, 0.7, 4.2, 0.3)),
    Segment("gift givers", 0.12, 0.5, 1.9, 1.0, 0.50, 1972, 0.30, 0.25,
            (1.1, 1.3, 0.8, 0.8, 1.7, 0.3, 0.6, 1.9)),
)  # fmt: skip
TASTES = np.array([segment.tastes for segment in SEGMENTS])
MASS = np.array([segment.share * segment.frequency for segment in SEGMENTS])
TILTS = np.array([segment.tilt for segment in SEGMENTS])


@dataclass(frozen=True, slots=True)
class Clientele:
    """One entry a customer in every array."""

    id: pl.Series
    segment: Ints
    region: Ints
    weight: Floats  # inclination to buy, relative within the segment
    favourites: Ints  # customer x 3, numbers of categories
    registered: Ints  # day, below zero before the history
    churned: Ints  # day from which the customer stays away
    channel: Ints
    is_chinese: Flags
    is_contactable: Flags

    @property
    def size(self) -> int:
        """Return the number of customers."""
        return len(self.segment)

    def liking(self, customer: Ints, category: Ints) -> Floats:
        """Return how much each customer likes each category, in (0, 1]."""
        mine = self.favourites[customer]
        exact = (mine == category[:, None]).any(axis=1)
        near = (TYPE_DEPARTMENT[mine] == TYPE_DEPARTMENT[category][:, None]).any(axis=1)
        liking: Floats = _LIKING[near.astype(np.int64) + exact]
        return liking

    def is_active(self, customer: Ints, day: Ints) -> Flags:
        """Tell whether each customer is registered and has not left on each day."""
        return (self.registered[customer] < day) & (day < self.churned[customer])


def clientele(
    parameters: ShopParameters, calendar: ShopCalendar, adverts: Advertising
) -> Clientele:
    """Draw the customers: two thirds there before the history, the others won in it."""
    rng = stream(parameters.seed, "simulate.clientele")
    n = parameters.customers
    segment = weighted(rng, np.array([s.share for s in SEGMENTS]), n)
    is_new = rng.random(n) < min(0.34 * calendar.days / 365, 0.6)
    cell = weighted(rng, adverts.winning.ravel(), n)
    registered = np.where(is_new, cell // len(CHANNELS), -rng.integers(1, 900, n))
    hazard = -np.log1p(-np.array([s.churn for s in SEGMENTS]))[segment] / 365
    stay = np.maximum(rng.exponential(1 / hazard), 2).astype(np.int64)
    favourites = np.stack(
        [weighted_rows(rng, TASTES[segment][:, TYPE_DEPARTMENT]) for _ in range(FAVOURITES)], axis=1
    )
    return Clientele(
        id=ids("C", n),
        segment=segment,
        region=weighted(rng, POPULATION, n),
        weight=rng.gamma(0.9, 1 / 0.9, n) + 0.05,
        favourites=favourites,
        registered=registered,
        churned=np.maximum(registered, 0) + stay,
        channel=np.where(is_new, cell % len(CHANNELS), rng.integers(0, len(CHANNELS), n)),
        is_chinese=rng.random(n) < parameters.chinese_share,
        is_contactable=rng.random(n) < 0.7,
    )


def customers_table(
    seed: int, people: Clientele, calendar: ShopCalendar, first_order: Ints
) -> pl.DataFrame:
    """Return the table ``customers``; nobody registers after the first order (local seconds)."""
    rng = stream(seed, "simulate.customers")
    n = people.size
    born = np.array([s.born for s in SEGMENTS])[people.segment] + rng.normal(0, 9, n)
    at = people.registered * DAY + rng.integers(7 * 3600, 23 * 3600, n)
    area = named([region.postal for region in REGIONS], people.region)
    return pl.DataFrame(
        {
            "customer_id": people.id,
            "registered_at": calendar.instants(np.minimum(at, first_order - 1800)),
            "country": pl.repeat(COUNTRY, n, eager=True),
            "region": named([region.name for region in REGIONS], people.region),
            "city": named([region.city for region in REGIONS], people.region),
            "postal_code": area + pl.Series(rng.integers(1, 30, n)).cast(pl.String),
            "birth_year": np.clip(born, 1935, calendar.first.year - 18).astype(np.int64),
            "gender": named(["female", "male", "unknown"], weighted(rng, np.array([5, 4, 1.0]), n)),
            "language": named(["en", "zh"], people.is_chinese.astype(np.int64)),
            "channel": named(CHANNELS, people.channel),
            "is_contactable": people.is_contactable,
        }
    )


def clientele_truths(people: Clientele, calendar: ShopCalendar) -> dict[str, pl.DataFrame]:
    """Return the tables ``segments``, ``segment_tastes`` and ``customers``."""
    favourites = {
        f"favourite_{k + 1}": named(PATHS, people.favourites[:, k]) for k in range(FAVOURITES)
    }
    departments = [d.name.en for d in DEPARTMENTS]
    n = len(SEGMENTS)
    return {
        "segments": pl.DataFrame(
            [(s.name, s.share, s.frequency, s.basket, s.tilt, s.churn) for s in SEGMENTS],
            schema=["segment", "share", "frequency", "lines_an_order", "promotion_tilt",
                    "churn_a_year"],
            orient="row",
        ),
        "segment_tastes": pl.DataFrame(
            {
                "segment": [s.name for s in SEGMENTS for _ in departments],
                "department": departments * n,
                "taste": TASTES.ravel(),
            }
        ),
        "customers": pl.DataFrame(
            {
                "customer_id": people.id,
                "segment": named([s.name for s in SEGMENTS], people.segment),
                "weight": people.weight,
                **favourites,
                "registered_on": calendar.dates(people.registered),
                "churned_on": calendar.past_dates(people.churned),
            }
        ),
    }  # fmt: skip


def segment_shares(department: Ints, is_promoted: Flags) -> Floats:
    """Return P(segment) of a sale in each department, promoted or not."""
    rate = MASS * TASTES.T[department] * np.where(is_promoted[:, None], TILTS, 1.0)
    share: Floats = rate / rate.sum(axis=1, keepdims=True)
    return share
