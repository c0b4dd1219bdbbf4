"""The inventory stage's turn of the wheel."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.stages.inventory import evidence
from cartwheel.stages.inventory.health import HealthFacts, earned_classes, inventory_health
from cartwheel.stages.inventory.history import summed_to_all
from cartwheel.stages.inventory.horizon import CumulativeDemand
from cartwheel.stages.inventory.planning import (
    Movement,
    ProductFacts,
    Replenished,
    plan_replenishment,
    plan_targets,
)
from cartwheel.stages.inventory.position import ALL
from cartwheel.stages.inventory.proposal import Context, transfer_proposals
from cartwheel.stages.inventory.replay import (
    COST,
    QUANTILES_RULE,
    RULES,
    cheapest_rule,
    replay_scores,
)
from cartwheel.stages.inventory.settings import InventorySettings
from cartwheel.stages.inventory.target import StockPlan
from cartwheel.tables.step import Inputs, Outputs, Skipped

_NO_SALES = Text(
    "There are neither order lines nor period sales nor forecasts to judge stock by.",
    "没有订单明细、周期销量或预测，无法评估库存。",
)
_NO_STOCK = Text(
    "Without stock levels nothing can be ordered or moved; health shows only how products sell.",
    "缺少库存数据，无法制定补货与调拨计划；库存健康仅反映销售情况。",
)
_NO_FORECAST = Text(
    "Without forecasts there are no stock targets.", "缺少需求预测，无法设定库存目标。"
)


@dataclass(frozen=True, slots=True)
class _Shop:
    """What every part of the turn needs."""

    history: pl.DataFrame
    facts: ProductFacts
    stock: evidence.StockFacts | None
    demand: CumulativeDemand | None


class InventoryStep:
    """Judge the stock, set targets, and plan what to buy and to move."""

    name = "inventory"
    reads: frozenset[str] = frozenset()
    reads_if_there = frozenset(
        {
            "forecasts", "cumulative_forecasts", "demand_history", "order_lines", "sales",
            "stock_levels", "stock_movements", "warehouses", "products", "prices",
            "purchase_orders", "purchase_order_lines", "supplier_offers", "suppliers",
        }
    )  # fmt: skip
    writes = frozenset({"inventory_health", "stock_targets", "replenishment", "inventory_scores"})

    def __init__(self, settings: InventorySettings = InventorySettings()) -> None:  # noqa: B008
        self.settings = settings

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Take the turn."""
        shop = self._shop(inputs)
        if shop is None:
            return Skipped(_NO_SALES)
        tables: dict[str, pl.DataFrame] = {}
        notes: list[Text] = []
        by_product = shop.facts.money.join(shop.facts.lead_times, on="product_id")
        reorder, replayed = self.settings.reorder, self.settings.replay
        used = cheapest_rule(shop.history, by_product, inputs.on, reorder=reorder, policy=replayed)
        proposals = targets = None
        if shop.demand is None:
            notes.append(_NO_FORECAST)
        else:
            inputs.progress(0.2, "stock targets")
            plan = plan_targets(shop.demand, shop.facts, reorder, RULES[used].level)
            targets = tables["stock_targets"] = plan.targets
            if shop.stock is not None:
                inputs.progress(0.4, "purchases and transfers")
                policy = Movement(
                    inputs.frame("warehouses"), self.settings.limits, self.settings.transfer
                )
                found = plan_replenishment(
                    shop.demand, plan, shop.stock.positions, shop.facts, policy
                )
                tables["replenishment"] = found.table(targets.height)
                proposals = self._proposals(inputs, found, plan)
                notes += _notes(found, shop.stock)
        if shop.stock is None:
            notes.append(_NO_STOCK)
        inputs.progress(0.7, "health")
        tables["inventory_health"] = self._health(inputs, shop, targets)
        inputs.progress(0.8, "replay")
        scores = tables["inventory_scores"] = replay_scores(
            shop.history, by_product, inputs.on, reorder=reorder, policy=replayed, used=used
        )
        notes += _rule_notes(scores, used)
        return Outputs(tables=tables, proposals=proposals, notes=tuple(notes))

    def _shop(self, inputs: Inputs) -> _Shop | None:
        history = evidence.sales_history(inputs)
        if history is None:
            return None
        cumulative = inputs.frame("cumulative_forecasts")
        demand = CumulativeDemand.from_frame(cumulative) if cumulative.height else None
        level = set((history if demand is None else demand.keys)["warehouse_id"].unique())
        stock = evidence.stock(inputs, level)
        if stock is not None and level.isdisjoint(stock.positions["warehouse_id"].unique()):
            stock = evidence.stock(inputs, {ALL}) if demand is None else None
        if stock is not None and set(stock.positions["warehouse_id"].unique()) == {ALL}:
            history = summed_to_all(history)
        ids = pl.concat(
            [history["product_id"], cumulative["product_id"]]
            + ([] if stock is None else [stock.positions["product_id"]])
        ).unique()
        money = evidence.money(inputs, ids, self.settings.cost)
        facts = ProductFacts(
            money=money,
            lead_times=evidence.lead_time_facts(inputs, ids, self.settings.lead_time),
            classes=earned_classes(history, money, inputs.on),
            refusals=evidence.refusals(inputs, ids),
            names=inputs.frame("products").select("product_id", "name", "name_zh"),
        )
        return _Shop(history, facts, stock, demand)

    def _proposals(self, inputs: Inputs, found: Replenished, plan: StockPlan) -> pl.DataFrame:
        context = Context(inputs.on, inputs.currency, self.settings.transfer_days)
        return transfer_proposals(found.rows, found.plan.moves, plan.over_cycle, context)

    def _health(self, inputs: Inputs, shop: _Shop, targets: pl.DataFrame | None) -> pl.DataFrame:
        stock = shop.stock
        facts = HealthFacts(
            history=shop.history,
            money=shop.facts.money,
            stock=None if stock is None else stock.positions,
            targets=targets,
            mean_stock=None if stock is None else stock.mean_on_hand,
        )
        return inventory_health(facts, inputs.on, self.settings.health)


def _rule_notes(scores: pl.DataFrame, used: str) -> list[Text]:
    """Say which simple rule serves, and where the last weeks would have liked another better."""
    notes = []
    if used != QUANTILES_RULE:
        notes.append(
            Text(
                f'Targets follow the rule "{used}": in the weeks before those reported it cost '
                "less than quantiles of demand.",
                f"库存目标采用“{RULES[used].name_zh}”规则：在检验期之前的各周，其成本低于需求分位数法。",
            )
        )
    cost = dict(scores.filter(measure=COST).sort("value").select("method", "value").iter_rows())
    best = next(iter(cost), used)
    if best != used and cost[used] > 0:
        less = f"{1 - cost[best] / cost[used]:.0%}"
        notes.append(
            Text(
                f'In the last weeks, which chose nothing, the rule "{best}" would have cost {less} '
                f'less than "{used}", which serves.',
                f"在未参与选择的最近几周，“{RULES[best].name_zh}”规则的成本比现用的"
                f"“{RULES[used].name_zh}”低 {less}。",
            )
        )
    return notes


def _notes(found: Replenished, stock: evidence.StockFacts) -> list[Text]:
    notes = []
    if found.plan.status != "optimal":
        said = found.plan.status
        notes.append(
            Text(f"There is no replenishment plan: {said}.", f"无法得出补货计划：{said}。")
        )
    unpriced = found.rows.filter(~pl.col("is_cost_known"), pl.col("needed") > 0).height
    if unpriced:
        notes.append(
            Text(
                f"{unpriced} products and warehouses in need have no known cost; it is assumed.",
                f"{unpriced} 个待补货商品（按仓库计）没有成本数据，按假设毛利估算。",
            )
        )
    if stock.lost_lines:
        notes.append(
            Text(
                f"{stock.lost_lines} open purchase lines are so late that they count as lost.",
                f"{stock.lost_lines} 条采购明细逾期过久，视为不会到货。",
            )
        )
    return notes
