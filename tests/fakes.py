"""Adapters in memory for tests of steps: the port is the same, the shop is a dict of frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.tables import table_contract


@dataclass
class MemoryInputs:
    """``Inputs`` over frames; frames are conformed to and checked against their contracts."""

    on: date
    tables: Mapping[str, pl.DataFrame]
    currency: str = "GBP"
    time_zone: str = "UTC"
    seed: int = 0
    said: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = {
            name: table_contract(name).check(table_contract(name).conform(frame))
            for name, frame in self.tables.items()
        }

    def has(self, table: str) -> bool:
        return table in self.tables and self.tables[table].height > 0

    def frame(self, table: str) -> pl.DataFrame:
        return self.tables[table] if table in self.tables else table_contract(table).empty()

    def scan(self, table: str) -> pl.LazyFrame:
        return self.frame(table).lazy()

    def relation(self, table: str):
        import ibis

        return ibis.memtable(self.frame(table).to_arrow())

    def rng(self, name: str) -> np.random.Generator:
        return stream(self.seed, name)

    def progress(self, done: float, doing: str) -> None:
        self.said.append((done, doing))
