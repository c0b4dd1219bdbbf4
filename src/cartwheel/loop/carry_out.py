"""Carries out approved proposals: reorders become purchase orders, transfers become movements.

Deciding and writing the outbox are one transaction; ids follow from the proposals. So a command
that is killed and repeated orders once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from cartwheel.core.errors import ConflictError, InputError
from cartwheel.core.ids import content_id
from cartwheel.core.time import Clock, day_end, zone
from cartwheel.loop.book import Change, ProposalBook, move
from cartwheel.loop.outbox import Message, check, put

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What was carried out."""

    proposals: int
    purchase_orders: int
    transfers: int
    files: int


def carry_out(
    ids: Sequence[str],
    *,
    book: ProposalBook,
    database: sa.Engine,
    clock: Clock,
    time_zone: str,
    by: str,
) -> CarriedOut:
    """Carry out the approved proposals ``ids``; all approved ones when none is named.

    What was applied already is passed over, so repeating the command changes nothing.

    Raises
    ------
    ConflictError
        A named proposal is neither approved nor applied. Nothing was changed.
    InputError
        What a proposal wants cannot be carried out as it stands. Nothing was changed.
    """
    found = book.get(ids) if ids else book.find(statuses=["approved"])
    refused = found.filter(~pl.col("status").is_in(["approved", "applied"]))
    if refused.height:
        row = refused.row(0, named=True)
        raise ConflictError(
            f"Proposal {row['proposal_id']} is {row['status']}; approve it before it is applied. "
            "Nothing was changed.",
            proposal_id=row["proposal_id"],
        )
    waiting = found.filter(pl.col("status") == "approved").sort("proposal_id")
    rows = [
        {**row, "payload": json.loads(row["payload"]), "at": _business_time(row, clock, time_zone)}
        for row in waiting.iter_rows(named=True)
    ]
    messages = [message for kind in _CARRIERS for message in _of_kind(kind, rows)]
    check(messages)
    now = clock.now()
    applied = Change(before="approved", after="applied", at=now, by=by)
    with database.begin() as connection:
        moved = move(connection, waiting["proposal_id"], applied)
        if moved != waiting.height:
            raise ConflictError("Somebody else changed a proposal meanwhile. Nothing was changed.")
        for message in messages:
            put(connection, message, now)
    topics = [message.topic for message in messages]
    return CarriedOut(
        proposals=len(rows),
        purchase_orders=topics.count("purchase-order"),
        transfers=topics.count("transfer"),
        files=sum(message.file is not None for message in messages),
    )


def _business_time(row: Row, clock: Clock, time_zone: str) -> datetime:
    """Return when the decision takes effect: now, or the next morning of a replayed past day."""
    now = clock.now()
    if now.astimezone(zone(time_zone)).date() <= row["valid_until"]:
        return now
    return day_end(row["proposed_on"], time_zone)


def _of_kind(kind: str, rows: Sequence[Row]) -> list[Message]:
    mine = [row for row in rows if row["kind"] == kind]
    return _CARRIERS[kind](mine) if mine else []


def _purchase_orders(rows: Sequence[Row]) -> list[Message]:
    """Return one purchase order a supplier and warehouse."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        _require(row, "supplier_id", "warehouse_id", "product_id", "quantity")
        payload = row["payload"]
        groups.setdefault((payload["supplier_id"], payload["warehouse_id"]), []).append(row)
    return [_purchase_order(*place, lines) for place, lines in sorted(groups.items())]


def _purchase_order(supplier: str, warehouse: str, rows: Sequence[Row]) -> Message:
    ids = [row["proposal_id"] for row in rows]
    key = content_id("po", *ids)
    ordered_at = max(row["at"] for row in rows).isoformat()
    head = {
        "purchase_order_id": key, "supplier_id": supplier, "warehouse_id": warehouse,
        "ordered_at": ordered_at, "currency": rows[0]["currency"], "note": " ".join(ids),
    }  # fmt: skip
    lines = [
        {
            "purchase_order_id": key,
            "line_no": number,
            "ordered_at": ordered_at,
            "product_id": row["payload"]["product_id"],
            "quantity": row["payload"]["quantity"],
            "unit_cost_minor": row["payload"].get("unit_cost_minor"),
            "currency": row["currency"],
            "promised_at": row["payload"].get("promised_at"),
        }
        for number, row in enumerate(rows, start=1)
    ]
    tables = {"purchase_orders": [head], "purchase_order_lines": lines}
    return Message(key, "purchase-order", tables, file={**head, "lines": lines})


def _transfers(rows: Sequence[Row]) -> list[Message]:
    return [_transfer(row) for row in rows]


def _transfer(row: Row) -> Message:
    _require(row, "product_id", "from_warehouse_id", "to_warehouse_id", "quantity")
    payload, key, at = row["payload"], row["proposal_id"], row["at"]
    out = {
        "movement_id": content_id("mv", key, "out"), "moved_at": at.isoformat(),
        "product_id": payload["product_id"], "warehouse_id": payload["from_warehouse_id"],
        "quantity": -payload["quantity"], "kind": "transfer_out", "reference_id": key,
    }  # fmt: skip
    into = {
        **out,
        "movement_id": content_id("mv", key, "in"),
        "warehouse_id": payload["to_warehouse_id"],
        "quantity": payload["quantity"],
        "kind": "transfer_in",
    }
    return Message(content_id("tr", key), "transfer", {"stock_movements": [out, into]})


def _files(rows: Sequence[Row]) -> list[Message]:
    """Hand out what other systems carry out, one file a proposal."""
    return [
        Message(content_id("out", row["proposal_id"]), row["kind"], {}, file=_handout(row))
        for row in rows
    ]


def _handout(row: Row) -> dict[str, Any]:
    kept = ("proposal_id", "kind", "subject", "payload", "reason", "reason_zh")
    return {name: row[name] for name in kept} | {"effective_at": row["at"].isoformat()}


def _require(row: Row, *names: str) -> None:
    missing = [name for name in names if row["payload"].get(name) is None]
    if missing:
        raise InputError(
            f"Proposal {row['proposal_id']} cannot be carried out: {', '.join(missing)} missing.",
            proposal_id=row["proposal_id"],
        )


_CARRIERS: dict[str, Callable[[Sequence[Row]], list[Message]]] = {
    "reorder": _purchase_orders,
    "transfer": _transfers,
    "markdown": _files,
    "campaign": _files,
    "alert": _files,
}
