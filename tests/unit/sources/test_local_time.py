"""Wall-clock times of the shop as instants, also where its clock jumps."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from cartwheel.sources.local_time import instants


def placed(at: datetime, zone: str, offset: int | None = None) -> tuple[datetime, bool, bool]:
    wall = pl.DataFrame(
        {"at": [at], "offset": [offset]}, schema={"at": pl.Datetime("us"), "offset": pl.Int32}
    )
    return instants(wall, zone).row(0)


def test_local_time_becomes_utc():
    at, skipped, twice = placed(datetime(2024, 7, 1, 12), "Europe/Berlin")
    assert (at, skipped, twice) == (datetime(2024, 7, 1, 10, tzinfo=UTC), False, False)


def test_a_skipped_time_moves_forward_by_the_gap():
    at, skipped, _ = placed(datetime(2024, 3, 31, 2, 30), "Europe/Berlin")
    assert (at, skipped) == (datetime(2024, 3, 31, 1, 30, tzinfo=UTC), True)  # 03:30 in summer


def test_a_time_that_comes_twice_is_the_first():
    at, _, twice = placed(datetime(2024, 10, 27, 2, 30), "Europe/Berlin")
    assert (at, twice) == (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), True)


def test_a_stated_offset_wins_over_the_shops_zone():
    at, skipped, twice = placed(datetime(2024, 3, 31, 2, 30), "Europe/Berlin", offset=480)
    assert (at, skipped, twice) == (datetime(2024, 3, 30, 18, 30, tzinfo=UTC), False, False)


def test_agrees_with_the_standard_library_over_a_year_of_hours():
    from zoneinfo import ZoneInfo

    hours = pl.datetime_range(datetime(2018, 1, 1), datetime(2019, 1, 1), "30m", eager=True)
    for zone in ("America/Sao_Paulo", "Europe/London", "Australia/Lord_Howe", "Asia/Shanghai"):
        wall = hours.cast(pl.Datetime("us")).alias("at").to_frame()
        found = instants(wall.with_columns(offset=pl.lit(None, pl.Int32)), zone)["at"].to_list()
        place = ZoneInfo(zone)
        assert found == [h.replace(tzinfo=place).astimezone(UTC) for h in hours.to_list()]
