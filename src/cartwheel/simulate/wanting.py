"""What people want: the true mean demand, and the order lines drawn from it.

The mean number of order lines of product p on day d that nobody else's purchase caused is::

    base_p * weekly * yearly * special day * campaign * exp(trend_p t) * (price / first price)^e_p
    * lift_p (while promoted)                                       t in years

Realised lines are Poisson around that mean times a gamma level of the product and day (mean 1,
variance ``noise_p``): a negative binomial. Every such line draws Poisson(affinity_pq * price effect
of q) lines of each companion q into the same basket, so the whole mean is still exact. A line
holds ``1 + Poisson(extra_p)`` units. A warehouse sees its regions' share of the population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.calendar import Floats, Ints, ShopCalendar
from cartwheel.simulate.clientele import segment_shares
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.pricing import Pricing
from cartwheel.simulate.series import weighted_rows

_COMPANIONS = 3  # a product


@dataclass(frozen=True, slots=True)
class Affinities:
    """Companions of each product and the mean lines of them one line of it brings along."""

    companion: Ints  # product x 3
    rate: Floats  # product x 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """Order lines wanted; companions name the line that caused them."""

    product: Ints
    day: Ints
    segment: Ints
    units: Ints
    cause: Ints  # line it accompanies, -1: none


@dataclass(frozen=True, slots=True)
class Appetite:
    """The truth of demand: mean lines a product and day, horizon included."""

    own: Floats  # not caused by another purchase
    effect: Floats  # of price and promotion; zero while not on sale
    mean_units: Floats  # all units, companions included


def affinities(seed: int, goods: Assortment) -> Affinities:
    """Draw the companions: of the same department, with rates of 2 to 20 %."""
    rng = stream(seed, "simulate.affinities")
    order = np.argsort(goods.department, kind="stable")
    start = np.searchsorted(goods.department[order], np.arange(goods.department.max() + 2))
    low, high = start[goods.department], start[goods.department + 1]
    pick = low[:, None] + rng.random((goods.size, _COMPANIONS)) * (high - low)[:, None]
    companion = order[pick.astype(np.int64)]
    rate = rng.uniform(0.02, 0.2, companion.shape)
    rate[companion == np.arange(goods.size)[:, None]] = 0.0
    return Affinities(companion, rate)


def appetite(
    parameters: ShopParameters,
    calendar: ShopCalendar,
    goods: Assortment,
    prices: Pricing,
    *,
    day_factor: Floats,
    pairs: Affinities,
) -> Appetite:
    """Compute the true means; ``day_factor`` is the season's of a category and day."""
    day = np.arange(calendar.total)
    on_sale = (day >= goods.listed[:, None]) & (day < goods.ended[:, None])
    effect = prices.effect(goods) * on_sale
    growth = np.exp(goods.trend[:, None] * day / 365)
    own = goods.base[:, None] * day_factor[goods.type] * growth * effect
    lines = own + _brought_along(own, effect, pairs)
    wanted = parameters.lines_per_customer * parameters.customers * calendar.days / 365
    scale = wanted / lines[:, : calendar.days].sum()
    return Appetite(own * scale, effect, lines * scale * (1 + goods.extra[:, None]))


def wishes(
    seed: int, goods: Assortment, truth: Appetite, prices: Pricing, pairs: Affinities, *, days: int
) -> Wishes:
    """Draw the order lines wanted in the history."""
    rng = stream(seed, "simulate.wishes")
    shape = (goods.size, days)
    level = rng.gamma(1 / goods.noise[:, None], goods.noise[:, None], shape)
    count = rng.poisson(truth.own[:, :days] * level)
    product, day = (
        np.repeat(axis, count.ravel()) for axis in np.divmod(np.arange(count.size), days)
    )
    shares = segment_shares(goods.department[product], prices.is_promotion[product, day])
    segment = weighted_rows(rng, shares)
    cause, other = _companions(rng, product, day, truth, pairs)
    product = np.concatenate([product, other])
    return Wishes(
        product=product,
        day=np.concatenate([day, day[cause]]),
        segment=np.concatenate([segment, segment[cause]]),
        units=1 + rng.poisson(goods.extra[product]),
        cause=np.concatenate([np.full(day.size, -1), cause]),
    )


def affinity_truths(goods: Assortment, pairs: Affinities) -> pl.DataFrame:
    """Return each product's companions with their rates, products named twice summed."""
    product = np.repeat(np.arange(goods.size), _COMPANIONS)
    return (
        pl.DataFrame(
            {
                "product_id": goods.id.gather(product),
                "companion_id": goods.id.gather(pairs.companion.ravel()),
                "rate": pairs.rate.ravel(),
            }
        )
        .filter(pl.col("rate") > 0)
        .group_by("product_id", "companion_id", maintain_order=True)
        .agg(pl.col("rate").sum())
    )


def _brought_along(own: Floats, effect: Floats, pairs: Affinities) -> Floats:
    brought = np.zeros_like(own)
    for k in range(_COMPANIONS):
        np.add.at(brought, pairs.companion[:, k], own * pairs.rate[:, k, None])
    return brought * effect


def _companions(
    rng: np.random.Generator, product: Ints, day: Ints, truth: Appetite, pairs: Affinities
) -> tuple[Ints, Ints]:
    """Return for each companion line the line that caused it and its product."""
    causes, others = [], []
    for k in range(_COMPANIONS):
        other = pairs.companion[product, k]
        count = rng.poisson(pairs.rate[product, k] * truth.effect[other, day])
        causes.append(np.repeat(np.arange(product.size), count))
        others.append(np.repeat(other, count))
    return np.concatenate(causes), np.concatenate(others)
