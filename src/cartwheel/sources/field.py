"""What a column holds, which follows from its place in a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from cartwheel.tables import Column, TableContract

Kind = Literal[
    "id", "text", "choice", "currency", "whole", "number", "money", "instant", "day", "flag"
]
DATES: frozenset[Kind] = frozenset({"instant", "day"})
NUMBERS: frozenset[Kind] = frozenset({"whole", "number", "money"})
_BY_TYPE: dict[object, Kind] = {pl.Datetime: "instant", pl.Date: "day", pl.Boolean: "flag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column to be read: its name in the table, its name in the file, and what it holds."""

    name: str
    source: str
    kind: Kind
    unit: str | None = None  # unit of the table's column
    given: str | None = None  # unit in the file, where it differs
    allowed: tuple[str, ...] = ()  # values of a choice
    words: Mapping[str, str] = field(default_factory=dict)  # the file's words for them
    is_required: bool = False


def kind_of(column: Column, contract: TableContract) -> Kind:
    """Return what a contract's column holds."""
    if column.dtype.is_integer():
        return "money" if column.name.endswith("_minor") else "whole"
    if column.dtype == pl.String:
        return _kind_of_text(column, contract)
    if column.dtype.is_float():
        return "number"
    return _BY_TYPE[column.dtype.base_type()]


def _kind_of_text(column: Column, contract: TableContract) -> Kind:
    if column.name == "currency":
        return "currency"
    if column.allowed:
        return "choice"
    return "id" if column.name.endswith("_id") or column.name in contract.key else "text"
