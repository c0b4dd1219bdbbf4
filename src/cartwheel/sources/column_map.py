"""Which column of a file is which column of a table, and how the file writes its values.

Saved as TOML, one section a table::

    [order_lines]
    date_order = "DMY"      # or "MDY", "YMD"
    decimal = ","
    currency = "EUR"
    time_zone = "Europe/Berlin"
    encoding = "gb18030"    # and delimiter, sheet, heading_line
    keep_duplicates = true  # rows that are alike in all columns stay apart

    [order_lines.columns]
    order_id = "订单号"
    quantity = "数量"

    [order_lines.units]
    weight_g = "kg"

    [order_lines.values.status]
    "完成" = "delivered"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.core.money import exponent
from cartwheel.core.time import zone
from cartwheel.core.wording import Text
from cartwheel.sources.moment import DateOrder
from cartwheel.sources.source_file import ReadingHints, hints_from
from cartwheel.tables import table_contract

_SETTINGS = ("decimal", "date_order", "currency", "time_zone", "keep_duplicates")
_READING = ("encoding", "delimiter", "sheet", "heading_line")
_SECTIONS = ("columns", "units", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMap:
    """How one file becomes rows of one table."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)  # of the table -> of the file
    why: Mapping[str, Text] = field(default_factory=dict)  # for the columns that were guessed
    units: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decimal: str | None = None
    date_order: DateOrder | None = None
    currency: str | None = None
    time_zone: str | None = None
    keep_duplicates: bool = False
    reading: ReadingHints = field(default_factory=ReadingHints)

    def __post_init__(self) -> None:
        known = table_contract(self.table).columns
        for section in (self.columns, self.units, self.values):
            for name in section:
                if name not in known:
                    hint = did_you_mean(name, known)
                    message = f'The map names a column "{name}" that {self.table} lacks.{hint}'
                    raise InputError(message, table=self.table, column=name)
        if self.decimal not in (None, ".", ","):
            raise InputError(f'decimal must be "." or ",", not "{self.decimal}".')
        if self.date_order not in (None, *get_args(DateOrder)):
            raise InputError(f'date_order must be "DMY", "MDY" or "YMD", not "{self.date_order}".')
        if self.currency is not None:
            exponent(self.currency)
        if self.time_zone is not None:
            zone(self.time_zone)

    def to_toml(self) -> str:
        """Write the map as a section of a map file."""
        said = {n: getattr(self, n) for n in _SETTINGS} | {
            n: getattr(self.reading, n) for n in _READING
        }
        defaults: dict[str, object] = {"keep_duplicates": False, "heading_line": 1}
        lines = [f"[{self.table}]"]
        lines += [f"{n} = {_toml(v)}" for n, v in said.items() if v not in (None, defaults.get(n))]
        for section in ("columns", "units"):
            lines += _section(f"{self.table}.{section}", getattr(self, section))
        for name, words in self.values.items():
            lines += _section(f"{self.table}.values.{name}", words)
        return "\n".join(lines) + "\n"


def load_map(path: Path) -> dict[str, TableMap]:
    """Read a map file: a map a table.

    Raises
    ------
    InputError
        The file is absent, is no TOML, or names a table, setting or column that does not exist.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside)
        raise InputError(f'There is no map file "{path}".{hint}') from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f'The map file "{path}" cannot be read: {error}.') from error
    return {table: _table_map(table, section, path) for table, section in said.items()}


def save_maps(maps: Mapping[str, TableMap], path: Path) -> None:
    """Write maps to a file that ``load_map`` reads."""
    path.write_text("\n".join(m.to_toml() for m in maps.values()), encoding="utf-8")


def _table_map(table: str, section: Any, path: Path) -> TableMap:
    table_contract(table)
    if not isinstance(section, dict):
        raise InputError(f'{path.name}: "{table}" must be a section such as [order_lines].')
    known = (*_SETTINGS, *_READING, *_SECTIONS)
    for name in section:
        if name not in known:
            hint = did_you_mean(name, known)
            raise InputError(f'{path.name}, [{table}]: there is no setting "{name}".{hint}')
    return TableMap(
        table=table,
        reading=hints_from(section),
        **{n: section[n] for n in (*_SETTINGS, *_SECTIONS) if n in section},
    )


def _section(title: str, pairs: Mapping[str, str]) -> list[str]:
    lines = [f"{_key(k)} = {_toml(v)}" for k, v in pairs.items()]
    return ["", f"[{title}]", *lines] if lines else []


def _key(name: str) -> str:
    is_bare = name.replace("_", "").replace("-", "").isalnum() and name.isascii()
    return name if is_bare else _toml(name)


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # a TOML basic string is a JSON string
