"""DuckDB and Spark give equal results for the whole behaviour stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartwheel.stages.behaviour.step import BehaviourStep
from cartwheel.storage.lake import engine as engine_module
from cartwheel.storage.lake.engine import Engine, EngineLimits, open_engine
from cartwheel.tables import table_contract
from fakes import MemoryInputs

ON = date(2024, 12, 31)


@dataclass
class EngineInputs(MemoryInputs):
    """The shop in memory, its relations on an engine."""

    engine: Engine | None = None
    folder: Path | None = None

    def relation(self, table: str):
        if not self.has(table):
            return self.engine.relation([], table_contract(table))
        file = self.folder / f"{table}.parquet"
        if not file.exists():
            self.frame(table).write_parquet(file)
        return self.engine.relation([str(file)], table_contract(table))


def shop(rows: int = 4_000) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(11)
    start = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
    instants = pl.Series(
        (start + np.sort(rng.integers(0, 365 * 86_400, rows))) * 1_000_000
        + rng.integers(0, 1_000_000, rows)
    ).cast(pl.Datetime("us", "UTC"))
    who = (300 * rng.random(rows) ** 2).astype(int)
    customer = [None if n % 9 == 0 else f"c{w}" for n, w in enumerate(who)]
    lines = pl.DataFrame(
        {
            "order_id": [f"o{n // 2}-{who[n // 2 * 2]}" for n in range(rows)],
            "line_no": [n % 2 + 1 for n in range(rows)],
            "ordered_at": instants.gather([n // 2 * 2 for n in range(rows)]),
            "customer_id": [customer[n // 2 * 2] for n in range(rows)],
            "product_id": [f"p{p}" for p in rng.integers(0, 40, rows)],
            "quantity": rng.integers(1, 5, rows),
            "unit_price_minor": rng.integers(100, 200, rows),
            "channel": np.array(["web", "app"])[rng.integers(0, 2, rows)],
        }
    )
    kinds = np.array(["view", "search", "add_to_cart", "checkout", "purchase"])
    events = pl.DataFrame(
        {
            "event_id": [f"e{n}" for n in range(rows)],
            "happened_at": instants,
            "visitor_id": [f"v{w}" for w in who],
            "kind": kinds[rng.integers(0, 5, rows)],
        }
    )
    products = pl.DataFrame(
        {"product_id": [f"p{n}" for n in range(40)], "brand": [f"b{n % 3}" for n in range(40)],
         "category": [f"k{n % 5}" for n in range(40)]}
    )  # fmt: skip
    returns = lines.filter(pl.col("line_no") == 1).head(200).select(
        return_id="order_id", product_id="product_id", customer_id="customer_id",
        returned_at="ordered_at", quantity="quantity", refund_minor="unit_price_minor",
    )  # fmt: skip
    return {"order_lines": lines, "events": events, "products": products, "returns": returns}


def turn_on(name: str, folder: Path) -> dict[str, pl.DataFrame]:
    folder.mkdir()
    with open_engine(name, EngineLimits(memory_gb=1, threads=2)) as engine:
        inputs = EngineInputs(
            on=ON, tables=shop(), time_zone="Europe/London", engine=engine, folder=folder
        )
        return dict(BehaviourStep().run(inputs).tables)


@pytest.mark.slow
@pytest.mark.skipif(
    engine_module._missing_for_spark() is not None, reason="no PySpark or no Java here"
)
def test_the_whole_turn_is_equal_on_duckdb_and_spark(tmp_path):
    ours, theirs = (turn_on(name, tmp_path / name) for name in ("duckdb", "spark"))
    assert set(ours) == set(theirs) == BehaviourStep.writes
    for name, frame in ours.items():
        assert_frame_equal(theirs[name], frame, check_exact=False, rel_tol=1e-9)
