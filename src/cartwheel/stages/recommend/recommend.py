"""From what the shop knows to lists for every place, with the proof that they are worth showing.

Three moments: the validation weeks tune and choose, the test weeks after them are only measured,
and what serves is fitted to everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.stages.recommend.arena import (
    Arena,
    Ground,
    arena,
    best_fading,
    choose_places,
    workshop_at,
)
from cartwheel.stages.recommend.available import Availability, availability
from cartwheel.stages.recommend.choice import Choice
from cartwheel.stages.recommend.content import content_features
from cartwheel.stages.recommend.history import Matrix
from cartwheel.stages.recommend.item_knn import cosine_neighbours
from cartwheel.stages.recommend.purchases import Axis, Purchases
from cartwheel.stages.recommend.reasons import WEEKS_DAYS, Catalogue, named_products
from cartwheel.stages.recommend.scores import place_scores, score_frame
from cartwheel.stages.recommend.segments import customer_segments
from cartwheel.stages.recommend.serve import Audience, place_rows
from cartwheel.tables.recommend import PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendParameters:
    """How long lists are, for how many, and how methods are chosen."""

    length: int = 10  # products a list
    customers: int = 200_000  # lists for customers at most; those active last go first
    products: int = 50_000  # lists for products at most; the most sold go first
    test_days: int = 28  # length of the validation and of the test slice, days
    least_cases: int = 50  # with fewer cases a place is not measured and popularity serves
    most_cases: int = 2_000  # cases a trial takes at most
    ease_products: int = 4_000  # EASE knows the most sold only: its cost grows with the cube

    def __post_init__(self) -> None:
        for name in ("length", "test_days", "least_cases", "most_cases", "ease_products"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1.", got=getattr(self, name))
        for name in ("customers", "products"):
            if getattr(self, name) < 0:
                raise InputError(f"{name} must not be below 0.", got=getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What is known: frames of the contracts, and the axes and arrays read from them."""

    bought: Purchases
    products: pl.DataFrame
    stock_levels: pl.DataFrame
    customers: pl.DataFrame
    on: date  # the turn's day: what is for sale on it may be shown
    last_on: date  # the last day with an order: slices of time are cut back from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """Lists, scores, which method serves where, and what was left out."""

    lists: pl.DataFrame
    scores: pl.DataFrame | None  # None when nothing could be measured
    choices: Mapping[str, Choice]
    available: Availability
    slice_days: int


def recommend(
    shop: Shop,
    parameters: RecommendParameters,
    *,
    rng: np.random.Generator,
    progress: Callable[[float, str], None] | None = None,
) -> Recommended:
    """Tune, choose, measure and serve.

    Without enough cases in the validation weeks, popularity serves and nothing is measured. The
    slices shrink to a quarter of what is known when the shop is young.
    """
    bought = shop.bought
    tell = progress or _silent
    tell(0.0, "words")
    ground = Ground(
        words=_words(shop.products, bought.products),
        segments=customer_segments(shop.customers, bought.customers),
        ease_products=parameters.ease_products,
        least_cases=parameters.least_cases,
        most_cases=parameters.most_cases,
    )
    days = min(parameters.test_days, max(1, int(bought.age.max() // 4)))
    tell(0.05, "choosing")
    fading = best_fading(bought, ground, ago=days, days=days)
    validation = arena(bought, ground, fading, ago=days, days=days)
    choices = choose_places(validation, ground, rng)
    del validation  # its weights are as large as those of the next moment
    tell(0.5, "measuring")
    scores = _test_scores(arena(bought, ground, fading, ago=0, days=days), choices, shop, days, rng)
    tell(0.7, "lists")
    available = availability(bought.products, shop.products, shop.stock_levels, on=shop.on)
    now = workshop_at(bought, ground, fading)
    audience = Audience(
        known=bought,
        allowed=available.is_shown,
        catalogue=_catalogue(bought, shop.products),
        length=parameters.length,
        customers=parameters.customers,
        products=parameters.products,
    )
    lists = [place_rows(place, choices[place].serving, now, audience) for place in PLACES]
    return Recommended(
        lists=pl.concat(lists),
        scores=score_frame(scores) if scores else None,
        choices=choices,
        available=available,
        slice_days=days,
    )


def _test_scores(
    test: Arena, choices: Mapping[str, Choice], shop: Shop, days: int, rng: np.random.Generator
) -> list[Mapping[str, Any]]:
    tested = (shop.last_on - timedelta(days=days - 1), shop.last_on)
    return [
        row
        for place, trial in test.trials.items()
        for row in place_scores(place, choices[place], test.workshop, trial, tested=tested, rng=rng)
    ]


def _silent(done: float, doing: str) -> None:
    """Tell nobody."""


def _words(products: pl.DataFrame, axis: Axis) -> Matrix | None:
    on_axis = pl.DataFrame({"product_id": axis.ids}).join(
        products, on="product_id", how="left", maintain_order="left"
    )
    features = content_features(on_axis)
    return cosine_neighbours(features.T.tocsr()) if features.nnz else None


def _catalogue(bought: Purchases, products: pl.DataFrame) -> Catalogue:
    number = len(bought.products)
    return Catalogue(
        names=named_products(bought.products, products),
        now=np.bincount(bought.product[bought.age <= WEEKS_DAYS], minlength=number),
        ever=np.bincount(bought.product, minlength=number),
    )
