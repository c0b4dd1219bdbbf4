"""Money, time, ids and random streams."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.core.errors import InputError
from cartwheel.core.ids import content_id
from cartwheel.core.money import exponent, format_money, to_major, to_minor
from cartwheel.core.random import stream
from cartwheel.core.time import FixedClock, SystemClock, day_end, zone
from cartwheel.core.wording import Text


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("19.90", "EUR", 1990),
        (0.1 + 0.2, "USD", 30),
        ("1200", "JPY", 1200),
        ("1.2345", "KWD", 1234),
    ],
)
def test_money_becomes_minor_units_by_its_currency(
    amount: str | float, currency: str, minor: int
) -> None:
    assert to_minor(amount, currency) == minor


def test_half_a_cent_goes_to_the_even_one() -> None:
    assert [to_minor(text, "EUR") for text in ("0.005", "0.015", "0.025")] == [0, 2, 2]


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_survives_the_way_to_major_units_and_back(minor: int, currency: str) -> None:
    assert to_minor(to_major(minor, currency), currency) == minor


def test_money_is_written_as_people_write_it() -> None:
    assert format_money(123456789, "GBP") == "£1,234,567.89"
    assert format_money(-50, "EUR") == "-€0.50"
    assert format_money(5, "CHF") == "CHF 0.05"
    assert format_money(-4, "EUR", decimals=0) == "€0"


@pytest.mark.parametrize("text", ["eur", "EURO", "", "€"])
def test_what_is_no_currency_code_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="ISO 4217"):
        exponent(text)


def test_a_day_ends_at_the_shops_midnight_also_when_clocks_change() -> None:
    assert day_end(date(2026, 3, 28), "Europe/London") == datetime(2026, 3, 29, 0, tzinfo=UTC)
    assert day_end(date(2026, 3, 29), "Europe/London") == datetime(2026, 3, 29, 23, tzinfo=UTC)
    assert day_end(date(2026, 7, 1), "Asia/Shanghai") == datetime(2026, 7, 1, 16, tzinfo=UTC)


def test_an_unknown_time_zone_names_the_nearest() -> None:
    with pytest.raises(InputError, match='Did you mean "Europe/London"'):
        zone("Europe/Londn")


def test_clocks_tell_utc() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert FixedClock(at).now() == at
    assert SystemClock().now().tzinfo is UTC


def test_equal_content_has_equal_ids_and_other_content_has_others() -> None:
    assert content_id("po", "订单", 1) == content_id("po", "订单", 1)
    assert len({content_id("po", n) for n in range(1000)}) == 1000
    assert content_id("po", "a", "b") != content_id("po", "ab")


def test_random_streams_are_named_and_independent() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() != stream(2, "a").random()


def test_a_text_speaks_both_languages() -> None:
    assert (Text("stock", "库存").to("en"), Text("stock", "库存").to("zh")) == ("stock", "库存")
