"""Which method serves a place: tuned and chosen on one slice of time, measured on a later one.

Parameters and methods are chosen by nDCG@10 on the validation weeks. A method serves only if it
beats the better popularity there, case by case, at 95 % one-sided confidence; the test weeks are
scored afterwards and choose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cartwheel.stages.recommend.model import top_lists
from cartwheel.stages.recommend.quality import RankQuality, is_better, rank_quality
from cartwheel.stages.recommend.recipe import Recipe, Workshop
from cartwheel.stages.recommend.trial import Trial

CUT = 10  # length of the lists that are measured

POPULARITY = Recipe(method="popularity", is_popularity=True)
RECENT = Recipe(method="recent_popularity", is_popularity=True)
REPURCHASE = Recipe(method="repurchase", repeats=1.0)
BASELINES = (POPULARITY, RECENT)

SHRINKS = (0.0, 10.0, 50.0)
RIDGES = (50.0, 200.0, 800.0)
TRENDS = (0.0, 0.25, 0.5, 0.75, 1.0)
REPEATS = (0.3, 1.0, 3.0, 10.0)
FILLS = (0.01, 0.1, 0.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The recipes tried at a place, tuned, and the one that serves."""

    recipes: tuple[Recipe, ...]
    serving: Recipe
    is_proven: bool  # beat popularity on the validation weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """A hybrid to start from, and what to vary of it, one after the other."""

    start: Recipe
    vary: Mapping[str, tuple[float, ...]]


def quality(workshop: Workshop, recipe: Recipe, trial: Trial) -> RankQuality:
    """Measure one recipe."""
    top = top_lists(workshop.model(recipe), trial.cases, CUT)
    return rank_quality(top.columns, trial.wanted)


def choose(
    workshop: Workshop,
    trial: Trial,
    families: Sequence[Sequence[Recipe]],
    blend: Blend | None,
    rng: np.random.Generator,
) -> Choice:
    """Tune every family, blend the best of them, and let the best serve if it is better.

    Parameters
    ----------
    families
        Of each the best recipe stays: the same method with different parameters.
    blend
        The hybrid to try on top of the best family that has weights; it takes its weights.
    """
    measured = {recipe: quality(workshop, recipe, trial) for recipe in BASELINES}
    tuned = [_best(workshop, trial, family, measured) for family in families]
    based = [recipe for recipe in tuned if recipe.kind]
    if based and blend:
        base = max(based, key=lambda recipe: _ndcg(measured[recipe]))
        hybrid = replace(blend.start, kind=base.kind, parameter=base.parameter)
        for name, values in blend.vary.items():
            varied = [_changed(hybrid, {name: value}) for value in values]
            hybrid = _best(workshop, trial, varied, measured)
        tuned.append(hybrid)
    baseline = max(BASELINES, key=lambda recipe: _ndcg(measured[recipe]))
    best = max(tuned, key=lambda recipe: _ndcg(measured[recipe]), default=baseline)
    proven = is_better(measured[best].ndcg, measured[baseline].ndcg, rng)
    return Choice(
        recipes=(*BASELINES, *tuned), serving=best if proven else baseline, is_proven=proven
    )


def _changed(recipe: Recipe, to: Mapping[str, Any]) -> Recipe:
    return replace(recipe, **to)


def _best(
    workshop: Workshop,
    trial: Trial,
    family: Sequence[Recipe],
    measured: dict[Recipe, RankQuality],
) -> Recipe:
    for recipe in family:
        if recipe not in measured:
            measured[recipe] = quality(workshop, recipe, trial)
    return max(family, key=lambda recipe: _ndcg(measured[recipe]))


def _ndcg(found: RankQuality) -> float:
    return float(found.ndcg.mean())


def customer_families(*, has_words: bool) -> list[list[Recipe]]:
    """Return the methods for lists of customers, each with its parameters to try."""
    families = [
        [Recipe(method="item_knn", kind="item_knn", parameter=value) for value in SHRINKS],
        [Recipe(method="ease", kind="ease", parameter=value) for value in RIDGES],
    ]
    if has_words:
        families.append([Recipe(method="content", kind="content")])
    return families


def customer_blend(*, has_repeats: bool) -> Blend:
    """Return the hybrid for customers: taste, lifted by what sells now, and what they know."""
    if not has_repeats:
        return Blend(start=Recipe(method="hybrid"), vary={"trend": TRENDS})
    start = Recipe(method="hybrid", repeats=1.0)
    return Blend(start=start, vary={"trend": TRENDS, "repeats": REPEATS})


def product_families(*, has_words: bool) -> list[list[Recipe]]:
    """Return the methods for "also bought"."""
    families = [
        [Recipe(method="basket_knn", kind="basket_knn", parameter=value) for value in SHRINKS],
        [Recipe(method="item_knn", kind="item_knn", parameter=value) for value in SHRINKS],
    ]
    return [*families, [Recipe(method="content", kind="content")]] if has_words else families


def product_blend(*, has_words: bool) -> Blend:
    """Return the hybrid for "also bought": lifted, filled up with products alike in words."""
    if not has_words:
        return Blend(start=Recipe(method="hybrid"), vary={"trend": TRENDS})
    start = Recipe(method="hybrid", fill=FILLS[1])
    return Blend(start=start, vary={"trend": TRENDS, "fill": FILLS})


def newcomer_families(attributes: Sequence[str]) -> list[list[Recipe]]:
    """Return the methods for newcomers: what is popular among their like."""
    return [[Recipe(method=f"popularity_by_{name}", kind=name)] for name in attributes]


def similar_families() -> list[list[Recipe]]:
    """Return the methods for "similar": likeness in words, lifted or not by what sells now."""
    return [[Recipe(method="content", kind="content", trend=trend) for trend in TRENDS]]
