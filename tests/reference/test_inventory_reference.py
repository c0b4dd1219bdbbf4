"""Inventory methods against textbooks, published instances and second implementations.

Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. (examples 4.1, 4.4); Eppen & Martin
(1988), Management Science 34(11), 1380-1390 (lead times with two humps); Zipkin (2008) as
tabulated for lost sales; SciPy's linprog, censored fit and distributions.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest
from scipy.optimize import brentq, linprog
from scipy.stats import CensoredData, nbinom, norm, poisson

from cartwheel.core.spread import Spread
from cartwheel.stages.inventory.economics import critical_ratio, lost_sales_ratio
from cartwheel.stages.inventory.horizon import CumulativeDemand
from cartwheel.stages.inventory.lead_time import LeadTimePolicy, censored_moments, lead_times
from cartwheel.stages.inventory.program import Maximum
from cartwheel.stages.inventory.replay import Series, replay
from cartwheel.stages.inventory.target import ReorderPolicy, stock_plan
from cartwheel.tables.demand import QUANTILE_COLUMNS, QUANTILES


def normal_demand(mean: float, sd: float, days: list[int]) -> CumulativeDemand:
    frames = [
        {
            "product_id": "p", "warehouse_id": "w", "horizon_days": at, "mean": mean * at,
            **{
                name: float(norm.ppf(level, mean * at, sd * np.sqrt(at)))
                for name, level in zip(QUANTILE_COLUMNS, QUANTILES, strict=True)
            },
        }
        for at in days
    ]  # fmt: skip
    return CumulativeDemand.from_frame(pl.DataFrame(frames))


def facts(lead: float, sd: float, service: float) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "lead_time_days": [lead], "lead_time_sd_days": [sd],
            "lead_time_source": ["measured"], "service": [service],
        }
    )  # fmt: skip


def test_newsvendor_meets_snyder_and_shen_example_4_1():
    ratio = critical_ratio(np.array([0.70]), np.array([0.18]))
    assert ratio[0] == pytest.approx(0.7955, abs=5e-5)
    spread = Spread.from_quantiles(norm.ppf(QUANTILES, 50, 8)[None], QUANTILES)
    assert spread.quantile(ratio)[0] == pytest.approx(56.60, abs=0.01)


def test_newsvendor_meets_every_normal_instance_of_stockpyl(shared_data):
    text = shared_data("stockpyl_instances/stockpyl_instances.json").read_text()
    instances = {case["name"]: case["data"] for case in json.loads(text)["instances"]}
    for name in ("example_4_1", "problem_4_1", "example_4_3"):
        case = instances[name]
        mean, sd = case["demand_mean"], case["demand_sd"]
        ratio = critical_ratio(
            np.array([float(case["stockout_cost"])]), np.array([float(case["holding_cost"])])
        )
        spread = Spread.from_quantiles(norm.ppf(QUANTILES, mean, sd)[None], QUANTILES)
        assert spread.quantile(ratio)[0] == pytest.approx(norm.ppf(ratio[0], mean, sd), rel=1e-9)


def test_base_stock_meets_snyder_and_shen_example_4_4():
    # demand 50 +- 8 a period, lead time 4, review 1, p = 0.70, h = 0.18: S* = 264.8
    service = float(critical_ratio(np.array([0.70]), np.array([0.18]))[0])
    plan = stock_plan(
        normal_demand(50, 8, [1, 5]),
        facts(4.0, 0.0, service),
        ReorderPolicy(review_days=1.0, turn_days=1.0, lowest=0.5),
    )
    row = plan.targets.row(0, named=True)
    assert row["order_up_to"] == 265
    assert row["demand_mean"] == pytest.approx(250)
    assert row["demand_sd"] == pytest.approx(8 * np.sqrt(5), rel=5e-3)


def test_lead_time_variance_enters_as_in_the_textbook_formula():
    # Var = E[L] Var(D) + E[D]^2 Var(L); Silver, Pyke & Thomas, section 6.10
    plan = stock_plan(
        normal_demand(20, 6, list(range(1, 40))), facts(14.0, 3.0, 0.95), ReorderPolicy()
    )
    row = plan.targets.row(0, named=True)
    assert row["demand_sd"] == pytest.approx(np.sqrt(21 * 36 + 400 * 9), rel=0.01)
    z = (row["order_up_to"] - row["demand_mean"]) / row["demand_sd"]
    assert z == pytest.approx(norm.ppf(0.95), abs=0.05)


def test_mixture_follows_a_lead_time_with_two_humps_where_the_normal_formula_fails():
    # Eppen & Martin's point: air freight 2 days or sea freight 6, even odds, demand 100 +- 10
    levels = np.linspace(0.001, 0.999, 999)
    spreads = [
        Spread.from_quantiles(norm.ppf(levels, 100 * at, 10 * np.sqrt(at))[None], levels)
        for at in (2, 6)
    ]
    mixed = Spread.mixture(spreads, np.array([0.5, 0.5]))
    exact = brentq(
        lambda x: 0.5 * norm.cdf(x, 200, 10 * 2**0.5) + 0.5 * norm.cdf(x, 600, 10 * 6**0.5) - 0.95,
        0, 1000,
    )  # fmt: skip
    normal = norm.ppf(0.95, 400, np.sqrt(4 * 100 + 100**2 * 4))
    assert mixed.quantile(np.array([0.95]))[0] == pytest.approx(exact, rel=2e-3)
    assert abs(normal - exact) > 80  # what mean plus z sd would have ordered too much


@pytest.mark.parametrize("mean", [0.8, 4.0, 30.0])
def test_expected_shortage_of_count_demand_is_near_the_exact_one(mean):
    law = nbinom(2, 2 / (2 + mean))
    spread = Spread.from_quantiles(law.ppf(QUANTILES)[None].astype(float), QUANTILES)
    units = np.arange(0, int(law.ppf(0.95)) + 1)
    for held in units[:: max(1, len(units) // 5)]:
        exact = float(np.maximum(np.arange(2000) - held, 0) @ law.pmf(np.arange(2000)))
        assert spread.shortage(np.array([float(held)]))[0] == pytest.approx(
            exact, abs=0.12 * mean + 0.35
        )


def test_censored_lead_times_agree_with_scipys_maximum_likelihood():
    rng = np.random.default_rng(5)
    true = np.maximum(rng.normal(20, 5, 400), 0.1)
    age = rng.uniform(0, 40, 400)
    is_open = true > age
    days = np.where(is_open, age, true)
    found = censored_moments(
        days, is_open, np.zeros(400, np.int64),
        prior_mean=np.array([15.0]), prior_sd=np.array([4.0]), prior_weight=0.0,
    )  # fmt: skip
    mean, sd = norm.fit(CensoredData(uncensored=true[~is_open], right=age[is_open]))
    assert found.mean[0] == pytest.approx(mean, abs=0.02)
    assert found.sd[0] == pytest.approx(sd, abs=0.05)
    assert true[~is_open].mean() < mean - 1  # what leaving open orders out would have said


def test_lead_times_of_a_steady_supplier_are_recovered():
    rng = np.random.default_rng(1)
    ordered = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=i / 4) for i in range(720)]
    lead = rng.gamma(16, 0.5, 720)  # 8 +- 2 days
    end = datetime(2026, 7, 1, tzinfo=UTC)
    received = [at + timedelta(days=float(d)) for at, d in zip(ordered, lead, strict=True)]
    lines = pl.DataFrame(
        {
            "supplier_id": ["s"] * 720, "product_id": [f"p{i % 3}" for i in range(720)],
            "ordered_at": ordered, "received_at": [at if at < end else None for at in received],
        },
        schema_overrides={"received_at": pl.Datetime("us", "UTC")},
    ).with_columns(pl.col("ordered_at").cast(pl.Datetime("us", "UTC")))  # fmt: skip
    found = lead_times(lines, date(2026, 6, 30), LeadTimePolicy())
    row = found.filter(pl.col("product_id").is_null()).row(0, named=True)
    assert row["lead_time_days"] == pytest.approx(8.0, abs=0.3)
    assert row["lead_time_sd_days"] == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("seed", range(8))
def test_linear_program_agrees_with_scipy(seed):
    rng = np.random.default_rng(seed)
    rows, columns = 4, 7
    matrix = rng.uniform(0, 3, (rows, columns)) * (rng.random((rows, columns)) < 0.7)
    bound, upper = rng.uniform(5, 20, rows), rng.uniform(1, 6, columns)
    worth = rng.uniform(-1, 5, columns)
    program = Maximum()
    number = program.add_columns(worth, upper)
    line = program.add_rows(bound)
    at_row, at_column = np.nonzero(matrix)
    program.put(line[at_row], number[at_column], matrix[at_row, at_column])
    found = program.solve()
    other = linprog(-worth, A_ub=matrix, b_ub=bound, bounds=list(product([0], upper)))
    assert found.status == "optimal"
    assert found.objective == pytest.approx(-other.fun, rel=1e-9)
    assert found.prices == pytest.approx(-other.ineqlin.marginals, abs=1e-7)


def test_infeasible_program_is_a_value_with_a_reason():
    program = Maximum()
    column = program.add_columns(np.array([1.0]), np.array([1.0]))
    row = program.add_rows(np.array([5.0]), is_equal=True)
    program.put(row, column, 1.0)
    assert program.solve().status == "Infeasible"


def draws(name: str, rng: np.random.Generator) -> np.ndarray:
    size = (100, 500)
    return rng.poisson(5.0, size) if name == "poisson" else rng.geometric(1 / 6, size) - 1


def test_replay_meets_exact_base_stock_costs_of_lost_sales_systems(shared_data):
    path = shared_data("lost_sales/lost_sales_benchmark.csv")
    # h = 1, mean demand 5: costs by Markov chain, optimal ones as in Zipkin (2008), Op. Res. 56(5)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert len(rows) == 24
    for number, row in enumerate(rows):
        lead, penalty = int(row["lead_time"]), float(row["penalty p (h=1)"])
        demand = draws(row["demand(mean 5)"], np.random.default_rng(number)).astype(float)
        series = Series(
            past=np.full((100, 13), 5.0), future=demand, lead_weeks=np.full(100, lead),
            service=np.full(100, 0.9), holding=np.ones(100), shortage=np.full(100, penalty),
        )  # fmt: skip
        level = float(row["S*"])
        cost = float(replay(series, lambda _, s=level: np.full(100, s)).cost(series).mean())
        assert cost == pytest.approx(float(row["best_base_stock_cost"]), rel=0.02)
        assert cost > 0.98 * float(row["optimal_cost_computed"])


def test_lost_sales_ratio_costs_little_more_than_the_best_base_stock(shared_data):
    path = shared_data("lost_sales/lost_sales_benchmark.csv")
    ours, theirs, backorders = [], [], []
    for number, row in enumerate(csv.DictReader(path.read_text().splitlines())):
        lead, penalty = int(row["lead_time"]), float(row["penalty p (h=1)"])
        name = row["demand(mean 5)"]
        law = poisson(5 * (lead + 1)) if name == "poisson" else nbinom(lead + 1, 1 / 6)
        demand = draws(name, np.random.default_rng(number)).astype(float)
        one = np.ones(1)
        series = Series(
            past=np.full((100, 13), 5.0), future=demand, lead_weeks=np.full(100, lead),
            service=np.full(100, 0.9), holding=np.ones(100), shortage=np.full(100, penalty),
        )  # fmt: skip
        lost = lost_sales_ratio(penalty * one, one, lead * one)[0]
        for found, level in (
            (ours, law.ppf(lost)),
            (theirs, float(row["S*"])),
            (backorders, law.ppf(penalty / (penalty + 1))),
        ):
            result = replay(series, lambda _, s=level: np.full(100, float(s)))
            found.append(float(result.cost(series).mean()))
    extra = np.array(ours) / np.array(theirs) - 1
    assert extra.mean() < 0.01
    assert extra.max() < 0.06
    assert np.mean(np.array(backorders) / np.array(theirs)) - 1 > 5 * extra.mean()
