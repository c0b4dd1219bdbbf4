"""Forecast quality on real data, beside seasonal naive and AutoETS.

    python benchmarks/demand.py [--data DIR] [--sets uci m5 vn2 carparts] [--json]

Nothing is chosen on the held-out window: Cartwheel's rules are the defaults of the demand stage,
AutoETS and SeasonalNaive those of statsforecast, with their own intervals.

Measures, over all series with demand before the window, cells in stock only:

- weighted RMSSE: sum of w_i sqrt(mean_h (y - f)^2 / s_i), s_i = mean squared change from one period
  to the next since the first demand before the window, w_i = share of units sold in the 56 days (28
  for daily series, 12 periods for months) before the window;
- weighted scaled pinball: the same weights, mean over periods and the quantiles .05 .1 .25 .5 .75
  .9 .95 of 2 max(q (y - f), (q - 1)(y - f)) over the mean absolute change;
- pinball: its unscaled mean over all cells, in units;
- coverage: share of cells within [q.05, q.95] and [q.25, q.75].
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from cartwheel.stages.demand import Forecaster, ForecastRules, Panel
from cartwheel.stages.demand.candidate import METHODS
from cartwheel.stages.demand.history import HistoryRules, daily_panel, order_demand, sales_panel
from cartwheel.stages.demand.score import mean_squared_scaled, naive_scale, pinball, weighted_mean
from cartwheel.stages.demand.step import DemandSettings
from cartwheel.stages.demand.stockout import uncensored
from cartwheel.tables import table_contract
from cartwheel.tables.demand import QUANTILES

UNLISTED = pl.DataFrame(schema={"product_id": pl.String, "listed_on": pl.Date})
DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Case:
    """A data set, how much of its end is held out, and the rules it is forecast with."""

    panel: Panel
    held_out: int
    rules: ForecastRules
    weigh: int  # periods whose units weigh the series


def uci(data: Path) -> Case:
    """Weekly, 53 weeks to 9 December 2011; the last 8 held out."""
    raw = pl.read_parquet(data / "uci_online_retail" / "online_retail.parquet").with_row_index("n")
    goods = raw.filter(pl.col("StockCode").str.contains(r"^\d{5}")).select(
        pl.col("InvoiceNo").alias("order_id"),
        (pl.col("n") + 1).cast(pl.Int64).alias("line_no"),
        pl.col("InvoiceDate").dt.replace_time_zone("Europe/London").alias("ordered_at"),
        pl.col("CustomerID").cast(pl.Int64).cast(pl.String).alias("customer_id"),
        pl.col("StockCode").alias("product_id"),
        pl.col("Quantity").alias("quantity"),
        (pl.col("UnitPrice") * 100).round().cast(pl.Int64).alias("unit_price_minor"),
    )
    lines = goods.filter((pl.col("quantity") > 0) & (pl.col("unit_price_minor") > 0))
    cancelled = goods.filter((pl.col("quantity") < 0) & pl.col("order_id").str.starts_with("C"))
    returns = cancelled.select(
        pl.col("line_no").cast(pl.String).alias("return_id"),
        "customer_id",
        "product_id",
        pl.col("ordered_at").alias("returned_at"),
        -pl.col("quantity"),
    )
    rules = HistoryRules()
    daily = order_demand(
        table_contract("order_lines").conform(lines),
        table_contract("returns").conform(returns),
        time_zone="Europe/London",
        rules=rules,
    )
    panel = daily_panel(daily, UNLISTED, on=date(2011, 12, 9), days=7, rules=rules)
    assert panel is not None
    return Case(panel, 8, DemandSettings().forecast_rules(7), 8)


def m5(data: Path) -> Case:
    """Daily, the last 1,120 of days 1-1913; days 1886-1913 held out."""
    wide = pl.read_parquet(data / "m5_foods3_tx3" / "sales_d1_d1913.parquet")
    long = wide.unpivot(index="id", variable_name="d", value_name="quantity").with_columns(
        (pl.lit(date(2011, 1, 28)) + pl.duration(days=pl.col("d").str.slice(2).cast(pl.Int64)))
        .cast(pl.Date)
        .alias("starts_on"),
    )
    sales = long.select(
        pl.col("id").alias("product_id"),
        pl.lit("all").alias("warehouse_id"),
        "starts_on",
        pl.col("starts_on").alias("ends_on"),
        "quantity",
    )
    panel = sales_panel(sales, UNLISTED, rules=HistoryRules())
    assert panel is not None
    return Case(panel, 28, DemandSettings().forecast_rules(1), 28)


def vn2(data: Path) -> Case:
    """Weekly, 157 weeks with stock-outs flagged; the last 8 held out."""
    place = ["Store", "Product"]

    def read(name: str, value: str) -> pl.DataFrame:
        wide = pl.read_csv(data / "vn2" / f"Week 0 - {name}.csv", infer_schema_length=None)
        return wide.unpivot(index=place, variable_name="starts_on", value_name=value)

    sold = read("2024-04-08 - Sales", "quantity")
    rows = sold.join(read("In Stock", "is_stocked"), on=[*place, "starts_on"]).select(
        pl.col("Product").cast(pl.String).alias("product_id"),
        pl.col("Store").cast(pl.String).alias("warehouse_id"),
        pl.col("starts_on").str.to_date(),
        (pl.col("starts_on").str.to_date() + timedelta(days=6)).alias("ends_on"),
        pl.col("quantity").fill_null(0).round().cast(pl.Int64),
        pl.col("is_stocked").cast(pl.Boolean),
    )
    panel = sales_panel(rows, UNLISTED, rules=HistoryRules())
    assert panel is not None
    return Case(uncensored(panel), 8, DemandSettings().forecast_rules(7), 8)


def carparts(data: Path) -> Case:
    """Monthly spare parts, 39 months; the last 6 held out."""
    wide = pl.read_parquet(data / "spare_parts" / "carparts.parquet")
    values = wide.to_numpy().astype(float).T
    known = np.isfinite(values).all(axis=1) & (values[:, :-6] > 0).any(axis=1)
    demand = values[known]
    keys = pl.DataFrame({"product_id": np.asarray(wide.columns)[known]}).with_columns(
        pl.lit("all").alias("warehouse_id")
    )
    panel = Panel(
        keys=keys,
        starts_on=date(1998, 1, 1),
        days=30,
        sold=demand,
        demand=demand,
        stocked=np.ones(demand.shape),
        first=np.argmax(demand > 0, axis=1),
        drivers={},
    )
    rules = ForecastRules(horizon=6, judged=6, windows=4, step=3, least_history=12)
    return Case(panel, 6, rules, 12)


SETS: dict[str, Callable[[Path], Case]] = {"uci": uci, "m5": m5, "vn2": vn2, "carparts": carparts}


def cartwheel(case: Case, forecaster: Forecaster) -> tuple[np.ndarray, np.ndarray]:
    """Forecast with the demand stage's own procedure."""
    found = forecaster.forecast(case.panel.periods - case.held_out)
    return found.mean[:, : case.held_out], found.quantiles[:, : case.held_out]


def moving_average(case: Case, forecaster: Forecaster) -> tuple[np.ndarray, np.ndarray]:
    """Forecast with the stage's simplest method, its quantiles calibrated as the stage does."""
    origin = case.panel.periods - case.held_out
    spread = forecaster.method_quantiles(origin, "moving_average")
    mean = forecaster.candidates(origin).mean[METHODS.index("moving_average")]
    return mean[:, : case.held_out], spread[:, : case.held_out]


def statsforecast(case: Case, past: Panel, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Forecast with a model of statsforecast at its defaults, negative values cut off."""
    from statsforecast import StatsForecast, models

    season = past.season if past.periods >= 2 * past.season else 1
    series, period = np.nonzero(past.lived())
    long = pl.DataFrame({"unique_id": series, "ds": period, "y": past.demand[series, period]})
    engine = StatsForecast(
        [getattr(models, name)(season_length=season)],
        freq=1,
        n_jobs=1,
        fallback_model=models.Naive(),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = engine.forecast(df=long, h=case.held_out, level=[50, 80, 90])
    columns = [name, *(f"{name}-lo-{p}" for p in (90, 80, 50)), name]
    columns += [f"{name}-hi-{p}" for p in (50, 80, 90)]
    values = found.sort("unique_id", "ds").select(
        pl.col(column).fill_nan(None).fill_null(pl.col(name)).alias(str(i))
        for i, column in enumerate(columns)
    )
    cells = np.maximum(values.to_numpy(), 0.0).reshape(-1, case.held_out, len(columns))
    spread = np.zeros((len(past.first), case.held_out, len(columns)))
    last = past.demand[np.unique(series), -1][:, None, None]  # of a series under one season
    spread[np.unique(series)] = np.where(np.isfinite(cells), cells, last)
    return spread[..., 0], spread[..., 1:]


def measured(case: Case, mean: np.ndarray, spread: np.ndarray) -> dict[str, float]:
    """Score a forecast of the held-out window."""
    origin = case.panel.periods - case.held_out
    past = case.panel.until(origin)
    actual = case.panel.demand[:, origin:]
    began = (past.demand > 0).any(axis=1) & (past.first < origin)
    counts = (case.panel.stocked[:, origin:] >= 0.5) & began[:, None]
    weight = past.demand[:, -case.weigh :].sum(axis=1) * counts.any(axis=1)
    squared = mean_squared_scaled(actual, mean, naive_scale(past), counts)
    loss = pinball(actual, spread, QUANTILES)
    seen = np.maximum(counts.sum(axis=1), 1)
    scaled = (loss * counts).sum(axis=1) / seen / naive_scale(past, squared=False)
    low, high = spread[..., 0], spread[..., -1]
    inner, outer = spread[..., 2], spread[..., 4]
    return {
        "weighted RMSSE": weighted_mean(np.sqrt(squared), weight),
        "weighted scaled pinball": weighted_mean(scaled, weight),
        "pinball": float(loss[counts].mean()),
        "coverage 90 %": float(((low <= actual) & (actual <= high))[counts].mean()),
        "coverage 50 %": float(((inner <= actual) & (actual <= outer))[counts].mean()),
        "series": float(counts.any(axis=1).sum()),
    }


def run(name: str, data: Path, threads: int) -> list[dict[str, object]]:
    """Measure all methods on one data set."""
    case = SETS[name](data)
    past = case.panel.until(case.panel.periods - case.held_out)
    boosting = replace(case.rules.boosting, threads=threads)
    forecaster = Forecaster(past, replace(case.rules, boosting=boosting))
    methods: dict[str, Callable[[], tuple[np.ndarray, np.ndarray]]] = {
        "seasonal naive": lambda: statsforecast(case, past, "SeasonalNaive"),
        "AutoETS": lambda: statsforecast(case, past, "AutoETS"),
        "Cartwheel": lambda: cartwheel(case, forecaster),
        "moving average (of Cartwheel)": lambda: moving_average(case, forecaster),
    }
    rows: list[dict[str, object]] = []
    for method, forecast in methods.items():
        wall, processor = time.perf_counter(), time.process_time()
        mean, spread = forecast()
        cost = {
            "wall s": time.perf_counter() - wall,
            "CPU s": time.process_time() - processor,
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        rows.append({"set": name, "method": method} | measured(case, mean, spread) | cost)
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Forecast quality on real data.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    rows = [row for name in wanted.sets for row in run(name, wanted.data, wanted.threads)]
    if wanted.json:
        print(json.dumps(rows, indent=1))
        return
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        cells = (f"{v:.3f}" if isinstance(v, float) and v < 100 else
                 f"{v:,.0f}" if isinstance(v, float) else str(v) for v in row.values())  # fmt: skip
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
