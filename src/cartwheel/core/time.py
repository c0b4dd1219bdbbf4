"""Time as a value: clocks are passed in, instants are UTC, days are the shop's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cartwheel.core.errors import InputError, did_you_mean


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still; for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the instant given."""
        return self._at


def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone ``name``; names the nearest one when unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        hint = did_you_mean(name, available_timezones())
        message = f'"{name}" is not an IANA time zone such as "Europe/London".{hint}'
        raise InputError(message) from error


def day_end(on: date, time_zone: str) -> datetime:
    """Return the instant at which the shop's day ``on`` is over (exclusive), in UTC."""
    return datetime.combine(on + timedelta(days=1), time(), zone(time_zone)).astimezone(UTC)
