"""A method with its parameters, and the models it gives when fitted to a history.

Weights are fitted once a history and shared: EASE with one ridge serves two places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cartwheel.stages.recommend.ease import fit_ease
from cartwheel.stages.recommend.history import History, Matrix
from cartwheel.stages.recommend.item_knn import cosine_neighbours
from cartwheel.stages.recommend.model import Model
from cartwheel.stages.recommend.purchases import Integers
from cartwheel.stages.recommend.segments import Segments, segment_weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a method is made; ``kind`` names its weights, "" for none."""

    method: str
    kind: str = ""
    parameter: float = 0.0  # shrink of kNN in customers or baskets, ridge of EASE
    trend: float = 0.0  # exponent of the lift of what sells now
    repeats: float = 0.0  # weight of what the customer bought before
    fill: float = 0.0  # weight of likeness in words, added to product weights
    is_popularity: bool = False


@dataclass(frozen=True, slots=True)
class Workshop:
    """Fits weights of a history when first asked for, and keeps them."""

    history: History
    words: Matrix | None  # content neighbours, products × products
    segments: Segments
    ease_products: int
    made: dict[tuple[str, float], Any] = field(default_factory=dict)

    def model(self, recipe: Recipe) -> Model:
        """Return the model ``recipe`` makes of the history."""
        prior = self.history.prior
        if recipe.method == "popularity":
            prior = np.asarray(self.history.sold / max(self.history.sold.max(), 1e-9), np.float32)
        weights = self.weights(recipe.kind, recipe.parameter) if recipe.kind else None
        if recipe.fill and self.words is not None:
            weights = weights + recipe.fill * self.words
        return Model(
            method=recipe.method,
            prior=prior,
            weights=weights,
            kept=self.kept if recipe.kind == "ease" else None,
            lift=self.history.lift(recipe.trend),
            repeats=recipe.repeats,
            appeal=self.history.prior**0.25,
            **({"floor": 1.0} if recipe.is_popularity else {}),
        )

    def weights(self, kind: str, parameter: float) -> Any:
        """Return the item-to-item weights ``kind``, fitted once."""
        key = (kind, parameter)
        if key not in self.made:
            self.made[key] = self._fit(kind, parameter)
        return self.made[key]

    @property
    def kept(self) -> Integers:
        """Return the products EASE is fitted over: the most sold, in order of column."""
        sold = self.history.sold
        best = np.lexsort((np.arange(len(sold)), -sold))[: self.ease_products]
        return np.sort(best[sold[best] > 0])

    def _fit(self, kind: str, parameter: float) -> Any:
        if kind == "ease":
            return fit_ease(self.history.together[:, self.kept], ridge=parameter)
        if kind == "item_knn":
            return cosine_neighbours(self.history.together, shrink=parameter)
        if kind == "basket_knn":
            return cosine_neighbours(self.history.baskets, shrink=parameter)
        if kind == "content":
            return self.words
        return segment_weights(self.history, self.segments, attribute=kind)
