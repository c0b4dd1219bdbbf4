"""Small shops as Ibis relations on the default engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

import ibis
import polars as pl
import pytest

from cartwheel.stages.behaviour.local_time import LocalTime
from cartwheel.stages.behaviour.purchase import customer_days, kept_lines, placed_orders
from cartwheel.tables import table_contract

LOCAL = LocalTime("UTC", date(2024, 1, 1), date(2024, 12, 31))
Relation = Callable[..., ibis.Table]


@pytest.fixture
def local() -> LocalTime:
    return LOCAL


@pytest.fixture
def relation() -> Relation:
    """Return a function from a table's name and columns to a relation that keeps the contract."""

    def make(table: str, columns: Mapping[str, Sequence[object]] | None = None) -> ibis.Table:
        contract = table_contract(table)
        frame = contract.conform(pl.DataFrame(columns)) if columns else contract.empty()
        return ibis.memtable(contract.check(frame).to_arrow())

    return make


@pytest.fixture
def days(relation: Relation) -> Callable[..., ibis.Table]:
    """Return a function from rows (order, customer, day of 2024, price) to customer days."""

    def make(*rows: tuple[str, str | None, str, int]) -> ibis.Table:
        lines = relation("order_lines", lines_of(*rows))
        orders = placed_orders(
            kept_lines(lines, relation("orders"), "EUR"), relation("orders"), LOCAL
        )
        return customer_days(orders, relation("returns"), LOCAL, "EUR")

    return make


def lines_of(*rows: tuple[str, str | None, str, int]) -> dict[str, list[object]]:
    orders, customers, days, prices = (list(column) for column in zip(*rows, strict=True))
    return {
        "order_id": orders,
        "line_no": list(range(1, len(rows) + 1)),
        "ordered_at": [at(f"{day} 12:00") for day in days],
        "customer_id": customers,
        "product_id": ["p"] * len(rows),
        "quantity": [1] * len(rows),
        "unit_price_minor": prices,
    }


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}" if text[2] == "-" else text).replace(tzinfo=UTC)
