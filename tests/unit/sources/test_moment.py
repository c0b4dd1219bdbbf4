"""Dates and times as people write them."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.sources.moment import DateStyle, DateVotes, moments, style_of, votes

NOON = datetime(2024, 3, 5, 12)


def read(text: str, order: str = "DMY") -> tuple[datetime | None, int | None]:
    return moments(pl.Series([text]), DateStyle(order=order)).row(0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "at", "offset"),
    [
        ("2024-03-05", datetime(2024, 3, 5), None),
        ("2024-3-5 9:05", datetime(2024, 3, 5, 9, 5), None),
        ("2024/03/05 12:00:00", NOON, None),
        ("2024.03.05", datetime(2024, 3, 5), None),
        ("2024-03-05T12:00:00Z", NOON, 0),
        ("2024-03-05T12:00:00.250+08:00", datetime(2024, 3, 5, 12, 0, 0, 250_000), 480),
        ("2024-03-05 12:00 -0330", NOON, -210),
        ("2024-03-05 12:00:00+01", NOON, 60),
        ("05/03/2024", datetime(2024, 3, 5), None),
        ("5.3.24 7:08", datetime(2024, 3, 5, 7, 8), None),
        ("05-03-1999", datetime(1999, 3, 5), None),
        ("5/3/70", datetime(1970, 3, 5), None),
        ("05/03/2024 12:30 am", datetime(2024, 3, 5, 0, 30), None),
        ("05/03/2024 12:30 PM", datetime(2024, 3, 5, 12, 30), None),
        ("5 Mar 2024", datetime(2024, 3, 5), None),
        ("05-MAR-24", datetime(2024, 3, 5), None),
        ("March 5th, 2024 10:00", datetime(2024, 3, 5, 10), None),
        ("Tue, 05 March 2024", datetime(2024, 3, 5), None),
        ("20240305", datetime(2024, 3, 5), None),
        ("20240305120000", NOON, None),
        ("45356", datetime(2024, 3, 5), None),
        ("45356.5", NOON, None),
        ("1709640000", NOON, 0),
        ("1709640000000", NOON, 0),
        ("2024年3月5日", datetime(2024, 3, 5), None),
        ("2024年3月5日 14时05分", datetime(2024, 3, 5, 14, 5), None),
        ("2024年03月05日14:05:06", datetime(2024, 3, 5, 14, 5, 6), None),
        ("2024年3月5日 下午3:05:09", datetime(2024, 3, 5, 15, 5, 9), None),
        ("2024年3月5日 星期二 上午9点", datetime(2024, 3, 5, 9), None),
        ("２０２４－０３－０５", datetime(2024, 3, 5), None),
    ],
)
def test_a_date_is_read_as_it_is_meant(text, at, offset):
    assert read(text) == (at, offset)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "2024-02-30", "31/04/2024", "12", "2024年13月5日", "2024-03-05 25:00", "5/3"],
)
def test_what_is_no_date_is_nothing(text):
    assert read(text)[0] is None


def test_the_month_comes_first_where_the_column_says_so():
    assert read("03/05/2024", "MDY")[0] == datetime(2024, 3, 5)
    assert read("13/05/2024", "MDY")[0] is None


@pytest.mark.parametrize(
    ("texts", "order", "is_certain"),
    [
        (["01/02/2024", "13/02/2024"], "DMY", True),
        (["01/02/2024", "02/13/2024"], "MDY", True),
        (["13/02/2024", "14/02/2024", "02/13/2024"], "DMY", False),
        (["01/02/2024"], "DMY", False),
        (["01/01/2024", "02/02/2024"], "DMY", True),
        (["2024-01-02"], "DMY", True),
    ],
)
def test_the_order_is_decided_by_the_whole_column(texts, order, is_certain):
    style = style_of(votes(pl.Series(texts)), DateVotes(), currency="EUR")
    assert (style.order, style.is_certain) == (order, is_certain)


def test_without_proof_the_file_decides_then_the_currency():
    open_, month_first = DateVotes(open=2), DateVotes(month_first=1)
    assert style_of(open_, month_first, currency="EUR") == DateStyle(order="MDY")
    assert style_of(open_, DateVotes(), currency="USD").order == "MDY"


def test_an_unknown_order_is_refused():
    with pytest.raises(InputError, match="date_order must be"):
        DateStyle(order="DYM")  # type: ignore[arg-type]
