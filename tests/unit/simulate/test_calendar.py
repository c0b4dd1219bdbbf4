from datetime import UTC, date, datetime

import numpy as np
import pytest

from cartwheel.simulate.calendar import DAY, NEVER, shop_calendar, working_day


@pytest.fixture
def london():
    return shop_calendar(date(2026, 6, 30), 12, 0, "Europe/London")


def test_twelve_months_until_the_end_of_june_begin_on_the_first_of_july(london):
    assert (london.first, london.days) == (date(2025, 7, 1), 365)


def test_a_month_until_a_leap_day_begins_on_the_first_of_february():
    calendar = shop_calendar(date(2024, 2, 29), 1, 0, "UTC")
    assert (calendar.first, calendar.days) == (date(2024, 2, 1), 29)


def test_noon_is_eleven_utc_in_summer_and_twelve_in_winter(london):
    winter = (date(2026, 1, 10) - london.first).days
    at = london.instants(np.array([12 * 3600, winter * DAY + 12 * 3600])).to_list()
    assert at == [datetime(2025, 7, 1, 11, tzinfo=UTC), datetime(2026, 1, 10, 12, tzinfo=UTC)]


def test_an_hour_that_never_happens_becomes_its_end(london):
    day = (date(2026, 3, 29) - london.first).days
    at = london.instants(np.array([day * DAY + 3600, day * DAY + 5400])).to_list()
    assert at == [datetime(2026, 3, 29, 1, tzinfo=UTC)] * 2


def test_an_hour_that_happens_twice_is_taken_the_first_time(london):
    day = (date(2025, 10, 26) - london.first).days
    at = london.instants(np.array([day * DAY + 5400])).to_list()
    assert at == [datetime(2025, 10, 26, 0, 30, tzinfo=UTC)]


def test_local_order_survives_the_changes_of_the_clocks(london):
    seconds = np.arange(0, london.end, 900)
    assert london.instants(seconds).is_sorted()


def test_what_never_happened_is_null(london):
    assert london.instants(np.array([NEVER, 0])).is_null().to_list() == [True, False]


def test_sundays_move_to_monday(london):
    days = working_day(np.arange(14), london.first)
    assert [london.date(day).weekday() for day in days].count(6) == 0
    assert (days - np.arange(14)).sum() == 2
