"""Set work of the behaviour stage on DuckDB and on Spark: equal results, and their times.

Two million browsing events and two million order lines, generated from a seed, are written as
Parquet; RFM scores, cohorts, daily sessions and a funnel are computed by both engines. Integers
must be equal, floats to 1e-9. Times are the better of the repeats, after one run to warm up, so
that neither Spark's compilation nor DuckDB's first read of the disk is in them.

    python benchmarks/set_work.py [--rows 2000000] [--engines duckdb spark] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import ibis
import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from cartwheel.stages.behaviour.cohort import cohorts
from cartwheel.stages.behaviour.funnel import parse_funnel
from cartwheel.stages.behaviour.funnel_count import count_funnel
from cartwheel.stages.behaviour.local_time import LocalTime
from cartwheel.stages.behaviour.purchase import customer_days, kept_lines, placed_orders
from cartwheel.stages.behaviour.rfm import rfm_scores
from cartwheel.stages.behaviour.session import daily_sessions, visitor_events, visits
from cartwheel.storage.lake.engine import Engine, EngineLimits, open_engine
from cartwheel.tables import table_contract

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
LOCAL = LocalTime("Europe/London", FIRST, LAST)
FUNNEL = parse_funnel("view > add_to_cart > checkout? > purchase")
KINDS = np.array(["view", "search", "add_to_cart", "checkout", "purchase"])


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        files = _generate(Path(folder), options.rows, options.seed)
        runs = {name: _run(name, files, options.repeat) for name in options.engines}
    equal = _equal(runs)
    rows = [
        {"work": work, "engine": name, "rows": options.rows, **timing}
        for name, (timings, _) in runs.items()
        for work, timing in timings.items()
    ]
    if options.json:
        print(json.dumps({"equal": equal, "runs": rows}))
    else:
        print(_markdown(rows, equal))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="not needed: the data are generated")
    parser.add_argument("--rows", type=int, default=2_000_000, help="events, and order lines")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--engines", nargs="+", default=["duckdb", "spark"])
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _generate(folder: Path, rows: int, seed: int) -> dict[str, str]:
    """Write the tables; a tenth as many customers as rows, activity skewed over them."""
    rng = np.random.default_rng(seed)
    frames = {"events": _events(rows, rng), "order_lines": _order_lines(rows, rng)}
    files = {}
    for name, frame in frames.items():
        files[name] = str(folder / f"{name}.parquet")
        table_contract(name).conform(frame).write_parquet(files[name])
    return files


def _events(rows: int, rng: np.random.Generator) -> pl.DataFrame:
    """Visits of about five events, seconds to minutes apart."""
    visit = np.sort(rng.integers(rows // 5, size=rows))
    starts = rng.integers(366 * 86_400, size=rows // 5)[visit]
    seconds = starts + rng.integers(1_800, size=rows)
    return pl.DataFrame(
        {
            "event_id": np.arange(rows),
            "happened_at": _instants(seconds, rng),
            "visitor_id": _skewed(rows // 10, rows // 5, rng)[visit],
            "kind": KINDS[rng.choice(5, rows, p=[0.55, 0.2, 0.15, 0.05, 0.05])],
            "channel": np.array(["web", "app"])[rng.integers(2, size=rows)],
        }
    )


def _order_lines(rows: int, rng: np.random.Generator) -> pl.DataFrame:
    """Orders of about four lines."""
    order = np.sort(rng.integers(rows // 4, size=rows))
    return pl.DataFrame(
        {
            "order_id": order,
            "line_no": np.arange(rows) - np.searchsorted(order, order) + 1,
            "ordered_at": _instants(rng.integers(366 * 86_400, size=rows // 4)[order], None),
            "customer_id": _skewed(rows // 10, rows // 4, rng)[order],
            "product_id": _skewed(10_000, rows, rng),
            "quantity": rng.integers(1, 9, size=rows),
            "unit_price_minor": rng.integers(99, 9_999, size=rows),
        }
    )


def _skewed(things: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    return (things * rng.random(draws) ** 2).astype(np.int64)


def _instants(seconds: np.ndarray, rng: np.random.Generator | None) -> pl.Series:
    start = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
    micros = 0 if rng is None else rng.integers(1_000_000, size=len(seconds))
    return pl.Series((start + seconds) * 1_000_000 + micros).cast(pl.Datetime("us", "UTC"))


def _run(name: str, files: dict[str, str], repeat: int) -> tuple[dict, dict]:
    """Return timings and results by work."""
    timings, results = {}, {}
    began = time.perf_counter()
    with open_engine(name, EngineLimits(memory_gb=4)) as engine:
        timings["start the engine"] = {"wall_s": time.perf_counter() - began, "cpu_s": None}
        for work, compute in _works(engine, files).items():
            results[work] = compute()
            best = min((_timed(engine, compute) for _ in range(repeat)), key=lambda t: t["wall_s"])
            timings[work] = best
    return timings, results


def _works(engine: Engine, files: dict[str, str]) -> dict[str, Callable[[], pl.DataFrame]]:
    relation = {
        name: engine.relation([files[name]] if name in files else [], table_contract(name))
        for name in ("events", "order_lines", "orders", "returns")
    }
    seen = visitor_events(relation["events"])

    def days() -> ibis.Table:
        lines = kept_lines(relation["order_lines"], relation["orders"], "GBP")
        orders = placed_orders(lines, relation["orders"], LOCAL)
        return customer_days(orders, relation["returns"], LOCAL, "GBP")

    return {
        "RFM": lambda: rfm_scores(days(), LAST).to_polars().sort("customer_id"),
        "cohorts": lambda: cohorts(days(), LAST),
        "sessions": lambda: daily_sessions(visits(seen, 1_800), LOCAL),
        "funnel": lambda: count_funnel(seen, FUNNEL, 86_400),
    }


def _timed(engine: Engine, compute: Callable[[], pl.DataFrame]) -> dict[str, float | None]:
    with _cpu(engine) as used:
        began = time.perf_counter()
        compute()
        wall = time.perf_counter() - began
    return {"wall_s": wall, "cpu_s": used[0] if used else None}


@contextmanager
def _cpu(engine: Engine) -> Iterator[list[float]]:
    """Fill the list with CPU seconds of this process, and of Spark's JVM where /proc tells."""
    used: list[float] = []
    before = _cpu_seconds(engine)
    yield used
    after = _cpu_seconds(engine)
    if before is not None and after is not None:
        used.append(after - before)


def _cpu_seconds(engine: Engine) -> float | None:
    own = time.process_time()
    if engine.name == "duckdb":
        return own
    jvm = engine.backend._session._jvm.java.lang.ProcessHandle.current().pid()
    stat = Path(f"/proc/{jvm}/stat")
    if not stat.exists():
        return None
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return own + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _equal(runs: dict[str, tuple[dict, dict]]) -> bool | None:
    """Tell whether all engines agree; None when only one ran. Differences raise."""
    (_, first), *others = runs.values()
    for _, results in others:
        for work, frame in results.items():
            expected = first[work].select(sorted(first[work].columns))
            assert_frame_equal(
                frame.select(expected.columns), expected, check_exact=False, rel_tol=1e-9
            )
    return True if others else None


def _markdown(rows: list[dict], equal: bool | None) -> str:
    said = {True: "equal on all engines", None: "one engine only"}[equal]
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    lines = [
        f"Results: {said}. {rows[0]['rows']:,} events and order lines, {day}.",
        "",
        "| work | engine | wall, s | CPU, s |",
        "|---|---|---:|---:|",
    ]
    for row in rows:
        cpu = "" if row["cpu_s"] is None else f"{row['cpu_s']:.2f}"
        lines.append(f"| {row['work']} | {row['engine']} | {row['wall_s']:.2f} | {cpu} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
