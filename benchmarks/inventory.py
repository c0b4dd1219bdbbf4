"""The VN2 game offline: what weekly orders cost under the reorder policy and under simple rules.

    python benchmarks/inventory.py --data ../shared/data            markdown
    python benchmarks/inventory.py --data ../shared/data --json     the same as JSON
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
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from cartwheel.core.spread import Floats
from cartwheel.stages.inventory import replay
from cartwheel.stages.inventory.economics import lost_sales_ratio

HELD_BACK, LEAD_WEEKS = 8, 2
HOLDING, SHORTAGE = 0.2, 1.0


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


def rules(series: replay.Series) -> dict[str, Callable[[Floats], Floats]]:
    """Return the rules to compare; the first is the stage's."""
    return {
        "quantile targets": replay.quantile_rule(series),
        "mean + z sd": replay.normal_rule(series),
        "1.5 x mean cover": replay.cover_rule(series),
        "1.0 x mean cover": replay.cover_rule(series, times=1.0),
    }


def game(folder: Path) -> list[dict[str, float | str]]:
    """Play the game with every rule."""
    series = vn2(folder)
    lines: list[dict[str, float | str]] = []
    for name, rule in rules(series).items():
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
    parser.add_argument("--speed", action="store_true", help="time the linear program instead")
    arguments = parser.parse_args()
    if arguments.speed:
        from inventory_speed import speeds

        lines = speeds()
    else:
        lines = game(arguments.data / "vn2")
    print(json.dumps(lines, indent=2) if arguments.json else markdown(lines))


if __name__ == "__main__":
    main()
