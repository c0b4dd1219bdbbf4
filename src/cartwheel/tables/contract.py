"""What a table contract is: columns, types, units, key, meaning, and when a row was known.

A contract is a ``pandera.polars.DataFrameModel`` declared with ``@contract``. The data dictionary,
the import, the lake and the point-in-time view all read the same declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from cartwheel.core.errors import InputError, NotFoundError, did_you_mean
from cartwheel.core.wording import Text

_KINDS: dict[type[pl.DataType], str] = {
    pl.String: "text",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "yes/no",
    pl.Date: "day",
    pl.Datetime: "instant (UTC)",
}

Instant = Annotated[pl.Datetime, "us", "UTC"]
Day = pl.Date


class Table(pa.DataFrameModel):
    """Base of all contracts: no column more, none less."""

    class Config:
        """Extra columns are errors."""

        strict = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the data dictionary shows it."""

    name: str
    dtype: pl.DataType
    is_required: bool
    meaning: str
    unit: str | None
    allowed: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Return the type in words of a person: text, integer, number, day, instant, yes/no."""
        return _KINDS[self.dtype.base_type()]


@dataclass(frozen=True, slots=True)
class TableContract:
    """A table: its model, key, area and the columns that say when a row was known.

    ``known`` names the column (``_at`` instant or ``_on`` day) from which a row may be seen by a
    turn; None means master data, always known. ``revealed`` maps a column to the columns that
    become known only when it has passed: a delivery date in the future is not known today.
    """

    name: str
    model: type[Table]
    key: tuple[str, ...]
    area: str
    title: Text
    known: str | None = None
    revealed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def meaning(self) -> str:
        """Return the first line of the model's docstring."""
        return (self.model.__doc__ or "").strip().splitlines()[0]

    @property
    def columns(self) -> dict[str, Column]:
        """Return the columns in order of declaration."""
        return {
            name: Column(
                name=name,
                dtype=_polars_dtype(declared),
                is_required=not declared.nullable,
                meaning=declared.description or "",
                unit=(declared.metadata or {}).get("unit"),
                allowed=_allowed(declared),
            )
            for name, declared in self.model.to_schema().columns.items()
        }

    @property
    def schema(self) -> pl.Schema:
        """Return the Polars schema."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    def empty(self) -> pl.DataFrame:
        """Return a frame with all columns and no row."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return ``frame`` with the contract's columns, order and types; absent ones are null.

        Raises
        ------
        InputError
            A column is unknown to the contract, or cannot be cast.
        """
        for name in frame.columns:
            if name not in self.schema:
                hint = did_you_mean(name, self.schema)
                raise InputError(f'Table "{self.name}" has no column "{name}".{hint}', column=name)
        if not frame.width:  # Polars would make one row of literals out of no column
            return self.empty()
        try:
            return frame.select(
                (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
                for name, dtype in self.schema.items()
            )
        except pl.exceptions.PolarsError as error:
            raise InputError(f'Table "{self.name}": {error}') from error

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return ``frame`` when it keeps the contract, key included.

        Raises
        ------
        InputError
            All breaches together, each with its column, rule and first value.
        """
        try:
            self.model.validate(frame, lazy=True)
        except SchemaErrors as error:
            raise InputError(
                f'Table "{self.name}" breaks its contract: {_breaches(error)}', table=self.name
            ) from error
        keys = frame.select(self.key)
        if keys.hash_rows().n_unique() == frame.height:  # equal keys have equal hashes
            return frame
        doubled = keys.is_duplicated().sum()  # exact, and needs six times the time and much memory
        if doubled:
            raise InputError(
                f'Table "{self.name}" has {doubled} rows that share a key ({", ".join(self.key)}).',
                table=self.name,
            )
        return frame


TABLES: dict[str, TableContract] = {}


def contract(
    name: str,
    *,
    key: tuple[str, ...],
    area: str,
    title: tuple[str, str],
    known: str | None = None,
    revealed: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[type[Table]], type[Table]]:
    """Register the decorated model as the contract of table ``name``; ``title`` is (en, zh)."""

    def register(model: type[Table]) -> type[Table]:
        TABLES[name] = TableContract(
            name, model, key, area, Text(*title), known, dict(revealed or {})
        )
        return model

    return register


def column(meaning: str, *, unit: str | None = None, optional: bool = False, **checks: Any) -> Any:
    """Declare a column: one line of meaning, its unit, and pandera's checks (``ge``, ``isin`` …)."""
    return pa.Field(
        description=meaning, metadata={"unit": unit} if unit else None, nullable=optional, **checks
    )


def table_contract(name: str) -> TableContract:
    """Return the contract of table ``name``, or say which name is nearest."""
    if name not in TABLES:
        raise NotFoundError(f'There is no table "{name}".{did_you_mean(name, TABLES)}', table=name)
    return TABLES[name]


def _polars_dtype(declared: Any) -> pl.DataType:
    dtype: pl.DataType | type[pl.DataType] = declared.dtype.type
    return dtype() if isinstance(dtype, type) else dtype


def _allowed(declared: Any) -> tuple[str, ...]:
    rules = []
    for check in declared.checks:
        if check.name == "isin":
            return tuple(str(value) for value in check.statistics["allowed_values"])
        rules.append(str(check.error))
    return tuple(rules)


def _breaches(error: SchemaErrors) -> str:
    cases = pl.DataFrame(error.failure_cases)
    named = cases.group_by("column", "check", maintain_order=True).agg(
        pl.col("failure_case").first().cast(pl.String), pl.len()
    )
    return "; ".join(
        f"{row['column']} {row['check']} ({row['len']} rows, first: {row['failure_case']})"
        for row in named.iter_rows(named=True)
    )
