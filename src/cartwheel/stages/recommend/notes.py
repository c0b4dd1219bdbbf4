"""What a reader of the report should know about the lists."""

from __future__ import annotations

from cartwheel.core.wording import Text
from cartwheel.stages.recommend.recommend import Recommended
from cartwheel.tables.recommend import PLACE_NAMES

_BASELINES = {
    "popularity": Text("popularity", "热门商品"),
    "recent_popularity": Text("recent popularity", "近期热门"),
}


def notes(found: Recommended, *, has_stock: bool) -> tuple[Text, ...]:
    """Say where popularity serves and why, and what stock left out."""
    said = [*_about_methods(found)]
    available = found.available
    if not has_stock:
        said.append(
            Text(
                "Stock is unknown, so products that are out of stock may be recommended.",
                "没有库存数据，推荐中可能含有缺货商品。",
            )
        )
    elif available.unknown_stock:
        said.append(
            Text(
                f"{available.unknown_stock} products were never counted; they pass as in stock.",
                f"{available.unknown_stock} 个商品没有库存记录，按有货处理。",
            )
        )
    if available.out_of_stock or available.not_on_sale:
        said.append(
            Text(
                f"Left out of all lists: {available.out_of_stock} products without stock and "
                f"{available.not_on_sale} not on sale.",
                f"所有推荐均不含 {available.out_of_stock} 个缺货商品和 "
                f"{available.not_on_sale} 个未在售商品。",
            )
        )
    return tuple(said)


def _about_methods(found: Recommended) -> list[Text]:
    said = []
    measured = set() if found.scores is None else set(found.scores["slice"])
    for place, choice in found.choices.items():
        if choice.is_proven:
            continue
        shown, served = PLACE_NAMES[place], _BASELINES[choice.serving.method]
        if place not in measured:
            english = f'"{shown.en}": too few cases to compare methods, so {served.en} serves.'
            chinese = f"“{shown.zh}”：样本太少，无法比较各方法，采用{served.zh}。"
        else:
            english = (
                f'"{shown.en}": no method proved better than popularity, so {served.en} serves.'
            )
            chinese = f"“{shown.zh}”：没有方法优于热销榜，采用{served.zh}。"
        said.append(Text(english, chinese))
    return said
