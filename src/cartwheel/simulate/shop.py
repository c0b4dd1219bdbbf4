"""A whole simulated shop: its tables as a shop would know them, and the truths behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from cartwheel.simulate.advertising import ad_spend_table, response_truths
from cartwheel.simulate.asking import care_tables
from cartwheel.simulate.assortment import product_truths, products_table
from cartwheel.simulate.browsing import events_table
from cartwheel.simulate.campaigning import campaign_tables, campaign_truths
from cartwheel.simulate.clientele import clientele_truths, customers_table
from cartwheel.simulate.delivery import carrier_tables, carrier_truths
from cartwheel.simulate.ordering import order_tables
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.parcels import delay_truths, delivery_truths, parcel_tables
from cartwheel.simulate.placed import first_orders
from cartwheel.simulate.places import vehicles_table, warehouses_table
from cartwheel.simulate.pricing import competitor_table, prices_table, promotion_truths
from cartwheel.simulate.reviewing import reviews_table
from cartwheel.simulate.season import season_truths
from cartwheel.simulate.stocked import (
    demand_truths,
    lead_time_truths,
    level_table,
    movement_table,
    purchase_tables,
)
from cartwheel.simulate.supply import supplier_tables, supplier_truths
from cartwheel.simulate.wanting import affinity_truths
from cartwheel.simulate.world import World, live
from cartwheel.tables import table_contract

DEFAULT = ShopParameters()


@dataclass(frozen=True, slots=True)
class SimulatedShop:
    """Tables by name, each of its contract, and truths by name (see ``docs/methods/simulate``)."""

    parameters: ShopParameters
    tables: Mapping[str, pl.DataFrame]
    truths: Mapping[str, pl.DataFrame]


def simulate_shop(parameters: ShopParameters = DEFAULT) -> SimulatedShop:
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
    world = live(parameters)
    tables = {
        name: table_contract(name).check(table_contract(name).conform(frame))
        for name, frame in sorted(_tables(world).items())
    }
    return SimulatedShop(parameters, MappingProxyType(tables), MappingProxyType(_truths(world)))


def _tables(w: World) -> dict[str, pl.DataFrame]:
    p, calendar, goods, people = w.parameters, w.calendar, w.goods, w.people
    money, houses = p.currency, p.warehouses
    capacity = w.stock.on_hand.reshape(calendar.days, -1, houses).sum(axis=1).max(axis=0) * 1.3
    first = first_orders(w.bought, w.placed, people.size)
    return {
        "products": products_table(goods, calendar, money),
        "prices": prices_table(w.prices, calendar, goods, money),
        "competitor_prices": competitor_table(p, calendar, goods),
        "customers": customers_table(p.seed, people, calendar, first),
        "events": events_table(w),
        **order_tables(w),
        **parcel_tables(w),
        **carrier_tables(money),
        "reviews": reviews_table(w),
        **care_tables(w),
        "warehouses": warehouses_table(houses, capacity.astype(np.int64)),
        "vehicles": vehicles_table(houses, money),
        "stock_levels": level_table(w),
        "stock_movements": movement_table(w),
        **supplier_tables(p, calendar, goods, w.terms),
        **purchase_tables(w),
        **campaign_tables(p, calendar, people, w.campaigns),
        "ad_spend": ad_spend_table(p, calendar, w.adverts),
    }


def _truths(w: World) -> dict[str, pl.DataFrame]:
    calendar, goods = w.calendar, w.goods
    return {
        **demand_truths(w),
        "products": product_truths(goods, w.appetite.mean_units, calendar),
        "promotions": promotion_truths(w.prices, calendar, goods),
        "affinities": affinity_truths(goods, w.pairs),
        **season_truths(w.season, calendar),
        **clientele_truths(w.people, calendar),
        "suppliers": supplier_truths(w.terms, calendar),
        "lead_times": lead_time_truths(w),
        "carriers": carrier_truths(),
        "delays": delay_truths(w),
        "deliveries": delivery_truths(w),
        "campaigns": campaign_truths(w.campaigns),
        "advertising": response_truths(),
    }
