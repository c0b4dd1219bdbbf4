"""How facts are read: a table by name, days cut in the shop's time zone, one currency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from cartwheel.core.price import is_home

Read = Callable[[str], pl.LazyFrame | None]  # None when the shop has no row of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What facts need to know of the shop."""

    on: date  # last day that is known
    time_zone: str = "UTC"
    currency: str = "GBP"

    def day(self, column: str) -> pl.Expr:
        """Return the shop's day of an instant."""
        return pl.col(column).dt.convert_time_zone(self.time_zone).dt.date()

    def is_home(self) -> pl.Expr:
        """Tell rows in the shop's currency; rows that do not say are the shop's."""
        return is_home(self.currency)


@dataclass(frozen=True, slots=True)
class Fact:
    """Rows with a ``day``, and the length in days of the shortest period they can tell apart."""

    rows: pl.DataFrame
    finest_days: int = 1


def days_between(later: str, earlier: str) -> pl.Expr:
    """Return the time from one instant to another in days, with fractions."""
    return (pl.col(later) - pl.col(earlier)).dt.total_seconds() / 86_400
