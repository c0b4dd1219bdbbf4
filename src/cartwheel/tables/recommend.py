"""What the recommend stage shows to whom, and how well it would have done."""

from collections.abc import Mapping

from cartwheel.core.wording import Text
from cartwheel.tables.contract import Table, column, contract
from cartwheel.tables.finding import MethodScores

PLACE_NAMES: Mapping[str, Text] = {
    "for_you": Text("For you", "猜你喜欢"),
    "discover": Text("Discover", "发现新品"),
    "also_bought": Text("Also bought", "买了还买"),
    "similar": Text("Similar products", "相似商品"),
    "newcomers": Text("For newcomers", "新客推荐"),
}
PLACES = list(PLACE_NAMES)


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
