"""Orders and customer days from order lines: what the other methods of the stage start from.

Set work: Ibis expressions, the same on every engine, with integers only, so that engines agree to
the last digit; shares and means are divided later. Linear in lines, but for the grouping.
"""

from __future__ import annotations

import ibis
from ibis import _

from cartwheel.stages.behaviour.local_time import (
    DAY_SECONDS,
    LocalTime,
    hour_of,
    utc_seconds,
    weekday_of,
)


def kept_lines(lines: ibis.Table, orders: ibis.Table, currency: str) -> ibis.Table:
    """Return the lines of orders that were not cancelled, each with ``value_minor``.

    Lines without a price, or in another currency than the shop's, count with a value of 0: their
    orders and units are real, their money cannot be added.
    """
    cancelled = orders.filter(_.status == "cancelled").select("order_id")
    value = _money(lines, lines.unit_price_minor, currency) * lines.quantity
    return lines.mutate(value_minor=value).anti_join(cancelled, "order_id")


def placed_orders(lines: ibis.Table, orders: ibis.Table, local: LocalTime) -> ibis.Table:
    """Return one row an order: customer, channel, country, shop's day, weekday and hour, sums."""
    totals = lines.group_by("order_id").aggregate(
        customer_id=_.customer_id.max(),
        line_channel=_.channel.max(),
        ordered_at=_.ordered_at.min(),
        lines=_.count(),
        units=_.quantity.sum(),
        revenue_minor=_.value_minor.sum(),
    )
    heads = orders.select("order_id", head_channel=_.channel, country=_.country)
    joined = totals.left_join(heads, "order_id").drop("order_id_right")
    at = joined.mutate(at=utc_seconds(_.ordered_at), seconds=local.seconds(joined.ordered_at))
    timed = at.mutate(day=_.seconds // DAY_SECONDS, hour=hour_of(at.seconds))
    return timed.mutate(
        weekday=weekday_of(timed.day), channel=ibis.coalesce(_.line_channel, _.head_channel)
    ).drop("line_channel", "head_channel", "seconds", "ordered_at")


def customer_days(
    orders: ibis.Table, returns: ibis.Table, local: LocalTime, currency: str
) -> ibis.Table:
    """Return one row a customer and day with orders or refunds; anonymous orders are left out."""
    bought = orders.filter(_.customer_id.notnull()).select(
        "customer_id", "day", "units", "revenue_minor", orders=1, refund_minor=0
    )
    given_back = returns.filter(_.customer_id.notnull()).select(
        "customer_id",
        day=local.day(returns.returned_at),
        units=0,
        revenue_minor=0,
        orders=0,
        refund_minor=_money(returns, returns.refund_minor, currency),
    )
    sums = ["orders", "units", "revenue_minor", "refund_minor"]
    wide = [part.cast(dict.fromkeys(sums, "int64")) for part in (bought, given_back)]
    rows = ibis.union(*wide)
    return rows.group_by("customer_id", "day").aggregate(**{s: rows[s].sum() for s in sums})


def _money(rows: ibis.Table, amount: ibis.Value, currency: str) -> ibis.Value:
    """Return the amount where it is known and in ``currency``, else 0."""
    is_ours = ibis.coalesce(rows.currency, currency) == currency
    return is_ours.ifelse(ibis.coalesce(amount, 0), 0)
