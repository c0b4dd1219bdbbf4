"""What visitors do in the shop: sessions with and without a purchase, consistent with the orders.

A session with an order looks at every product wanted (also at those that were out of stock and were
not bought), puts in the basket what it buys, checks out and buys at the very second of the order. A
session without looks around: a product somebody like the visitor wanted that day, and its like.
Half of the sessions that end in a purchase sign in only at the basket; half of the others never.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import TYPES, Assortment
from cartwheel.simulate.basket import GUEST, Baskets
from cartwheel.simulate.calendar import DAY, NEVER, Flags, Ints
from cartwheel.simulate.placed import Placed
from cartwheel.simulate.series import ids, named, worded
from cartwheel.simulate.words import COLOURS
from cartwheel.simulate.world import World

KINDS = ("search", "view", "add_to_cart", "remove_from_cart", "checkout", "purchase")
SEARCH, VIEW, ADD, REMOVE, CHECKOUT, PURCHASE = range(6)
_NOTHING = -1


@dataclass(frozen=True, slots=True)
class Sessions:
    """One entry a session; baskets come first and keep their numbers."""

    end: Ints  # local second of its last event
    customer: Ints  # GUEST: none
    visitor: Ints  # device
    is_app: Flags
    product: Ints  # one that is looked at


@dataclass(frozen=True, slots=True)
class Acts:
    """Events in the making."""

    session: Ints
    second: Ints
    kind: Ints
    product: Ints


def events_table(w: World) -> pl.DataFrame:
    """Return the table ``events``."""
    rng = stream(w.parameters.seed, "simulate.browsing")
    sessions = _sessions(rng, w)
    acts = _joined(
        _looking(rng, w.goods, sessions),
        _buying(rng, w.bought, w.placed),
        _searching(rng, sessions),
    )
    acts = _in_time(acts)
    return _table(rng, w, sessions, acts)


def _sessions(rng: np.random.Generator, w: World) -> Sessions:
    people, bought, end_of_all = w.people, w.bought, w.calendar.end
    extra = int(w.parameters.sessions_per_order * w.placed.basket.size)
    pattern = rng.integers(0, max(bought.order.size, 1), extra if bought.order.size else 0)
    like = bought.order[pattern]
    # the same visitor as that basket's, on the day or some days before, at an hour like it
    back = rng.geometric(0.3, pattern.size) - 1
    end = bought.second[like] - back * DAY + rng.integers(-5_400, 5_400, pattern.size)
    end %= end_of_all  # who would look before the first day looks before the last: no thin end
    known = bought.customer[like]
    there = (known != GUEST) & people.is_active(np.maximum(known, 0), end // DAY)
    shown = there & (rng.random(pattern.size) < 0.55)
    inside = (end > 1_800) & (end < end_of_all)
    customer = np.where(shown, known, GUEST)
    owner = np.concatenate([bought.customer, customer])
    device = rng.integers(0, 10, owner.size) < 3
    stranger = people.size * 2 + np.arange(owner.size)
    visitor = np.where(owner == GUEST, stranger, owner * 2 + device)
    first = np.searchsorted(bought.order, np.arange(bought.size))
    keep = np.concatenate([np.ones(bought.size, dtype=bool), inside])
    return Sessions(
        end=np.concatenate([bought.second, end])[keep],
        customer=owner[keep],
        visitor=visitor[keep],
        is_app=np.concatenate([bought.is_app, bought.is_app[like]])[keep],
        product=np.concatenate([bought.product[first], bought.product[pattern]])[keep],
    )


def _looking(rng: np.random.Generator, goods: Assortment, sessions: Sessions) -> Acts:
    """Look at more products: three in four of the same category, the others anything liked."""
    session = np.repeat(np.arange(sessions.end.size), rng.poisson(1.9, sessions.end.size))
    near = rng.random(session.size) < 0.75
    category = goods.type[sessions.product[session]]
    by_type = np.argsort(goods.type, kind="stable")
    pull = np.cumsum(goods.base[by_type])
    bounds = np.searchsorted(goods.type[by_type], np.arange(len(TYPES) + 1))
    before = np.append(0.0, pull)[bounds]
    low = np.where(near, before[category], 0.0)
    high = np.where(near, before[category + 1], pull[-1])
    mark = low + rng.random(session.size) * (high - low)
    place = np.searchsorted(pull, mark, side="right").clip(0, goods.size - 1)
    product = by_type[place]
    at = sessions.end[session] - rng.integers(200, 1_500, session.size)
    listed = goods.listed[product] * DAY <= at
    session, product, at = session[listed], product[listed], at[listed]
    put = rng.random(session.size) < 0.05
    basket_at = at[put] + rng.integers(5, 60, int(put.sum()))
    out_at = basket_at + rng.integers(5, 60, basket_at.size)
    n = session.size
    return _joined(
        Acts(session, at, np.full(n, VIEW), product),
        _all(session[put], basket_at, ADD, product[put]),
        _all(session[put], out_at, REMOVE, product[put]),
    )


def _buying(rng: np.random.Generator, bought: Baskets, placed: Placed) -> Acts:
    """View what is wanted; add, check out and buy what was sold."""
    wanted, second = bought.order, bought.second
    seen = second[wanted] - rng.integers(120, 1_500, wanted.size)
    line = placed.line
    session, product = wanted[line], bought.product[line]
    added = seen[line] + rng.integers(5, 60, line.size)
    out = second[placed.basket] - rng.integers(5, 40, placed.basket.size)
    return _joined(
        _all(wanted, seen, VIEW, bought.product),
        _all(session, added, ADD, product),
        _all(placed.basket, out, CHECKOUT, np.full(placed.basket.size, _NOTHING)),
        _all(session, second[session], PURCHASE, product),
    )


def _searching(rng: np.random.Generator, sessions: Sessions) -> Acts:
    """Search before looking, in every third session, and look at what was searched for."""
    n = sessions.end.size
    session = np.flatnonzero(rng.random(n) < 0.33)
    at = sessions.end[session] - rng.integers(1_510, 1_700, session.size)
    return _joined(
        _all(session, at, SEARCH, sessions.product[session]),
        _all(session, at + 9, VIEW, sessions.product[session]),
    )


def _table(rng: np.random.Generator, w: World, sessions: Sessions, acts: Acts) -> pl.DataFrame:
    goods, people, placed = w.goods, w.people, w.placed
    n = acts.session.size
    buys = np.zeros(sessions.end.size, dtype=bool)
    buys[placed.basket] = True
    late = buys & (rng.random(buys.size) < 0.5)  # signs in at the basket only
    owner = sessions.customer[acts.session]
    signed_in = np.full(buys.size, NEVER)
    signed_in[late] = sessions.end[late]
    put = acts.kind >= ADD
    np.minimum.at(signed_in, acts.session[put], acts.second[put])
    hidden = (owner == GUEST) | (late[acts.session] & (acts.second < signed_in[acts.session]))
    searched = acts.kind == SEARCH
    order = np.where(acts.kind == PURCHASE, acts.session, 0)
    no_text = pl.Series([None], dtype=pl.String)
    return pl.DataFrame(
        {
            "event_id": ids("E", n, 8),
            "happened_at": w.calendar.instants(acts.second),
            "visitor_id": ids("D", sessions.visitor, 7).gather(acts.session),
            "customer_id": people.id.gather(np.maximum(owner, 0)).zip_with(
                pl.Series(~hidden), no_text
            ),
            "kind": named(KINDS, acts.kind),
            "product_id": goods.id.gather(np.maximum(acts.product, 0)).zip_with(
                pl.Series(~searched & (acts.product >= 0)), no_text
            ),
            "order_id": placed.ids(np.arange(w.bought.size)).gather(order).zip_with(
                pl.Series(acts.kind == PURCHASE), no_text
            ),
            "query": _queries(rng, w, sessions, acts, searched),
            "channel": named(["web", "app"], sessions.is_app.astype(np.int64)).gather(acts.session),
        }
    )  # fmt: skip


def _queries(
    rng: np.random.Generator, w: World, sessions: Sessions, acts: Acts, searched: Flags
) -> pl.Series:
    """Write what is searched for: the product's type, at times with its colour."""
    goods, people = w.goods, w.people
    product, owner = acts.product[searched], sessions.customer[acts.session[searched]]
    chinese = people.is_chinese[np.maximum(owner, 0)] & (owner != GUEST)
    kind = worded([t for _, _, t in TYPES], goods.type[product], chinese).str.to_lowercase()
    colour = worded(COLOURS, goods.words["colour"][product], chinese)
    coloured = pl.Series(rng.random(product.size) < 0.3)
    gap = named([" ", ""], chinese.astype(np.int64))
    text = (colour + gap + kind).zip_with(coloured, kind)
    place = np.where(searched, np.cumsum(searched) - 1, 0)
    empty = pl.repeat(None, place.size, dtype=pl.String, eager=True)
    return text.gather(place).zip_with(pl.Series(searched), empty) if text.len() else empty


def _all(session: Ints, second: Ints, kind: int, product: Ints) -> Acts:
    return Acts(session, second, np.full(session.size, kind), product)


def _joined(*parts: Acts) -> Acts:
    return Acts(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("session", "second", "kind", "product")
        )
    )


def _in_time(acts: Acts) -> Acts:
    order = np.lexsort((acts.kind, acts.session, acts.second))
    return Acts(acts.session[order], acts.second[order], acts.kind[order], acts.product[order])
