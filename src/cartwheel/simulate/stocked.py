"""What the stock run leaves behind, as tables and as truths."""

from __future__ import annotations

import numpy as np
import polars as pl

from cartwheel.simulate.calendar import DAY, NEVER, Ints
from cartwheel.simulate.series import ids, named, rank_in_group
from cartwheel.simulate.shelf import KINDS, ORDER, PURCHASE
from cartwheel.simulate.supply import LATE_FACTOR
from cartwheel.simulate.world import World


def level_table(w: World) -> pl.DataFrame:
    """Return ``stock_levels``: the opening, then counts at midnight, the last day always."""
    calendar, stock, warehouses = w.calendar, w.stock, w.parameters.warehouses
    every = w.parameters.snapshot_days
    days = np.unique(np.r_[np.arange(every - 1, calendar.days, every), calendar.days - 1])
    counts = np.concatenate([stock.opening[None, :], stock.on_hand[days]], axis=0)
    day = np.r_[-1, days]
    listed = np.repeat(w.goods.listed, warehouses)
    row, cell = np.nonzero((day[:, None] >= listed - 1) | (counts > 0))
    return pl.DataFrame(
        {
            "product_id": w.goods.id.gather(cell // warehouses),
            "warehouse_id": ids("W", warehouses, 2).gather(cell % warehouses),
            "counted_at": calendar.instants((day + 1) * DAY - 1).gather(row),
            "on_hand": counts[row, cell].astype(np.int64),
            "reserved": np.zeros(row.size, dtype=np.int64),
        }
    )


def movement_table(w: World) -> pl.DataFrame:
    """Return ``stock_movements``."""
    calendar, warehouses = w.calendar, w.parameters.warehouses
    second, cell, quantity, kind, refers, reference = w.stock.book.T
    by_order = refers == ORDER
    order = np.full(second.size, -1)
    order[by_order] = w.placed.order_of[reference[by_order]]
    purchase = np.where(refers == PURCHASE, reference, -1)
    named_by = pl.DataFrame({"order": ids("O", order, 7), "purchase": ids("B", purchase, 5)})
    return pl.DataFrame(
        {
            "movement_id": ids("X", second.size, 7),
            "moved_at": calendar.instants(second),
            "product_id": w.goods.id.gather(cell // warehouses),
            "warehouse_id": ids("W", warehouses, 2).gather(cell % warehouses),
            "quantity": quantity,
            "kind": named(KINDS, kind),
            "reference_id": named_by.select(pl.coalesce("order", "purchase")).to_series(),
        }
    )


def purchase_tables(w: World) -> dict[str, pl.DataFrame]:
    """Return ``purchase_orders`` and ``purchase_order_lines``."""
    calendar, terms, purchases = w.calendar, w.terms, w.stock.purchases
    currency = w.parameters.currency
    lines = purchases[np.lexsort((purchases[:, 3], purchases[:, 0]))]
    order, supplier, warehouse, product, quantity, cost, at, due, refused = lines.T
    promised = at + np.rint(terms.promised[supplier]).astype(np.int64) * DAY
    here = due < calendar.end
    arrived = pl.Series(here)
    unknown = pl.Series([None], dtype=pl.Int64)
    heads = np.flatnonzero(rank_in_group(order) == 0)
    n = heads.size
    return {
        "purchase_orders": pl.DataFrame(
            {
                "purchase_order_id": ids("B", order[heads], 5),
                "supplier_id": ids("S", supplier[heads], 3),
                "warehouse_id": ids("W", warehouse[heads], 2),
                "ordered_at": calendar.instants(at[heads]),
                "currency": pl.repeat(currency, n, eager=True),
            }
        ),
        "purchase_order_lines": pl.DataFrame(
            {
                "purchase_order_id": ids("B", order, 5),
                "line_no": rank_in_group(order) + 1,
                "ordered_at": calendar.instants(at),
                "product_id": w.goods.id.gather(product),
                "quantity": quantity,
                "unit_cost_minor": cost,
                "currency": pl.repeat(currency, order.size, eager=True),
                "promised_at": calendar.instants(promised),
                "received_at": calendar.instants(np.where(here, due, NEVER)),
                "received_quantity": pl.Series(quantity).zip_with(arrived, unknown),
                "rejected_quantity": pl.Series(refused).zip_with(arrived, unknown),
            }
        ),
    }


def lead_time_truths(w: World) -> pl.DataFrame:
    """Return what each purchase order takes, also when it arrives after the history."""
    calendar, terms, purchases = w.calendar, w.terms, w.stock.purchases
    lines = purchases[np.argsort(purchases[:, 0], kind="stable")]
    lines = lines[rank_in_group(lines[:, 0]) == 0]
    order, supplier, at, due = lines[:, 0], lines[:, 1], lines[:, 6], lines[:, 7]
    slowed = (supplier == terms.late) & (at // DAY >= terms.late_from)
    return pl.DataFrame(
        {
            "purchase_order_id": ids("B", order, 5),
            "supplier_id": ids("S", supplier, 3),
            "lead_time_days": due // DAY - at // DAY,
            "received_at": calendar.instants(due),
            "slowed_by": np.where(slowed, LATE_FACTOR, 1.0),
        }
    )


def demand_truths(w: World) -> dict[str, pl.DataFrame]:
    """Return ``demand`` a product, warehouse and day, and ``demand_ahead`` after the history."""
    calendar, goods, bought, stock = w.calendar, w.goods, w.bought, w.stock
    mean_units, shares = w.appetite.mean_units, w.shares
    n, days, warehouses = goods.size, calendar.days, shares.size
    cell = bought.product * warehouses + bought.warehouse[bought.order]
    key = cell * days + bought.day[bought.order]
    wanted = np.bincount(key, bought.units, n * warehouses * days).astype(np.int32)
    sold = np.bincount(key, stock.sold, n * warehouses * days).astype(np.int32)
    open_at = np.concatenate([stock.opening[None, :], stock.on_hand[:-1]], axis=0).T.ravel()
    means = (mean_units[:, None, :] * shares[:, None]).astype(np.float32)
    listed = (np.arange(days) >= goods.listed[:, None, None]) & np.ones((1, warehouses, 1), bool)
    rows = np.flatnonzero(listed.ravel())
    history = _panel(w, rows, 0, days).with_columns(
        mean=pl.Series(means[:, :, :days].ravel()[rows]),
        demand=pl.Series(wanted[rows]),
        sold=pl.Series(sold[rows]),
        on_hand_before=pl.Series(open_at[rows].astype(np.int32)),
        is_censored=pl.Series((wanted > sold)[rows]),
    )
    ahead = np.arange(n * warehouses * calendar.horizon)
    return {
        "demand": history,
        "demand_ahead": _panel(w, ahead, days, calendar.horizon).with_columns(
            mean=pl.Series(means[:, :, days:].ravel())
        ),
    }


def _panel(w: World, rows: Ints, start: int, days: int) -> pl.DataFrame:
    warehouses = w.parameters.warehouses
    cell, day = np.divmod(rows, max(days, 1))
    return pl.DataFrame(
        {
            "product_id": w.goods.id.gather(cell // warehouses),
            "warehouse_id": ids("W", warehouses, 2).gather(cell % warehouses),
            "on": w.calendar.dates(start + np.arange(days)).gather(day),
        }
    )
