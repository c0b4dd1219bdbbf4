"""Orders as they were placed: baskets with at least one unit that was in stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.basket import GUEST, Baskets
from cartwheel.simulate.calendar import DAY, NEVER, Flags, Ints, ShopCalendar
from cartwheel.simulate.clientele import Clientele
from cartwheel.simulate.delivery import EXPRESS, Deliveries
from cartwheel.simulate.giving_back import REASONS, ReturnPlan
from cartwheel.simulate.places import COUNTRY, REGIONS
from cartwheel.simulate.pricing import Pricing
from cartwheel.simulate.series import ids, named, rank_in_group

_FREE_FROM = 40  # major units of goods from which standard delivery costs nothing
_POSTAGE = (3.95, 6.95)  # standard, express
_STATUSES = (
    "received", "confirmed", "picked", "packed", "shipped", "delivered", "cancelled", "returned",
    "refunded",
)  # fmt: skip
_ACTORS = ("shop", "shop", "warehouse", "warehouse", "warehouse", "carrier", "customer",
           "warehouse", "shop")  # fmt: skip


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


def order_tables(
    seed: int, currency: str, calendar: ShopCalendar, goods: Assortment, people: Clientele,
    bought: Baskets, course: Deliveries, givings: ReturnPlan, placed: Placed,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Return ``orders``, ``order_lines``, ``order_charges``, ``order_events`` and ``returns``."""
    rng = stream(seed, "simulate.orders")
    basket, n = placed.basket, placed.basket.size
    order_id = ids("O", n, 7)
    customer_id = _customers(people, bought.customer[basket])
    at = calendar.instants(bought.second[basket])
    channel = named(["web", "app"], bought.is_app[basket].astype(np.int64))
    money = pl.repeat(currency, n, eager=True)
    unit = 10 ** exponent(currency)
    express = course.carrier[basket] == EXPRESS
    free = ~express & (placed.goods_value >= _FREE_FROM * unit)
    shipping = np.rint(np.where(express, _POSTAGE[1], _POSTAGE[0]) * unit) * ~free
    lines = pl.Series(placed.order)
    events, status, status_at = _events(calendar, bought, course, givings, placed, order_id)
    orders = pl.DataFrame(
        {
            "order_id": order_id,
            "customer_id": customer_id,
            "ordered_at": at,
            "promised_at": calendar.instants(course.promised[basket]),
            "status": named(_STATUSES, status),
            "status_at": calendar.instants(status_at),
            "channel": channel,
            "country": pl.repeat(COUNTRY, n, eager=True),
            "region": named([r.name for r in REGIONS], bought.region[basket]),
            "postal_code": named([r.postal for r in REGIONS], bought.region[basket]),
            "payment_kind": named(["card", "wallet", "invoice", "bank transfer"],
                                  rng.choice(4, n, p=[0.55, 0.3, 0.1, 0.05])),
            "shipping_minor": shipping.astype(np.int64),
            "currency": money,
        }
    )  # fmt: skip
    order_lines = pl.DataFrame(
        {
            "order_id": order_id.gather(lines),
            "line_no": placed.line_no,
            "ordered_at": at.gather(lines),
            "customer_id": customer_id.gather(lines),
            "product_id": goods.id.gather(bought.product[placed.line]),
            "quantity": placed.units,
            "unit_price_minor": placed.price,
            "currency": money.gather(lines),
            "warehouse_id": ids("W", bought.warehouse[basket[placed.order]], 2),
            "channel": channel.gather(lines),
            "is_promotion": placed.is_promotion,
        }
    )
    charges = _charges(rng, placed, shipping.astype(np.int64), order_id, at, currency)
    returned = _returns(calendar, goods, bought, givings, placed, order_id, customer_id, currency)
    return {
        "orders": orders,
        "order_lines": order_lines,
        "order_charges": charges,
        "order_events": events,
        "returns": returned,
    }


def _customers(people: Clientele, customer: Ints) -> pl.Series:
    known = people.id.gather(np.maximum(customer, 0))
    return known.zip_with(pl.Series(customer != GUEST), pl.Series([None], dtype=pl.String))


def first_orders(bought: Baskets, placed: Placed, customers: int) -> Ints:
    """Return the local second of each customer's first order; a far one for who never ordered."""
    first = np.full(customers, np.iinfo(np.int64).max // 2)
    basket = placed.basket[bought.customer[placed.basket] != GUEST]
    np.minimum.at(first, bought.customer[basket], bought.second[basket])
    return first


def _charges(
    rng: np.random.Generator, placed: Placed, shipping: Ints, order_id: pl.Series, at: pl.Series,
    currency: str,
) -> pl.DataFrame:  # fmt: skip
    n = placed.basket.size
    voucher = rng.random(n) < 0.04
    wrapped = rng.random(n) < 0.03
    unit = 10 ** exponent(currency)
    parts = [
        (np.flatnonzero(shipping > 0), "postage", "POST", shipping),
        (np.flatnonzero(voucher), "discount", "WELCOME10", -(placed.goods_value // 10)),
        (np.flatnonzero(wrapped), "gift", "WRAP", np.full(n, 5 * unit // 2)),
    ]
    order = np.concatenate([rows for rows, _, _, _ in parts])
    which = np.repeat(np.arange(len(parts)), [rows.size for rows, _, _, _ in parts])
    amount = np.concatenate([value[rows] for rows, _, _, value in parts])
    by_order = np.lexsort((which, order))
    order, which = order[by_order], which[by_order]
    return pl.DataFrame(
        {
            "order_id": order_id.gather(order),
            "charge_no": rank_in_group(order) + 1,
            "charged_at": at.gather(order),
            "kind": named([kind for _, kind, _, _ in parts], which),
            "code": named([code for _, _, code, _ in parts], which),
            "amount_minor": amount[by_order],
            "currency": pl.repeat(currency, order.size, eager=True),
        }
    )


def _events(
    calendar: ShopCalendar, bought: Baskets, course: Deliveries, givings: ReturnPlan,
    placed: Placed, order_id: pl.Series,
) -> tuple[pl.DataFrame, Ints, Ints]:  # fmt: skip
    """Return the table ``order_events`` and each order's last status and its second."""
    b, n = placed.basket, placed.basket.size
    gone = course.cancelled[b] != NEVER
    back = np.full(n, NEVER)
    given = givings.is_given[placed.line] & ~gone[placed.order]
    np.maximum.at(back, placed.order[given], givings.second[placed.line[given]])
    # a refund follows two days after the goods, or an hour after a cancellation
    refund = np.where(
        gone, course.cancelled[b] + 3600, np.where(back != NEVER, back + 2 * DAY, NEVER)
    )
    stages = [course.confirmed, course.picked, course.packed, course.shipped, course.delivered]
    sent = [np.where(gone & (k > 0), NEVER, stage[b]) for k, stage in enumerate(stages)]
    times = np.stack([bought.second[b], *sent, course.cancelled[b], back, refund], axis=1)
    times[times >= calendar.end] = NEVER
    order, status = np.nonzero(times != NEVER)
    at = times[order, status]
    by_time = np.lexsort((status, order, at))
    order, status, at = order[by_time], status[by_time], at[by_time]
    events = pl.DataFrame(
        {
            "event_id": ids("H", order.size, 7),
            "order_id": order_id.gather(order),
            "happened_at": calendar.instants(at),
            "status": named(_STATUSES, status),
            "actor": named(_ACTORS, status),
        }
    )
    last = times.argmax(axis=1)
    return events, last, times[np.arange(n), last]


def _returns(
    calendar: ShopCalendar, goods: Assortment, bought: Baskets, givings: ReturnPlan,
    placed: Placed, order_id: pl.Series, customer_id: pl.Series, currency: str,
) -> pl.DataFrame:  # fmt: skip
    at = givings.second[placed.line]
    rows = np.flatnonzero((at != NEVER) & (at < calendar.end))
    rows = rows[np.argsort(at[rows], kind="stable")]
    line, order = placed.line[rows], placed.order[rows]
    return pl.DataFrame(
        {
            "return_id": ids("R", rows.size, 6),
            "order_id": order_id.gather(order),
            "product_id": goods.id.gather(bought.product[line]),
            "customer_id": customer_id.gather(order),
            "returned_at": calendar.instants(at[rows]),
            "quantity": placed.units[rows],
            "refund_minor": placed.units[rows] * placed.price[rows],
            "currency": pl.repeat(currency, rows.size, eager=True),
            "reason": named(REASONS, givings.reason[line]),
        }
    )
