"""What the recommend stage shows to whom, and how well it would have done."""

from cartwheel.tables.contract import Table, column, contract
from cartwheel.tables.finding import MethodScores

PLACES = ["for_you", "discover", "also_bought", "similar", "newcomers"]


@contract(
    "recommendations", key=("place", "subject_id", "rank"), area="recommend",
    title=("Recommendations", "商品推荐"),
)  # fmt: skip
class Recommendations(Table):
    """One product in a list shown at a place; every product in it can be bought now."""

    place: str = column("where the list is shown", isin=PLACES)
    subject_id: str = column('customer, product, or for newcomers "all" or "country:France"')
    rank: int = column("position in the list, 1 is shown first", ge=1)
    product_id: str = column("product to show")
    score: float = column("the method's score; compares within a list only")
    reason: str = column("why it is shown, one sentence in English")
    reason_zh: str = column("the same in simplified Chinese")
    because_id: str = column("product the reason rests on", optional=True)
    method: str = column("method that serves the place")


@contract(
    "recommend_scores", key=("stage", "method", "slice", "measure"), area="recommend",
    title=("Recommendation scores", "推荐方法评分"),
)  # fmt: skip
class RecommendScores(MethodScores):
    """How each method did on the last weeks, which no choice has seen; slice is the place."""
