"""Orders as tables: ``orders``, their lines, charges and events, and what came back."""

from __future__ import annotations

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.simulate.basket import GUEST
from cartwheel.simulate.calendar import DAY, NEVER, Ints
from cartwheel.simulate.clientele import Clientele
from cartwheel.simulate.delivery import EXPRESS
from cartwheel.simulate.giving_back import REASONS
from cartwheel.simulate.places import COUNTRY, REGIONS
from cartwheel.simulate.series import ids, named, rank_in_group
from cartwheel.simulate.world import World

_FREE_FROM = 40  # major units of goods from which standard delivery costs nothing
_POSTAGE = (3.95, 6.95)  # standard, express
_STATUSES = (
    "received", "confirmed", "picked", "packed", "shipped", "delivered", "cancelled", "returned",
    "refunded",
)  # fmt: skip
_ACTORS = ("shop", "shop", "warehouse", "warehouse", "warehouse", "carrier", "customer",
           "warehouse", "shop")  # fmt: skip


def order_tables(w: World) -> dict[str, pl.DataFrame]:
    """Return ``orders``, ``order_lines``, ``order_charges``, ``order_events`` and ``returns``."""
    order_id = ids("O", w.placed.basket.size, 7)
    events, status, status_at = _events(w, order_id)
    orders = _orders(w, order_id).with_columns(
        status=named(_STATUSES, status), status_at=w.calendar.instants(status_at)
    )
    return {
        "orders": orders,
        "order_lines": _lines(w, orders),
        "order_charges": _charges(w, orders),
        "order_events": events,
        "returns": _returns(w, orders),
    }


def _orders(w: World, order_id: pl.Series) -> pl.DataFrame:
    bought, course, basket = w.bought, w.course, w.placed.basket
    rng = stream(w.parameters.seed, "simulate.orders")
    n, unit = basket.size, 10 ** exponent(w.parameters.currency)
    express = course.carrier[basket] == EXPRESS
    free = ~express & (w.placed.goods_value >= _FREE_FROM * unit)
    shipping = np.rint(np.where(express, _POSTAGE[1], _POSTAGE[0]) * unit) * ~free
    payment = rng.choice(4, n, p=[0.55, 0.3, 0.1, 0.05])
    return pl.DataFrame(
        {
            "order_id": order_id,
            "customer_id": _customers(w.people, bought.customer[basket]),
            "ordered_at": w.calendar.instants(bought.second[basket]),
            "promised_at": w.calendar.instants(course.promised[basket]),
            "channel": named(["web", "app"], bought.is_app[basket].astype(np.int64)),
            "country": pl.repeat(COUNTRY, n, eager=True),
            "region": named([r.name for r in REGIONS], bought.region[basket]),
            "postal_code": named([r.postal for r in REGIONS], bought.region[basket]),
            "payment_kind": named(["card", "wallet", "invoice", "bank transfer"], payment),
            "shipping_minor": shipping.astype(np.int64),
            "currency": pl.repeat(w.parameters.currency, n, eager=True),
        }
    )


def _lines(w: World, orders: pl.DataFrame) -> pl.DataFrame:
    placed = w.placed
    shared = orders.select("order_id", "ordered_at", "customer_id", "currency", "channel")
    return shared[placed.order].with_columns(
        line_no=pl.Series(placed.line_no),
        product_id=w.goods.id.gather(w.bought.product[placed.line]),
        quantity=pl.Series(placed.units),
        unit_price_minor=pl.Series(placed.price),
        warehouse_id=ids("W", w.bought.warehouse[placed.basket[placed.order]], 2),
        is_promotion=pl.Series(placed.is_promotion),
    )


def _customers(people: Clientele, customer: Ints) -> pl.Series:
    known = people.id.gather(np.maximum(customer, 0))
    return known.zip_with(pl.Series(customer != GUEST), pl.Series([None], dtype=pl.String))


def _charges(w: World, orders: pl.DataFrame) -> pl.DataFrame:
    placed, currency = w.placed, w.parameters.currency
    shipping = orders["shipping_minor"].to_numpy()
    rng = stream(w.parameters.seed, "simulate.charges")
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
            "order_id": orders["order_id"].gather(order),
            "charge_no": rank_in_group(order) + 1,
            "charged_at": orders["ordered_at"].gather(order),
            "kind": named([kind for _, kind, _, _ in parts], which),
            "code": named([code for _, _, code, _ in parts], which),
            "amount_minor": amount[by_order],
            "currency": pl.repeat(currency, order.size, eager=True),
        }
    )


def _events(w: World, order_id: pl.Series) -> tuple[pl.DataFrame, Ints, Ints]:
    """Return the table ``order_events`` and each order's last status and its second."""
    calendar, bought, course = w.calendar, w.bought, w.course
    givings, placed = w.givings, w.placed
    b, n = placed.basket, placed.basket.size
    gone = course.cancelled[b] != NEVER
    back = np.full(n, NEVER)
    given = givings.is_given[placed.line] & ~gone[placed.order]
    np.maximum.at(back, placed.order[given], givings.second[placed.line[given]])
    refund = np.where(back != NEVER, back + 2 * DAY, NEVER)  # what is cancelled was never charged
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


def _returns(w: World, orders: pl.DataFrame) -> pl.DataFrame:
    calendar, givings, placed = w.calendar, w.givings, w.placed
    at = givings.second[placed.line]
    rows = np.flatnonzero((at != NEVER) & (at < calendar.end))
    rows = rows[np.argsort(at[rows], kind="stable")]
    line, order = placed.line[rows], placed.order[rows]
    return pl.DataFrame(
        {
            "return_id": ids("R", rows.size, 6),
            "order_id": orders["order_id"].gather(order),
            "product_id": w.goods.id.gather(w.bought.product[line]),
            "customer_id": orders["customer_id"].gather(order),
            "returned_at": calendar.instants(at[rows]),
            "quantity": placed.units[rows],
            "refund_minor": placed.units[rows] * placed.price[rows],
            "currency": pl.repeat(w.parameters.currency, rows.size, eager=True),
            "reason": named(REASONS, givings.reason[line]),
        }
    )
