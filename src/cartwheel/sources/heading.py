"""Column names made usable: trimmed, never blank, never twice the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cartwheel.core.wording import Text


def column_names(heading: Sequence[str | None]) -> tuple[list[str], tuple[Text, ...]]:
    """Return a name for each field of a heading, and what had to be repaired.

    Examples
    --------
    >>> column_names([" a ", "", "a"])[0]
    ['a', 'column 2', 'a (2)']
    """
    names: list[str] = []
    blank, doubled = [], []
    for position, cell in enumerate(heading, start=1):
        given = " ".join(unicodedata.normalize("NFKC", cell or "").replace("\ufeff", "").split())
        if not given:
            given = f"column {position}"
            blank.append(position)
        if given in names:
            doubled.append(given)
            copies = sum(1 for n in names if n == given or n.startswith(f"{given} ("))
            given = f"{given} ({copies + 1})"
        names.append(given)
    return names, (*_about_blank(blank), *_about_doubled(doubled))


def _about_blank(positions: list[int]) -> tuple[Text, ...]:
    if not positions:
        return ()
    shown = ", ".join(map(str, positions))
    return (
        Text(
            f"Columns without a name, by position: {shown}.", f"没有列名的列（按位置）：{shown}。"
        ),
    )


def _about_doubled(names: list[str]) -> tuple[Text, ...]:
    if not names:
        return ()
    shown = ", ".join(f'"{name}"' for name in dict.fromkeys(names))
    return (
        Text(
            f"Column names that stand twice: {shown}; the first of each is read.",
            f"重复的列名：{shown}；只读取各自的第一列。",
        ),
    )
