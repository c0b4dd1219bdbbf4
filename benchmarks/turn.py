"""A whole turn on real files, by the command line as a user would: import, run, report.

UCI Online Retail at one tenth, one and ten times its lines (whole products at one tenth; repeat
customers, products and invoices under new ids at ten times), and Olist.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

COMMAND = [str(Path(sys.executable).parent / "cartwheel")]


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    name: str
    wall_s: float
    cpu_s: float
    peak_mb: float


def scaled(source: pl.DataFrame, scale: float) -> pl.DataFrame:
    """Return the lines of UCI at ``scale``: 0.1, or a whole number of copies under new ids."""
    if scale < 1:
        products = source["StockCode"].unique().sort()
        return source.filter(
            pl.col("StockCode").is_in(products.gather_every(round(1 / scale)).implode())
        )
    is_product = pl.col("StockCode").str.contains(r"^\d{5}")
    copies = [
        source.with_columns(
            pl.col("InvoiceNo") + str(copy),
            pl.when(is_product & (copy > 0))
            .then(pl.col("StockCode") + f"X{copy}")
            .otherwise("StockCode")
            .alias("StockCode"),
            pl.col("CustomerID") + copy * 100_000,
        )
        for copy in range(int(scale))
    ]
    return pl.concat(copies).sort("InvoiceDate", maintain_order=True) if scale > 1 else source


def prepare(data: Path, scale: float, file: Path) -> None:
    """Write the scaled file in another process: a child's peak memory begins at its parent's."""
    command = [sys.executable, __file__, "--data", str(data), "--prepare", str(scale), str(file)]
    subprocess.run(command, check=True)


def timed(name: str, *arguments: str) -> Cost:
    """Run a command of cartwheel and return what it took; its peak memory is its own."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"cartwheel {' '.join(arguments)} failed: {said}")
    wall = time.perf_counter() - begun
    return Cost(name, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def turn(shop: Path, files: list[str], source: str, currency: str, zone: str) -> list[Cost]:
    """Return the cost of each command from an empty workspace to the report."""
    place = str(shop)
    init = ["init", place, "--currency", currency, "--time-zone", zone]
    return [
        timed("init", *init),
        timed("import", "import", place, *files, "--as", source),
        timed("run", "run", place),
        timed("report", "report", place),
    ]


def steps(shop: Path) -> list[dict[str, object]]:
    """Return the steps of the last turn with their time, rows and memory."""
    with sqlite3.connect(shop / "cartwheel.db") as records:
        records.row_factory = sqlite3.Row
        return [dict(row) for row in records.execute("SELECT * FROM turn_steps ORDER BY position")]


def measure(data: Path, scales: list[float], *, with_olist: bool) -> list[dict[str, object]]:
    """Return one result a data set and size."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for scale in scales:
            file, shop = Path(scratch, f"uci-{scale}.parquet"), Path(scratch, f"shop-{scale}")
            prepare(data, scale, file)
            rows = pl.scan_parquet(file).select(pl.len()).collect().item()
            costs = turn(shop, [str(file)], "uci-online-retail", "GBP", "Europe/London")
            found.append(_result(f"UCI × {scale:g}", rows, costs, steps(shop)))
        if with_olist:
            files = sorted(str(file) for file in (data / "olist").glob("*.parquet"))
            rows = sum(pl.scan_parquet(file).select(pl.len()).collect().item() for file in files)
            shop = Path(scratch, "olist")
            costs = turn(shop, files, "olist", "BRL", "America/Sao_Paulo")
            found.append(_result("Olist", rows, costs, steps(shop)))
    return found


def _result(
    name: str, rows: int, costs: list[Cost], by_step: list[dict[str, object]]
) -> dict[str, object]:
    return {
        "name": name,
        "rows": rows,
        "wall_s": sum(cost.wall_s for cost in costs),
        "cpu_s": sum(cost.cpu_s for cost in costs),
        "peak_mb": max(cost.peak_mb for cost in costs),
        "commands": [asdict(cost) for cost in costs],
        "steps": by_step,
    }


def markdown(results: list[dict]) -> str:
    """Return the results as Markdown."""
    lines = ["| data | rows | wall s | CPU s | peak MB |", "|---|---:|---:|---:|---:|"]
    for r in results:
        cells = (
            r["name"],
            f"{r['rows']:,}",
            f"{r['wall_s']:.1f}",
            f"{r['cpu_s']:.1f}",
            f"{r['peak_mb']:,.0f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", *_growth(results)]
    for r in results:
        lines += ["", f"Where the time goes, {r['name']}:", ""]
        lines += [
            "| part | status | wall s | rows in | rows out | peak MB |",
            "|---|---|---:|---:|---:|---:|",
        ]
        for c in r["commands"]:
            if c["name"] != "run":
                lines.append(
                    f"| {c['name']} | done | {c['wall_s']:.1f} | | | {c['peak_mb']:,.0f} |"
                )
                continue
            for s in r["steps"]:
                lines.append(
                    f"| run: {s['step']} | {s['status']} | {s['seconds']:.1f} | {s['rows_in']:,} "
                    f"| {s['rows_out']:,} | {s['peak_mb']:,.0f} |"
                )
            rest = c["wall_s"] - sum(s["seconds"] for s in r["steps"])
            lines.append(
                f"| run: start, log, clean-up | done | {rest:.1f} | | | {c['peak_mb']:,.0f} |"
            )
    return "\n".join(lines)


def _growth(results: list[dict]) -> list[str]:
    """Return the exponent of CPU time between sizes, beside that of n log n."""
    sizes = [r for r in results if str(r["name"]).startswith("UCI")]
    said = []
    for small, large in itertools.pairwise(sizes):
        ratio = large["rows"] / small["rows"]
        exponent = math.log(large["cpu_s"] / small["cpu_s"]) / math.log(ratio)
        allowed = math.log(ratio * math.log(large["rows"]) / math.log(small["rows"])) / math.log(
            ratio
        )
        said.append(
            f"From {small['name']} to {large['name']}: CPU time grows as n^{exponent:.2f}; "
            f"n log n would be n^{allowed:.2f}."
        )
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--scales", type=float, nargs="*", default=[0.1, 1, 10])
    parser.add_argument("--no-olist", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--prepare", nargs=2, metavar=("SCALE", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.prepare:
        source = pl.read_parquet(given.data / "uci_online_retail" / "online_retail.parquet")
        scaled(source, float(given.prepare[0])).write_parquet(given.prepare[1])
        return
    results = measure(given.data, given.scales, with_olist=not given.no_olist)
    print(json.dumps(results, default=str, indent=2) if given.json else markdown(results))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
