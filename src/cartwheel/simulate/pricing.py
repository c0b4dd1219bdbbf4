"""Prices with their history: regular prices that move now and then, promotions, competitors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.calendar import DAY, Flags, Floats, Ints, ShopCalendar
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.series import named

_DEPTHS = np.array([0.1, 0.15, 0.2, 0.25, 0.3, 0.4])
_COMPETITORS = ("Bargainport", "Homerie", "Tradewell")


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices a product (row) and day (column, horizon included), minor units."""

    price: Ints
    regular: Ints
    is_promotion: Flags

    def effect(self, goods: Assortment) -> Floats:
        """Return the factor on demand: (price / first price) ^ elasticity, times the lift."""
        ratio = self.price / goods.price[:, None]
        lift = np.where(self.is_promotion, goods.lift[:, None], 1.0)
        return ratio ** goods.elasticity[:, None] * lift


def pricing(parameters: ShopParameters, calendar: ShopCalendar, goods: Assortment) -> Pricing:
    """Draw the price of every product and day."""
    rng = stream(parameters.seed, "simulate.pricing")
    regular = _regular(rng, calendar, goods)
    cut = _promotions(rng, parameters, calendar, goods.size)
    price = np.maximum(np.rint(regular * (1 - cut)).astype(np.int64), 1)
    return Pricing(price, regular, cut > 0)


def prices_table(
    prices: Pricing, calendar: ShopCalendar, goods: Assortment, currency: str
) -> pl.DataFrame:
    """Return the table ``prices``: a row where the price of a product changes."""
    price, promoted = prices.price[:, : calendar.days], prices.is_promotion[:, : calendar.days]
    regular = prices.regular[:, : calendar.days]
    start = np.maximum(goods.listed, 0)
    day = np.arange(calendar.days)
    changed = np.zeros(price.shape, dtype=bool)
    changed[:, 1:] = (np.diff(price) != 0) | (np.diff(regular) != 0) | np.diff(promoted)
    changed &= day >= start[:, None]
    changed[np.arange(goods.size), start] = True
    row, column = np.nonzero(changed)
    since = np.where(column == start[row], np.minimum(goods.listed[row], column), column)
    return pl.DataFrame(
        {
            "product_id": goods.id.gather(row),
            "valid_from": calendar.instants(since * DAY),
            "price_minor": price[row, column],
            "regular_price_minor": regular[row, column],
            "currency": pl.repeat(currency, row.size, eager=True),
            "is_promotion": promoted[row, column],
        }
    )


def competitor_table(
    parameters: ShopParameters, calendar: ShopCalendar, goods: Assortment
) -> pl.DataFrame:
    """Return the table ``competitor_prices``: weekly, for a third of the products."""
    rng = stream(parameters.seed, "simulate.competitors")
    watched = np.flatnonzero(rng.random(goods.size) < 0.3)
    product, rival, week = (
        grid.ravel()
        for grid in np.meshgrid(
            watched, np.arange(len(_COMPETITORS)), np.arange(0, calendar.days, 7), indexing="ij"
        )
    )
    level = rng.normal(1.0, 0.08, (goods.size, len(_COMPETITORS)))[product, rival]
    asked = goods.price[product] * np.clip(level + rng.normal(0, 0.02, product.size), 0.6, 1.6)
    return pl.DataFrame(
        {
            "product_id": goods.id.gather(product),
            "competitor": named(_COMPETITORS, rival),
            "seen_at": calendar.instants(week * DAY + 6 * 3600),
            "price_minor": np.maximum(np.rint(asked), 1).astype(np.int64),
            "currency": pl.repeat(parameters.currency, product.size, eager=True),
            "is_available": rng.random(product.size) > 0.07,
        }
    ).filter(pl.Series(week >= goods.listed[product]))


def _regular(rng: np.random.Generator, calendar: ShopCalendar, goods: Assortment) -> Ints:
    """Start at the first price; four in five products a year change it by some per cent."""
    moves = rng.random((goods.size, calendar.days)) < 0.8 / 365
    moves[:, 0] = False
    steps = np.zeros((goods.size, calendar.total))  # after the history the last price holds
    steps[:, : calendar.days] = np.where(moves, rng.normal(0.02, 0.06, moves.shape), 0.0)
    level = np.exp(np.cumsum(steps, axis=1))
    price: Ints = np.rint(goods.price[:, None] * level).astype(np.int64)
    return np.maximum(price, 1)


def _promotions(
    rng: np.random.Generator, parameters: ShopParameters, calendar: ShopCalendar, products: int
) -> Floats:
    """Return the price cut of each product and day, as a share of the regular price."""
    cut = np.zeros((products, calendar.total))
    if parameters.promotions_per_product == 0:
        return cut
    count = rng.poisson(parameters.promotions_per_product * calendar.days / 365, products)
    product = np.repeat(np.arange(products), count)
    monday = (rng.integers(0, max(calendar.days - 9, 1), product.size) // 7) * 7
    start = np.maximum(monday - calendar.first.weekday(), 0) + rng.choice([0, 3], product.size)
    depth = rng.choice(_DEPTHS, product.size)
    for offset in range(7):
        day = np.minimum(start + offset, calendar.days - 1)
        cut[product, day] = np.maximum(cut[product, day], depth)
    for first, last, share in _sales(calendar):
        joins = np.where(rng.random(products) < share, rng.choice(_DEPTHS[2:], products), 0.0)
        cut[:, first:last] = np.maximum(cut[:, first:last], joins[:, None])
    return cut


def _sales(calendar: ShopCalendar) -> list[tuple[int, int, float]]:
    """Return Black Friday weeks and winter sales in the history: first day, end, share of goods."""
    found = []
    for year in range(calendar.first.year, calendar.date(calendar.days).year + 1):
        friday = black_friday(year).toordinal() - calendar.first.toordinal()
        winter = date(year, 12, 27).toordinal() - calendar.first.toordinal()
        for first, last, share in ((friday - 4, friday + 4, 0.35), (winter, winter + 14, 0.2)):
            bounds = max(first, 0), min(last, calendar.days)
            if bounds[0] < bounds[1]:
                found.append((*bounds, share))
    return found


def black_friday(year: int) -> date:
    """Return the day after the fourth Thursday of November."""
    first = date(year, 11, 1).weekday()
    return date(year, 11, 1 + (3 - first) % 7 + 22)


def promotion_truths(prices: Pricing, calendar: ShopCalendar, goods: Assortment) -> pl.DataFrame:
    """Return each promoted product and day with the factor that promotion put on its demand."""
    promoted = prices.is_promotion[:, : calendar.days]
    row, column = np.nonzero(promoted)
    ratio = prices.price[row, column] / prices.regular[row, column]
    return pl.DataFrame(
        {
            "product_id": goods.id.gather(row),
            "on": calendar.dates(column),
            "price_ratio": ratio,
            "demand_factor": ratio ** goods.elasticity[row] * goods.lift[row],
        }
    )
