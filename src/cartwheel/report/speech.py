"""How figures and sentences are written for a reader's language and the shop's currency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartwheel.core.money import exponent, format_money
from cartwheel.core.wording import Language
from cartwheel.report.blocks import Cell
from cartwheel.report.codes import CODES
from cartwheel.report.wording import WORDS

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Speech:
    """Writes in one language."""

    language: Language
    currency: str

    def say(self, key: str, **values: object) -> str:
        """Return the sentence ``key`` with its blanks filled."""
        return WORDS[key].to(self.language).format(**values)

    def join(self, *sentences: str) -> str:
        """Put sentences one after another; Chinese ones without a space."""
        return ("" if self.language == "zh" else " ").join(filter(None, sentences))

    def code(self, kind: str, code: str) -> str:
        """Return the word for a code such as a stage or a status; unknown codes as they are."""
        found = CODES.get(kind, {}).get(code)
        return code if found is None else found.to(self.language)

    def pick(self, row: dict[str, Any], column: str) -> str:
        """Return ``column`` in the language: its ``_zh`` twin for Chinese, where it is filled."""
        chinese = row.get(f"{column}_zh") if self.language == "zh" else None
        return str(chinese or row.get(column) or "")

    def money(self, minor: float | None, *, exact: bool = False) -> str:
        """Write money; whole units unless ``exact`` or small."""
        if minor is None or not math.isfinite(minor):
            return _NONE
        small = 0 < abs(minor) < 100 * 10 ** exponent(self.currency)
        return format_money(minor, self.currency, decimals=None if exact or small else 0)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """Write a number with thousands separators; more digits the smaller it is."""
        if value is None or not math.isfinite(value):
            return _NONE
        if digits is None:
            size = abs(value)
            whole = float(value).is_integer() or size >= 100
            digits = 0 if whole else 1 if size >= 10 else 2
        return f"{value:,.{digits}f}"

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Write a share in [0, 1] as percent."""
        if share is None or not math.isfinite(share):
            return _NONE
        text = f"{100 * share:.{digits}f}"
        return f"{text}%" if self.language == "zh" else f"{text}\u00a0%"

    def figure(self, value: float | None, unit: str) -> str:
        """Write a key figure in its unit."""
        if value is None or not math.isfinite(value):
            return _NONE
        if unit == "minor":
            return self.money(value)
        if unit == "%":
            return self.percent(value / 100, 1)
        if unit == "days":
            return self.say("in_days", days=self.number(value))
        if unit == "stars":
            return self.number(value, 2)
        return self.number(value)

    def day(self, day: date | str | None) -> str:
        """Write a day."""
        return _NONE if day is None else str(day)[:10]

    def money_cell(self, minor: float | None) -> Cell:
        """Return a cell that sorts by amount."""
        return Cell(self.money(minor), _sortable(minor))

    def number_cell(self, value: float | None, digits: int | None = None) -> Cell:
        """Return a cell that sorts by value."""
        return Cell(self.number(value, digits), _sortable(value))

    def percent_cell(self, share: float | None, digits: int = 0, *, bar: bool = False) -> Cell:
        """Return a cell that sorts by share, with a bar behind it where wanted."""
        drawn = min(max(share, 0.0), 1.0) if bar and share is not None else None
        return Cell(self.percent(share, digits), _sortable(share), share=drawn)


def _sortable(value: float | None) -> float:
    return float("-inf") if value is None or not math.isfinite(value) else float(value)
