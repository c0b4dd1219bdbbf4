"""Reorder points and order-up-to levels from the quantiles of demand over lead time and review.

The (R, s, S) policy: a turn every ``turn_days`` orders up to S when the position is at or below s;
S covers lead time and ``review_days``, s covers lead time and the days to the next turn. Both are
levels of cumulative demand mixed over the lead time (five Gauss-Hermite nodes, none below zero):
its quantiles, unless a replay of the shop's past (``replay``) shows mean plus z times sd or a plain
cover to cost less. What mean plus z times sd misses: Eppen & Martin (1988), Management Science
34(11), 1380-1390. Linear in rows. Where it fails: lead times that depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
from scipy.special import ndtri

from cartwheel.core.errors import InputError
from cartwheel.core.spread import Floats, Spread
from cartwheel.stages.inventory.economics import critical_ratio, lost_sales_ratio
from cartwheel.stages.inventory.horizon import CumulativeDemand

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_PROBABILITIES = _WEIGHTS / _WEIGHTS.sum()
COVER = 1.5  # times the mean demand: the simple rule
_HALF = 0.5  # continuity correction: P(whole units <= n) = P(smooth quantile <= n + 1/2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderPolicy:
    """How often to order, and how much stock-out risk to accept in a cycle."""

    review_days: float = 7.0  # days an order is to last beyond its lead time
    turn_days: float = 1.0  # days until the next turn may order
    rule: Literal["economics", "abc"] = "economics"  # margin against holding cost, or by class
    lowest: float = 0.85  # bounds of the service that economics asks for
    highest: float = 0.98
    waits: bool = False  # customers wait for stock; else an unmet order is lost
    by_class: Mapping[str, float] = field(default_factory=lambda: {"A": 0.97, "B": 0.95, "C": 0.90})

    def __post_init__(self) -> None:
        if self.rule not in ("economics", "abc"):
            raise InputError('rule must be "economics" or "abc"', got=self.rule)
        if not 0 < self.turn_days <= self.review_days:
            raise InputError("turn_days must be above 0 and at most review_days")
        if not 0.5 <= self.lowest <= self.highest < 1:
            raise InputError("services must be in [0.5, 1), the lowest first")


@dataclass(frozen=True, slots=True)
class StockPlan:
    """Targets (contract ``stock_targets``) and, row by row, the demand they rest on."""

    targets: pl.DataFrame
    over_lead_time: Spread
    over_cycle: Spread  # lead time and review


def services(facts: pl.DataFrame, policy: ReorderPolicy) -> Floats:
    """Return the aimed service of each row from ``margin, holding_day, lead_time_days, abc``."""
    if policy.rule == "abc":
        by_class = pl.col("abc").replace_strict(
            dict(policy.by_class), default=policy.by_class["C"], return_dtype=pl.Float64
        )
        return facts.select(by_class).to_series().to_numpy()
    holding = facts["holding_day"].to_numpy() * policy.review_days
    margin, lead = facts["margin"].to_numpy(), facts["lead_time_days"].to_numpy()
    return economic_services(margin, holding, lead / policy.review_days, policy)


def economic_services(
    shortage: Floats, holding: Floats, lead_periods: Floats, policy: ReorderPolicy
) -> Floats:
    """Return the service that pays, within the policy's bounds; costs are those of one period."""
    if policy.waits:
        ratio = critical_ratio(shortage, holding)
    else:
        ratio = lost_sales_ratio(shortage, holding, lead_periods)
    return np.clip(ratio, policy.lowest, policy.highest)


Level = Callable[[Spread, Floats], Floats]  # demand in a cycle and aimed service -> whole units


def quantile_level(demand: Spread, service: Floats) -> Floats:
    """Return the stock that demand does not exceed with probability ``service``."""
    return whole_level(demand.quantile(service))


def normal_level(demand: Spread, service: Floats) -> Floats:
    """Return mean plus z standard deviations, as if demand were normal."""
    level: Floats = np.ceil(np.maximum(demand.mean() + ndtri(service) * demand.sd(), 0.0))
    return level


def cover_level(demand: Spread, _service: Floats) -> Floats:
    """Return ``COVER`` times the mean, whatever the aimed service."""
    level: Floats = np.ceil(COVER * demand.mean())
    return level


def stock_plan(
    demand: CumulativeDemand,
    facts: pl.DataFrame,
    policy: ReorderPolicy,
    level: Level = quantile_level,
) -> StockPlan:
    """Compute stock targets for every row of ``demand.keys``; rows are independent.

    Parameters
    ----------
    demand
        Cumulative demand by product and warehouse, units.
    facts
        In the order of ``demand.keys``: ``lead_time_days, lead_time_sd_days, lead_time_source,
        service``.
    level
        The rule that sets the targets.
    """
    lead = facts["lead_time_days"].to_numpy()
    sd = facts["lead_time_sd_days"].to_numpy()
    service = facts["service"].to_numpy()
    over_lead_time = _mixed(demand, lead, sd, extra=0.0)
    until_next = _mixed(demand, lead, sd, extra=policy.turn_days)
    over_cycle = _mixed(demand, lead, sd, extra=policy.review_days)
    mean = demand.over(lead + policy.review_days)[0]
    reorder_point = level(until_next, service)
    order_up_to = np.maximum(level(over_cycle, service), reorder_point)
    targets = demand.keys.with_columns(
        facts["lead_time_days"],
        facts["lead_time_sd_days"],
        facts["lead_time_source"],
        pl.lit(policy.review_days).alias("review_days"),
        pl.Series("service", service),
        pl.Series("demand_mean", mean),
        pl.Series("demand_sd", over_cycle.sd()),
        pl.Series("safety_stock", np.maximum(order_up_to - np.floor(mean), 0).astype(np.int64)),
        pl.Series("reorder_point", reorder_point.astype(np.int64)),
        pl.Series("order_up_to", order_up_to.astype(np.int64)),
    )
    return StockPlan(targets, over_lead_time, over_cycle)


def _mixed(demand: CumulativeDemand, lead: Floats, sd: Floats, *, extra: float) -> Spread:
    sure = demand.spread_over(lead + extra)
    if not (sd > 0).any():
        return sure
    nodes = [
        (float(probability), np.maximum(lead + node * sd, 0.0) + extra)
        for node, probability in zip(_NODES, _PROBABILITIES, strict=True)
    ]
    mixed = demand.spread_over(lead + extra, nodes)
    return Spread(np.where((sd > 0)[:, None], mixed.points, sure.points))


def whole_level(units: Floats) -> Floats:
    """Return the whole stock level that serves a quantile of smooth demand."""
    return np.ceil(np.maximum(units - _HALF, 0.0))
