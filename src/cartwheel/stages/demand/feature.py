"""What the global model is told about a series at an origin and about a period ahead of it.

All of it was known at the origin, but for the calendar and the price and promotion of the period
ahead, which are held at their last value when the future is not known (the price paid always is,
for a change of it would give away that there was a sale). Levels are divided by the
series' own level, so that series of all sizes share one model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartwheel.stages.demand.panel import PAID, Floats, Integers, Panel

Floats32 = NDArray[np.float32]
WINDOW_DAYS = (7, 14, 28, 56, 91, 182, 364)
SEASON_WEEKS = 8  # weeks a weekday's mean looks back


@dataclass(frozen=True, slots=True)
class Cells:
    """What is to be foretold: a series, the period from which, and how many steps ahead of it."""

    rows: Integers
    origin: Integers  # the first period that is not known
    ahead: Integers  # 1 is the period ``origin`` itself

    @property
    def target(self) -> Integers:
        """Return the period foretold."""
        return self.origin + self.ahead - 1

    def where(self, chosen: NDArray[np.bool_]) -> Cells:
        """Return the chosen cells."""
        return Cells(self.rows[chosen], self.origin[chosen], self.ahead[chosen])

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Sums:
    """Running sums of a panel, so that any window at any origin is two look-ups."""

    demand: Floats
    squared: Floats
    sold: Floats
    lived: Floats
    last_sale: Integers  # period of the last demand before each column, -1 when none


def running_sums(panel: Panel) -> Sums:
    """Sum the panel from its first period on."""
    lived = panel.lived()
    demand = panel.demand * lived
    sold = demand > 0
    at = np.where(sold, np.arange(panel.periods), -1)
    last = np.maximum.accumulate(np.pad(at, ((0, 0), (1, 0)), constant_values=-1), axis=1)
    return Sums(_running(demand), _running(demand**2), _running(sold), _running(lived), last)


def _running(values: NDArray[Any]) -> Floats:
    return np.pad(np.cumsum(values, axis=1, dtype=np.float64), ((0, 0), (1, 0)))


def _window(running: Floats, cells: Cells, length: int, end: Integers | None = None) -> Floats:
    """Sum the last ``length`` periods before ``end``, the cells' origin where not given."""
    last = cells.origin if end is None else end
    values: Floats = running[cells.rows, last] - running[cells.rows, np.maximum(last - length, 0)]
    return values


def level(panel: Panel, sums: Sums, cells: Cells) -> Floats:
    """Return the size of a series at an origin, units a period: recent, yearly and overall mean."""
    parts = []
    for days, weight in ((91, 0.6), (364, 0.35), (10**6, 0.05)):
        length = max(days // panel.days, 1)
        seen = np.maximum(_window(sums.lived, cells, length), 1.0)
        parts.append(weight * _window(sums.demand, cells, length) / seen)
    total: Floats = np.sum(parts, axis=0)
    return total


def features(panel: Panel, sums: Sums, cells: Cells, size: Floats) -> Floats32:
    """Return one row of features for each cell; ``size`` is its series' level, above zero."""
    rows, origin = cells.rows, cells.origin
    lived = np.maximum(_window(sums.lived, cells, panel.periods), 1.0)
    count = _window(sums.sold, cells, panel.periods)
    total = _window(sums.demand, cells, panel.periods)
    squared = _window(sums.squared, cells, panel.periods)
    columns = [
        cells.ahead,
        np.log1p(size),
        lived,
        origin - sums.last_sale[rows, origin],
        count / lived,
        squared * lived / np.maximum(total, 1e-9) ** 2,
        panel.demand[rows, origin - 1] / size,
        *_recent_means(panel, sums, cells, size),
        *_season(panel, sums, cells, size),
        *_calendar(panel, cells.target),
        *_shop_trend(panel, sums, origin),
        *_drivers(panel, cells),
    ]
    return np.column_stack(columns).astype(np.float32)


def _recent_means(panel: Panel, sums: Sums, cells: Cells, size: Floats) -> list[Floats]:
    means = []
    for days in WINDOW_DAYS:
        length = days // panel.days
        if length >= 1:
            seen = _window(sums.lived, cells, length)
            mean = _window(sums.demand, cells, length) / np.maximum(seen, 1.0) / size
            means.append(np.where(seen > 0, mean, np.nan))
            if days in (28, 91):
                means.append(_window(sums.sold, cells, length) / np.maximum(seen, 1.0))
    return means


def _season(panel: Panel, sums: Sums, cells: Cells, size: Floats) -> list[Floats]:
    """Mean of the same weekday lately, and of the weeks around the same day a year before."""
    rows, found = cells.rows, []
    if panel.days == 1:
        newest = cells.origin + (cells.ahead - 1) % 7 - 7
        total = np.zeros(len(rows))
        seen = np.zeros(len(rows))
        for week in range(SEASON_WEEKS):
            at = newest - 7 * week
            known = (at >= 0) & (at >= panel.first[rows])
            total += np.where(known, panel.demand[rows, np.maximum(at, 0)], 0.0)
            seen += known
        found.append(np.where(seen > 0, total / np.maximum(seen, 1.0) / size, np.nan))
    year = 364 // panel.days
    half = max(10 // panel.days, 1)
    end = cells.target + 1 + half - year
    inside = np.clip(end, 0, cells.origin)
    seen = _window(sums.lived, cells, 2 * half + 1, inside)
    mean = _window(sums.demand, cells, 2 * half + 1, inside) / np.maximum(seen, 1.0) / size
    found.append(np.where((end <= cells.origin) & (seen > half), mean, np.nan))
    return found


def _calendar(panel: Panel, period: Integers) -> list[Floats]:
    day = np.datetime64(panel.starts_on) + period * panel.days
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]")
    of_year = (day - year).astype(np.float64)
    calendar = [of_year]
    if panel.days == 1:
        calendar += [(day - month).astype(np.float64), (day.astype(np.int64) % 7).astype(float)]
    return calendar


def _shop_trend(panel: Panel, sums: Sums, origin: Integers) -> list[Floats]:
    """Return the shop's last four weeks against its last thirteen."""
    total = sums.demand.sum(axis=0)
    short, long = max(28 // panel.days, 1), max(91 // panel.days, 1)
    lately = (total[origin] - total[np.maximum(origin - short, 0)]) / short
    before = (total[origin] - total[np.maximum(origin - long, 0)]) / np.minimum(origin, long)
    return [lately / np.maximum(before, 1e-9)]


def _drivers(panel: Panel, cells: Cells) -> list[Floats]:
    """Return each driver in the period ahead and its change from the mean of the last periods.

    ``PAID`` is taken at the origin's last period, as it will have to be when the model foretells.
    """
    rows, origin, found = cells.rows, cells.origin, []
    span = max(28 // panel.days, 1)
    for name, values in panel.drivers.items():
        ahead = origin - 1 if name == PAID else np.minimum(cells.target, panel.periods - 1)
        then = values[rows, ahead]
        lately = np.mean(
            [values[rows, np.maximum(origin - 1 - back, 0)] for back in range(span)], axis=0
        )
        found += [then, then - lately]
    return found
