"""A whole simulated shop: its tables as a shop would know them, and the truths behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from cartwheel.simulate.advertising import ad_spend_table, advertising, response_truths
from cartwheel.simulate.asking import care_tables
from cartwheel.simulate.assortment import Assortment, assortment, product_truths, products_table
from cartwheel.simulate.basket import Baskets, baskets
from cartwheel.simulate.browsing import events_table
from cartwheel.simulate.calendar import Floats, ShopCalendar, shop_calendar
from cartwheel.simulate.campaigning import (
    Campaigning,
    campaign_tables,
    campaign_truths,
    campaigning,
)
from cartwheel.simulate.clientele import (
    Clientele,
    clientele,
    clientele_truths,
    customers_table,
)
from cartwheel.simulate.delivery import (
    Delays,
    Deliveries,
    carrier_tables,
    delay_truths,
    delays,
    deliveries,
)
from cartwheel.simulate.giving_back import ReturnPlan, return_plan
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.parcels import delivery_truths, parcel_tables
from cartwheel.simulate.placed import Placed, first_orders, order_tables, placed_orders
from cartwheel.simulate.places import vehicles_table, warehouse_shares, warehouses_table
from cartwheel.simulate.pricing import (
    Pricing,
    competitor_table,
    prices_table,
    pricing,
    promotion_truths,
)
from cartwheel.simulate.reviewing import reviews_table
from cartwheel.simulate.season import Season, season, season_truths
from cartwheel.simulate.stocked import (
    demand_truths,
    lead_time_truths,
    level_table,
    movement_table,
    purchase_tables,
)
from cartwheel.simulate.stocking import Stocked, run_stock
from cartwheel.simulate.supply import Supply, supplier_tables, supplier_truths, supply
from cartwheel.simulate.wanting import (
    Affinities,
    Appetite,
    affinities,
    affinity_truths,
    appetite,
    wishes,
)
from cartwheel.tables import table_contract


@dataclass(frozen=True, slots=True)
class SimulatedShop:
    """Tables by name, each of its contract, and truths by name (see ``docs/methods/simulate``)."""

    parameters: ShopParameters
    tables: Mapping[str, pl.DataFrame]
    truths: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class _World:
    """Everything drawn, before it becomes tables."""

    parameters: ShopParameters
    calendar: ShopCalendar
    goods: Assortment
    prices: Pricing
    season: Season
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


def simulate_shop(parameters: ShopParameters = ShopParameters()) -> SimulatedShop:
    """Live through a shop's history and tell both what it recorded and what was true.

    Parameters
    ----------
    parameters
        Sizes, place and seed; the same parameters give the same shop.

    Returns
    -------
    SimulatedShop
        Tables checked against their contracts; cost is linear in products x days and in lines.

    Examples
    --------
    >>> shop = simulate_shop(ShopParameters(products=20, customers=50, months=2))
    >>> shop.tables["products"].height
    20
    """
    world = _live(parameters)
    tables = {
        name: table_contract(name).check(table_contract(name).conform(frame))
        for name, frame in sorted(_tables(world).items())
    }
    return SimulatedShop(parameters, MappingProxyType(tables), MappingProxyType(_truths(world)))


def _live(p: ShopParameters) -> _World:
    calendar = shop_calendar(p.until, p.months, p.horizon_days, p.time_zone)
    goods = assortment(p, calendar)
    prices = pricing(p, calendar, goods)
    seasons = season(p.seed, calendar)
    people = clientele(p, calendar, advertising(p, calendar))
    campaigns = campaigning(p, calendar, people)
    pairs = affinities(p.seed, goods)
    factor = seasons.factor(calendar) * campaigns.day_factor(people)
    wanted = appetite(p, calendar, goods, prices, factor, pairs)
    shares = warehouse_shares(p.warehouses)
    lines = wishes(p.seed, calendar, goods, wanted, prices, pairs)
    bought = baskets(p.seed, p.warehouses, goods, people, campaigns, lines)
    injected = delays(p.seed, p.warehouses, calendar)
    course = deliveries(p.seed, p.warehouses, calendar, bought, injected)
    givings = return_plan(p.seed, goods, bought, course)
    daily = _usual(wanted, calendar)
    terms = supply(p, calendar, goods, daily)
    stock = run_stock(p.seed, p.warehouses, calendar, goods, terms, daily, shares, bought, givings)
    return _World(
        p, calendar, goods, prices, seasons, people, campaigns, pairs, wanted, shares, bought,
        injected, course, givings, terms, stock, placed_orders(bought, stock.sold, prices),
    )  # fmt: skip


def _usual(wanted: Appetite, calendar: ShopCalendar) -> Floats:
    """Return the mean units of each product on its days on sale."""
    means = wanted.mean_units[:, : calendar.days]
    mean: Floats = means.sum(axis=1) / np.maximum((means > 0).sum(axis=1), 1)
    return mean


def _tables(w: _World) -> dict[str, pl.DataFrame]:
    p, calendar, goods, people, placed = w.parameters, w.calendar, w.goods, w.people, w.placed
    money, houses = p.currency, p.warehouses
    capacity = w.stock.on_hand.reshape(calendar.days, -1, houses).sum(axis=1).max(axis=0) * 1.3
    first = first_orders(w.bought, placed, people.size)
    return {
        "products": products_table(goods, calendar, money),
        "prices": prices_table(w.prices, calendar, goods, money),
        "competitor_prices": competitor_table(p, calendar, goods),
        "customers": customers_table(p.seed, people, calendar, first),
        "events": events_table(
            p.seed, p.sessions_per_order, calendar, goods, people, w.bought, placed
        ),
        **order_tables(
            p.seed, money, calendar, goods, people, w.bought, w.course, w.givings, placed
        ),
        **parcel_tables(p.seed, money, calendar, goods, w.bought, w.course, placed),
        **carrier_tables(money),
        "reviews": reviews_table(p.seed, calendar, goods, people, w.bought, w.course, placed),
        **care_tables(p.seed, money, calendar, people, w.bought, w.course, w.givings, placed),
        "warehouses": warehouses_table(houses, capacity.astype(np.int64)),
        "vehicles": vehicles_table(houses, money),
        "stock_levels": level_table(calendar, goods, houses, w.stock, p.snapshot_days),
        "stock_movements": movement_table(calendar, goods, houses, w.stock, placed),
        **supplier_tables(p, calendar, goods, w.terms),
        **purchase_tables(money, calendar, goods, w.terms, w.stock),
        **campaign_tables(p, calendar, people, w.campaigns),
        "ad_spend": ad_spend_table(p, calendar, advertising(p, calendar)),
    }


def _truths(w: _World) -> dict[str, pl.DataFrame]:
    calendar, goods = w.calendar, w.goods
    return {
        **demand_truths(calendar, goods, w.appetite.mean_units, w.shares, w.bought, w.stock),
        "products": product_truths(goods, w.appetite.mean_units, calendar),
        "promotions": promotion_truths(w.prices, calendar, goods),
        "affinities": affinity_truths(goods, w.pairs),
        **season_truths(w.season, calendar),
        **clientele_truths(w.people, calendar),
        "suppliers": supplier_truths(w.terms, calendar),
        "lead_times": lead_time_truths(calendar, w.terms, w.stock),
        "delays": delay_truths(w.injected, calendar),
        "deliveries": delivery_truths(calendar, w.bought, w.course, w.placed),
        "campaigns": campaign_truths(w.campaigns),
        "advertising": response_truths(),
    }
