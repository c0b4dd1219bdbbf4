"""Far values are shown, the rest is not."""

from __future__ import annotations

import polars as pl

from cartwheel.sources import outliers
from cartwheel.tables import table_contract


def lines(quantities: list[int]) -> pl.DataFrame:
    frame = pl.DataFrame({"quantity": quantities}).with_columns(
        order_id=pl.int_range(pl.len()).cast(pl.String), line_no=pl.lit(1)
    )
    return table_contract("order_lines").conform(frame)


def test_a_quantity_far_from_the_rest_is_shown_with_its_key():
    (found,) = outliers("order_lines", lines([1, 2, 3, 4, 6, 12] * 10 + [80_995]))
    assert (found.column, found.count, found.usual) == ("quantity", 1, 4.0)
    assert found.examples == (("60 1", 80_995),)
    assert found.currency is None


def test_far_amounts_carry_their_currency():
    prices = lines([1] * 61).with_columns(
        currency=pl.lit("CNY"), unit_price_minor=pl.Series([1_000] * 60 + [5_000_000])
    )
    (found,) = outliers("order_lines", prices)
    assert (found.column, found.usual, found.currency) == ("unit_price_minor", 1_000.0, "CNY")


def test_the_usual_spread_is_no_outlier():
    assert outliers("order_lines", lines([1, 1, 1, 1, 2, 24] * 10)) == []


def test_few_rows_say_nothing():
    assert outliers("order_lines", lines([1, 1, 100_000])) == []
