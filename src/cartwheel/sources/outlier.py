"""Amounts and quantities so far from the rest that a person should look at them.

Modified z-score on the logarithm, 0.6745 (x - median) / MAD, flagged above 3.5, after Iglewicz &
Hoaglin (1993), How to Detect and Handle Outliers. Where most values are equal the MAD is near zero
and everything else would be far, so it counts as log 2 at least. Linear in rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cartwheel.tables import table_contract

_CUTOFF = 3.5
_LEAST_MAD = 0.6931  # log 2
_SHOWN = 3
_FEWEST = 30  # rows below which nothing is usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """Far values of one column: how many, the usual value, and the farthest with their keys."""

    table: str
    column: str
    count: int
    usual: float  # median
    examples: tuple[tuple[str, int], ...]  # (key of the row, value)
    currency: str | None = None  # of values in minor units: the one most rows have


def outliers(table: str, frame: pl.DataFrame) -> list[Outlier]:
    """Return the columns of ``frame`` that hold far values, quantities and money only."""
    contract = table_contract(table)
    asked = [
        name
        for name, column in contract.columns.items()
        if column.unit in ("units", "minor") and name in frame.columns and name not in contract.key
    ]
    found = (_of_column(table, frame, name) for name in asked)
    return [outlier for outlier in found if outlier is not None]


def _of_column(table: str, frame: pl.DataFrame, name: str) -> Outlier | None:
    filled = frame.filter(pl.col(name) > 0)
    if filled.height < _FEWEST:
        return None
    logs = filled.select(pl.col(name).cast(pl.Float64).log().alias("l"))["l"]
    middle = float(logs.median())  # type: ignore[arg-type]
    spread = max(float((logs - middle).abs().median()), _LEAST_MAD)  # type: ignore[arg-type]
    score = (0.6745 * (logs - middle) / spread).abs()
    far = filled.with_columns(score.alias("score")).filter(pl.col("score") > _CUTOFF)
    if far.is_empty():
        return None
    contract = table_contract(table)
    is_money = contract.columns[name].unit == "minor" and "currency" in filled.columns
    key = list(contract.key)
    top = far.sort(["score", *key], descending=[True, *[False] * len(key)]).head(_SHOWN)
    return Outlier(
        table=table,
        column=name,
        count=far.height,
        usual=float(filled[name].median()),  # type: ignore[arg-type]
        examples=tuple(
            (" ".join(str(row[k]) for k in key), int(row[name]))
            for row in top.iter_rows(named=True)
        ),
        currency=str(filled["currency"].mode().sort()[0]) if is_money else None,
    )
