"""Small shops and steps for tests of the loop."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from cartwheel.core.ids import content_id
from cartwheel.tables import table_contract
from cartwheel.tables.step import Inputs, Outputs, Skipped

MONDAY = date(2026, 6, 1)


def instant(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def order_lines(days: int = 30, *, start: date = MONDAY, products: int = 2) -> pl.DataFrame:
    """One order a day for each product: its number of units is its own number."""
    rows = [
        {
            "order_id": f"o{day}-{product}",
            "line_no": 1,
            "ordered_at": instant(start + timedelta(days=day)),
            "customer_id": f"c{day % 3}",
            "product_id": f"p{product}",
            "quantity": product,
            "unit_price_minor": 1000,
            "currency": "EUR",
        }
        for day in range(days)
        for product in range(1, products + 1)
    ]
    return table_contract("order_lines").conform(pl.DataFrame(rows))


def reorder(
    product: str,
    quantity: int,
    *,
    warehouse: str = "w1",
    supplier: str = "s1",
    cost_minor: int = 5000,
    effect: float = 9000.0,
    confidence: float = 0.95,
    valid_until: date = MONDAY + timedelta(days=60),
    kind: str = "reorder",
) -> dict[str, object]:
    """Return a draft of a reorder (or of another kind with the same payload)."""
    payload = {
        "supplier_id": supplier, "warehouse_id": warehouse, "product_id": product,
        "quantity": quantity, "unit_cost_minor": 100, "currency": "EUR",
        "promised_at": "2026-07-20T00:00:00+00:00",
        "from_warehouse_id": warehouse, "to_warehouse_id": "w2",
    }  # fmt: skip
    subject = f"{product}@{warehouse}"
    return {
        "kind": kind, "subject": subject, "payload": json.dumps(payload),
        "reason": f"Order {quantity} of {product}.", "reason_zh": f"订购{quantity}件{product}。",
        "kpi": "gross_margin", "effect": effect, "effect_low": effect / 2,
        "effect_high": effect * 2, "cost_minor": cost_minor, "currency": "EUR",
        "confidence": confidence, "valid_until": valid_until, "method": "test",
        "method_version": "1", "fingerprint": content_id("fp", kind, subject, payload),
    }  # fmt: skip


def drafts(*rows: dict[str, object]) -> pl.DataFrame:
    contract = table_contract("proposal_drafts")
    return contract.conform(pl.DataFrame(list(rows))) if rows else contract.empty()


@dataclass
class FakeStep:
    """A step that answers what it is told, and remembers what it saw."""

    name: str
    reads: frozenset[str] = frozenset()
    reads_if_there: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    answer: Outputs | Skipped | Exception = field(default_factory=Outputs)
    seen: dict[str, pl.DataFrame] = field(default_factory=dict)

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        for table in sorted(self.reads | self.reads_if_there):
            self.seen[table] = inputs.frame(table)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class SilentWatcher:
    """Hears everything and says nothing."""

    def started(self, step: str) -> None: ...
    def progressed(self, step: str, done: float, doing: str) -> None: ...
    def ended(self, step: str, record: object) -> None: ...
