"""One turn's stock plan: targets, then what to buy and move, as tables and proposals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.stages.inventory.horizon import CumulativeDemand
from cartwheel.stages.inventory.need import with_need
from cartwheel.stages.inventory.replenishment import Limits, ReplenishmentPlan, replenish
from cartwheel.stages.inventory.target import (
    Level,
    ReorderPolicy,
    StockPlan,
    quantile_level,
    services,
    stock_plan,
)
from cartwheel.stages.inventory.transfer import TransferPolicy
from cartwheel.tables import table_contract

_KEY = ["product_id", "warehouse_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """What is known of each product; every frame has ``product_id``."""

    money: pl.DataFrame
    lead_times: pl.DataFrame
    classes: pl.DataFrame  # abc
    refusals: pl.DataFrame  # refusal
    names: pl.DataFrame  # name, name_zh


@dataclass(frozen=True, slots=True)
class Movement:
    """Where stock lies, and what may be bought and moved."""

    warehouses: pl.DataFrame
    limits: Limits
    transfers: TransferPolicy


@dataclass(frozen=True, slots=True)
class Replenished:
    """Rows of the plan (targets first, then stock nothing is foretold for) and what it says."""

    rows: pl.DataFrame
    plan: ReplenishmentPlan

    def table(self, targeted: int) -> pl.DataFrame:
        """Return the contract ``replenishment`` for the first ``targeted`` rows."""
        moved_in = np.bincount(
            self.plan.moves["to_row"].to_numpy(),
            self.plan.moves["quantity"].to_numpy(),
            self.rows.height,
        ).astype(np.int64)
        frame = self.rows.with_columns(
            pl.Series("transfer_in", moved_in),
            pl.Series("buy", self.plan.buy),
            pl.Series("binding", self.plan.binding, pl.String),
        ).with_columns(
            (pl.col("needed") - pl.col("transfer_in") - pl.col("buy"))
            .clip(lower_bound=0)
            .alias("unmet")
        )
        contract = table_contract("replenishment")
        return contract.conform(frame.head(targeted).select(list(contract.schema)))


def plan_targets(
    demand: CumulativeDemand,
    facts: ProductFacts,
    policy: ReorderPolicy,
    level: Level = quantile_level,
) -> StockPlan:
    """Return targets for every product and warehouse foretold."""
    known = demand.keys
    for frame in (facts.money, facts.lead_times, facts.classes):
        known = known.join(frame, on="product_id", how="left", maintain_order="left")
    known = known.with_columns(pl.col("abc").fill_null("C"))
    service = services(known, policy)
    return stock_plan(demand, known.with_columns(pl.Series("service", service)), policy, level)


def plan_replenishment(
    demand: CumulativeDemand,
    plan: StockPlan,
    positions: pl.DataFrame,
    facts: ProductFacts,
    movement: Movement,
) -> Replenished:
    """Return what to buy and move from ``positions`` up to the plan's targets."""
    lead_mean = demand.over(plan.targets["lead_time_days"].to_numpy())[0]
    rows = plan.targets.with_columns(pl.Series("lead_mean", lead_mean))
    targeted = rows.height
    beyond = positions.join(rows.select(_KEY), on=_KEY, how="anti").sort(_KEY).select(_KEY)
    rows = pl.concat([rows, beyond], how="diagonal").join(
        positions, on=_KEY, how="left", maintain_order="left"
    )
    for frame in (facts.money, facts.refusals, facts.names):
        rows = rows.join(frame, on="product_id", how="left", maintain_order="left")
    zero = ["on_hand", "reserved", "on_order", "reorder_point", "order_up_to", "demand_mean"]
    rows = (
        rows.with_columns(pl.col(*zero, "lead_mean").fill_null(0))
        .with_columns(pl.col("on_order").clip(lower_bound=0))
        .with_columns((pl.col("on_hand") - pl.col("reserved")).alias("available"))
        .with_columns(
            (pl.col("available") + pl.col("on_order")).alias("position"),
            (pl.col("demand_mean") / (pl.col("lead_time_days") + pl.col("review_days")))
            .fill_null(0.0).fill_nan(0.0).alias("daily"),
            (pl.col("holding_day") * pl.col("review_days").fill_null(0.0)).alias("holding_cycle"),
            pl.col("service").fill_null(0.5),
        )
    )  # fmt: skip
    rows = with_need(rows)
    rows = _with_risk(rows, plan, targeted)
    found = replenish(
        rows,
        (plan.over_lead_time, plan.over_cycle),
        movement.warehouses,
        movement.limits,
        movement.transfers,
    )
    return Replenished(rows, found)


def _with_risk(rows: pl.DataFrame, plan: StockPlan, targeted: int) -> pl.DataFrame:
    position = rows["position"].head(targeted).to_numpy().astype(float)
    chance, short = np.zeros(rows.height), np.zeros(rows.height)
    chance[:targeted] = plan.over_lead_time.exceedance(position)
    short[:targeted] = plan.over_cycle.shortage(position)
    return rows.with_columns(
        pl.Series("stockout_probability", chance),
        (pl.Series("short", short) * pl.col("margin")).round().cast(pl.Int64)
        .alias("shortage_value_minor"),
    )  # fmt: skip
