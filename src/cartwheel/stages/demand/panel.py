"""All series of a shop side by side: one row a series, one column a period of equal length.

Dense matrices instead of long frames: every method then runs over all series at once, in columns.
Memory is series times periods, 8 bytes a cell and matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PAID = "paid"  # the driver that is only known with the sales of its period


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Series of equal periods; period ``t`` begins ``t * days`` days after ``starts_on``.

    Before ``first`` a series was not on sale: its cells are zero there and take no part.
    ``drivers`` are matrices known for the past (price, promotion), same shape as ``sold``.
    """

    keys: pl.DataFrame  # product_id, warehouse_id; one row a series, sorted
    starts_on: date
    days: int  # length of a period
    sold: Floats
    demand: Floats  # sold, with stock-outs filled in; never below sold
    stocked: Floats  # share of the period with stock, 0 to 1
    first: Integers  # first period of each series
    drivers: dict[str, Floats]

    @property
    def periods(self) -> int:
        """Return the number of periods."""
        return int(self.sold.shape[1])

    @property
    def season(self) -> int:
        """Return the periods after which demand repeats: a week of days, a year of longer ones."""
        return 7 if self.days == 1 else max(364 // self.days, 1)

    def start(self, period: int) -> date:
        """Return the first day of ``period``, which may lie ahead."""
        return self.starts_on + timedelta(days=self.days * period)

    def starts(self, begin: int, end: int) -> pl.Series:
        """Return the first days of the periods in [begin, end)."""
        return pl.Series("starts_on", [self.start(t) for t in range(begin, end)], dtype=pl.Date)

    def until(self, origin: int) -> Panel:
        """Return what was known before period ``origin``: the periods before it, nothing else."""
        return replace(
            self,
            sold=self.sold[:, :origin],
            demand=self.demand[:, :origin],
            stocked=self.stocked[:, :origin],
            drivers={name: values[:, :origin] for name, values in self.drivers.items()},
        )

    def rows(self, chosen: NDArray[np.bool_] | Integers) -> Panel:
        """Return the chosen series."""
        index = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return replace(
            self,
            keys=self.keys[index],
            sold=self.sold[index],
            demand=self.demand[index],
            stocked=self.stocked[index],
            first=self.first[index],
            drivers={name: values[index] for name, values in self.drivers.items()},
        )

    def lived(self) -> NDArray[np.bool_]:
        """Tell for every cell whether the series was on sale."""
        return np.arange(self.periods)[None, :] >= self.first[:, None]


def matrix(rows: Integers, columns: Integers, values: Floats, shape: tuple[int, int]) -> Floats:
    """Add ``values`` into a zero matrix at the given cells."""
    flat = np.bincount(rows * shape[1] + columns, weights=values, minlength=shape[0] * shape[1])
    return flat.astype(np.float64).reshape(shape)


def divided(top: Floats, bottom: Floats | Integers, otherwise: float = np.nan) -> Floats:
    """Return ``top / bottom``, and ``otherwise`` where ``bottom`` is not above zero."""
    nothing = np.full(top.shape, otherwise)
    result: Floats = np.divide(top, bottom, out=nothing, where=bottom > 0)
    return result
