"""The shop's days and how its local times become UTC instants.

Inside the simulation an instant is a number of *local seconds*: seconds on the wall clock since
midnight of the first day. They become UTC only at the edge, so that daylight saving is met once:
an hour that happens twice is taken the first time, one that never happens becomes its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY = 86_400  # seconds on a wall clock's day
FOREVER = 1_000_000  # number of a day that does not come
NEVER = int(np.iinfo(np.int64).min)  # local seconds of what did not happen


@dataclass(frozen=True, slots=True)
class ShopCalendar:
    """``days`` of history from ``first`` and ``horizon`` days after it."""

    first: date
    days: int
    horizon: int
    time_zone: str

    @property
    def total(self) -> int:
        """Return the number of days, horizon included."""
        return self.days + self.horizon

    @property
    def end(self) -> int:
        """Return the local second at which the history is over (exclusive)."""
        return self.days * DAY

    def date(self, day: int) -> date:
        """Return the date of day number ``day``."""
        return self.first + timedelta(days=int(day))

    def dates(self, day: Ints | None = None) -> pl.Series:
        """Return the dates of the day numbers; of all days, horizon included, by default."""
        numbers = np.arange(self.total) if day is None else day
        epoch = (self.first - date(1970, 1, 1)).days
        return pl.Series((numbers + epoch).astype(np.int32)).cast(pl.Date)

    def past_dates(self, day: Ints) -> pl.Series:
        """Return the dates of the day numbers, null for those after the history."""
        past = day < self.days
        unknown = pl.Series([None], dtype=pl.Date)
        return self.dates(np.where(past, day, 0)).zip_with(pl.Series(past), unknown)

    def weekdays(self) -> Ints:
        """Return the weekday of every day, Monday 0."""
        return (self.first.weekday() + np.arange(self.total)) % 7

    def days_of_year(self) -> Ints:
        """Return the day of the year of every day, from 1."""
        return self.dates().dt.ordinal_day().to_numpy().astype(np.int64)

    def instants(self, seconds: Ints) -> pl.Series:
        """Return the UTC instants of local seconds; ``NEVER`` becomes null."""
        epoch = (self.first - date(1970, 1, 1)).days * DAY
        never = seconds == NEVER
        micros = pl.Series((np.where(never, 0, seconds) + epoch) * 1_000_000)
        local = micros.cast(pl.Datetime("us"))
        stamped = self._stamp(local)
        if stamped.null_count():
            stamped = stamped.fill_null(self._stamp(local.dt.truncate("1h").dt.offset_by("1h")))
        utc = stamped.dt.convert_time_zone("UTC")
        return utc.set(pl.Series(never), None) if never.any() else utc

    def _stamp(self, local: pl.Series) -> pl.Series:
        return local.dt.replace_time_zone(self.time_zone, ambiguous="earliest", non_existent="null")


def shop_calendar(until: date, months: int, horizon: int, time_zone: str) -> ShopCalendar:
    """Return the calendar of ``months`` months that end with day ``until``."""
    after = until + timedelta(days=1)
    month = after.year * 12 + after.month - 1 - months
    first = date(month // 12, month % 12 + 1, min(after.day, 28))
    return ShopCalendar(first, (after - first).days, horizon, time_zone)


def working_day(day: Ints, first: date) -> Ints:
    """Move Sundays to the Monday after."""
    moved: Ints = day + ((day + first.weekday()) % 7 == 6)
    return moved
