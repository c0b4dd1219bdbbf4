"""Rows of ``recommend_scores``: every recipe of a place on the test weeks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from cartwheel.stages.recommend.choice import BASELINES, Choice, quality
from cartwheel.stages.recommend.quality import RankQuality, bootstrap
from cartwheel.stages.recommend.recipe import Recipe, Workshop
from cartwheel.stages.recommend.trial import Trial


def place_scores(
    place: str,
    choice: Choice,
    workshop: Workshop,
    trial: Trial,
    *,
    tested: tuple[date, date],
    rng: np.random.Generator,
) -> list[Mapping[str, Any]]:
    """Return one row a method and measure, with 90 % bootstrap intervals over cases."""
    rows: list[Mapping[str, Any]] = []
    for recipe in choice.recipes:
        found = quality(workshop, recipe, trial)
        about = _about(place, recipe, choice, len(trial), tested)
        for measure, values in found.measures.items():
            low, high = bootstrap(values, rng)
            about_value = {"measure": measure, "value": float(values.mean())}
            rows.append({**about, **about_value, "low": low, "high": high})
        rows.append({**about, "measure": "coverage@10", "value": _coverage(found, workshop)})
    return rows


def score_frame(rows: list[Mapping[str, Any]]) -> pl.DataFrame:
    """Return the rows as a frame; the contract orders and types them."""
    return pl.DataFrame(rows, infer_schema_length=None)


def _about(
    place: str, recipe: Recipe, choice: Choice, cases: int, tested: tuple[date, date]
) -> Mapping[str, Any]:
    return {
        "stage": "recommend",
        "method": recipe.method,
        "slice": place,
        "is_lower_better": False,
        "is_baseline": recipe in BASELINES,
        "is_used": recipe == choice.serving,
        "cases": cases,
        "tested_from": tested[0].isoformat(),
        "tested_to": tested[1].isoformat(),
    }


def _coverage(found: RankQuality, workshop: Workshop) -> float:
    return len(found.shown) / max(int((workshop.history.sold > 0).sum()), 1)
