"""The shop's own policy of ordering: simple, and wrong about lead times on purpose.

On a supplier's weekday the shop orders the products whose position (on hand and on order) has
fallen below s, up to S::

    m = rate * (promised lead time + 7),   s = m + 0.9 sqrt(m),   S = s + 21 rate

with ``rate`` a smoothed mean of daily sales, in packs and not below the least quantity of the line.
An order below the supplier's minimum value waits, unless more than three of its products are gone.
"""

from __future__ import annotations

import numpy as np

from cartwheel.simulate.calendar import DAY, Floats, Ints, working_day
from cartwheel.simulate.shelf import House, Shelf

_REVIEW = 7  # days
_COVER = 21  # days of sales an order adds
_CAUTION = 0.9  # safety factor
_BEFORE = 45  # days before its listing that a product is first ordered
_AFTER = 30  # days after nobody wants it any more that the shop stops ordering


def levels(rate: Floats, promised: Floats) -> tuple[Floats, Floats]:
    """Return s and S, units."""
    mean = rate * (promised + _REVIEW)
    low: Floats = np.ceil(mean + _CAUTION * np.sqrt(mean))
    return low, np.ceil(low + rate * _COVER)


def place_orders(rng: np.random.Generator, shelf: Shelf, house: House, day: int) -> None:
    """Review the suppliers of this weekday and place what their minimum value allows."""
    lead = house.terms.lead_days(rng, np.repeat(np.arange(house.terms.size), house.warehouses), day)
    cell, quantity, is_gone = _needs(shelf, house, day)
    cost = house.terms.unit_cost(house.goods.cost[house.product[cell]], house.least[cell], quantity)
    group = house.supplier[cell] * house.warehouses + cell % house.warehouses
    value = np.bincount(group, quantity * cost, lead.size)
    placed = (value > 0) & (value >= house.terms.minimum.repeat(house.warehouses))
    placed |= np.bincount(group, is_gone, lead.size) > 3
    number = shelf.orders + np.cumsum(placed) - 1
    shelf.orders += int(placed.sum())
    order = np.lexsort((cell, group))
    order = order[placed[group[order]]]
    group, cell, quantity, cost = group[order], cell[order], quantity[order], cost[order]
    arrival = working_day(day + lead[group], house.calendar.first)
    lines = np.stack(
        [number[group], house.supplier[cell], cell % house.warehouses, house.product[cell],
         quantity, cost, np.full(cell.size, day * DAY + 63_000),  # 17:30
         arrival * DAY + 32_400 + group % 6 * 3_000, np.zeros_like(cell)], axis=1,
    )  # fmt: skip
    shelf.on_order[cell] += quantity
    for when in np.unique(arrival):
        part = lines[arrival == when]  # one frame in both lists: the receipt completes it
        shelf.purchases.append(part)
        shelf.due[int(when)].append(part)


def _needs(shelf: Shelf, house: House, day: int) -> tuple[Ints, Ints, Ints]:
    """Return cells to order, units of each, and whether each has nothing left."""
    weekday = (house.calendar.first.weekday() + day) % 7
    due = house.terms.weekday[house.supplier] == weekday
    due &= (house.listed - _BEFORE <= day) & (day < house.ended + _AFTER)
    cell = np.flatnonzero(due)
    low, high = levels(shelf.rate[cell], house.promised[cell])
    position = shelf.stock[cell] + shelf.on_order[cell]
    needs = position < low
    cell, gap, position = cell[needs], (high - position)[needs], position[needs]
    packs: Ints = np.ceil(gap / house.pack[cell]).astype(np.int64)
    quantity = np.maximum(packs * house.pack[cell], house.least[cell])
    return cell, quantity, (position <= 0).astype(np.int64)
