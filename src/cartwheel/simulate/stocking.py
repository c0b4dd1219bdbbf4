"""The stock, day by day: what is sold and lost, what comes in and goes back.

A day: customers buy from the stock of the morning, in order of their time, and get what is left;
then receipts, transfers and returns are booked in, counts are corrected, and the shop orders. What
one warehouse lacks is lost, also when another has it. Cost: days x cells, and lines once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.basket import Baskets
from cartwheel.simulate.calendar import DAY, FOREVER, Floats, Ints, ShopCalendar
from cartwheel.simulate.giving_back import ReturnPlan
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.reordering import levels, place_orders
from cartwheel.simulate.series import sum_before
from cartwheel.simulate.shelf import (
    BOOK,
    NOTHING,
    ORDER,
    PURCHASE,
    PURCHASES,
    House,
    LineBook,
    Shelf,
)
from cartwheel.simulate.supply import Supply

_SMOOTHING = 1 / 28  # weight of a day's sales in the shop's estimate of their rate


@dataclass(frozen=True, slots=True)
class Stocked:
    """What happened to the stock in the history; columns of the last two: see ``shelf``."""

    opening: Ints  # cell
    on_hand: NDArray[np.int32]  # day x cell, at the end of the day
    sold: Ints  # of each line of the baskets
    book: Ints  # movements by time
    purchases: Ints  # lines of purchase orders


def run_stock(
    parameters: ShopParameters,
    calendar: ShopCalendar,
    goods: Assortment,
    terms: Supply,
    *,
    expected: Floats,
    bought: Baskets,
    givings: ReturnPlan,
) -> Stocked:
    """Live through the history; ``expected`` is the true mean of daily units a cell."""
    rng = stream(parameters.seed, "simulate.stock")
    house = House(parameters.warehouses, calendar, goods, terms)
    lines = LineBook(bought, parameters.warehouses, givings)
    shelf = _open(rng, house, expected)
    opening = shelf.stock.copy()
    on_hand = np.empty((calendar.days, opening.size), dtype=np.int32)
    sold = np.zeros(bought.units.size, dtype=np.int64)
    for day in range(calendar.days):
        _sell(shelf, house, lines, sold, day)
        _receive(rng, shelf, house, day)
        _take_back(shelf, lines, sold, day)
        _correct(rng, shelf, day)
        if calendar.date(day).day == 1:
            _balance(shelf, house, day)
        on_hand[day] = shelf.stock
        place_orders(rng, shelf, house, day)
    book = np.concatenate([np.zeros((0, BOOK), np.int64), *shelf.book])
    purchases = np.concatenate([np.zeros((0, PURCHASES), np.int64), *shelf.purchases])
    return Stocked(opening, on_hand, sold, book[np.argsort(book[:, 0], kind="stable")], purchases)


def _open(rng: np.random.Generator, house: House, expected: Floats) -> Shelf:
    """Fill the shelves as the policy would have, with a glut of dead goods."""
    guess = expected * rng.lognormal(0, 0.3, expected.size)
    low, high = levels(guess, house.promised)
    stock = np.rint(low * 0.6 + (high - low * 0.6) * rng.random(expected.size))
    is_dead = house.ended < FOREVER
    stock = np.where(is_dead, rng.integers(20, 160, expected.size), stock)
    stock = np.where(house.listed < 0, stock, 0)
    return Shelf(stock.astype(np.int64), np.zeros(expected.size, dtype=np.int64), guess)


def _sell(shelf: Shelf, house: House, lines: LineBook, sold: Ints, day: int) -> None:
    rows = lines.of_day(day)
    cell, units = lines.cell[rows], lines.units[rows]
    got = np.clip(shelf.stock[cell] - sum_before(cell, units), 0, units)
    sold[rows] = got
    total = np.bincount(cell, got, shelf.stock.size).astype(np.int64)
    # days that began without stock say nothing about demand
    learns = (shelf.stock > 0) & (house.listed <= day)
    shelf.rate += np.where(learns, (total - shelf.rate) * _SMOOTHING, 0.0)
    shelf.stock -= total
    rows, cell, got = rows[got > 0], cell[got > 0], got[got > 0]
    shelf.write("sale", lines.second[rows], cell, -got, refers=ORDER, number=lines.order[rows])


def _receive(rng: np.random.Generator, shelf: Shelf, house: House, day: int) -> None:
    for lines in shelf.due.pop(day, []):
        number, supplier, warehouse, product, quantity, _, _, at, _ = lines.T
        cell = product * house.warehouses + warehouse
        refused = rng.binomial(quantity, house.terms.rejects[supplier])
        lines[:, -1] = refused
        np.add.at(shelf.stock, cell, quantity - refused)
        np.add.at(shelf.on_order, cell, -quantity)
        shelf.write("receipt", at, cell, quantity, refers=PURCHASE, number=number)
        bad = refused > 0
        shelf.write(
            "scrap", at[bad] + 600, cell[bad], -refused[bad], refers=PURCHASE, number=number[bad]
        )
    for cell, quantity in shelf.moving.pop(day, []):
        np.add.at(shelf.stock, cell, quantity)
        at = np.full(cell.size, day * DAY + 54_000)  # 15:00
        shelf.write("transfer_in", at, cell, quantity, refers=NOTHING, number=cell)


def _take_back(shelf: Shelf, lines: LineBook, sold: Ints, day: int) -> None:
    rows = lines.back_on(day)
    rows = rows[sold[rows] > 0]
    cell, at, units, order = (
        lines.cell[rows], lines.givings.second[rows], sold[rows], lines.order[rows]
    )  # fmt: skip
    shelf.write("return", at, cell, units, refers=ORDER, number=order)
    bad = ~lines.givings.is_restocked[rows]
    shelf.write("scrap", at[bad] + 300, cell[bad], -units[bad], refers=ORDER, number=order[bad])
    np.add.at(shelf.stock, cell[~bad], units[~bad])


def _correct(rng: np.random.Generator, shelf: Shelf, day: int) -> None:
    """Count some cells: one in 400 a day is found to be a unit or two off."""
    off = np.flatnonzero(rng.random(shelf.stock.size) < 1 / 400)
    change = np.maximum(rng.choice([-2, -1, -1, 1], off.size), -shelf.stock[off])
    off, change = off[change != 0], change[change != 0]
    shelf.stock[off] += change
    at = day * DAY + 22 * 3600 + rng.integers(0, 1800, off.size)
    shelf.write("adjustment", at, off, change, refers=NOTHING, number=off)


def _balance(shelf: Shelf, house: House, day: int) -> None:
    """Move a third of the fullest warehouse's stock of a product to one that has none."""
    grid = shelf.stock.reshape(-1, house.warehouses)
    full, empty = grid.argmax(axis=1), grid.argmin(axis=1)
    product = np.arange(len(grid))
    cover = grid.max(axis=1) / np.maximum(shelf.rate.reshape(grid.shape)[product, full], 0.01)
    moves = (grid.min(axis=1) == 0) & (grid.max(axis=1) >= 9) & (cover > 60)
    moves &= (house.goods.listed < day) & (house.goods.ended > day)
    product, full, empty = product[moves], full[moves], empty[moves]
    quantity = grid[product, full] // 3
    away, home = product * house.warehouses + full, product * house.warehouses + empty
    shelf.stock[away] -= quantity
    at = np.full(quantity.size, day * DAY + 64_800)  # 18:00
    shelf.write("transfer_out", at, away, -quantity, refers=NOTHING, number=away)
    shelf.moving[day + 2].append(np.stack([home, quantity]))
