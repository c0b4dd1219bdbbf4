"""The live records of the loop: proposals, their history, turns, and the outbox.

The database itself keeps the rules: known statuses, one row a fingerprint, one delivery an id.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import sqlalchemy as sa

from cartwheel.storage.database import metadata
from cartwheel.tables import TableContract, table_contract
from cartwheel.tables.proposals import PROPOSAL_STATUSES

_TYPES: dict[type[pl.DataType], type[sa.types.TypeEngine[Any]]] = {
    pl.String: sa.Text,
    pl.Int64: sa.BigInteger,
    pl.Float64: sa.Float,
    pl.Boolean: sa.Boolean,
    pl.Date: sa.Date,
    pl.Datetime: sa.DateTime,
}


def _columns(contract: TableContract) -> list[sa.Column[object]]:
    """Return the columns of a table contract, so that the two never differ."""
    return [
        sa.Column(
            name,
            _TYPES[column.dtype.base_type()],
            primary_key=name in contract.key,
            nullable=not column.is_required,
        )
        for name, column in contract.columns.items()
    ]


def _is_one_of(column: str, values: list[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


proposals = sa.Table(
    "proposals",
    metadata,
    *_columns(table_contract("proposals")),
    sa.UniqueConstraint("fingerprint"),
    _is_one_of("status", PROPOSAL_STATUSES),
    sa.Index("proposals_by_status", "status", "kind"),
)

proposal_events = sa.Table(
    "proposal_events",
    metadata,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("proposal_id", sa.Text, sa.ForeignKey("proposals.proposal_id"), nullable=False),
    sa.Column("happened_at", sa.DateTime, nullable=False),
    sa.Column("from_status", sa.Text),
    sa.Column("to_status", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Index("proposal_events_by_proposal", "proposal_id"),
)

turns = sa.Table("turns", metadata, *_columns(table_contract("turns")))
turn_steps = sa.Table("turn_steps", metadata, *_columns(table_contract("turn_steps")))

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("delivered_at", sa.DateTime),
    sa.Index("outbox_by_delivery", "delivered_at"),
)


def as_frame(name: str, rows: list[sa.Row[tuple[object, ...]]]) -> pl.DataFrame:
    """Return rows of a record as a frame of the table contract ``name``; instants are UTC."""
    contract = table_contract(name)
    found = [dict(row._mapping) for row in rows]
    schema = {
        column: pl.Datetime("us") if dtype == pl.Datetime else dtype
        for column, dtype in contract.schema.items()
    }
    frame = pl.DataFrame(found, schema=schema)
    instants = [column for column, dtype in contract.schema.items() if dtype == pl.Datetime]
    return frame.with_columns(pl.col(column).dt.replace_time_zone("UTC") for column in instants)
