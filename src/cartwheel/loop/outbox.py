"""The outbox: what must reach the lake or the world is written in the transaction that decided it.

Delivered at least once, in order of creation; every delivery is safe to repeat, so that its
effect happens exactly once, also when the process is killed between the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from cartwheel.core.time import Clock
from cartwheel.loop.book import naive
from cartwheel.loop.records import outbox
from cartwheel.storage.files import write_text
from cartwheel.storage.lake.lake import Lake
from cartwheel.tables import table_contract


@dataclass(frozen=True, slots=True)
class Message:
    """Rows for tables of the lake, or a file to hand out, under an id of its own."""

    event_id: str
    topic: str
    tables: Mapping[str, list[dict[str, Any]]]
    file: Mapping[str, Any] | None = None

    @property
    def body(self) -> str:
        """Return the message as JSON."""
        return json.dumps({"tables": self.tables, "file": self.file}, ensure_ascii=False)


def check(messages: Iterable[Message]) -> None:
    """Make sure that the lake will take the messages, before anything is decided.

    Raises
    ------
    InputError
        A row breaks the contract of its table; it could never be delivered.
    """
    for message in messages:
        for table, rows in message.tables.items():
            table_contract(table).check(_frame(table, rows))


def put(connection: sa.Connection, message: Message, at: datetime) -> None:
    """Write ``message`` in the caller's transaction."""
    connection.execute(
        outbox.insert().values(
            event_id=message.event_id, created_at=naive(at), topic=message.topic, body=message.body
        )
    )


def deliver(database: sa.Engine, *, lake: Lake, folder: Path, clock: Clock) -> int:
    """Deliver what waits; return how many messages did."""
    query = (
        sa.select(outbox.c.event_id, outbox.c.topic, outbox.c.body)
        .where(outbox.c.delivered_at.is_(None))
        .order_by(outbox.c.created_at, outbox.c.event_id)
    )
    with database.connect() as connection:
        waiting = connection.execute(query).all()
    if not waiting:
        return 0
    bodies = [json.loads(row.body) for row in waiting]
    _merge_rows(lake, [body["tables"] for body in bodies])
    for row, body in zip(waiting, bodies, strict=True):
        if body["file"] is not None:
            _hand_out(folder, f"{row.topic}-{row.event_id}.json", body["file"])
    done = outbox.update().where(outbox.c.event_id == sa.bindparam("id"))
    with database.begin() as connection:
        connection.execute(
            done.values(delivered_at=naive(clock.now())), [{"id": row.event_id} for row in waiting]
        )
    return len(waiting)


def _merge_rows(lake: Lake, bodies: list[Mapping[str, list[dict[str, Any]]]]) -> None:
    """Merge the rows of all messages, one commit a table."""
    for table in sorted({name for body in bodies for name in body}):
        rows = [row for body in bodies for row in body.get(table, [])]
        lake.merge(table, _frame(table, rows))


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return JSON rows as a frame of the contract; instants and days are ISO texts in JSON."""
    contract = table_contract(table)
    names = [name for name in contract.schema if any(name in row for row in rows)]
    frame = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names},
        schema_overrides={n: pl.String for n in names if contract.schema[n].is_temporal()},
    )
    return contract.conform(
        frame.with_columns(
            pl.col(n).str.to_datetime(time_unit="us", time_zone="UTC")
            if contract.schema[n] == pl.Datetime
            else pl.col(n).str.to_date()
            for n in names
            if contract.schema[n].is_temporal()
        )
    )


def _hand_out(folder: Path, name: str, content: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / name, json.dumps(content, ensure_ascii=False, indent=2))
