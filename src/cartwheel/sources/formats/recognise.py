"""Find the files of a known format among those given, by the columns they must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text
from cartwheel.sources.source_file import SourceFile, listing


def parts_of(
    name: str,
    sources: Sequence[SourceFile],
    wanted: Mapping[str, Sequence[str]],
    *,
    required: Sequence[str],
) -> tuple[dict[str, SourceFile], tuple[Text, ...]]:
    """Give each file its part in format ``name``; say which files have none.

    Raises
    ------
    InputError
        A required part is missing, or two files claim the same part.
    """
    parts: dict[str, SourceFile] = {}
    aside: list[Text] = []
    for source in sources:
        fitting = [p for p, columns in wanted.items() if set(columns) <= set(source.columns)]
        if not fitting:
            aside.append(_left_aside(name, source))
            continue
        part = max(fitting, key=lambda p: len(wanted[p]))
        if part in parts:
            raise InputError(
                f"{parts[part].name} and {source.name} are both the {part} of format {name}. "
                "Give one of them.",
                files=[parts[part].name, source.name],
            )
        parts[part] = source
    for part in required:
        if part not in parts:
            given = listing([s.name for s in sources])
            raise InputError(
                f"Format {name} needs its {part}: a file with the columns "
                f"{listing(list(wanted[part]))}. Given were {given}.",
                format=name,
            )
    return parts, tuple(aside)


def periods(source: SourceFile, pattern: str) -> list[str]:
    """Return the columns of a wide file that are periods."""
    names = pl.Series(source.columns, dtype=pl.String)
    return names.filter(names.str.contains(pattern)).to_list()


def _left_aside(name: str, source: SourceFile) -> Text:
    return Text(
        f"{source.name} ({source.rows} rows) has no part in format {name} and was not read.",
        f"{source.name}（{source.rows} 行）不属于 {name} 格式，未读取。",
    )
