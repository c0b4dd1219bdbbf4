"""The VN2 game offline: what weekly orders cost under the reorder policy and under simple rules.

    python benchmarks/inventory.py --data ../shared/data            markdown
    python benchmarks/inventory.py --data ../shared/data --json     the same as JSON
    python benchmarks/inventory.py --data ../shared/data --demand   with the demand stage
    python benchmarks/inventory.py --speed                          seconds of the linear program

599 store-products, 157 weeks; the last 8 are held back. An order at the end of week t is there at
the start of week t + 3, unmet demand is lost, holding costs 0.2 a unit and week on end stock,
shortage 1 a unit. Six orders; the six weeks they can reach count. Demand in the weeks held back is
what was sold (censored where the store was out of stock, alike for all rules); weeks out of stock
before are filled with the mean of the last half year in stock. All rules start from one mean week
on the shelf and one on each of the two weeks' way.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from cartwheel.core.spread import Floats
from cartwheel.stages.inventory import replay
from cartwheel.stages.inventory.economics import lost_sales_ratio
from cartwheel.stages.inventory.horizon import CumulativeDemand
from cartwheel.stages.inventory.target import whole_level

HELD_BACK, LEAD_WEEKS, ORDERS = 8, 2, 6
HOLDING, SHORTAGE = 0.2, 1.0
Rule = Callable[[Floats], Floats]


def vn2(folder: Path) -> replay.Series:
    """Read the series, the last weeks held back."""
    sales = pl.read_csv(folder / "Week 0 - 2024-04-08 - Sales.csv")
    stocked = pl.read_csv(folder / "Week 0 - In Stock.csv")
    weeks = sales.columns[2:]
    units = sales.select(weeks).to_numpy().astype(float)
    is_stocked = sales.select("Store", "Product").join(stocked, on=["Store", "Product"])
    mask = is_stocked.select(weeks).cast(pl.Boolean).to_numpy()
    past, future = units[:, :-HELD_BACK].copy(), units[:, -HELD_BACK:]
    known = mask[:, :-HELD_BACK] | (past > 0)
    recent = np.where(known[:, -26:], past[:, -26:], 0.0).sum(axis=1)
    mean = recent / np.maximum(known[:, -26:].sum(axis=1), 1)
    past = np.where(known, past, mean[:, None])
    rows = len(units)
    ratio = lost_sales_ratio(np.full(rows, SHORTAGE), np.full(rows, HOLDING), np.full(rows, 2.0))
    return replay.Series(
        past=past, future=future, lead_weeks=np.full(rows, LEAD_WEEKS), service=ratio,
        holding=np.full(rows, HOLDING), shortage=np.full(rows, SHORTAGE),
    )  # fmt: skip


def rules(series: replay.Series) -> dict[str, Rule]:
    """Return the rules to compare; the first is the stage's."""
    return {
        "quantile targets": replay.quantile_rule(series),
        "mean + z sd": replay.normal_rule(series),
        "1.5 x mean cover": replay.cover_rule(series),
        "1.0 x mean cover": replay.cover_rule(series, times=1.0),
    }


def foretold(folder: Path, series: replay.Series) -> dict[str, Rule]:
    """Let the demand stage foretell at each of the six orders; its quantile, and 1.5 x its mean."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from cartwheel.stages.demand.step import DemandSettings, DemandStep
    from fakes import MemoryInputs

    sales, known = period_sales(folder), series.past.shape[1]
    key = sales.select("product_id", "warehouse_id").unique(maintain_order=True)
    days = np.full(key.height, 7.0 * (LEAD_WEEKS + 1))
    levels: list[tuple[Floats, Floats]] = []
    for week in range(ORDERS):
        on = sales["ends_on"].max() - timedelta(weeks=HELD_BACK - week)
        inputs = MemoryInputs(on=on, tables={"sales": sales.filter(pl.col("ends_on") <= on)})
        settings = DemandSettings(horizon_days=28, judged_days=28, windows=2, boosting_rounds=60)
        tables = DemandStep(settings).run(inputs).tables
        told = CumulativeDemand.from_frame(tables["cumulative_forecasts"])
        at = days[: told.keys.height]
        both = told.keys.with_columns(
            pl.Series("level", told.spread_over(at).quantile(series.service[: len(at)])),
            pl.Series("mean", told.over(at)[0]),
        )
        row = key.join(both, on=["product_id", "warehouse_id"], how="left", maintain_order="left")
        row = row.with_columns(pl.col("level", "mean").fill_null(0.0))
        levels.append((row["level"].to_numpy(), row["mean"].to_numpy()))

    def order(seen: Floats) -> int:
        return min(seen.shape[1] - known, ORDERS - 1)

    return {
        "demand stage, quantile": lambda seen: whole_level(levels[order(seen)][0]),
        "demand stage, 1.5 x mean": lambda seen: np.ceil(1.5 * levels[order(seen)][1]),
        "demand stage, 1.0 x mean": lambda seen: np.ceil(levels[order(seen)][1]),
    }


def period_sales(folder: Path) -> pl.DataFrame:
    """Return the sales as the contract ``sales``, in the order of the file."""
    stocked = pl.read_csv(folder / "Week 0 - In Stock.csv")
    sales = pl.read_csv(folder / "Week 0 - 2024-04-08 - Sales.csv")
    key = ["Store", "Product"]
    long = sales.unpivot(index=key, variable_name="week", value_name="quantity").join(
        stocked.unpivot(index=key, variable_name="week", value_name="is_stocked"),
        on=[*key, "week"], maintain_order="left",
    )  # fmt: skip
    starts = pl.col("week").str.to_date()
    return long.select(
        pl.col("Product").cast(pl.String).alias("product_id"),
        pl.col("Store").cast(pl.String).alias("warehouse_id"),
        starts.alias("starts_on"), (starts + pl.duration(days=6)).alias("ends_on"),
        pl.col("quantity").cast(pl.Int64), pl.col("is_stocked").cast(pl.Boolean),
    )  # fmt: skip


def game(folder: Path, *, with_demand: bool) -> list[dict[str, float | str]]:
    """Play the game with every rule."""
    series = vn2(folder)
    lines: list[dict[str, float | str]] = []
    played = rules(series) | (foretold(folder, series) if with_demand else {})
    for name, rule in played.items():
        start = time.process_time()
        result = replay.replay(series, rule)
        cost = result.held * HOLDING + result.missed * SHORTAGE
        lines.append(
            {
                "rule": name,
                "cost": float(cost.sum()),
                "holding": float((result.held * HOLDING).sum()),
                "shortage": float(result.missed.sum() * SHORTAGE),
                "cost a unit sold": float(cost.sum() / (result.wanted - result.missed).sum()),
                "fill rate": float(1 - result.missed.sum() / result.wanted.sum()),
                "cpu seconds": time.process_time() - start,
            }
        )
    return lines


def markdown(lines: list[dict[str, float | str]]) -> str:
    """Return a table."""
    names = list(lines[0])
    rows = [
        " | ".join(f"{v:,.3f}" if isinstance(v, float) else str(v) for v in line.values())
        for line in lines
    ]
    head = f"| {' | '.join(names)} |\n|{'---|' * len(names)}"
    return "\n".join([head, *(f"| {row} |" for row in rows)])


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--demand", action="store_true", help="with the demand stage's forecasts")
    parser.add_argument("--speed", action="store_true", help="time the linear program instead")
    arguments = parser.parse_args()
    if arguments.speed:
        from inventory_speed import speeds

        lines = speeds()
    else:
        lines = game(arguments.data / "vn2", with_demand=arguments.demand)
    print(json.dumps(lines, indent=2) if arguments.json else markdown(lines))


if __name__ == "__main__":
    main()
