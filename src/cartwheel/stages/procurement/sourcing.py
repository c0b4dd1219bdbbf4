"""Which supplier and how many: the least landed cost of one unit, all-units discounts included.

For every need, supplier and price break the quantities worth a look are the need rounded up to
minimum, packs and the break, and the economic order quantity inside the break (Snyder & Shen,
Fundamentals of Supply Chain Theory, 2nd ed., section 3.4). Landed cost of one unit bought, D units
a year, Q ordered, price c, rate h, cost of a line K:

    c / (1 - rejected) + K / Q + h c Q / (2 D) + h c z sd_lead d / D + lost margin / need

The last two terms are the safety stock an unsteady supplier needs and the margin lost while a slow
one lets the shelf stay empty, spread over the need so that it does not favour large quantities.
Linear in needs times offers. Where it fails: offers that count their breaks over a whole order,
and freight that depends on the order.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cartwheel.core.errors import InputError

_KEY = ["product_id", "warehouse_id"]
_PAIR = ["supplier_id", "product_id"]
_Z95 = 1.645  # safety factor by which unsteady lead times are charged
_YEAR = 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingPolicy:
    """What decides besides the price."""

    holding_rate: float = 0.25  # a year, share of purchase cost
    order_line_minor: float = 0.0  # cost of placing and receiving one line
    most_cover_days: float = 120.0  # a price break may not make stock last longer

    def __post_init__(self) -> None:
        if self.holding_rate < 0 or self.order_line_minor < 0:
            raise InputError("holding_rate and order_line_minor must not be negative")
        if self.most_cover_days <= 0:
            raise InputError("most_cover_days must be above zero")


def sources(
    needs: pl.DataFrame, offers: pl.DataFrame, record: pl.DataFrame, policy: SourcingPolicy
) -> pl.DataFrame:
    """Return the best quantity at each supplier for each need, cheapest supplier first.

    Parameters
    ----------
    needs
        ``product_id, warehouse_id, needed, daily, margin, cover_days`` (until the shelf is empty).
    offers
        From ``known_offers``.
    record
        ``supplier_id, rejected, lead_days, lead_sd_days``: from deliveries, null when unknown.

    Returns
    -------
    pl.DataFrame
        The needs with ``supplier_id, quantity, sourced (the same, before
        orders are filled up), base_quantity, unit_cost, landed, rank, rivals,
        minimum, pack, promised_lead, lead_days, is_assumed``; rank 1 is the cheapest.
    """
    priced = _priced(_candidates(needs, offers, policy), offers).join(
        record, on="supplier_id", how="left"
    )
    landed = _landed(policy)
    best = (
        priced.with_columns(pl.coalesce("lead_days", "promised_lead").alias("lead_days"))
        .with_columns(landed.alias("landed"))
        .sort(*_KEY, "supplier_id", "landed", "quantity")
        .unique([*_KEY, "supplier_id"], keep="first", maintain_order=True)
        .sort(*_KEY, "landed", "supplier_id")
        .with_columns(pl.col("quantity").alias("sourced"))
    )
    return best.with_columns(
        pl.int_range(1, pl.len() + 1).over(_KEY).alias("rank"), pl.len().over(_KEY).alias("rivals")
    )


def _candidates(needs: pl.DataFrame, offers: pl.DataFrame, policy: SourcingPolicy) -> pl.DataFrame:
    pack = pl.col("pack")
    yearly = pl.col("daily") * _YEAR
    holding = policy.holding_rate * pl.col("unit_cost")
    economic = (2 * policy.order_line_minor * yearly / holding).sqrt().fill_nan(0.0)
    economic = pl.when(holding > 0).then(economic).otherwise(0.0).round().cast(pl.Int64)
    least = pl.max_horizontal("needed", "minimum")
    opened = needs.join(offers, on="product_id").with_columns(
        _packs(least, pack).alias("base_quantity"),
        _packs(pl.max_horizontal(least, "from_quantity"), pack).alias("at_break"),
    )
    chosen = _packs(pl.max_horizontal("at_break", economic), pack)
    both = pl.concat(
        [
            opened.with_columns(pl.col("base_quantity").alias("quantity")),
            opened.with_columns(pl.col("at_break").alias("quantity")),
            opened.with_columns(chosen.alias("quantity")),
        ]
    )
    lasts = pl.col("quantity") <= pl.col("daily") * policy.most_cover_days
    return both.filter((pl.col("quantity") == pl.col("base_quantity")) | lasts).select(
        *needs.columns, "supplier_id", "base_quantity", "quantity"
    ).unique()  # fmt: skip


def _priced(candidates: pl.DataFrame, offers: pl.DataFrame) -> pl.DataFrame:
    """Add the price that holds at each quantity: the highest break reached, else the lowest."""
    ordered = offers.sort("from_quantity")
    reached = candidates.sort("quantity").join_asof(
        ordered,
        left_on="quantity",
        right_on="from_quantity",
        by=_PAIR,
        strategy="backward",
        check_sortedness=False,
    )
    return reached.filter(pl.col("unit_cost").is_not_null())


def _landed(policy: SourcingPolicy) -> pl.Expr:
    cost, quantity = pl.col("unit_cost"), pl.col("quantity")
    holding = policy.holding_rate * cost
    daily = pl.col("daily").clip(lower_bound=1e-6)
    bad = pl.col("rejected").fill_null(0.0).clip(upper_bound=0.9)
    spread = pl.col("lead_sd_days").fill_null(0.0)
    empty = (pl.col("lead_days").fill_null(0.0) - pl.col("cover_days")).clip(lower_bound=0.0)
    needed = pl.col("needed").clip(lower_bound=1).cast(pl.Float64)
    lost = pl.col("margin") * pl.min_horizontal(empty * daily, needed)
    return (
        cost / (1.0 - bad)
        + policy.order_line_minor / quantity
        + holding * quantity / (2 * _YEAR * daily)
        + holding * _Z95 * spread / _YEAR
        + lost / needed
    )


def _packs(units: pl.Expr, pack: pl.Expr) -> pl.Expr:
    return ((units + pack - 1) // pack) * pack
