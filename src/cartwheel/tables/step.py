"""A stage's turn of the wheel: what it reads, what it writes, what it is given and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from cartwheel.core.wording import Text

if TYPE_CHECKING:
    import ibis


class Inputs(Protocol):
    """The shop as it was known at the end of day ``on``; no later row is in reach."""

    @property
    def on(self) -> date:
        """The last day that is known."""
        ...

    @property
    def currency(self) -> str:
        """The shop's currency."""
        ...

    @property
    def time_zone(self) -> str:
        """The shop's time zone; days are cut there."""
        ...

    def has(self, table: str) -> bool:
        """Tell whether ``table`` has rows."""
        ...

    def frame(self, table: str) -> pl.DataFrame:
        """Return a declared table whole; empty with its columns when absent."""
        ...

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a declared table to be read column by column."""
        ...

    def relation(self, table: str) -> ibis.Table:
        """Return a declared table as an Ibis relation of the engine, for set work."""
        ...

    def rng(self, name: str) -> np.random.Generator:
        """Return the random stream ``name`` of this turn."""
        ...

    def progress(self, done: float, doing: str) -> None:
        """Tell how far the step is, 0 to 1, and at what."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What a step found: whole tables by name, proposals, and why parts were left out."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    proposals: pl.DataFrame | None = None  # contract proposal_drafts
    notes: tuple[Text, ...] = ()  # what a reader of the report should know


@dataclass(frozen=True, slots=True)
class Skipped:
    """The answer of a step that has its tables, but too little in them to say anything."""

    reason: Text


class Step(Protocol):
    """One stage's part of a turn."""

    name: str  # the stage, and its section in the settings
    reads: frozenset[str]  # without these it is skipped
    reads_if_there: frozenset[str]  # these make it better
    writes: frozenset[str]

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Take the turn. Same inputs, same outputs."""
        ...
