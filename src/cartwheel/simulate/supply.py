"""Who supplies the shop, at which terms, and how long it really takes.

A purchase order arrives after a gamma-distributed number of days with the supplier's own mean and
spread; offers promise somewhat less than that mean. One supplier becomes late half-way through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.calendar import Floats, Ints, ShopCalendar
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.series import ids, named

_CITIES = (
    ("Leicester", "United Kingdom"), ("Sheffield", "United Kingdom"), ("Porto", "Portugal"),
    ("Łódź", "Poland"), ("Milan", "Italy"), ("Stuttgart", "Germany"), ("Izmir", "Türkiye"),
    ("Shenzhen", "China"), ("Ningbo", "China"), ("Tiruppur", "India"),
)  # fmt: skip
_DAYS = np.array([5, 6, 10, 9, 10, 8, 16, 34, 36, 28.0])  # mean lead time from each city
_ENDINGS = ("Trading", "Works", "Supply", "& Sons", "Manufacturing", "Wholesale")
_STEMS = ("Ashgrove", "Birchall", "Castell", "Dovedale", "Eastgate", "Fairlie", "Granby", "Hexham")
LATE_FACTOR = 1.8
_BREAKS = ((1, 1.0), (5, 0.95), (20, 0.90))  # multiples of the least quantity, factor on the cost


@dataclass(frozen=True, slots=True)
class Supply:
    """Suppliers (first block) and each product's main terms (second)."""

    city: Ints
    lead_mean: Floats  # days
    lead_sd: Floats
    promised: Floats  # days, as offered
    rejects: Floats  # share of units refused at the door
    minimum: Ints  # value of one order, minor units
    weekday: Ints  # on which the shop reviews the supplier
    late: int  # supplier that becomes late
    late_from: int  # day

    supplier: Ints  # of each product
    least: Ints  # least quantity of a line
    pack: Ints

    @property
    def size(self) -> int:
        """Return the number of suppliers."""
        return len(self.city)

    def unit_cost(self, cost: Ints, least: Ints, quantity: Ints) -> Ints:
        """Return the price of one unit at the price break the quantity reaches."""
        factor = np.select(
            [quantity >= least * times for times, _ in reversed(_BREAKS)],
            [share for _, share in reversed(_BREAKS)], 1.0,
        )  # fmt: skip
        price: Ints = np.rint(cost * factor).astype(np.int64)
        return np.maximum(price, 1)

    def lead_days(self, rng: np.random.Generator, supplier: Ints, day: int) -> Ints:
        """Draw the days orders placed on ``day`` take."""
        shape = (self.lead_mean / self.lead_sd)[supplier] ** 2
        days = rng.gamma(shape, self.lead_mean[supplier] / shape)
        is_late = (supplier == self.late) & (day >= self.late_from)
        return np.maximum(np.rint(days * np.where(is_late, LATE_FACTOR, 1.0)), 1).astype(np.int64)


def supply(
    parameters: ShopParameters, calendar: ShopCalendar, goods: Assortment, daily_units: Floats
) -> Supply:
    """Draw suppliers and terms; ``daily_units`` is each product's mean demand."""
    rng = stream(parameters.seed, "simulate.supply")
    n = parameters.suppliers
    city = rng.integers(0, len(_CITIES), n)
    mean = np.maximum(_DAYS[city] * rng.uniform(0.8, 1.25, n), 2.0)
    pools = min(n, 8)
    in_pool = (n - goods.department % pools + pools - 1) // pools
    supplier = goods.department % pools + pools * (rng.random(goods.size) * in_pool).astype(int)
    pack = rng.choice([1, 2, 4, 6, 12], goods.size, p=[0.35, 0.2, 0.15, 0.2, 0.1])
    weekly = np.bincount(supplier, daily_units * goods.cost * 7, n) / parameters.warehouses
    return Supply(
        city=city,
        lead_mean=mean,
        lead_sd=mean * rng.uniform(0.12, 0.45, n),
        promised=np.maximum(np.floor(mean * rng.uniform(0.85, 1.0, n)), 1.0),
        rejects=rng.uniform(0.0, 0.03, n),
        minimum=np.rint(weekly * rng.uniform(0.3, 1.2, n)).astype(np.int64),
        weekday=rng.integers(0, 5, n),
        late=int(np.bincount(supplier, minlength=n).argmax()),
        late_from=calendar.days // 2,
        supplier=supplier,
        least=pack * rng.integers(1, 4, goods.size),
        pack=pack,
    )


def supplier_tables(
    parameters: ShopParameters, calendar: ShopCalendar, goods: Assortment, terms: Supply
) -> dict[str, pl.DataFrame]:
    """Return the tables ``suppliers`` and ``supplier_offers``."""
    n = terms.size
    return {
        "suppliers": pl.DataFrame(
            {
                "supplier_id": ids("S", n, 3),
                "name": [
                    f"{_STEMS[k % 8]} {_ENDINGS[k // 8 % 6]}" + f" {k // 48 + 1}" * (k >= 48)
                    for k in range(n)
                ],
                "country": named([country for _, country in _CITIES], terms.city),
                "city": named([city for city, _ in _CITIES], terms.city),
                "minimum_order_minor": terms.minimum,
                "currency": [parameters.currency] * n,
            }
        ),
        "supplier_offers": _offers(parameters, calendar, goods, terms),
    }


def supplier_truths(terms: Supply, calendar: ShopCalendar) -> pl.DataFrame:
    """Return each supplier's true lead time and when it became late."""
    is_late = np.arange(terms.size) == terms.late
    since = pl.repeat(calendar.date(terms.late_from), terms.size, eager=True)
    return pl.DataFrame(
        {
            "supplier_id": ids("S", terms.size, 3),
            "lead_time_mean_days": terms.lead_mean,
            "lead_time_sd_days": terms.lead_sd,
            "rejected_share": terms.rejects,
            "late_factor": np.where(is_late, LATE_FACTOR, 1.0),
            "late_from": since.zip_with(pl.Series(is_late), pl.Series([None], dtype=pl.Date)),
        }
    )


def _offers(
    parameters: ShopParameters, calendar: ShopCalendar, goods: Assortment, terms: Supply
) -> pl.DataFrame:
    """Offer each product by its main supplier, and a third of them by a dearer second."""
    rng = stream(parameters.seed, "simulate.offers")
    second = np.flatnonzero(rng.random(goods.size) < (0.35 if terms.size > 1 else 0))
    other = (terms.supplier[second] + rng.integers(1, max(terms.size, 2), second.size)) % terms.size
    dearer = np.rint(goods.cost[second] * rng.uniform(1.02, 1.15, second.size)).astype(np.int64)
    product = np.concatenate([np.arange(goods.size), second])
    supplier = np.concatenate([terms.supplier, other])
    cost = np.concatenate([goods.cost, dearer])
    row = np.repeat(np.arange(product.size), len(_BREAKS))
    times = np.tile([times for times, _ in _BREAKS], product.size)
    least, product, supplier = terms.least[product[row]], product[row], supplier[row]
    since = np.minimum(goods.listed[product], 0) - 30
    return pl.DataFrame(
        {
            "supplier_id": ids("S", supplier, 3),
            "product_id": goods.id.gather(product),
            "from_quantity": least * times,
            "unit_cost_minor": terms.unit_cost(cost[row], least, least * times),
            "currency": pl.repeat(parameters.currency, row.size, eager=True),
            "minimum_quantity": least,
            "pack_quantity": terms.pack[product],
            "lead_time_days": terms.promised[supplier],
            "valid_from": calendar.dates(since),
        }
    )
