"""What each unit more would be worth to a product and warehouse: concave pieces for the plan.

A unit more at position x avoids margin times P(demand > x) of shortage and costs holding times
P(demand <= x): the newsvendor's two sides. Where bounds ask for more service than economics, the
shortage cost is the one that service implies, h s / (1 - s), so that the last piece up to the
target is never worth less than nothing. Linear in rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.spread import Floats, Spread

PIECES = 6
_LEAST = 1e-6  # minor units a unit; keeps a piece worth buying when rounding up the target


@dataclass(frozen=True, slots=True)
class Pieces:
    """For each row, pieces of falling worth: how many units, and what one of them is worth."""

    sizes: Floats  # (rows, pieces), whole units
    worth: Floats  # (rows, pieces), minor units a unit


def with_need(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``needed``: units up to the target where the position is at or below reordering."""
    position, target = pl.col("position"), pl.col("order_up_to")
    is_due = (position <= pl.col("reorder_point")) & (target > position)
    return rows.with_columns(
        pl.when(is_due).then(target - position).otherwise(0).cast(pl.Int64).alias("needed")
    )


def shortage_costs(rows: pl.DataFrame) -> Floats:
    """Return the cost of one unit short: its margin, or more where bounds ask for more service."""
    service = pl.col("service")
    implied = pl.col("holding_cycle") * service / (1 - service)
    return rows.select(pl.max_horizontal("margin", implied)).to_series().to_numpy()


def pieces_up(
    spread: Spread, start: Floats, units: Floats, *, shortage: Floats, holding: Floats
) -> Pieces:
    """Cut ``units`` above ``start`` into whole pieces and value each against ``spread``."""
    steps = np.arange(PIECES + 1) / PIECES
    marks = start[:, None] + np.round(units[:, None] * steps)
    sizes = np.diff(marks, axis=1)
    missing = np.stack([spread.shortage(mark) for mark in marks.T], axis=1)
    avoided = -np.diff(missing, axis=1)
    left_over = sizes - avoided
    total = shortage[:, None] * avoided - holding[:, None] * left_over
    worth = np.where(sizes > 0, total / np.where(sizes > 0, sizes, 1.0), 0.0)
    return Pieces(sizes, np.maximum(worth, _LEAST))
