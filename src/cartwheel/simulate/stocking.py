"""The stock, day by day: what is sold and lost, what comes in, what the shop orders.

A day: customers buy from the stock of the morning, in order of their time; then receipts, transfers
and returns are booked in, counts corrected; on a supplier's weekday the shop reviews its products
and orders those whose position (on hand and on order) has fallen below s, up to S::

    s = r (promised lead time + 7) + 0.9 sqrt(r (promised lead time + 7)),   S = s + 21 r

with r a smoothed mean of daily sales (days without stock left out), in packs and not below the least
quantity of the line; an order below the supplier's minimum value waits. The policy is simple and
wrong about lead times on purpose: that is what stock-outs come from.

Cells are product x warehouse, ``cell = product * warehouses + warehouse``. Cost: days x cells.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.basket import Baskets
from cartwheel.simulate.calendar import DAY, Floats, Ints, ShopCalendar, working_day
from cartwheel.simulate.giving_back import ReturnPlan
from cartwheel.simulate.series import sum_before
from cartwheel.simulate.supply import Supply

_REVIEW = 7  # days
_COVER = 21  # days of sales an order adds
_SMOOTHING = 1 / 28
_CAUTION = 0.9  # safety factor
_BOOK = 6  # columns, see Stocked.book
KINDS = ("receipt", "sale", "return", "transfer_out", "transfer_in", "adjustment", "scrap")


@dataclass(frozen=True, slots=True)
class Stocked:
    """What happened to the stock in the history."""

    opening: Ints  # cell
    on_hand: Ints  # day x cell, at the end of the day
    sold: Ints  # of each line of the baskets
    book: Ints  # movements: second, cell, quantity, number in KINDS, what it refers to, its number
    purchases: (
        Ints  # lines: order, supplier, warehouse, product, quantity, cost, second, due, refused
    )


@dataclass(slots=True)
class _Shop:
    """The state that the days change."""

    stock: Ints
    on_order: Ints
    rate: Floats
    due: dict[int, list[Ints]] = field(default_factory=lambda: defaultdict(list))  # purchase lines
    moving: dict[int, list[Ints]] = field(default_factory=lambda: defaultdict(list))
    book: list[Ints] = field(default_factory=list)
    purchases: list[Ints] = field(default_factory=list)
    orders: int = 0


# what a movement refers to: nothing, an order, a purchase order, a return's order
NOTHING, ORDER, PURCHASE = 0, 1, 2


def run_stock(
    seed: int, warehouses: int, calendar: ShopCalendar, goods: Assortment, terms: Supply,
    daily_units: Floats, shares: Floats, bought: Baskets, givings: ReturnPlan,
) -> Stocked:  # fmt: skip
    """Live through the history."""
    rng = stream(seed, "simulate.stock")
    house = _House(warehouses, calendar, goods, terms)
    expected = (daily_units[:, None] * shares).ravel()
    shop = _open(rng, house, expected)
    opening = shop.stock.copy()
    on_hand = np.empty((calendar.days, shop.stock.size), dtype=np.int32)
    sold = np.zeros(bought.units.size, dtype=np.int64)
    line_cell = bought.product * warehouses + bought.warehouse[bought.order]
    lines = _Lines(bought, line_cell, givings)
    for day in range(calendar.days):
        _sell(shop, lines, sold, day, house)
        _receive(rng, shop, house, day)
        _take_back(shop, lines, sold, day)
        _correct(rng, shop, day)
        if calendar.date(day).day == 1:
            _balance(shop, house, day)
        on_hand[day] = shop.stock
        _order(rng, shop, house, day)
    book = np.concatenate(shop.book, axis=0) if shop.book else np.zeros((0, _BOOK), np.int64)
    purchases = (
        np.concatenate(shop.purchases, axis=0) if shop.purchases else np.zeros((0, 9), np.int64)
    )
    return Stocked(opening, on_hand, sold, book[np.argsort(book[:, 0], kind="stable")], purchases)


class _House:
    """What does not change: terms spread over the cells."""

    def __init__(
        self, warehouses: int, calendar: ShopCalendar, goods: Assortment, terms: Supply
    ) -> None:
        self.warehouses = warehouses
        self.calendar = calendar
        self.goods = goods
        self.terms = terms
        self.product = np.repeat(np.arange(goods.size), warehouses)
        self.supplier = terms.supplier[self.product]
        self.listed = goods.listed[self.product]
        self.ended = goods.ended[self.product]
        self.least = terms.least[self.product]
        self.pack = terms.pack[self.product]
        self.horizon = terms.promised[self.supplier] + _REVIEW


class _Lines:
    """Lines by day, and by the day on which they come back."""

    def __init__(self, bought: Baskets, cell: Ints, givings: ReturnPlan) -> None:
        second = bought.second[bought.order]
        self.order, self.units, self.cell, self.second = bought.order, bought.units, cell, second
        self.by_day = np.lexsort((second, cell, second // DAY))
        day = (second // DAY)[self.by_day]
        self.edges = np.searchsorted(day, np.arange(int(day.max(initial=0)) + 2))
        self.givings = givings
        back = np.flatnonzero(givings.is_given)
        back = back[np.argsort(givings.second[back], kind="stable")]
        self.back, self.back_day = back, givings.second[back] // DAY

    def of_day(self, day: int) -> Ints:
        return (
            self.by_day[self.edges[day] : self.edges[day + 1]]
            if day + 1 < self.edges.size
            else self.by_day[:0]
        )

    def back_on(self, day: int) -> Ints:
        low, high = np.searchsorted(self.back_day, [day, day + 1])
        return self.back[low:high]


def _open(rng: np.random.Generator, house: _House, expected: Floats) -> _Shop:
    """Fill the shelves as the policy would have: between s and S; dead goods with a glut."""
    guess = expected * rng.lognormal(0, 0.3, expected.size)
    there = house.listed < 0
    low, high = _levels(guess, house.horizon)
    stock = np.rint(low * 0.6 + (high - low * 0.6) * rng.random(expected.size))
    dead = house.ended < house.calendar.total
    stock = np.where(dead, rng.integers(20, 160, expected.size), stock) * there
    return _Shop(stock.astype(np.int64), np.zeros(expected.size, dtype=np.int64), guess)


def _levels(rate: Floats, horizon: Floats) -> tuple[Floats, Floats]:
    mean = rate * horizon
    low = np.ceil(mean + _CAUTION * np.sqrt(mean))
    return low, np.ceil(low + rate * _COVER)


def _sell(shop: _Shop, lines: _Lines, sold: Ints, day: int, house: _House) -> None:
    rows = lines.of_day(day)
    cell, units = lines.cell[rows], lines.units[rows]
    had = shop.stock > 0
    before = sum_before(cell, units)
    got = np.clip(shop.stock[cell] - before, 0, units)
    sold[rows] = got
    total = np.bincount(cell, got, shop.stock.size)
    shop.stock -= total.astype(np.int64)
    learns = had & (house.listed <= day)
    shop.rate += np.where(learns, (total - shop.rate) * _SMOOTHING, 0.0)
    kept = got > 0
    rows, cell, got = rows[kept], cell[kept], got[kept]
    _write(shop, lines.second[rows], cell, -got, "sale", ORDER, lines.order[rows])


def _receive(rng: np.random.Generator, shop: _Shop, house: _House, day: int) -> None:
    for lines in shop.due.pop(day, []):
        cell = lines[:, 3] * house.warehouses + lines[:, 2]
        quantity = lines[:, 4]
        refused = rng.binomial(quantity, house.terms.rejects[lines[:, 1]])
        lines[:, 8] = refused
        np.add.at(shop.stock, cell, quantity - refused)
        np.add.at(shop.on_order, cell, -quantity)
        at = lines[:, 7]
        _write(shop, at, cell, quantity, "receipt", PURCHASE, lines[:, 0])
        bad = refused > 0
        _write(shop, at[bad] + 600, cell[bad], -refused[bad], "scrap", PURCHASE, lines[bad, 0])
    for moved in shop.moving.pop(day, []):
        np.add.at(shop.stock, moved[0], moved[1])
        at = np.full(moved[0].size, day * DAY + 54_000)
        _write(shop, at, moved[0], moved[1], "transfer_in", NOTHING, moved[0])


def _take_back(shop: _Shop, lines: _Lines, sold: Ints, day: int) -> None:
    rows = lines.back_on(day)
    rows = rows[sold[rows] > 0]
    cell, at, units = lines.cell[rows], lines.givings.second[rows], sold[rows]
    _write(shop, at, cell, units, "return", ORDER, lines.order[rows])
    broken = ~lines.givings.is_restocked[rows]
    _write(shop, at[broken] + 300, cell[broken], -units[broken], "scrap", ORDER,
           lines.order[rows][broken])  # fmt: skip
    np.add.at(shop.stock, cell[~broken], units[~broken])


def _correct(rng: np.random.Generator, shop: _Shop, day: int) -> None:
    """Count some cells: one in 400 a day is found to be a unit or two off."""
    off = np.flatnonzero(rng.random(shop.stock.size) < 1 / 400)
    change = rng.choice([-2, -1, -1, 1], off.size)
    change = np.maximum(change, -shop.stock[off])
    off, change = off[change != 0], change[change != 0]
    shop.stock[off] += change
    at = day * DAY + 22 * 3600 + rng.integers(0, 1800, off.size)
    _write(shop, at, off, change, "adjustment", NOTHING, off)


def _balance(shop: _Shop, house: _House, day: int) -> None:
    """Move a third of the fullest warehouse's stock of a product to one that has none."""
    grid = shop.stock.reshape(-1, house.warehouses)
    full, empty = grid.argmax(axis=1), grid.argmin(axis=1)
    product = np.arange(len(grid))
    cover = grid.max(axis=1) / np.maximum(shop.rate.reshape(grid.shape)[product, full], 0.01)
    moves = (grid.min(axis=1) == 0) & (grid.max(axis=1) >= 9) & (cover > 60)
    moves &= (house.goods.listed < day) & (house.goods.ended > day)
    product, full, empty = product[moves], full[moves], empty[moves]
    quantity = grid[product, full] // 3
    away, home = product * house.warehouses + full, product * house.warehouses + empty
    shop.stock[away] -= quantity
    at = np.full(quantity.size, day * DAY + 18 * 3600)
    _write(shop, at, away, -quantity, "transfer_out", NOTHING, away)
    shop.moving[day + 2].append(np.stack([home, quantity]))


def _order(rng: np.random.Generator, shop: _Shop, house: _House, day: int) -> None:
    """Review the suppliers of this weekday."""
    weekday = (house.calendar.first.weekday() + day) % 7
    due = house.terms.weekday[house.supplier] == weekday
    due &= (house.listed - 45 <= day) & (day < house.ended + 30)
    cell = np.flatnonzero(due)
    low, high = _levels(shop.rate[cell], house.horizon[cell])
    position = shop.stock[cell] + shop.on_order[cell]
    needs = position < low
    cell, gap = cell[needs], (high - position)[needs]
    pack = house.pack[cell]
    quantity = np.maximum(np.ceil(gap / pack).astype(np.int64) * pack, house.least[cell])
    product, supplier = house.product[cell], house.supplier[cell]
    cost = house.terms.unit_cost(house.goods.cost[product], house.least[cell], quantity)
    warehouse = cell % house.warehouses
    group = supplier * house.warehouses + warehouse
    groups = house.terms.size * house.warehouses
    value = np.bincount(group, quantity * cost, groups)
    urgent = np.bincount(group, position[needs] <= 0, groups)  # someone waits: round up the value
    lead = house.terms.lead_days(rng, np.repeat(np.arange(house.terms.size), house.warehouses), day)
    placed = (value > 0) & (value >= house.terms.minimum.repeat(house.warehouses))
    placed |= urgent > 3
    number = shop.orders + np.cumsum(placed) - 1
    kept = placed[group]
    order = np.lexsort((product[kept], group[kept]))
    chosen = np.flatnonzero(kept)[order]
    if not chosen.size:
        return
    shop.orders += int(placed.sum())
    _place(shop, house, day, chosen, cell, quantity, cost, group, number, lead)


def _place(
    shop: _Shop, house: _House, day: int, chosen: Ints, cell: Ints, quantity: Ints, cost: Ints,
    group: Ints, number: Ints, lead: Ints,
) -> None:  # fmt: skip
    group, cell = group[chosen], cell[chosen]
    quantity, cost = quantity[chosen], cost[chosen]
    arrival = working_day(day + lead[group], house.calendar.first)
    at = np.full(cell.size, day * DAY + 17 * 3600 + 1800)
    due = arrival * DAY + 9 * 3600 + group % 6 * 3000
    lines = np.stack(
        [number[group], house.supplier[cell], cell % house.warehouses, house.product[cell],
         quantity, cost, at, due, np.zeros_like(due)], axis=1,
    )  # fmt: skip
    shop.on_order[cell] += quantity
    for when in np.unique(arrival):
        part = lines[arrival == when]
        shop.purchases.append(part)
        shop.due[int(when)].append(part)


def _write(
    shop: _Shop, second: Ints, cell: Ints, quantity: Ints, kind: str, refers: int, reference: Ints
) -> None:
    n = second.size
    if n:
        row = np.stack(
            [second, cell, quantity, np.full(n, KINDS.index(kind)), np.full(n, refers), reference],
            axis=1,
        )
        shop.book.append(row)
