"""Seconds of stock targets and of the linear program on made-up shops of growing size."""

from __future__ import annotations

import time

import numpy as np
import polars as pl

from cartwheel.stages.inventory.horizon import CumulativeDemand
from cartwheel.stages.inventory.need import with_need
from cartwheel.stages.inventory.replenishment import Limits, replenish
from cartwheel.stages.inventory.target import ReorderPolicy, stock_plan
from cartwheel.stages.inventory.transfer import TransferPolicy
from cartwheel.tables.demand import QUANTILE_COLUMNS

WAREHOUSES = 3
SHAPE = (-1.3, -1.1, -0.7, -0.1, 0.6, 1.4, 1.9)  # quantiles in standard deviations, skewed


def demand(products: int, rng: np.random.Generator) -> CumulativeDemand:
    """Make foretold demand with a few fast and many slow products."""
    rate = rng.lognormal(0, 1.5, products * WAREHOUSES) / 3
    key = pl.DataFrame({"product_id": [f"p{i:06d}" for i in range(products)]}).join(
        pl.DataFrame({"warehouse_id": [f"w{j}" for j in range(WAREHOUSES)]}), how="cross"
    )
    frames = []
    for days in (1, 7, 14, 21, 28, 42, 56):
        mean = rate * days
        values = {
            name: np.maximum(mean + np.sqrt(2 * mean) * away, 0)
            for name, away in zip(QUANTILE_COLUMNS, SHAPE, strict=True)
        }
        frames.append(
            key.with_columns(pl.lit(days).alias("horizon_days"), pl.Series("mean", mean))
            .with_columns(**{name: pl.Series(value) for name, value in values.items()})
        )  # fmt: skip
    return CumulativeDemand.from_frame(pl.concat(frames))


def speeds(sizes: tuple[int, ...] = (1_000, 3_000, 10_000)) -> list[dict[str, float | str]]:
    """Time one turn's plan: budget and space bind, half of the rows are due."""
    lines: list[dict[str, float | str]] = []
    for products in sizes:
        rng = np.random.default_rng(0)
        known = demand(products, rng)
        rows = known.keys.height
        facts = known.keys.with_columns(
            pl.Series("lead_time_days", rng.uniform(5, 25, rows)),
            pl.Series("lead_time_sd_days", rng.uniform(1, 5, rows)),
            pl.lit("measured").alias("lead_time_source"),
            pl.lit(0.95).alias("service"),
        )
        start = time.process_time()
        plan = stock_plan(known, facts, ReorderPolicy())
        targets = time.process_time() - start
        held = plan.targets["order_up_to"].to_numpy() * rng.uniform(0, 2, rows)
        position = (rng.integers(0, 2, rows) * held).astype(int)
        cost = rng.lognormal(6, 1, rows)
        needs = with_need(
            plan.targets.with_columns(
                pl.Series("position", position), pl.Series("available", position),
                pl.Series("cost", cost), pl.Series("margin", cost * rng.uniform(0.2, 1, rows)),
                (pl.col("demand_mean") / (pl.col("lead_time_days") + 7)).alias("daily"),
                pl.Series("lead_mean", known.over(facts["lead_time_days"].to_numpy())[0]),
                pl.Series("holding_day", cost * 0.25 / 365),
                pl.Series("holding_cycle", cost * 0.25 / 365 * 7),
                pl.lit(None, pl.String).alias("refusal"),
            )
        )  # fmt: skip
        wanted = float((needs["needed"] * needs["cost"]).sum())
        places = pl.DataFrame(
            {
                "warehouse_id": [f"w{j}" for j in range(WAREHOUSES)],
                "latitude": [50.0 + j for j in range(WAREHOUSES)], "longitude": 0.0,
                "capacity_units": int(position.sum() / WAREHOUSES * 1.2),
            }
        )  # fmt: skip
        for limit, budget in (("budget and space", 0.5 * wanted), ("space", None)):
            start, wall = time.process_time(), time.perf_counter()
            found = replenish(
                needs, (plan.over_lead_time, plan.over_cycle), places,
                Limits(budget_minor=budget), TransferPolicy(),
            )  # fmt: skip
            lines.append(
                {
                    "products": str(products), "rows due": str((needs["needed"] > 0).sum()),
                    "binds": limit, "status": found.status, "targets, cpu s": targets,
                    "program, cpu s": time.process_time() - start,
                    "program, wall s": time.perf_counter() - wall,
                }
            )  # fmt: skip
    return lines
