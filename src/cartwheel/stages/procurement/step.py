"""The procurement stage's turn of the wheel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.time import day_end
from cartwheel.core.wording import Text
from cartwheel.stages.procurement import evidence
from cartwheel.stages.procurement.arrival import arrival_scores
from cartwheel.stages.procurement.delivery import deliveries
from cartwheel.stages.procurement.plan import (
    PurchaseFacts,
    PurchasePolicy,
    order_key,
    purchase_lines,
)
from cartwheel.stages.procurement.proposal import Context, reorder_proposals
from cartwheel.stages.procurement.scorecard import ScorecardPolicy, scorecards
from cartwheel.stages.procurement.sourcing import SourcingPolicy
from cartwheel.stages.procurement.wording import why
from cartwheel.tables import table_contract
from cartwheel.tables.step import Inputs, Outputs, Skipped

_NOTHING = Text(
    "There is neither a replenishment plan to buy for nor a purchase to judge suppliers by.",
    "既没有需要采购的补货计划，也没有可供评估供应商的采购记录。",
)
_NO_PLAN = Text(
    "Without a replenishment plan nothing is bought.", "没有补货计划，因此不生成采购建议。"
)
_NO_PURCHASES = Text(
    "Without purchase orders suppliers cannot be judged.", "没有采购记录，无法评估供应商。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementSettings:
    """Section ``[stages.procurement]`` of the settings."""

    holding_rate: float = 0.25  # cost of a year's stock, share of purchase cost
    order_line_minor: float = 0.0  # cost of placing and receiving one line
    most_cover_days: float = 120.0  # a price break may not make stock last longer
    budget_minor: int | None = None  # money one turn may bind; none is no limit
    assumed_margin: float = 0.35  # of the price, where price or cost is not known
    minimum_deliveries: int = 5  # before a supplier's record counts
    record_days: int = 365  # how far back deliveries count

    def __post_init__(self) -> None:
        _ = self.purchase, self.scorecard  # each checks itself
        if not 0 <= self.assumed_margin < 1:
            raise InputError("assumed_margin must be in [0, 1)", got=self.assumed_margin)

    @property
    def purchase(self) -> PurchasePolicy:
        """Return how purchases are put together."""
        sourcing = SourcingPolicy(
            holding_rate=self.holding_rate, order_line_minor=self.order_line_minor,
            most_cover_days=self.most_cover_days,
        )  # fmt: skip
        return PurchasePolicy(sourcing=sourcing, budget_minor=self.budget_minor)

    @property
    def scorecard(self) -> ScorecardPolicy:
        """Return how suppliers are judged."""
        return ScorecardPolicy(minimum_deliveries=self.minimum_deliveries, days=self.record_days)


class ProcurementStep:
    """Judge suppliers, choose sources and quantities, and propose orders."""

    name = "procurement"
    reads: frozenset[str] = frozenset()
    reads_if_there = frozenset(
        {
            "replenishment", "supplier_offers", "suppliers", "purchase_orders",
            "purchase_order_lines", "products", "prices", "stock_targets",
            "cumulative_forecasts", "order_lines",
        }
    )  # fmt: skip
    writes = frozenset({"purchase_plan", "supplier_scorecards", "procurement_scores"})

    def __init__(self, settings: ProcurementSettings = ProcurementSettings()) -> None:
        self.settings = settings

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Take the turn."""
        has_plan = inputs.has("replenishment") and inputs.has("stock_targets")
        has_purchases = inputs.has("purchase_order_lines") and inputs.has("purchase_orders")
        if not has_plan and not has_purchases:
            return Skipped(_NOTHING)
        delivered = deliveries(
            inputs.frame("purchase_order_lines"), inputs.frame("purchase_orders"),
            inputs.on, self.settings.record_days, time_zone=inputs.time_zone,
        )  # fmt: skip
        cards = scorecards(
            delivered, evidence.comparable_prices(inputs), inputs.frame("suppliers"),
            self.settings.scorecard, inputs.rng("procurement.scorecards"),
        )  # fmt: skip
        tables = {"supplier_scorecards": cards, "procurement_scores": arrival_scores(delivered)}
        notes = [] if has_purchases else [_NO_PURCHASES]
        if not has_plan:
            return Outputs(tables=tables, notes=(*notes, _NO_PLAN))
        inputs.progress(0.4, "purchase plan")
        lines = self._lines(inputs, delivered, cards)
        tables["purchase_plan"] = _table(lines, inputs.currency)
        inputs.progress(0.8, "proposals")
        context = Context(inputs.on, inputs.currency, inputs.time_zone, self.settings.holding_rate)
        proposals = reorder_proposals(lines, inputs.frame("cumulative_forecasts"), context)
        return Outputs(tables=tables, proposals=proposals, notes=(*notes, *_notes(lines)))

    def _lines(self, inputs: Inputs, delivered: pl.DataFrame, cards: pl.DataFrame) -> pl.DataFrame:
        replenishment = inputs.frame("replenishment")
        ids = replenishment["product_id"]
        offers = evidence.all_offers(inputs, ids)
        prices = evidence.money(inputs, ids, offers, self.settings.assumed_margin)
        now, later = evidence.needs(replenishment, inputs.frame("stock_targets"), prices)
        facts = PurchaseFacts(
            needs=now, later=later, offers=offers,
            record=evidence.record(delivered, cards), minimums=evidence.minimums(inputs),
        )  # fmt: skip
        names = inputs.frame("products").select("product_id", "name", "name_zh")
        lines = purchase_lines(facts, self.settings.purchase).join(
            names, on="product_id", how="left", maintain_order="left"
        )
        return _dated(lines, inputs)


def _dated(lines: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Add promised and expected arrival, order key, and why."""
    sent = day_end(inputs.on, inputs.time_zone)
    promised = pl.col("promised_lead")
    expected = pl.coalesce(
        promised + pl.col("usual_delay"), "lead_days", promised, "lead_time_days"
    ).clip(lower_bound=0.0)
    dated = lines.with_columns(
        (pl.lit(sent).cast(pl.Datetime("us", "UTC")) + pl.duration(hours=(promised * 24).round()))
        .alias("promised_at"),
        (pl.lit(inputs.on) + pl.duration(days=expected.ceil().cast(pl.Int64))).alias("expected_on"),
    )  # fmt: skip
    day = (inputs.on + timedelta(days=1)).isoformat()
    rows = list(dated.iter_rows(named=True))
    said = [why(row, inputs.currency) for row in rows]
    keys = [order_key(row["supplier_id"], row["warehouse_id"], day) for row in rows]
    return dated.with_columns(
        pl.Series("order_key", keys, pl.String),
        pl.Series("why", [text.en for text in said], pl.String),
        pl.Series("why_zh", [text.zh for text in said], pl.String),
    )


def _table(lines: pl.DataFrame, currency: str) -> pl.DataFrame:
    contract = table_contract("purchase_plan")
    named = lines.with_columns(
        pl.col("unit_cost").round().cast(pl.Int64).alias("unit_cost_minor"),
        pl.col("line_cost").alias("line_cost_minor"),
        pl.lit(currency).alias("currency"),
    )
    return contract.conform(named.select(list(contract.schema)))


def _notes(lines: pl.DataFrame) -> list[Text]:
    notes = []
    held = lines.filter(pl.col("state") == "below_minimum")["order_key"].n_unique()
    if held:
        notes.append(
            Text(
                f"{held} orders stay below their supplier's minimum and are not proposed.",
                f"{held} 张订单未达供应商最低金额，未生成建议。",
            )
        )
    assumed = int(lines["is_assumed"].sum())
    if assumed:
        notes.append(
            Text(
                f"{assumed} order lines have no offer; supplier and price are assumed.",
                f"{assumed} 条采购明细没有报价，供应商与价格为假设值。",
            )
        )
    return notes
