"""The shop's days and hours as integers, equal on every engine.

An engine's own time-zone functions differ in name, speed and in what they do to an hour that
exists twice. Here the zone's changes of offset are looked up once, and an instant becomes an
integer: seconds of the shop's clock since 1970-01-01. Days, hours and weekdays follow by division.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import ibis

from cartwheel.core.time import zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class LocalTime:
    """The clock of ``zone_name`` for instants from ``since`` to ``until``, both inclusive."""

    zone_name: str
    since: date
    until: date

    def seconds(self, instant: ibis.Value) -> ibis.Value:
        """Return the seconds of the shop's clock, fractions cut off."""
        utc = utc_seconds(instant)
        (_, first), *later = self.offsets
        if not later:
            return utc + first
        ends = [begins for begins, _ in later]
        held = [first, *(offset for _, offset in later)]
        branches = [(utc < end, offset) for end, offset in zip(ends, held, strict=False)]
        return utc + ibis.cases(*branches, else_=held[-1])

    def day(self, instant: ibis.Value) -> ibis.Value:
        """Return the day of the shop as days since 1970-01-01."""
        return self.seconds(instant) // DAY_SECONDS

    @cached_property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """Return (UTC second from which it holds, offset in seconds) in order of time.

        Examples
        --------
        >>> LocalTime("Europe/London", date(2024, 3, 1), date(2024, 4, 30)).offsets[1]
        (1711846800, 3600)
        """
        clock = zone(self.zone_name)
        at = _utc_midnight(self.since - timedelta(days=1))
        end = _utc_midnight(self.until + timedelta(days=2))
        found = [(at, _offset(clock, at))]
        while at < end:
            if _offset(clock, at + DAY_SECONDS) != found[-1][1]:
                change = _change(clock, at, at + DAY_SECONDS)
                found.append((change, _offset(clock, change)))
            at += DAY_SECONDS
        return tuple(found)


def utc_seconds(instant: ibis.Value) -> ibis.Value:
    """Return whole seconds since 1970-01-01 UTC; DuckDB's cast alone would round them."""
    return instant.epoch_seconds().cast("float64").floor().cast("int64")


def hour_of(seconds: ibis.Value) -> ibis.Value:
    """Return the hour, 0 to 23, of seconds of the shop's clock."""
    return seconds % DAY_SECONDS // 3600


def weekday_of(day: ibis.Value) -> ibis.Value:
    """Return the weekday, Monday 1 to Sunday 7, of a day number; 1970-01-01 was a Thursday."""
    return (day + 3) % 7 + 1


def month_of(day: ibis.Value) -> ibis.Value:
    """Return months since year 0 of a day number: ``12 * year + month - 1``."""
    calendar = (ibis.date("1970-01-01") + day.as_interval("D")).cast("date")
    return calendar.year().cast("int64") * 12 + calendar.month() - 1


def day_number(on: date) -> int:
    """Return days since 1970-01-01."""
    return (on - _EPOCH).days


def month_start(month: int) -> date:
    """Return the first day of a month number as ``month_of`` gives it."""
    return date(month // 12, month % 12 + 1, 1)


def _utc_midnight(on: date) -> int:
    return int(datetime.combine(on, time(), UTC).timestamp())


def _offset(clock: ZoneInfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, clock).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _change(clock: ZoneInfo, low: int, high: int) -> int:
    """Return the first second of the new offset, given that it lies in (low, high]."""
    before = _offset(clock, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(clock, middle) == before else (low, middle)
    return high
