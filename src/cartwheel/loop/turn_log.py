"""The log of turns: what each saw, how long it took, what it made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from cartwheel.loop.book import naive
from cartwheel.loop.records import as_frame, turn_steps, turns
from cartwheel.loop.turn import TurnRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFacts:
    """What is recorded of a turn beside its steps."""

    started_at: datetime
    seconds: float
    engine: str
    settings: str  # JSON
    inputs: Mapping[str, int | None]  # version of each table before the turn


class TurnLog:
    """Turns in the database."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def write(self, record: TurnRecord, facts: TurnFacts) -> None:
        """Record a turn and its steps in one transaction."""
        turn = {
            "turn_id": record.turn_id,
            "on_day": record.on,
            "started_at": naive(facts.started_at),
            "seconds": facts.seconds,
            "status": "failed" if record.has_failed else "done",
            "engine": facts.engine,
            "settings": facts.settings,
            "inputs": json.dumps(dict(facts.inputs), sort_keys=True),
        }
        with self._database.begin() as connection:
            connection.execute(turns.insert(), turn)
            if record.steps:
                rows = record.rows()
                connection.execute(turn_steps.insert(), rows)

    def all(self) -> pl.DataFrame:
        """Return all turns, the newest first."""
        query = sa.select(turns).order_by(turns.c.started_at.desc(), turns.c.turn_id)
        with self._database.connect() as connection:
            return as_frame("turns", list(connection.execute(query).all()))

    def steps(self, turn_id: str) -> pl.DataFrame:
        """Return the steps of a turn in the order they ran."""
        query = (
            sa.select(turn_steps)
            .where(turn_steps.c.turn_id == turn_id)
            .order_by(turn_steps.c.position)
        )
        with self._database.connect() as connection:
            return as_frame("turn_steps", list(connection.execute(query).all()))
