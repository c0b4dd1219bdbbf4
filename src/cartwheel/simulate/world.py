"""Everything that is drawn, in the order of its making, before it becomes tables and truths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartwheel.simulate.advertising import Advertising, advertising
from cartwheel.simulate.assortment import Assortment, assortment
from cartwheel.simulate.basket import Baskets, baskets
from cartwheel.simulate.calendar import Floats, ShopCalendar, shop_calendar
from cartwheel.simulate.campaigning import Campaigning, campaigning
from cartwheel.simulate.clientele import Clientele, clientele
from cartwheel.simulate.delivery import Delays, Deliveries, delays, deliveries
from cartwheel.simulate.giving_back import ReturnPlan, return_plan
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.placed import Placed, placed_orders
from cartwheel.simulate.places import warehouse_shares
from cartwheel.simulate.pricing import Pricing, pricing
from cartwheel.simulate.season import Season, season
from cartwheel.simulate.stocking import Stocked, run_stock
from cartwheel.simulate.supply import Supply, supply
from cartwheel.simulate.wanting import Affinities, Appetite, affinities, appetite, wishes


@dataclass(frozen=True, slots=True)
class World:
    """A shop that has lived through its history."""

    parameters: ShopParameters
    calendar: ShopCalendar
    goods: Assortment
    prices: Pricing
    season: Season
    adverts: Advertising
    people: Clientele
    campaigns: Campaigning
    pairs: Affinities
    appetite: Appetite
    shares: Floats
    bought: Baskets
    injected: Delays
    course: Deliveries
    givings: ReturnPlan
    terms: Supply
    stock: Stocked
    placed: Placed


def live(p: ShopParameters) -> World:
    """Live through the history of a shop."""
    calendar = shop_calendar(p.until, p.months, p.horizon_days, p.time_zone)
    goods = assortment(p, calendar)
    prices = pricing(p, calendar, goods)
    seasons = season(p.seed, calendar)
    adverts = advertising(p, calendar)
    people = clientele(p, calendar, adverts)
    campaigns = campaigning(p, calendar, people)
    pairs = affinities(p.seed, goods)
    factor = seasons.factor(calendar) * campaigns.day_factor(people)
    wanted = appetite(p, calendar, goods, prices, day_factor=factor, pairs=pairs)
    shares = warehouse_shares(p.warehouses)
    lines = wishes(p.seed, goods, wanted, prices, pairs, days=calendar.days)
    bought = baskets(p, goods, people, campaigns, lines)
    injected = delays(p.seed, p.warehouses, calendar)
    course = deliveries(p.seed, p.warehouses, calendar, bought, injected)
    givings = return_plan(p.seed, goods, bought, course)
    daily = _usual(wanted, calendar)
    terms = supply(p, calendar, goods, daily)
    stock = run_stock(
        p,
        calendar,
        goods,
        terms,
        expected=np.outer(daily, shares).ravel(),
        bought=bought,
        givings=givings,
    )
    return World(
        p, calendar, goods, prices, seasons, adverts, people, campaigns, pairs, wanted, shares,
        bought, injected, course, givings, terms, stock, placed_orders(bought, stock.sold, prices),
    )  # fmt: skip


def _usual(wanted: Appetite, calendar: ShopCalendar) -> Floats:
    """Return the mean units of each product on its days on sale."""
    means = wanted.mean_units[:, : calendar.days]
    mean: Floats = means.sum(axis=1) / np.maximum((means > 0).sum(axis=1), 1)
    return mean
