"""What a report is made of: sections of tiles, charts, heat maps, tables and notes.

Sections build these from frames; the template draws them; none of them knows a shop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

Tone = Literal["good", "bad", "plain"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows and by what it sorts; ``share`` in [0, 1] draws a bar behind it."""

    text: str
    sort: float | str | None = None
    tone: Tone = "plain"
    share: float | None = None
    hint: str = ""

    @property
    def key(self) -> float | str:
        """Return what it sorts by."""
        return self.text if self.sort is None else self.sort


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table."""

    text: str
    is_number: bool = False
    hint: str = ""
    is_wide: bool = False  # sentences
    is_day: bool = False
    is_name: bool = False  # names of products and the like


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table that sorts; ``kinds`` (one a row) make it filter."""

    shape: ClassVar[str] = "grid"
    caption: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell | Spark]]
    note: str = ""
    kinds: Sequence[str] = ()
    kind_names: Sequence[tuple[str, str]] = ()  # (kind, shown), for the filter
    is_folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A small line over time; the last point is marked."""

    values: Sequence[float | None]
    label: str
    sort: float = 0.0

    @property
    def key(self) -> float:
        """Return what it sorts by."""
        return self.sort

    def points(self, width: float = 96.0, height: float = 24.0) -> list[list[tuple[float, float]]]:
        """Return the runs of points to join, gaps left open, in a box of the size given."""
        known = [value for value in self.values if value is not None]
        if len(known) < 2:
            return []
        low, span = min(known), (max(known) - min(known)) or 1.0
        step = (width - 6) / max(len(self.values) - 1, 1)
        runs: list[list[tuple[float, float]]] = [[]]
        for place, value in enumerate(self.values):
            if value is None:
                runs.append([])
                continue
            y = height - 3 - (value - low) / span * (height - 6)
            runs[-1].append((round(3 + place * step, 1), round(y, 1)))
        return [run for run in runs if run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure to see first."""

    label: str
    value: str
    change: str = ""
    tone: Tone = "plain"
    note: str = ""
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures side by side."""

    shape: ClassVar[str] = "tiles"
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing; ``spec`` is read by report.js, ``grid`` shows the same as a table."""

    shape: ClassVar[str] = "chart"
    id: str
    title: str
    spec: dict[str, Any]
    alt: str  # what it shows, in a sentence, for who cannot see it
    grid: Grid
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A table of shaded numbers; ``levels`` in [0, 1] shade, the text says the same."""

    shape: ClassVar[str] = "heat"
    caption: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    note: str = ""
    is_dense: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    shape: ClassVar[str] = "note"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A proposal or an alert as a manager reads it."""

    badge: str
    title: str
    text: str
    figures: Sequence[tuple[str, str]] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards in order; ``is_ranked`` numbers them."""

    shape: ClassVar[str] = "cards"
    cards: Sequence[Card]
    is_ranked: bool = False


Block = Tiles | Chart | Heat | Grid | Note | Cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report under one heading; without blocks, ``missing`` says why."""

    id: str
    title: str
    lead: str = ""
    blocks: Sequence[Block] = field(default=())
    missing: str = ""
