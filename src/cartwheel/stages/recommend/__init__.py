"""Recommendation: what to show to a customer, beside a product and to a newcomer."""

from cartwheel.stages.recommend.content import content_features
from cartwheel.stages.recommend.ease import fit_ease
from cartwheel.stages.recommend.item_knn import cosine_neighbours
from cartwheel.stages.recommend.purchases import Purchases, purchases
from cartwheel.stages.recommend.quality import RankQuality, rank_quality
from cartwheel.stages.recommend.recommend import (
    Recommended,
    RecommendParameters,
    Shop,
    recommend,
)

__all__ = [
    "Purchases",
    "RankQuality",
    "RecommendParameters",
    "Recommended",
    "Shop",
    "content_features",
    "cosine_neighbours",
    "fit_ease",
    "purchases",
    "rank_quality",
    "recommend",
]
