"""Moves between warehouses: who can give, who needs, and what a unit's way costs.

A warehouse gives only what its own shelf holds above its own target. Distance is the great circle
(haversine, mean earth radius 6,371 km); without coordinates only the price a unit counts. Cost:
pairs of warehouses times products in need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.spread import Floats

_EARTH_KM = 6371.0
_LONGEST_WAIT_DAYS = 365.0  # a surplus unit is credited at most a year of holding


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPolicy:
    """Whether stock may move between warehouses, and at which cost in minor units."""

    is_allowed: bool = True
    unit_minor: float = 40.0  # handling of one unit
    unit_km_minor: float = 0.1  # way of one unit over one km
    days: int = 3  # from decision to shelf

    def __post_init__(self) -> None:
        if self.unit_minor < 0 or self.unit_km_minor < 0 or self.days < 0:
            raise InputError("transfer costs and days must not be negative")


def distance_km(
    latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats
) -> Floats:
    """Return great-circle distances; nan where a coordinate is missing.

    Examples
    --------
    >>> at = np.array
    >>> float(distance_km(at([51.5]), at([-0.12]), at([48.86]), at([2.35]))[0].round())
    342.0
    """
    north, to_north = np.radians(latitude), np.radians(to_latitude)
    east = np.radians(to_longitude - longitude)
    half = np.sin((to_north - north) / 2) ** 2
    half = half + np.cos(north) * np.cos(to_north) * np.sin(east / 2) ** 2
    km: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(half))
    return km


def ways(rows: pl.DataFrame, warehouses: pl.DataFrame, policy: TransferPolicy) -> pl.DataFrame:
    """Return all pairs of a giving and a needing row of one product.

    Parameters
    ----------
    rows
        ``product_id, warehouse_id, available, order_up_to, needed, position, daily, holding_day``.

    Returns
    -------
    pl.DataFrame
        ``from_row, to_row, surplus, km, cost`` (minor a unit) and ``relief``: holding cost the
        giver saves on a unit over the days it would have lain there.
    """
    numbered = rows.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    surplus = (pl.col("available") - pl.col("order_up_to")).cast(pl.Int64)
    wait = pl.when(pl.col("daily") > 0).then(pl.col("position") / pl.col("daily"))
    givers = numbered.filter(surplus > 0).select(
        "product_id",
        pl.col("warehouse_id").alias("from"),
        pl.col("row").alias("from_row"),
        surplus.alias("surplus"),
        (
            pl.col("holding_day")
            * wait.fill_null(_LONGEST_WAIT_DAYS).clip(upper_bound=_LONGEST_WAIT_DAYS)
        ).alias("relief"),
    )
    takers = numbered.filter(pl.col("needed") > 0).select(
        "product_id", pl.col("warehouse_id").alias("to"), pl.col("row").alias("to_row")
    )
    if not policy.is_allowed:
        givers = givers.clear()
    pairs = givers.join(takers, on="product_id").sort("from_row", "to_row")
    km = _distances(pairs, warehouses)
    cost = policy.unit_minor + policy.unit_km_minor * km
    return pairs.with_columns(pl.Series("km", km), pl.Series("cost", cost)).select(
        "from_row", "to_row", "surplus", "km", "cost", "relief"
    )


def _distances(pairs: pl.DataFrame, warehouses: pl.DataFrame) -> Floats:
    places = warehouses.select("warehouse_id", "latitude", "longitude")
    joined = pairs.select("from", "to")
    for end in ("from", "to"):
        joined = joined.join(
            places.rename({"latitude": f"{end}_north", "longitude": f"{end}_east"}),
            left_on=end, right_on="warehouse_id", how="left", maintain_order="left",
        )  # fmt: skip
    columns = ("from_north", "from_east", "to_north", "to_east")
    values = joined.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    return np.nan_to_num(distance_km(*values.T), nan=0.0)
