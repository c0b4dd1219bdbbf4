"""Orders as they were placed: baskets with at least one unit that was in stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.simulate.basket import GUEST, Baskets
from cartwheel.simulate.calendar import Flags, Ints
from cartwheel.simulate.pricing import Pricing
from cartwheel.simulate.series import ids, rank_in_group


@dataclass(frozen=True, slots=True)
class Placed:
    """The orders placed (numbers of baskets) and their lines with units sold."""

    basket: Ints  # of each order placed; its id follows from its place here
    order_of: Ints  # order placed of each basket, -1: none
    line: Ints  # of the baskets, with units sold, in order of orders
    order: Ints  # order placed of each of these lines
    units: Ints
    price: Ints
    is_promotion: Flags
    goods_value: Ints  # of each order placed

    @property
    def line_no(self) -> Ints:
        """Number the lines of each order from 1."""
        return rank_in_group(self.order) + 1

    def ids(self, basket: Ints) -> pl.Series:
        """Return the order ids of baskets, null for those never placed."""
        return ids("O", self.order_of[basket], 7)


def placed_orders(bought: Baskets, sold: Ints, prices: Pricing) -> Placed:
    """Keep what was sold."""
    line = np.flatnonzero(sold > 0)
    basket = np.unique(bought.order[line])
    order_of = np.full(bought.size, -1)
    order_of[basket] = np.arange(basket.size)
    order = order_of[bought.order[line]]
    product, day = bought.product[line], bought.day[bought.order[line]]
    price = prices.price[product, day]
    value = np.bincount(order, price * sold[line], basket.size).astype(np.int64)
    return Placed(
        basket, order_of, line, order, sold[line], price, prices.is_promotion[product, day], value
    )


def first_orders(bought: Baskets, placed: Placed, customers: int) -> Ints:
    """Return the local second of each customer's first order; a far one for who never ordered."""
    first = np.full(customers, np.iinfo(np.int64).max // 2)
    basket = placed.basket[bought.customer[placed.basket] != GUEST]
    np.minimum.at(first, bought.customer[basket], bought.second[basket])
    return first
