"""The shop's clock: days and hours around changes of the offset."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import ibis
import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.behaviour.local_time import (
    LocalTime,
    day_number,
    hour_of,
    month_of,
    month_start,
    weekday_of,
)

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def clock(zone_name: str, *instants: datetime) -> list[tuple[date, int]]:
    local = LocalTime(zone_name, *YEAR)
    rows = ibis.memtable(pl.DataFrame({"at": instants}).cast(pl.Datetime("us", "UTC")).to_arrow())
    seconds = rows.select("at", seconds=local.seconds(rows.at))
    found = seconds.order_by("at").select(day=local.day(seconds.at), hour=hour_of(seconds.seconds))
    epoch = date(1970, 1, 1)
    return [(epoch + timedelta(days=d), h) for d, h in found.to_polars().iter_rows()]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_the_hour_skipped_in_spring_is_not_there():
    assert clock("Europe/London", utc(2024, 3, 31, 0, 59, 59, 999_999), utc(2024, 3, 31, 1, 0)) == [
        (date(2024, 3, 31), 0),
        (date(2024, 3, 31), 2),
    ]


def test_the_hour_doubled_in_autumn_is_there_twice():
    assert clock("Europe/London", utc(2024, 10, 27, 0, 30), utc(2024, 10, 27, 1, 30)) == [
        (date(2024, 10, 27), 1),
        (date(2024, 10, 27), 1),
    ]


def test_a_late_evening_in_utc_is_the_next_day_of_a_shop_in_the_east():
    assert clock("Asia/Shanghai", utc(2024, 6, 30, 16, 0)) == [(date(2024, 7, 1), 0)]


def test_offsets_of_half_an_hour_are_kept():
    assert clock("Australia/Lord_Howe", utc(2024, 4, 6, 14, 59), utc(2024, 4, 6, 15, 0)) == [
        (date(2024, 4, 7), 1),
        (date(2024, 4, 7), 1),
    ]
    assert LocalTime("Australia/Lord_Howe", *YEAR).offsets[1][1] == 10 * 3600 + 1800


def test_a_zone_without_changes_has_one_offset():
    assert [offset for _, offset in LocalTime("Asia/Kolkata", *YEAR).offsets] == [19_800]


def test_an_unknown_zone_is_refused():
    with pytest.raises(InputError, match="Europe/London"):
        _ = LocalTime("Europe/Londn", *YEAR).offsets


def test_weekdays_and_months_agree_with_the_calendar():
    days = [date(1999, 12, 31) + timedelta(days=37 * n) for n in range(400)]
    rows = ibis.memtable(pl.DataFrame({"day": [day_number(day) for day in days]}).to_arrow())
    found = (
        rows.select("day", weekday=weekday_of(rows.day), month=month_of(rows.day))
        .order_by("day").to_polars()
    )  # fmt: skip
    assert found["weekday"].to_list() == [day.isoweekday() for day in days]
    assert [month_start(m) for m in found["month"]] == [day.replace(day=1) for day in days]
