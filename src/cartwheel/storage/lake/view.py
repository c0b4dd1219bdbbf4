"""The shop as it was known at the end of a day: the only way a step sees the lake.

Rows that came later are left out by the contract's ``known`` column; values that came later
(a delivery date, a final status) are null by its ``revealed`` columns. What another step wrote
counts only when it was made for this day or an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.core.time import day_end
from cartwheel.storage.lake.engine import Engine
from cartwheel.storage.lake.lake import Lake
from cartwheel.tables import TableContract, table_contract

if TYPE_CHECKING:
    from ibis.expr.types import Table as Relation

ORIGIN_DAY = "cartwheel.on"  # commit metadata: the day a step's output was made for


def no_progress(done: float, doing: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, kw_only=True)
class LakeView:
    """``Inputs`` over a lake at the end of the shop's day ``on``."""

    lake: Lake
    engine: Engine
    on: date
    currency: str
    time_zone: str
    seed: int = 0
    hidden: frozenset[str] = frozenset()  # tables that are not to be seen
    tell: Callable[[float, str], None] = field(default=no_progress)

    def has(self, table: str) -> bool:
        """Tell whether ``table`` has rows that are known."""
        return self._is_of_its_time(table) and not self.scan(table).head(1).collect().is_empty()

    def rows(self, table: str) -> int:
        """Return the number of rows that are known."""
        return int(self.scan(table).select(pl.len()).collect().item())

    def frame(self, table: str) -> pl.DataFrame:
        """Return what is known of ``table``, sorted by key."""
        return self.scan(table).collect().sort(table_contract(table).key)

    def scan(self, table: str) -> pl.LazyFrame:
        """Return what is known of ``table``, to be read column by column."""
        contract = table_contract(table)
        if not self._is_of_its_time(table):
            return contract.empty().lazy()
        found = self.lake.scan(table)
        if contract.known:
            seen = pl.col(contract.known)
            found = found.filter((seen <= self._last(contract, contract.known)) | seen.is_null())
        for column, hidden in contract.revealed.items():
            shown = pl.col(column) <= self._last(contract, column)
            found = found.with_columns(
                pl.when(shown).then(pl.col(name)).alias(name) for name in hidden
            )
        return found

    def relation(self, table: str) -> Relation:
        """Return what is known of ``table`` as a relation of the engine."""
        contract = table_contract(table)
        files = self.lake.files(table) if self._is_of_its_time(table) else []
        found = self.engine.relation(files, contract)
        if contract.known:
            seen = found[contract.known]
            last = ibis.literal(self._last(contract, contract.known), type=seen.type())
            found = found.filter((seen <= last) | seen.isnull())
        for column, hidden in contract.revealed.items():
            last = ibis.literal(self._last(contract, column), type=found[column].type())
            shown = found[column] <= last
            found = found.mutate(**{n: ibis.ifelse(shown, found[n], None) for n in hidden})
        return found

    def rng(self, name: str) -> np.random.Generator:
        """Return the random stream ``name`` of this day."""
        return stream(self.seed, f"{self.on.isoformat()}:{name}")

    def progress(self, done: float, doing: str) -> None:
        """Tell how far the step is."""
        self.tell(done, doing)

    def _is_of_its_time(self, table: str) -> bool:
        if table in self.hidden:
            return False
        made_for = self.lake.origin(table).get(ORIGIN_DAY)
        return made_for is None or date.fromisoformat(made_for) <= self.on

    def _last(self, contract: TableContract, column: str) -> date | datetime:
        """Return the last value of a time column that is known."""
        if contract.schema[column] == pl.Date:
            return self.on
        return day_end(self.on, self.time_zone) - timedelta(microseconds=1)
