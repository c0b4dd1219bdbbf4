"""A file as it was read: its rows as they stand, the line of each, and what was odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import polars as pl

from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.core.wording import Text

FAULT_SCHEMA = pl.Schema(
    {"line": pl.Int64, "field": pl.String, "value": pl.String}
    | {"reason": pl.String, "reason_zh": pl.String}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingHints:
    """How to read a file where looking at it is not enough; None means: find out."""

    encoding: str | None = None  # a Python codec name such as "gb18030"
    delimiter: str | None = None  # one character
    sheet: str | None = None  # of a workbook
    heading_line: int = 1  # line of the column names

    def __post_init__(self) -> None:
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise InputError(f'delimiter must be one character, not "{self.delimiter}".')
        if self.heading_line < 1:
            raise InputError(f"heading_line counts from 1, not {self.heading_line}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The rows of one file, or of one sheet of a workbook, before any meaning is given to them.

    ``broken`` are lines that could not be cut into fields (contract: ``FAULT_SCHEMA``); they count
    as rows. ``lines`` is parallel to ``frame``; the heading is line 1 unless it stands lower.
    """

    name: str
    digest: str  # SHA-256 of the bytes
    frame: pl.DataFrame
    lines: pl.Series
    broken: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAULT_SCHEMA))
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[Text, ...] = ()

    @property
    def rows(self) -> int:
        """Return the rows of the file, broken ones included."""
        return self.frame.height + self.broken.height

    @property
    def columns(self) -> list[str]:
        """Return the column names as they stand in the file."""
        return self.frame.columns

    def require(self, column: str) -> str:
        """Return ``column`` when the file has it, else say which one is nearest."""
        if column not in self.frame.columns:
            hint = did_you_mean(column, self.frame.columns)
            raise InputError(
                f'{self.name} has no column "{column}".{hint} It has: {listing(self.columns)}.',
                file=self.name,
                column=column,
            )
        return column


def listing(names: list[str], limit: int = 12) -> str:
    """Write names for a message, the first ``limit`` of them."""
    shown = ", ".join(f'"{name}"' for name in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


def faults(lines: pl.Series, field_name: str, values: pl.Series, reason: Text) -> pl.DataFrame:
    """Return one fault a line, in ``FAULT_SCHEMA``."""
    return pl.DataFrame({"line": lines.cast(pl.Int64)}).with_columns(
        field=pl.lit(field_name),
        value=values.cast(pl.String, strict=False),
        reason=pl.lit(reason.en),
        reason_zh=pl.lit(reason.zh),
    )


def hints_from(section: Mapping[str, object]) -> ReadingHints:
    """Take the reading hints out of a section of a map file."""
    known = {f.name for f in fields(ReadingHints)}
    return ReadingHints(**{k: v for k, v in section.items() if k in known})  # type: ignore[arg-type]
