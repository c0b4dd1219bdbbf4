"""What the shop sells: products in a category tree, each with the truths of its demand.

Products fall into four lives: *steady*, *intermittent* (few, larger orders), *new* (listed within
the history) and *dead* (demand has ended, stock has not).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.simulate.calendar import FOREVER, Floats, Ints, ShopCalendar
from cartwheel.simulate.parameters import ShopParameters
from cartwheel.simulate.series import ids, named
from cartwheel.simulate.words import BRANDS, COLOURS, DEPARTMENTS, STYLES

LIVES = ("steady", "intermittent", "new", "dead")
_LIFE_SHARES = (0.75, 0.15, 0.06, 0.04)
TYPES = tuple(
    (number, category, kind)
    for number, department in enumerate(DEPARTMENTS)
    for category in department.categories
    for kind in category.types
)  # leaves of the tree: department's number, category, product type
PATHS = tuple(f"{DEPARTMENTS[d].name.en} > {c.name.en} > {t.en}" for d, c, t in TYPES)
CATEGORIES = tuple(c for department in DEPARTMENTS for c in department.categories)
TYPE_CATEGORY = np.array([CATEGORIES.index(c) for _, c, _ in TYPES], dtype=np.int64)
_MATERIALS, _FEATURES, _USES = 4, 3, 6  # a category, a category, a department
TYPE_DEPARTMENT = np.array([d for d, _, _ in TYPES], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Assortment:
    """One entry a product in every array; ``words`` are numbers into the word lists."""

    id: pl.Series
    type: Ints  # number in TYPES
    department: Ints
    life: Ints  # number in LIVES
    listed: Ints  # first day on sale, below zero before the history
    ended: Ints  # day from which nobody wants it, FOREVER otherwise
    base: Floats  # relative demand, order lines a day
    extra: Floats  # mean units of a line beyond the first
    noise: Floats  # variance of the daily demand level around its mean of 1
    trend: Floats  # growth a year, log scale
    elasticity: Floats
    lift: Floats
    quality: Floats  # mean stars a perfect delivery earns
    price: Ints  # regular price on the first day, minor units
    cost: Ints
    weight: Ints  # g
    words: dict[str, Ints]

    @property
    def size(self) -> int:
        """Return the number of products."""
        return len(self.type)


def assortment(parameters: ShopParameters, calendar: ShopCalendar) -> Assortment:
    """Draw the products."""
    rng = stream(parameters.seed, "simulate.assortment")
    n = parameters.products
    kind = rng.permutation(np.arange(n) % len(TYPES)) if n > 1 else np.zeros(1, dtype=np.int64)
    department = TYPE_DEPARTMENT[kind]
    life = rng.choice(len(LIVES), n, p=_LIFE_SHARES)
    life[0] = 0  # a shop of one product sells it
    lumpy = life == 1
    price = _of(department, "price") * rng.lognormal(0, 0.55, n)
    listed = np.where(
        life == 2, rng.integers(calendar.days // 5, calendar.days * 9 // 10 + 1, n),
        -rng.integers(30, 1500, n),
    )  # fmt: skip
    ended = np.where(life == 3, rng.integers(-60, calendar.days // 2 + 1, n), FOREVER)
    regular = charming(price, parameters.currency)
    return Assortment(
        id=ids("P", n, 5),
        type=kind,
        department=department,
        life=life,
        listed=listed,
        ended=ended,
        base=rng.lognormal(0, 1.1, n) * np.where(lumpy, 0.06, 1.0),
        extra=_of(department, "extra") * rng.uniform(0.5, 1.5, n) + np.where(lumpy, 2.0, 0.0),
        noise=np.where(lumpy, 1.2, rng.uniform(0.05, 0.4, n)),
        trend=rng.normal(0.04, 0.18, n),
        elasticity=np.minimum(_of(department, "elasticity") + rng.normal(0, 0.3, n), -0.3),
        lift=_of(department, "lift") * rng.uniform(0.92, 1.08, n),
        quality=np.clip(rng.normal(4.2, 0.5, n), 1.5, 5.0),
        price=regular,
        cost=np.maximum((regular * rng.uniform(0.42, 0.68, n)).astype(np.int64), 1),
        weight=np.maximum(_of(department, "weight_g") * rng.lognormal(0, 0.5, n), 20).astype(
            np.int64
        ),
        words={
            "brand": rng.integers(0, len(BRANDS), n),
            "colour": rng.integers(0, len(COLOURS), n),
            "style": rng.integers(0, len(STYLES), n),
            "material": rng.integers(0, _MATERIALS, n),
            "use": rng.integers(0, _USES, n),
            "feature": rng.integers(0, _FEATURES, n),
        },
    )


def charming(price: Floats, currency: str) -> Ints:
    """Return prices in minor units that end in .99 where the currency has decimals."""
    unit = 10 ** exponent(currency)
    whole = np.maximum(np.floor(price), 1).astype(np.int64)
    return whole * unit + unit - 1 if unit > 1 else whole


def products_table(goods: Assortment, calendar: ShopCalendar, currency: str) -> pl.DataFrame:
    """Return the table ``products``."""
    english, chinese = _wordings(goods)
    return pl.DataFrame(
        {
            "product_id": goods.id,
            "name": english.select(
                pl.format("{} {} {} {}, {}", "brand", "style_", "material_", "type", "colour")
            ).to_series(),
            "name_zh": chinese.select(
                pl.format("{} {}{}{} {}", "brand", "style", "material", "type", "colour")
            ).to_series(),
            "description": english.select(
                pl.format(
                    "A {} {} in {}, made with {} for {}. {}. By {}.",
                    "style", pl.col("type").str.to_lowercase(), "colour", "material", "use",
                    "feature", "brand",
                )
            ).to_series(),
            "description_zh": chinese.select(
                pl.format(
                    "{}{}{}，由{}制成，适合{}。{}。{}出品。",
                    "colour", "style", "type", "material", "use", "feature", "brand",
                )
            ).to_series(),
            "category": named(PATHS, goods.type),
            "brand": english["brand"],
            "cost_minor": goods.cost,
            "currency": pl.repeat(currency, goods.size, eager=True),
            "weight_g": goods.weight,
            "volume_cm3": goods.weight * 4,
            "listed_on": calendar.dates(goods.listed),
            "is_active": goods.ended > calendar.days - 90,
        }
    )  # fmt: skip


def product_truths(goods: Assortment, mean_units: Floats, calendar: ShopCalendar) -> pl.DataFrame:
    """Return what makes each product's demand; ``mean_units`` a product and day."""
    return pl.DataFrame(
        {
            "product_id": goods.id,
            "category": named(PATHS, goods.type),
            "department": named([d.name.en for d in DEPARTMENTS], goods.department),
            "life": named(LIVES, goods.life),
            "listed_on": calendar.dates(goods.listed),
            "ended_on": calendar.past_dates(goods.ended),
            "mean_units_a_day": mean_units[:, : calendar.days].mean(axis=1),
            "units_a_line": 1 + goods.extra,
            "daily_level_variance": goods.noise,
            "trend_a_year": goods.trend,
            "elasticity": goods.elasticity,
            "promotion_lift": goods.lift,
            "quality_stars": goods.quality,
        }
    )


def _of(department: Ints, field: str) -> Floats:
    return np.array([float(getattr(d, field)) for d in DEPARTMENTS])[department]


def _wordings(goods: Assortment) -> tuple[pl.DataFrame, pl.DataFrame]:
    words, category = goods.words, TYPE_CATEGORY[goods.type]
    parts = {
        "type": ([t for _, _, t in TYPES], goods.type),
        "style": (STYLES, words["style"]),
        "colour": (COLOURS, words["colour"]),
        "material": (
            [m for c in CATEGORIES for m in c.materials],
            category * _MATERIALS + words["material"],
        ),
        "feature": (
            [f for c in CATEGORIES for f in c.features],
            category * _FEATURES + words["feature"],
        ),
        "use": (
            [u for d in DEPARTMENTS for u in d.uses],
            goods.department * _USES + words["use"],
        ),
    }
    brand = named(BRANDS, words["brand"])
    english = pl.DataFrame({k: named([w.en for w in ws], i) for k, (ws, i) in parts.items()})
    chinese = pl.DataFrame({k: named([w.zh for w in ws], i) for k, (ws, i) in parts.items()})
    titled = [pl.col(c).str.to_titlecase().alias(f"{c}_") for c in ("style", "material")]
    return english.with_columns(brand.alias("brand"), *titled), chinese.with_columns(
        brand.alias("brand")
    )
