"""The purchase plan: best sources, then budget, then each supplier's least order value.

Lines are taken in order of expected loss avoided per money. An order below its supplier's minimum
is topped up with the products of that supplier that are due next in that warehouse, then by longer
cover of its own lines; what still falls short is not ordered and says so. Budget holds throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.ids import content_id
from cartwheel.stages.procurement.sourcing import SourcingPolicy, sources

_KEY = ["product_id", "warehouse_id"]
_GROUP = ["supplier_id", "warehouse_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePolicy:
    """How purchases are put together."""

    sourcing: SourcingPolicy = field(default_factory=SourcingPolicy)
    budget_minor: int | None = None  # money one turn may bind; None is no limit

    def __post_init__(self) -> None:
        if self.budget_minor is not None and self.budget_minor < 0:
            raise InputError("budget_minor must not be negative", got=self.budget_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFacts:
    """What the plan rests on."""

    needs: pl.DataFrame  # rows to buy: product_id, warehouse_id, needed, daily, margin, cover_days,
    # shortage_value
    later: pl.DataFrame  # rows not due yet, same columns, the most urgent first
    offers: pl.DataFrame  # from known_offers
    record: pl.DataFrame  # supplier_id, rejected, lead_days, lead_sd_days
    minimums: pl.DataFrame  # supplier_id, minimum_order


def purchase_lines(facts: PurchaseFacts, policy: PurchasePolicy) -> pl.DataFrame:
    """Return lines with ``state, quantity, line_cost`` and the order's ``minimum_order``."""
    best = sources(facts.needs, facts.offers, facts.record, policy.sourcing)
    lines = _with_cost(best.filter(pl.col("rank") == 1)).with_columns(
        pl.lit("planned").alias("state")
    )
    lines = _within_budget(lines, policy.budget_minor)
    lines = lines.join(facts.minimums, on="supplier_id", how="left").with_columns(
        pl.col("minimum_order").fill_null(0)
    )
    return _with_minimums(lines, facts, policy).sort(*_GROUP, "product_id")


def order_key(supplier_id: str, warehouse_id: str, day: str) -> str:
    """Return the key of the purchase order that a line of that day goes into."""
    return content_id("po", supplier_id, warehouse_id, day)


def _with_cost(lines: pl.DataFrame) -> pl.DataFrame:
    cost = (pl.col("quantity") * pl.col("unit_cost")).round().cast(pl.Int64)
    return lines.with_columns(cost.alias("line_cost"))


def _within_budget(lines: pl.DataFrame, budget: int | None) -> pl.DataFrame:
    if budget is None:
        return lines
    density = pl.col("shortage_value") / pl.col("line_cost").clip(lower_bound=1)
    ranked = lines.sort([density, *_KEY], descending=[True, False, False])
    left, states = budget, []
    for cost in ranked["line_cost"]:
        fits = cost <= left
        left -= cost if fits else 0
        states.append("planned" if fits else "over_budget")
    return ranked.with_columns(pl.Series("state", states, pl.String))


def _with_minimums(
    lines: pl.DataFrame, facts: PurchaseFacts, policy: PurchasePolicy
) -> pl.DataFrame:
    planned = lines.filter(pl.col("state") == "planned")
    spent = int(planned["line_cost"].sum())
    left = None if policy.budget_minor is None else policy.budget_minor - spent
    short = (
        planned.group_by(_GROUP)
        .agg(
            (pl.col("minimum_order").first() - pl.col("line_cost").sum()).alias("short"),
            pl.col("shortage_value").sum().alias("value"),
        )
        .filter(pl.col("short") > 0)
        .sort(["value", *_GROUP], descending=[True, False, False])
    )
    if short.is_empty():
        return lines
    extra = _extra_lines(short, lines, facts, policy)
    orders = planned.join(short.select(_GROUP), on=_GROUP, how="semi").partition_by(
        _GROUP, as_dict=True
    )
    offered = extra.partition_by(_GROUP, as_dict=True)
    taken: set[str] = set()
    filled = []
    for group in short.iter_rows(named=True):
        key = (group["supplier_id"], group["warehouse_id"])
        more = offered.get(key, extra.clear())
        more = more.filter(~_subject().is_in(list(taken)))
        order = _filled(orders[key], more, int(group["short"]), left, policy)
        if left is not None:
            left += int(orders[key]["line_cost"].sum())
            left -= int(order.filter(pl.col("state") != "below_minimum")["line_cost"].sum())
        topped = order.filter(pl.col("state") == "top_up")
        taken |= set(topped.select(_subject()).to_series())
        filled.append(order)
    rest = lines.join(short.select(_GROUP), on=_GROUP, how="anti")
    kept = lines.filter(pl.col("state") != "planned").join(
        short.select(_GROUP), on=_GROUP, how="semi"
    )
    return pl.concat([rest, kept, *filled])


def _subject() -> pl.Expr:
    return pl.col("product_id") + "@" + pl.col("warehouse_id")


def _extra_lines(
    short: pl.DataFrame, lines: pl.DataFrame, facts: PurchaseFacts, policy: PurchasePolicy
) -> pl.DataFrame:
    """Return what could top up the short orders, the most urgent first."""
    later = facts.later.join(lines.select(_KEY), on=_KEY, how="anti").with_row_index("urgency")
    found = sources(later, facts.offers, facts.record, policy.sourcing)
    return (
        _with_cost(found.join(short.select(_GROUP), on=_GROUP, how="semi"))
        .sort("urgency", "supplier_id")
        .join(facts.minimums, on="supplier_id", how="left", maintain_order="left")
        .with_columns(pl.lit("top_up").alias("state"))
        .select(lines.columns)
    )


def _filled(
    order: pl.DataFrame, more: pl.DataFrame, short: int, left: int | None, policy: PurchasePolicy
) -> pl.DataFrame:
    """Return one order brought up to its minimum, or marked as below it."""
    before = more["line_cost"].cum_sum() - more["line_cost"]
    added = more.filter(before < short)
    missing = short - int(added["line_cost"].sum())
    longer = _longer(order, missing, policy) if missing > 0 else order
    full = pl.concat([longer, added])
    extra = int(full["line_cost"].sum()) - int(order["line_cost"].sum())
    is_reached = extra >= short and (left is None or extra <= left)
    return full if is_reached else order.with_columns(pl.lit("below_minimum").alias("state"))


def _longer(order: pl.DataFrame, missing: int, policy: PurchasePolicy) -> pl.DataFrame:
    """Raise quantities, shortest cover first, by packs until ``missing`` money is spent."""
    most = policy.sourcing.most_cover_days
    rows = order.sort((pl.col("quantity") / pl.col("daily").clip(lower_bound=1e-6)), "product_id")
    quantities = []
    for row in rows.iter_rows(named=True):
        room = max(0, int(row["daily"] * most) - row["quantity"]) // row["pack"]
        price = row["unit_cost"] * row["pack"]
        packs = min(room, -int(-missing // price)) if price > 0 and missing > 0 else 0
        missing -= int(packs * price)
        quantities.append(row["quantity"] + packs * row["pack"])
    return _with_cost(rows.with_columns(pl.Series("quantity", quantities, pl.Int64)))
