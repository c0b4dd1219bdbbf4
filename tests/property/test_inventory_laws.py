"""Laws of the inventory stage, over random shops."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cartwheel.core.spread import Spread
from cartwheel.stages.inventory.horizon import CumulativeDemand
from cartwheel.stages.inventory.need import pieces_up, shortage_costs, with_need
from cartwheel.stages.inventory.replenishment import Limits, ReplenishmentPlan, replenish
from cartwheel.stages.inventory.target import ReorderPolicy, stock_plan
from cartwheel.stages.inventory.transfer import TransferPolicy
from cartwheel.tables.demand import QUANTILE_COLUMNS, QUANTILES

few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)
HORIZONS = (1, 7, 14, 28, 56)


def worth_of(pieces, units):
    """Return what the first ``units`` of each row are worth together."""
    before = np.cumsum(pieces.sizes, axis=1) - pieces.sizes
    used = np.clip(units[:, None] - before, 0.0, pieces.sizes)
    return (used * pieces.worth).sum(axis=1)


def cumulative(rng: np.random.Generator, products: int, warehouses: int) -> pl.DataFrame:
    """Make foretold demand whose quantiles grow with the horizon."""
    frames = []
    for item, place in product(range(products), range(warehouses)):
        mean, spread = rng.lognormal(0, 1), rng.uniform(0.3, 2)
        shape = np.sort(rng.normal(0, spread, len(QUANTILES)))
        for days in HORIZONS:
            values = np.maximum(mean * days + shape * np.sqrt(mean * days), 0)
            frames.append(
                {
                    "product_id": f"p{item}", "warehouse_id": f"w{place}", "horizon_days": days,
                    "mean": mean * days, **dict(zip(QUANTILE_COLUMNS, values, strict=True)),
                }
            )  # fmt: skip
    return pl.DataFrame(frames)


def facts(demand: CumulativeDemand, lead: float, sd: float, service: float) -> pl.DataFrame:
    return demand.keys.with_columns(
        pl.lit(lead).alias("lead_time_days"), pl.lit(sd).alias("lead_time_sd_days"),
        pl.lit("measured").alias("lead_time_source"), pl.lit(service).alias("service"),
    )  # fmt: skip


class Case:
    """A random replenishment problem."""

    def __init__(
        self, seed: int, *, products: int = 6, warehouses: int = 3, is_tight: bool = True
    ) -> None:
        rng = np.random.default_rng(seed)
        demand = CumulativeDemand.from_frame(cumulative(rng, products, warehouses))
        rows = demand.keys.height
        plan = stock_plan(demand, facts(demand, 10.0, 2.0, 0.9), ReorderPolicy())
        target = plan.targets["order_up_to"].to_numpy()
        position = (target * rng.choice([0.0, 0.3, 0.6, 2.0, 4.0], rows)).astype(int)
        cost = rng.integers(100, 3000, rows).astype(float)
        self.rows = with_need(
            plan.targets.with_columns(
                pl.Series("position", position), pl.Series("available", position),
                pl.Series("on_hand", position), pl.Series("cost", cost),
                pl.Series("margin", cost * rng.uniform(0.1, 1.5, rows)),
                (pl.col("demand_mean") / 17).alias("daily"),
                (pl.col("demand_mean") * 10 / 17).alias("lead_mean"),
                pl.Series("holding_day", cost * 0.25 / 365),
                pl.Series("holding_cycle", cost * 0.25 / 365 * 7),
                pl.Series("refusal", rng.choice(["", "", "", "no_offer"], rows)).replace("", None),
            )
        )  # fmt: skip
        self.spreads = (plan.over_lead_time, plan.over_cycle)
        wanted = float((self.rows["needed"] * self.rows["cost"]).sum())
        self.budget = float(int(wanted * rng.uniform(0.1, 0.9))) if is_tight else None
        capacity = [int(x) for x in rng.uniform(0.3, 1.5, warehouses) * position.sum() / warehouses]
        self.warehouses = pl.DataFrame(
            {
                "warehouse_id": [f"w{j}" for j in range(warehouses)],
                "latitude": rng.uniform(45, 55, warehouses),
                "longitude": rng.uniform(0, 10, warehouses),
                "capacity_units": capacity if is_tight else [None] * warehouses,
            },
            schema_overrides={"capacity_units": pl.Int64},
        )
        self.transfers = TransferPolicy(unit_minor=float(rng.uniform(0, 200)))

    def solve(self, order: np.ndarray | None = None) -> ReplenishmentPlan:
        rows, spreads = self.rows, self.spreads
        if order is not None:
            rows, spreads = rows[order], tuple(s.take(order) for s in spreads)
        limits = Limits(budget_minor=self.budget)
        return replenish(rows, spreads, self.warehouses, limits, self.transfers)

    def free(self) -> np.ndarray:
        arriving = (pl.col("position") - pl.col("lead_mean")).clip(lower_bound=0)
        filled = (
            self.rows.group_by("warehouse_id").agg(arriving.sum().alias("filled"))
            .sort("warehouse_id")["filled"].to_numpy()
        )  # fmt: skip
        capacity = self.warehouses["capacity_units"].to_numpy().astype(float)
        return np.floor(np.maximum(capacity - filled, 0))

    def worth(self, buy: np.ndarray, plan: ReplenishmentPlan) -> float:
        """Value units as the program does."""
        taken = np.bincount(plan.moves["to_row"], plan.moves["quantity"], self.rows.height)
        shortage, start = shortage_costs(self.rows), self.rows["position"].to_numpy().astype(float)
        needed = self.rows["needed"].to_numpy().astype(float)
        pieces = pieces_up(
            self.spreads[1], start, needed,
            shortage=shortage, holding=self.rows["holding_cycle"].to_numpy(),
        )  # fmt: skip
        return float(worth_of(pieces, (buy + taken).astype(np.int64)).sum())


@few
@given(seeds)
def test_targets_rise_with_service_and_with_lead_time(seed):
    demand = CumulativeDemand.from_frame(cumulative(np.random.default_rng(seed), 4, 2))
    columns = ["reorder_point", "order_up_to"]

    def levels(lead: float, service: float) -> np.ndarray:
        plan = stock_plan(demand, facts(demand, lead, 0.0, service), ReorderPolicy())
        return plan.targets.select(columns).to_numpy()

    for low, high in zip((0.5, 0.7, 0.9), (0.7, 0.9, 0.95), strict=True):
        assert (levels(10, low) <= levels(10, high)).all()
    for short, long in zip((2, 7, 15), (7, 15, 40), strict=True):
        assert (levels(short, 0.9) <= levels(long, 0.9)).all()


@few
@given(seeds)
def test_order_of_rows_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    frame = cumulative(rng, 4, 2)
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=seed % 1000)
    one, two = CumulativeDemand.from_frame(frame), CumulativeDemand.from_frame(mixed)
    policy = ReorderPolicy()
    first = stock_plan(one, facts(one, 9.0, 2.0, 0.93), policy).targets
    assert first.equals(stock_plan(two, facts(two, 9.0, 2.0, 0.93), policy).targets)


@few
@given(seeds)
def test_rows_are_independent(seed):
    frame = cumulative(np.random.default_rng(seed), 4, 2)
    policy = ReorderPolicy()

    def targets(part: pl.DataFrame) -> pl.DataFrame:
        demand = CumulativeDemand.from_frame(part)
        return stock_plan(demand, facts(demand, 9.0, 2.0, 0.93), policy).targets

    parts = [targets(frame.filter(pl.col("product_id") == f"p{i}")) for i in range(4)]
    assert_frame_equal(targets(frame), pl.concat(parts), rel_tol=1e-12)


@few
@given(seeds)
def test_plan_respects_need_surplus_budget_and_space(seed):
    case = Case(seed)
    plan = case.solve()
    rows, moves = case.rows, plan.moves
    needed, quantity = rows["needed"].to_numpy(), moves["quantity"].to_numpy()
    taken = np.bincount(moves["to_row"], quantity, rows.height)
    given_away = np.bincount(moves["from_row"], quantity, rows.height)
    surplus = (rows["available"] - rows["order_up_to"]).to_numpy()
    assert plan.status == "optimal"
    assert (plan.buy >= 0).all()
    assert (plan.buy + taken <= needed).all()
    assert (given_away <= np.maximum(surplus, 0)).all()
    assert taken.sum() == given_away.sum()
    assert (plan.buy[rows["refusal"].is_not_null().to_numpy()] == 0).all()
    assert (plan.buy * rows["cost"].to_numpy()).sum() <= case.budget + 1e-6
    for place, free in zip(case.warehouses["warehouse_id"], case.free(), strict=True):
        here = (rows["warehouse_id"] == place).to_numpy()
        assert (plan.buy + taken - given_away)[here].sum() <= free + 1e-9


@few
@given(seeds)
def test_every_unmet_row_names_what_binds(seed):
    case = Case(seed)
    plan = case.solve()
    taken = np.bincount(plan.moves["to_row"], plan.moves["quantity"], case.rows.height)
    short = case.rows["needed"].to_numpy() - plan.buy - taken
    for binding, missing, needed in zip(plan.binding, short, case.rows["needed"], strict=True):
        if needed == 0:
            assert binding in {"enough_stock", "no_demand"}
        elif missing == 0:
            assert binding == "none"
        else:
            assert binding in {"budget", "capacity", "no_offer"}


@few
@given(seeds)
def test_without_limits_every_target_is_reached(seed):
    case = Case(seed, is_tight=False)
    plan = case.solve()
    taken = np.bincount(plan.moves["to_row"], plan.moves["quantity"], case.rows.height)
    can_buy = case.rows["refusal"].is_null().to_numpy()
    assert ((plan.buy + taken)[can_buy] == case.rows["needed"].to_numpy()[can_buy]).all()


@few
@given(seeds, st.randoms(use_true_random=False))
def test_plan_does_not_depend_on_the_order_of_rows(seed, random):
    case = Case(seed)
    order = np.array(random.sample(range(case.rows.height), case.rows.height))
    assert case.solve(order).bound == pytest.approx(case.solve().bound, rel=1e-9)


@few
@given(seeds)
def test_plan_is_worth_no_less_than_simple_rules_for_the_same_money(seed):
    """By urgency, by need, and the same share of every need: whole units within the budget."""
    case = Case(seed)
    case.transfers = TransferPolicy(is_allowed=False)
    case.warehouses = case.warehouses.with_columns(pl.lit(None, pl.Int64).alias("capacity_units"))
    plan = case.solve()
    cost, needed = case.rows["cost"].to_numpy(), case.rows["needed"].to_numpy().copy()
    needed[case.rows["refusal"].is_not_null().to_numpy()] = 0
    ours = case.worth(plan.buy, plan)
    dearest = float((shortage_costs(case.rows)).max())
    for rank in (case.rows["position"].to_numpy(), -needed):
        left, buy = case.budget, np.zeros(len(needed), np.int64)
        for row in np.argsort(rank, kind="stable"):
            buy[row] = min(needed[row], int(left // cost[row]))
            left -= buy[row] * cost[row]
        assert ours >= case.worth(buy, plan) - dearest  # one unit may be cut
    share = min(1.0, case.budget / max(1.0, float((needed * cost).sum())))
    assert ours >= case.worth(np.floor(needed * share).astype(np.int64), plan) - dearest


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_whole_plan_is_within_one_unit_of_the_best_by_enumeration(seed):
    rng = np.random.default_rng(seed)
    case = Case(seed, products=3, warehouses=1)
    case.rows = with_need(
        case.rows.with_columns(
            (pl.col("order_up_to") - pl.Series(rng.integers(0, 5, 3)))
            .clip(lower_bound=0).alias("position")
        ).with_columns(
            pl.col("position").alias("reorder_point"), pl.col("position").alias("available"),
            pl.lit(None, pl.String).alias("refusal"),
        )
    )  # fmt: skip
    cost, needed = case.rows["cost"].to_numpy(), case.rows["needed"].to_numpy()
    case.budget = float((cost * needed).sum() * rng.uniform(0.2, 0.9))
    case.warehouses = case.warehouses.with_columns(pl.lit(None, pl.Int64).alias("capacity_units"))
    plan = case.solve()
    best = max(
        case.worth(np.array(units), plan)
        for units in product(*(range(n + 1) for n in needed))
        if (np.array(units) * cost).sum() <= case.budget
    )
    ours = case.worth(plan.buy, plan)
    assert ours <= best + 1e-6 <= plan.bound + 2e-6
    assert ours >= best - float(shortage_costs(case.rows).max())


@few
@given(seeds, st.floats(0.02, 0.98))
def test_quantile_and_exceedance_undo_each_other(seed, level):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.uniform(0.5, 5, (4, len(QUANTILES))), axis=1) + 5
    spread = Spread.from_quantiles(values, QUANTILES)
    found = spread.quantile(np.full(4, level))
    kept = found > 0  # below zero the distribution is cut off
    assert spread.exceedance(found)[kept] == pytest.approx(1 - level, abs=1e-9)


@few
@given(seeds)
def test_shortage_falls_with_stock_and_never_faster_than_one_to_one(seed):
    rng = np.random.default_rng(seed)
    spread = Spread.from_quantiles(np.sort(rng.uniform(0, 50, (3, 7)), axis=1), QUANTILES)
    missing = [spread.shortage(np.full(3, float(at))) for at in range(0, 60, 5)]
    steps = np.diff(np.array(missing), axis=0)
    assert (steps <= 1e-9).all()
    assert (steps >= -5 - 1e-9).all()
    assert (np.diff(steps, axis=0) >= -1e-9).all()
