"""The state of the stock while the days go by, and the book of all that moves it.

Cells are product x warehouse: ``cell = product * warehouses + warehouse``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.basket import Baskets
from cartwheel.simulate.calendar import DAY, Floats, Ints, ShopCalendar
from cartwheel.simulate.giving_back import ReturnPlan
from cartwheel.simulate.supply import Supply

KINDS = ("receipt", "sale", "return", "transfer_out", "transfer_in", "adjustment", "scrap")
NOTHING, ORDER, PURCHASE = range(3)  # what a movement refers to
BOOK = 6  # columns of the book: second, cell, quantity, kind, what it refers to, its number
PURCHASES = 9  # columns: order, supplier, warehouse, product, quantity, cost, second, due, refused


@dataclass(slots=True)
class Shelf:
    """What the days change."""

    stock: Ints  # cell
    on_order: Ints
    rate: Floats  # smoothed daily sales, units
    due: dict[int, list[Ints]] = field(default_factory=lambda: defaultdict(list))  # purchase lines
    moving: dict[int, list[Ints]] = field(default_factory=lambda: defaultdict(list))
    book: list[Ints] = field(default_factory=list)
    purchases: list[Ints] = field(default_factory=list)
    orders: int = 0

    def write(
        self, kind: str, second: Ints, cell: Ints, quantity: Ints, *, refers: int, number: Ints
    ) -> None:
        """Enter movements into the book."""
        n = second.size
        if n:
            kinds, what = np.full(n, KINDS.index(kind)), np.full(n, refers)
            self.book.append(np.stack([second, cell, quantity, kinds, what, number], axis=1))


class House:
    """What the days do not change: terms and lives spread over the cells."""

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
        self.promised = terms.promised[self.supplier]  # days


class LineBook:
    """The lines wanted, by day and by the day on which they would come back."""

    def __init__(self, bought: Baskets, warehouses: int, givings: ReturnPlan) -> None:
        self.order, self.units, self.givings = bought.order, bought.units, givings
        self.cell = bought.product * warehouses + bought.warehouse[bought.order]
        self.second = bought.second[bought.order]
        day = self.second // DAY
        self._by_day = np.lexsort((self.second, self.cell, day))
        self._day = day[self._by_day]
        back = np.flatnonzero(givings.is_given)
        self._back = back[np.argsort(givings.second[back], kind="stable")]
        self._back_day = givings.second[self._back] // DAY

    def of_day(self, day: int) -> Ints:
        """Return the lines wanted on ``day``, by cell and time."""
        low, high = np.searchsorted(self._day, [day, day + 1])
        return self._by_day[low:high]

    def back_on(self, day: int) -> Ints:
        """Return the lines that come back on ``day``, by time."""
        low, high = np.searchsorted(self._back_day, [day, day + 1])
        return self._back[low:high]
