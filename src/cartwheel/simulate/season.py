"""When people buy: the week, the year and special days, as factors with mean near 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import PATHS, TYPE_DEPARTMENT, TYPES
from cartwheel.simulate.calendar import Floats, ShopCalendar
from cartwheel.simulate.pricing import black_friday
from cartwheel.simulate.words import DEPARTMENTS

_DAY_FACTORS = {"12-25": 0.35, "12-26": 0.8, "01-01": 0.6}  # the shop never closes


@dataclass(frozen=True, slots=True)
class Season:
    """Factors of each category: a weekday (Monday first), a day; and of each day for all."""

    weekly: Floats  # category x 7
    yearly: Floats  # category x day
    special: Floats  # day

    def factor(self, calendar: ShopCalendar) -> Floats:
        """Return the whole factor of a category and day."""
        return self.weekly[:, calendar.weekdays()] * self.yearly * self.special


def season(seed: int, calendar: ShopCalendar) -> Season:
    """Draw the seasons; categories of a department are alike, not equal."""
    rng = stream(seed, "simulate.season")
    n = len(TYPES)
    weekend = np.array([d.weekend for d in DEPARTMENTS])[TYPE_DEPARTMENT] * rng.uniform(0.9, 1.1, n)
    weekly = np.ones((n, 7)) + rng.normal(0, 0.04, (n, 7))
    weekly[:, 5:] *= weekend[:, None]
    weekly /= weekly.mean(axis=1, keepdims=True)
    peak = np.array([d.peak for d in DEPARTMENTS])[TYPE_DEPARTMENT] + rng.normal(0, 12, n)
    swing = np.array([d.swing for d in DEPARTMENTS])[TYPE_DEPARTMENT] * rng.uniform(0.7, 1.3, n)
    gift = np.array([d.gift for d in DEPARTMENTS])[TYPE_DEPARTMENT]
    day = calendar.days_of_year()
    wave = 1 + swing[:, None] * np.cos(2 * np.pi * (day - peak[:, None]) / 365.25)
    advent = np.exp(-(((day - 346) / 12.0) ** 2))  # bell around 12 December
    return Season(weekly, wave * (1 + gift[:, None] * advent), _special(calendar))


def season_truths(truth: Season, calendar: ShopCalendar) -> dict[str, pl.DataFrame]:
    """Return the tables ``weekly_seasonality``, ``yearly_seasonality`` and ``special_days``."""
    n, days = truth.yearly.shape
    dates = calendar.dates()
    categories = pl.Series(PATHS)
    return {
        "weekly_seasonality": pl.DataFrame(
            {
                "category": categories.gather(np.repeat(np.arange(n), 7)),
                "weekday": np.tile(np.arange(1, 8), n),
                "factor": truth.weekly.ravel(),
            }
        ),
        "yearly_seasonality": pl.DataFrame(
            {
                "category": categories.gather(np.repeat(np.arange(n), days)),
                "on": dates.gather(np.tile(np.arange(days), n)),
                "factor": truth.yearly.ravel(),
            }
        ),
        "special_days": pl.DataFrame({"on": dates, "factor": truth.special}).filter(
            pl.col("factor") != 1
        ),
    }


def _special(calendar: ShopCalendar) -> Floats:
    keys = calendar.dates().dt.strftime("%m-%d").to_list()
    factors = np.array([_DAY_FACTORS.get(key, 1.0) for key in keys])
    for year in range(calendar.first.year, calendar.date(calendar.total).year + 1):
        friday = black_friday(year).toordinal() - calendar.first.toordinal()
        for day, factor in ((friday, 1.8), (friday + 1, 1.4), (friday + 3, 1.5)):
            if 0 <= day < calendar.total:
                factors[day] *= factor
    return factors
