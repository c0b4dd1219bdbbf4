"""Where the shop's customers, warehouses and carriers are: the regions of the United Kingdom.

Population shares: Office for National Statistics, mid-2023 estimates, rounded to a per cent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from cartwheel.simulate.calendar import Floats, Ints
from cartwheel.simulate.series import ids

COUNTRY = "United Kingdom"


class Region(NamedTuple):
    """A region and its main city."""

    name: str
    city: str
    latitude: float
    longitude: float
    population: float  # million
    postal: str


REGIONS = (
    Region("London", "London", 51.507, -0.128, 8.9, "SE"),
    Region("North West", "Manchester", 53.480, -2.242, 7.6, "M"),
    Region("South West", "Bristol", 51.454, -2.588, 5.8, "BS"),
    Region("West Midlands", "Birmingham", 52.486, -1.890, 6.1, "B"),
    Region("Scotland", "Glasgow", 55.864, -4.252, 5.5, "G"),
    Region("Yorkshire and the Humber", "Leeds", 53.800, -1.549, 5.6, "LS"),
    Region("South East", "Southampton", 50.910, -1.404, 9.5, "SO"),
    Region("East of England", "Norwich", 52.630, 1.297, 6.5, "NR"),
    Region("East Midlands", "Nottingham", 52.954, -1.158, 5.0, "NG"),
    Region("North East", "Newcastle", 54.978, -1.618, 2.7, "NE"),
    Region("Wales", "Cardiff", 51.481, -3.179, 3.2, "CF"),
    Region("Northern Ireland", "Belfast", 54.597, -5.930, 1.9, "BT"),
)
POPULATION = np.array([region.population for region in REGIONS])


def distances(warehouses: int) -> Floats:
    """Return the kilometres from each warehouse (row) to each region, on the sphere."""
    lat, lon = np.radians([[r.latitude, r.longitude] for r in REGIONS]).T
    a = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    km: Floats = 2 * 6371.0 * np.arcsin(np.sqrt(a))
    return km[:warehouses]


def serving_warehouse(warehouses: int) -> Ints:
    """Return the nearest warehouse of each region."""
    nearest: Ints = distances(warehouses).argmin(axis=0)
    return nearest


def warehouse_shares(warehouses: int) -> Floats:
    """Return the share of demand each warehouse serves."""
    served = np.bincount(serving_warehouse(warehouses), POPULATION, warehouses)
    share: Floats = served / POPULATION.sum()
    return share


def warehouses_table(warehouses: int, capacity: Ints) -> pl.DataFrame:
    """Return the table ``warehouses``; each stands in its region's main city."""
    homes = REGIONS[:warehouses]
    return pl.DataFrame(
        {
            "warehouse_id": ids("W", warehouses, 2),
            "name": [f"{home.city} warehouse" for home in homes],
            "country": [COUNTRY] * warehouses,
            "region": [home.name for home in homes],
            "latitude": [home.latitude for home in homes],
            "longitude": [home.longitude for home in homes],
            "capacity_units": capacity,
        }
    )


def vehicles_table(warehouses: int, currency: str) -> pl.DataFrame:
    """Return the table ``vehicles``: a lorry and two vans at each warehouse."""
    kinds = ((220, 3_500_000, 95), (80, 900_000, 48), (80, 900_000, 48))
    rows = [(w, *kind) for w in range(warehouses) for kind in kinds]
    home, parcels, grams, cost = (np.array(column) for column in zip(*rows, strict=True))
    return pl.DataFrame(
        {
            "vehicle_id": ids("V", len(rows), 2),
            "warehouse_id": ids("W", home, 2),
            "capacity_units": parcels,
            "capacity_g": grams,
            "cost_per_km_minor": cost,
            "currency": [currency] * len(rows),
        }
    )
