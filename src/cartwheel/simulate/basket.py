"""From order lines wanted to baskets of customers.

Lines of one day and segment are laid out by category, so that neighbours are alike, and cut into
baskets of the segment's mean size; companions join the basket of the line that caused them. The
first line of a basket finds its customer: in the basket's region, with a chance proportional to
inclination, liking of that category and campaign boost, among those active on the day. A basket
that finds none, and one in twenty-five anyway, is a guest's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.calendar import DAY, Flags, Floats, Ints
from cartwheel.simulate.campaigning import MOST_LIFT, Campaigning
from cartwheel.simulate.clientele import SEGMENTS, Clientele
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.places import POPULATION, REGIONS, serving_warehouse
from cartwheel.simulate.series import weighted
from cartwheel.simulate.wanting import Wishes

GUEST = -1
_GUEST_SHARE = 0.04
_TRIES = 120  # candidates a basket looks at before it is a guest's


@dataclass(frozen=True, slots=True)
class Baskets:
    """Orders people set out to place (first block) and their lines (second), by day and time."""

    second: Ints  # local seconds
    segment: Ints
    region: Ints
    warehouse: Ints
    customer: Ints  # GUEST: none
    is_app: Flags

    order: Ints  # of each line
    product: Ints
    units: Ints

    @property
    def size(self) -> int:
        """Return the number of orders."""
        return len(self.second)

    @property
    def day(self) -> Ints:
        """Return the day of each order."""
        return self.second // DAY


def baskets(
    parameters: ShopParameters,
    goods: Assortment,
    people: Clientele,
    plan: Campaigning,
    wanted: Wishes,
) -> Baskets:
    """Put lines into baskets and find their customers."""
    rng = stream(parameters.seed, "simulate.baskets")
    order_of, first_line = _cut(rng, goods, wanted)
    day, segment = wanted.day[first_line], wanted.segment[first_line]
    second = day * DAY + _second_of_day(rng, segment)
    region = weighted(rng, POPULATION, first_line.size)
    category = goods.type[wanted.product[first_line]]
    customer = _buyers(
        rng, people, plan, day=day, group=segment * len(REGIONS) + region, category=category
    )

    by_time = np.argsort(second, kind="stable")
    place = np.empty_like(by_time)
    place[by_time] = np.arange(by_time.size)
    order, product, units = _merged(place[order_of], wanted.product, wanted.units, goods.size)
    region, segment = region[by_time], segment[by_time]
    return Baskets(
        second=second[by_time],
        segment=segment,
        region=region,
        warehouse=serving_warehouse(parameters.warehouses)[region],
        customer=customer[by_time],
        is_app=rng.random(region.size) < np.array([s.app for s in SEGMENTS])[segment],
        order=order,
        product=product,
        units=units,
    )


def _cut(rng: np.random.Generator, goods: Assortment, wanted: Wishes) -> tuple[Ints, Ints]:
    """Return the basket of each line, and the first line of each basket."""
    own = np.flatnonzero(wanted.cause < 0)
    day, segment = wanted.day[own], wanted.segment[own]
    group = day * len(SEGMENTS) + segment
    department = goods.department[wanted.product[own]]
    shuffled = rng.random((int(group.max(initial=0)) + 1, int(goods.department.max()) + 1))
    category = goods.type[wanted.product[own]]
    dice = rng.random(own.size)
    laid_out = np.lexsort((dice, category, shuffled[group, department], group))
    own, group = own[laid_out], group[laid_out]
    size = np.array([s.basket for s in SEGMENTS])[group % len(SEGMENTS)]
    starts = rng.random(own.size) < 1 / size
    starts[:1] = True
    starts[1:] |= group[1:] != group[:-1]
    order_of = np.empty(wanted.day.size, dtype=np.int64)
    order_of[own] = np.cumsum(starts) - 1
    brought = wanted.cause >= 0
    order_of[brought] = order_of[wanted.cause[brought]]
    return order_of, own[starts]


def _second_of_day(rng: np.random.Generator, segment: Ints) -> Ints:
    """Draw the time of day: a hump around noon and one in the evening, never before 00:30."""
    evening = rng.random(segment.size) < np.array([s.evening for s in SEGMENTS])[segment]
    hour = np.where(
        evening, rng.normal(20.5, 1.4, segment.size), rng.normal(12.5, 3.2, segment.size)
    )
    return (np.clip(hour, 0.5, 23.98) * 3600 + rng.integers(0, 60, segment.size)).astype(np.int64)


def _buyers(
    rng: np.random.Generator, people: Clientele, plan: Campaigning, *, day: Ints, group: Ints,
    category: Ints,
) -> Ints:  # fmt: skip
    """Draw a customer of each group by rejection; see the module's words for the chance."""
    home = people.segment * len(REGIONS) + people.region
    by_home = np.argsort(home, kind="stable")
    edges = np.cumsum(people.weight[by_home])
    bounds = np.searchsorted(home[by_home], np.arange(len(SEGMENTS) * len(REGIONS) + 1))
    before = np.append(0.0, edges)[bounds]
    buyer = np.full(day.size, GUEST)
    seeking = rng.random(day.size) >= _GUEST_SHARE
    left = np.flatnonzero(seeking & (bounds[group + 1] > bounds[group]))
    for _ in range(_TRIES):
        g = group[left]
        mark = before[g] + rng.random(left.size) * (before[g + 1] - before[g])
        place = np.searchsorted(edges, mark, side="right").clip(bounds[g], bounds[g + 1] - 1)
        who = by_home[place]
        found = _accepts(rng, people, plan, who=who, day=day[left], category=category[left])
        buyer[left[found]] = who[found]
        left = left[~found]
    return buyer


def _accepts(
    rng: np.random.Generator, people: Clientele, plan: Campaigning, *, who: Ints, day: Ints,
    category: Ints,
) -> Flags:  # fmt: skip
    chance: Floats = people.liking(who, category) * plan.boost(who, day) / MOST_LIFT
    found: Flags = people.is_active(who, day) & (rng.random(who.size) < chance)
    return found


def _merged(order: Ints, product: Ints, units: Ints, products: int) -> tuple[Ints, Ints, Ints]:
    """Sum the units of a product that stands in an order twice."""
    key, inverse = np.unique(order * products + product, return_inverse=True)
    total = np.bincount(inverse, units, key.size).astype(np.int64)
    return key // products, key % products, total
