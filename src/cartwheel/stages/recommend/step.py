"""The recommend stage's turn: lists for customers, products and newcomers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cartwheel.core.time import day_end
from cartwheel.core.wording import Text
from cartwheel.stages.recommend.notes import notes
from cartwheel.stages.recommend.purchases import purchases
from cartwheel.stages.recommend.recommend import RecommendParameters, Shop, recommend
from cartwheel.tables import table_contract
from cartwheel.tables.step import Inputs, Outputs, Skipped

RecommendSettings = RecommendParameters  # section [stages.recommend] of the settings


class RecommendStep:
    """Reads purchases and what is in stock; writes lists and how good they are."""

    name = "recommend"
    reads = frozenset({"order_lines"})
    reads_if_there = frozenset({"events", "products", "stock_levels", "customers"})
    writes = frozenset({"recommendations", "recommend_scores"})

    def __init__(self, settings: RecommendSettings = RecommendSettings()) -> None:  # noqa: B008
        self.settings = settings

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Take the turn."""
        shop = _shop(inputs)
        if shop is None:
            return Skipped(Text("There are no order lines.", "没有订单明细。"))
        found = recommend(
            shop,
            self.settings,
            rng=inputs.rng("recommend"),
            progress=inputs.progress,
        )
        if found.lists.is_empty():
            return Skipped(
                Text(
                    "No product is both on sale and in stock, so there is nothing to recommend.",
                    "没有既在售又有库存的商品，因此无可推荐。",
                )
            )
        scores = table_contract("recommend_scores")
        return Outputs(
            tables={
                "recommendations": table_contract("recommendations").conform(found.lists),
                "recommend_scores": scores.empty()
                if found.scores is None
                else scores.conform(found.scores),
            },
            notes=notes(found, has_stock=inputs.has("stock_levels")),
        )


def _shop(inputs: Inputs) -> Shop | None:
    lines = inputs.scan("order_lines").select(
        "order_id", "product_id", "customer_id", "ordered_at"
    ).collect()  # fmt: skip
    last = lines["ordered_at"].max()
    if not isinstance(last, datetime):
        return None
    events = inputs.scan("events").select(
        "event_id", "happened_at", "customer_id", "kind", "product_id"
    )
    products = inputs.frame("products")
    last_on = last.astimezone(ZoneInfo(inputs.time_zone)).date()
    return Shop(
        bought=purchases(lines, events.collect(), products, end=day_end(last_on, inputs.time_zone)),
        products=products,
        stock_levels=inputs.frame("stock_levels"),
        customers=inputs.frame("customers"),
        on=inputs.on,
        last_on=last_on,
    )
