"""What the global model is told about a series at an origin and about a period ahead of it.

All of it was known at the origin, but for the calendar and the price and promotion of the period
ahead, which are held at their last value when the future is not known. Levels are divided by the
series' own level, so that series of all sizes share one model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartwheel.stages.demand.panel import Floats, Integers, Panel

WINDOW_DAYS = (7, 14, 28, 56, 91, 182, 364)
SEASON_WEEKS = 8  # weeks a weekday's mean looks back


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


def _running(values: np.ndarray) -> Floats:
    return np.pad(np.cumsum(values, axis=1, dtype=np.float64), ((0, 0), (1, 0)))


def _window(running: Floats, rows: Integers, end: Integers, length: int) -> Floats:
    values: Floats = running[rows, end] - running[rows, np.maximum(end - length, 0)]
    return values


def level(panel: Panel, sums: Sums, rows: Integers, origin: Integers) -> Floats:
    """Return the size of a series at an origin, units a period: recent, yearly and overall mean."""
    parts = []
    for days, weight in ((91, 0.6), (364, 0.35), (10**6, 0.05)):
        length = max(days // panel.days, 1)
        seen = np.maximum(_window(sums.lived, rows, origin, length), 1.0)
        parts.append(weight * _window(sums.demand, rows, origin, length) / seen)
    total: Floats = np.sum(parts, axis=0)
    return total


def features(
    panel: Panel, sums: Sums, rows: Integers, origin: Integers, ahead: Integers, size: Floats
) -> np.ndarray:
    """Return one row of features for each series, origin and step ahead (1 is the next period)."""
    lived = np.maximum(_window(sums.lived, rows, origin, panel.periods), 1.0)
    count = _window(sums.sold, rows, origin, panel.periods)
    total = _window(sums.demand, rows, origin, panel.periods)
    squared = _window(sums.squared, rows, origin, panel.periods)
    columns = [
        ahead,
        np.log1p(size),
        lived,
        origin - sums.last_sale[rows, origin],
        count / lived,
        squared * lived / np.maximum(total, 1e-9) ** 2,
        panel.demand[rows, origin - 1] / size,
        *_recent_means(panel, sums, rows, origin, size),
        *_season(panel, sums, rows, origin, ahead, size),
        *_calendar(panel, origin + ahead - 1),
        *_shop_trend(panel, sums, origin),
        *_drivers(panel, rows, origin, ahead),
    ]
    return np.column_stack(columns).astype(np.float32)


def _recent_means(
    panel: Panel, sums: Sums, rows: Integers, origin: Integers, size: Floats
) -> list[Floats]:
    means = []
    for days in WINDOW_DAYS:
        length = days // panel.days
        if length >= 1:
            seen = _window(sums.lived, rows, origin, length)
            mean = _window(sums.demand, rows, origin, length) / np.maximum(seen, 1.0) / size
            means.append(np.where(seen > 0, mean, np.nan))
            if days in (28, 91):
                means.append(_window(sums.sold, rows, origin, length) / np.maximum(seen, 1.0))
    return means


def _season(
    panel: Panel, sums: Sums, rows: Integers, origin: Integers, ahead: Integers, size: Floats
) -> list[Floats]:
    """Mean of the same weekday lately, and of the weeks around the same day a year before."""
    found = []
    if panel.days == 1:
        newest = origin + (ahead - 1) % 7 - 7
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
    end = origin + ahead + half - year
    inside = np.clip(end, 0, origin)
    seen = _window(sums.lived, rows, inside, 2 * half + 1)
    mean = _window(sums.demand, rows, inside, 2 * half + 1) / np.maximum(seen, 1.0) / size
    found.append(np.where((end <= origin) & (seen > half), mean, np.nan))
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


def _drivers(panel: Panel, rows: Integers, origin: Integers, ahead: Integers) -> list[Floats]:
    """Return each driver in the period ahead and its change from the mean of the last periods."""
    found = []
    span = max(28 // panel.days, 1)
    for values in panel.drivers.values():
        then = values[rows, np.minimum(origin + ahead - 1, panel.periods - 1)]
        lately = np.mean(
            [values[rows, np.maximum(origin - 1 - back, 0)] for back in range(span)], axis=0
        )
        found += [then, then - lately]
    return found
