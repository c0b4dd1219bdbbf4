"""What a key figure is: one measure, or one measure per another, over the rows of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartwheel.core.wording import Text

Unit = Literal["minor", "%", "units", "days", "count", "stars"]


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate over the rows of one fact in one period.

    ``is_total`` tells that a period without rows counts as zero; otherwise it has no value.
    """

    fact: str
    expression: pl.Expr
    is_total: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A key figure: ``scale * of / per``, or ``scale * of`` when there is no ``per``."""

    id: str
    name: Text
    formula: Text
    unit: Unit
    is_higher_better: bool | None  # None: neither is better
    of: Measure
    per: Measure | None = None
    scale: float = 1.0

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the facts it is computed from."""
        return (self.of.fact,) if self.per is None else (self.of.fact, self.per.fact)


def total(fact: str, column: str) -> Measure:
    """Sum a column; nothing is zero."""
    return Measure(fact, pl.col(column).sum())


def average(fact: str, column: str) -> Measure:
    """Average a column; nothing has no average."""
    return Measure(fact, pl.col(column).mean(), is_total=False)


def latest(fact: str, column: str) -> Measure:
    """Take the value of the last day of the period."""
    return Measure(fact, pl.col(column).sort_by("day").last(), is_total=False)
