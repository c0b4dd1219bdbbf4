"""Table contracts: what they accept, what they refuse, and that they are complete."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.core.errors import InputError, NotFoundError
from cartwheel.tables import TABLES, TableContract, table_contract
from shops import order_lines

INPUT_AREAS = {"catalog", "orders", "stock", "logistics", "care", "marketing"}


@pytest.mark.parametrize("contract", TABLES.values(), ids=lambda contract: contract.name)
def test_every_contract_is_complete(contract: TableContract) -> None:
    assert contract.meaning
    assert contract.title.en
    assert contract.title.zh
    assert set(contract.key) <= set(contract.schema)
    for column in contract.columns.values():
        assert column.meaning, f"{contract.name}.{column.name} says nothing"
        assert column.kind
        if column.name in contract.key:
            assert column.is_required, f"{contract.name}.{column.name} is a key that may be null"
        if column.name.endswith("_at"):
            assert column.dtype == pl.Datetime("us", "UTC")
        if column.name.endswith("_on"):
            assert column.dtype == pl.Date
        if column.name.endswith("_minor"):
            assert column.dtype == pl.Int64
            assert column.unit == "minor"
        if column.name.startswith("is_"):
            assert column.dtype == pl.Boolean
    times = {contract.known, *contract.revealed, *sum(contract.revealed.values(), ())} - {None}
    assert times <= set(contract.schema)


@pytest.mark.parametrize("contract", TABLES.values(), ids=lambda contract: contract.name)
def test_an_empty_frame_keeps_every_contract(contract: TableContract) -> None:
    assert contract.check(contract.empty()).is_empty()


def test_money_that_comes_from_outside_says_its_currency() -> None:
    for contract in TABLES.values():
        if contract.area in INPUT_AREAS and any(
            name.endswith("_minor") for name in contract.schema
        ):
            assert "currency" in contract.schema, contract.name


def test_absent_columns_become_null_and_types_are_cast() -> None:
    found = table_contract("customers").conform(pl.DataFrame({"customer_id": [17850]}))
    assert found["customer_id"].to_list() == ["17850"]
    assert found["country"].to_list() == [None]


def test_a_frame_without_columns_has_no_rows() -> None:
    assert table_contract("customers").conform(pl.DataFrame()).is_empty()
    assert table_contract("customers").conform(pl.DataFrame({"customer_id": []})).is_empty()


def test_a_column_nobody_knows_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r'no column "quantty".*"quantity"'):
        table_contract("order_lines").conform(pl.DataFrame({"quantty": [1]}))


def test_all_breaches_are_named_together() -> None:
    broken = order_lines(1).with_columns(quantity=pl.lit(-1), line_no=pl.lit(0))
    with pytest.raises(InputError, match=r"(?s)line_no.*quantity|quantity.*line_no"):
        table_contract("order_lines").check(broken)


def test_an_unknown_table_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match='Did you mean "order_lines"'):
        table_contract("orderlines")


@given(st.integers(max_value=0))
def test_no_quantity_of_zero_or_less_is_accepted(quantity: int) -> None:
    if quantity < -(2**62):
        return
    with pytest.raises(InputError):
        table_contract("order_lines").check(order_lines(1).with_columns(quantity=pl.lit(quantity)))
