"""The account of rows: nothing is lost, and nothing counts twice."""

from __future__ import annotations

import polars as pl
import pytest

from cartwheel.sources import Delivery, ReconciliationError, SourceFile
from cartwheel.sources.delivery import derived, without_duplicates
from cartwheel.tables import table_contract


def source(**columns: list[object]) -> SourceFile:
    frame = pl.DataFrame(columns)
    lines = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True)
    return SourceFile(name="x.csv", digest="0", frame=frame, lines=lines)


def test_a_lost_row_cannot_be_delivered():
    with pytest.raises(ReconciliationError, match="2 rows in, but 0 accepted"):
        Delivery(
            table="products", file="x.csv", frame=table_contract("products").empty(), rows_in=2
        )


def test_the_first_of_equal_rows_stays():
    is_first, merged = without_duplicates(source(a=[1, 1, 2, 1], b=["x", "x", "x", "y"]))
    assert (is_first.to_list(), merged) == ([True, False, True, True], 1)


def test_nothing_equals_nothing():
    is_first, merged = without_duplicates(source(a=[None, None], b=["x", "x"]))
    assert (is_first.to_list(), merged) == ([True, False], 1)


def test_derived_rows_are_unique_by_key():
    found = derived("suppliers", "x.csv", pl.DataFrame({"supplier_id": ["a", "a", "b"]}))
    assert found.frame["supplier_id"].to_list() == ["a", "b"]
    assert found.is_derived
