"""Demand over the time a purchase has to last, from the nearest horizon that was foretold."""

from __future__ import annotations

import numpy as np
import polars as pl

from cartwheel.core.spread import Spread
from cartwheel.tables.demand import QUANTILE_COLUMNS, QUANTILES

_KEY = ["product_id", "warehouse_id"]


def demand_over(rows: pl.DataFrame, cumulative: pl.DataFrame) -> Spread | None:
    """Return demand over ``cover_wanted`` days for each row, or None when a row is not foretold.

    The nearest horizon is scaled: its mean with the days, its distance from the mean with their
    root, as for sums of independent days.
    """
    wanted = rows.select(*_KEY, pl.col("cover_wanted").cast(pl.Float64)).with_row_index("row")
    horizons = cumulative.with_columns(pl.col("horizon_days").cast(pl.Float64)).sort("horizon_days")
    near = (
        wanted.sort("cover_wanted")
        .join_asof(
            horizons,
            left_on="cover_wanted",
            right_on="horizon_days",
            by=_KEY,
            strategy="nearest",
            check_sortedness=False,
        )
        .sort("row")
    )
    if near["mean"].null_count():
        return None
    times = (near["cover_wanted"] / near["horizon_days"]).to_numpy()[:, None]
    mean = near["mean"].to_numpy()[:, None]
    values = near.select(QUANTILE_COLUMNS).to_numpy()
    scaled = mean * times + (values - mean) * np.sqrt(times)
    return Spread.from_quantiles(np.maximum(scaled, 0.0), QUANTILES)
