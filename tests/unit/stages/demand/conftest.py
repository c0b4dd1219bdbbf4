"""Small panels and shops for the tests of the demand stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest

from cartwheel.stages.demand.panel import Panel


@pytest.fixture
def panel_of() -> Callable[..., Panel]:
    """Return a function from rows of demand to a panel; all stocked, all begun at period 0."""

    def build(rows: list[list[float]], *, days: int = 7, stocked=None, first=None) -> Panel:
        sold = np.asarray(rows, dtype=float)
        names = [f"p{i}" for i in range(len(sold))]
        return Panel(
            keys=pl.DataFrame({"product_id": names, "warehouse_id": ["all"] * len(sold)}),
            starts_on=date(2024, 1, 1),
            days=days,
            sold=sold,
            demand=sold,
            stocked=np.ones(sold.shape) if stocked is None else np.asarray(stocked, dtype=float),
            first=np.zeros(len(sold), dtype=np.int64) if first is None else np.asarray(first),
            drivers={},
        )

    return build
