"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from cartwheel.sources.number import NumberStyle, NumberVotes, bare, numbers, style_of, votes


def read(text: str, decimal: str = ".") -> Decimal | None:
    frame = pl.DataFrame({"t": [text]}).with_columns(b=bare(pl.col("t")))
    return frame.select(numbers(pl.col("b"), NumberStyle(decimal=decimal))).item()


def decided(texts: list[str], *, is_whole: bool = False) -> tuple[str, bool]:
    plain = pl.DataFrame({"t": texts}).select(bare(pl.col("t"))).to_series()
    style = style_of(votes(plain), NumberVotes(), is_whole=is_whole)
    return style.decimal, style.is_certain


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234.56", ".", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1\u00a0234,56", ",", "1234.56"),
        ("1\u202f234,56", ",", "1234.56"),
        ("1'234.56", ".", "1234.56"),
        ("1.234.567,8", ",", "1234567.8"),
        ("1,23,456.78", ".", "123456.78"),
        ("£2.50", ".", "2.50"),
        ("R$ 3,10", ",", "3.10"),
        ("USD 5", ".", "5"),
        ("5 EUR", ".", "5"),
        ("¥1,000", ".", "1000"),
        ("12.5元", ".", "12.5"),
        ("12件", ".", "12"),
        ("(12.50)", ".", "-12.50"),
        ("12-", ".", "-12"),
        ("\u22124", ".", "-4"),
        ("-$5.00", ".", "-5"),
        ("+7", ".", "7"),
        (".5", ".", "0.5"),
        ("1e3", ".", "1000"),
    ],
)
def test_a_number_is_read_as_it_is_meant(text, decimal, value):
    assert read(text, decimal) == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "", "-", "1.2.3", "1,2,3", "12,5", "2024-03-05", "."])
def test_what_is_no_number_is_nothing(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1,50", "1,234"], (",", True)),
        (["1.50", "1,234"], (".", True)),
        (["1.234,5"], (",", True)),
        (["1,234,567"], (".", True)),
        (["0.125"], (".", True)),
        (["0,125"], (",", True)),
        (["5", "7"], (".", True)),
        (["1,234", "2,500"], (".", False)),
        (["1.234", "2.501"], (".", False)),
    ],
)
def test_the_decimal_mark_is_decided_by_the_whole_column(texts, expected):
    assert decided(texts) == expected


def test_dots_part_thousands_where_only_whole_numbers_make_sense():
    assert decided(["1.234", "2.500"], is_whole=True) == (",", False)
    assert decided(["2.000", "3.000"], is_whole=True) == (".", False)


def test_the_file_decides_where_the_column_cannot():
    own, file = NumberVotes(open=3), NumberVotes(comma=9)
    assert style_of(own, file, is_whole=False) == NumberStyle(decimal=",")
