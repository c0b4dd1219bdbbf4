"""The trials of all places at one moment, and the choice of methods by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cartwheel.stages.recommend import choice as chosen
from cartwheel.stages.recommend.choice import BASELINES, RECENT, Blend, Choice
from cartwheel.stages.recommend.history import Fading, Matrix, read_history
from cartwheel.stages.recommend.purchases import Purchases
from cartwheel.stages.recommend.recipe import Recipe, Workshop
from cartwheel.stages.recommend.segments import Segments
from cartwheel.stages.recommend.trial import (
    Trial,
    basket_trial,
    customer_trial,
    newcomer_trial,
    view_trial,
)
from cartwheel.tables.recommend import PLACES

SIGNAL_WEIGHTS = (0.0, 0.1, 0.3, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What stays the same while the moment moves: words, segments, caps."""

    words: Matrix | None
    segments: Segments
    ease_products: int
    least_cases: int  # with fewer a place is not measured and popularity serves
    most_cases: int  # cases a trial takes at most, evenly spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """A workshop that knows the shop up to a moment, and trials from the days after it."""

    workshop: Workshop
    trials: dict[str, Trial]


def workshop_at(known: Purchases, ground: Ground, fading: Fading) -> Workshop:
    """Return the workshop that knows ``known``."""
    return Workshop(
        read_history(known, fading), ground.words, ground.segments, ground.ease_products
    )


def arena(bought: Purchases, ground: Ground, fading: Fading, *, ago: float, days: float) -> Arena:
    """Hide all but what was known ``ago + days`` before the end, and ask of the ``days`` after."""
    known, later = bought.before(ago + days), bought.within(days, ago)
    workshop = workshop_at(known, ground, fading)
    history, most = workshop.history, ground.most_cases
    baskets = basket_trial(history, later, limit=most)
    views = view_trial(history, later, limit=most)
    trials = {
        "for_you": customer_trial(history, later, only_new=False, limit=most),
        "discover": customer_trial(history, later, only_new=True, limit=most),
        "also_bought": baskets,
        "similar": views if len(views) >= ground.least_cases else baskets,
        "newcomers": newcomer_trial(ground.segments.members, known, later, limit=most),
    }
    enough = {place: trial for place, trial in trials.items() if len(trial) >= ground.least_cases}
    return Arena(workshop=workshop, trials=enough)


def best_fading(bought: Purchases, ground: Ground, *, ago: float, days: float) -> Fading:
    """Return how much views and carts should say, by nDCG of item kNN for new products.

    Without such events, or without enough cases, they say nothing.
    """
    if not len(bought.seen_age):
        return Fading()
    knn = Recipe(method="item_knn", kind="item_knn", parameter=10.0, repeats=1.0)
    gains = {}
    made: dict[tuple[str, float], Any] = {}  # weights rest on what was bought: the same for all
    known, later = bought.before(ago + days), bought.within(days, ago)
    for weight in SIGNAL_WEIGHTS:
        fading = Fading(signal_weight=weight)
        workshop = replace(workshop_at(known, ground, fading), made=made)
        trial = customer_trial(workshop.history, later, only_new=True, limit=ground.most_cases)
        if len(trial) < ground.least_cases:
            return Fading()
        gains[fading] = float(chosen.quality(workshop, knn, trial).ndcg.mean())
    return max(gains, key=lambda fading: gains[fading])


def choose_places(validation: Arena, ground: Ground, rng: np.random.Generator) -> dict[str, Choice]:
    """Choose for every place; popularity where there are too few cases.

    Shrink and ridge are tuned where taste alone counts, on products new to the customer, and
    ``for_you`` takes them over: EASE is then fitted once for both.
    """
    choices: dict[str, Choice] = {}
    for place in ("discover", "for_you", "also_bought", "similar", "newcomers"):
        trial = validation.trials.get(place)
        if trial is None:
            choices[place] = Choice(recipes=BASELINES, serving=RECENT, is_proven=False)
            continue
        families, blend = _tried(place, validation, ground, choices)
        choices[place] = chosen.choose(validation.workshop, trial, families, blend, rng)
    return {place: choices[place] for place in PLACES}


def _tried(
    place: str, validation: Arena, ground: Ground, choices: dict[str, Choice]
) -> tuple[list[list[Recipe]], Blend | None]:
    has_words = ground.words is not None
    customer = chosen.customer_families(has_words=has_words)
    if place == "discover":
        has_signals = validation.workshop.history.has_signals
        return customer, chosen.customer_blend(has_repeats=has_signals)
    if place == "for_you":
        tuned = [[r] for r in choices["discover"].recipes if r.kind and r.method != "hybrid"]
        families = [*(tuned or customer), [chosen.REPURCHASE]]
        return families, chosen.customer_blend(has_repeats=True)
    if place == "also_bought":
        families = chosen.product_families(has_words=has_words)
        return families, chosen.product_blend(has_words=has_words)
    if place == "similar":
        return chosen.similar_families() if has_words else [], None
    return chosen.newcomer_families(ground.segments.attributes), None
