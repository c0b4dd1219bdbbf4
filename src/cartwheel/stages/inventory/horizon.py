"""Demand over any number of days, from the horizons the demand stage foretold.

Between two horizons mean and quantiles are linear in days. Before the first and after the last the
mean grows with the days and the distance of a quantile from the mean with their root, as for sums
of independent days. Quantiles never fall with the horizon. Linear in rows, n log n to prepare.
Where it fails: far beyond the last horizon, where the season is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cartwheel.core.spread import Floats, Spread
from cartwheel.tables.demand import QUANTILE_COLUMNS, QUANTILES

KEY = ("product_id", "warehouse_id")
_VALUES = ("mean", *QUANTILE_COLUMNS)


@dataclass(frozen=True, slots=True)
class CumulativeDemand:
    """Demand foretold, ready to be asked over any days; row i belongs to row i of ``keys``."""

    keys: pl.DataFrame
    group: npt.NDArray[np.int64]  # key of each stored row, ascending
    days: Floats  # horizon of each stored row, ascending in its group
    values: Floats  # mean and quantiles of each stored row

    @classmethod
    def from_frame(cls, cumulative: pl.DataFrame) -> CumulativeDemand:
        """Read a frame of contract ``cumulative_forecasts``."""
        rows = cumulative.sort(*KEY, "horizon_days").with_columns(
            pl.col(_VALUES).cum_max().over(KEY)
        )
        keys = rows.select(KEY).unique(maintain_order=True)
        group = rows.select(pl.struct(KEY).rle_id()).to_series().to_numpy().astype(np.int64)
        return cls(
            keys,
            group,
            rows["horizon_days"].to_numpy().astype(float),
            rows.select(_VALUES).to_numpy(),
        )

    def over(self, days: Floats) -> tuple[Floats, Floats]:
        """Return mean (rows,) and quantiles (rows, levels) of demand over ``days``, one a key."""
        wide = 1.0 + max(float(self.days.max(initial=0)), float(np.max(days, initial=0)))
        place = np.arange(self.keys.height)
        after = np.searchsorted(self.group * wide + self.days, place * wide + days, side="left")
        first = np.searchsorted(self.group, place, side="left")
        last = np.searchsorted(self.group, place, side="right") - 1
        left, right = np.clip(after - 1, first, last), np.clip(after, first, last)
        gap = self.days[right] - self.days[left]
        share = np.where(gap > 0, (days - self.days[left]) / np.where(gap > 0, gap, 1.0), 0.0)
        inside = self.values[left] + share[:, None] * (self.values[right] - self.values[left])
        scaled = _scaled(self.values[left], days / self.days[left])
        found = np.where((gap > 0)[:, None], inside, scaled)
        return found[:, 0], found[:, 1:]

    def spread_over(self, days: Floats, nodes: Sequence[tuple[float, Floats]] = ()) -> Spread:
        """Return the distribution over ``days``, or mixed over ``nodes`` of (weight, days)."""
        if not nodes:
            return Spread.from_quantiles(self.over(days)[1], QUANTILES)
        spreads = [Spread.from_quantiles(self.over(at)[1], QUANTILES) for _, at in nodes]
        return Spread.mixture(spreads, np.array([weight for weight, _ in nodes]))


def _scaled(values: Floats, times: Floats) -> Floats:
    mean = values[:, :1] * times[:, None]
    away = (values[:, 1:] - values[:, :1]) * np.sqrt(times)[:, None]
    return np.concatenate([mean, np.maximum(mean + away, 0.0)], axis=1)
