"""The procurement stage's turn over small shops made by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.procurement import ProcurementSettings, ProcurementStep
from cartwheel.stages.procurement.delivery import deliveries
from cartwheel.tables import table_contract
from cartwheel.tables.demand import QUANTILE_COLUMNS
from cartwheel.tables.step import Outputs, Skipped
from fakes import MemoryInputs

ON = date(2026, 6, 30)
LONG_AGO = datetime(2026, 3, 1, 9, tzinfo=UTC)


def need(product: str = "a", **changed: object) -> dict[str, object]:
    return {
        "product_id": product, "warehouse_id": "n", "on_hand": 10, "on_order": 0, "needed": 18,
        "transfer_in": 0, "buy": 18, "unmet": 0, "binding": "none", "shortage_value_minor": 7200,
        "stockout_probability": 0.83, **changed,
    }  # fmt: skip


def target(product: str = "a", **changed: object) -> dict[str, object]:
    return {
        "product_id": product, "warehouse_id": "n", "lead_time_days": 7.0, "lead_time_sd_days": 0.0,
        "lead_time_source": "promised", "review_days": 7.0, "service": 0.95, "demand_mean": 28.0,
        "demand_sd": 0.0, "safety_stock": 0, "reorder_point": 16, "order_up_to": 28, **changed,
    }  # fmt: skip


def offer(supplier: str = "s", cost: int = 600, **changed: object) -> dict[str, object]:
    return {
        "supplier_id": supplier, "product_id": "a", "from_quantity": 1, "unit_cost_minor": cost,
        "currency": "GBP", "minimum_quantity": 1, "pack_quantity": 1, "lead_time_days": 7.0,
        **changed,
    }  # fmt: skip


def demand(product: str = "a", rate: float = 2.0) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "product_id": product, "warehouse_id": "n", "horizon_days": days,
                "mean": rate * days, **dict.fromkeys(QUANTILE_COLUMNS, rate * days),
            }
            for days in (7, 14, 28)
        ]
    )  # fmt: skip


def prices(*products: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"product_id": p, "valid_from": LONG_AGO, "price_minor": 1000, "currency": "GBP"}
            for p in products
        ]
    )


def bought(*lines: tuple[str, str, int, int | None, int, int]) -> dict[str, pl.DataFrame]:
    """Purchases: supplier, product, promised after, received after (days), ordered, rejected."""
    orders = [
        {
            "purchase_order_id": f"b{n}",
            "supplier_id": line[0],
            "warehouse_id": "n",
            "ordered_at": LONG_AGO + timedelta(days=n),
        }
        for n, line in enumerate(lines)
    ]
    rows = [
        {
            "purchase_order_id": f"b{n}", "line_no": 1, "ordered_at": LONG_AGO + timedelta(days=n),
            "product_id": product, "quantity": units, "unit_cost_minor": 500,
            "promised_at": LONG_AGO + timedelta(days=n + promised),
            "received_at": None if got is None else LONG_AGO + timedelta(days=n + got),
            "received_quantity": None if got is None else units,
            "rejected_quantity": None if got is None else rejected,
        }
        for n, (_, product, promised, got, units, rejected) in enumerate(lines)
    ]  # fmt: skip
    return {"purchase_orders": pl.DataFrame(orders), "purchase_order_lines": pl.DataFrame(rows)}


def run(settings: ProcurementSettings | None = None, **tables: object) -> Outputs:
    frames = {
        name: frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
        for name, frame in tables.items()
    }
    found = ProcurementStep(settings or ProcurementSettings()).run(
        MemoryInputs(on=ON, tables=frames)
    )
    assert isinstance(found, Outputs)
    for name, frame in found.tables.items():
        table_contract(name).check(frame)
    if found.proposals is not None:
        table_contract("proposal_drafts").check(found.proposals)
    return found


def plan(**changed: object) -> Outputs:
    tables: dict[str, object] = {
        "replenishment": [need()], "stock_targets": [target()], "supplier_offers": [offer()],
        "cumulative_forecasts": demand(), "prices": prices("a"),
    }  # fmt: skip
    settings = changed.pop("settings", None)
    return run(settings, **(tables | changed))


def test_nothing_to_buy_and_nothing_bought_is_skipped_with_a_reason():
    found = ProcurementStep().run(MemoryInputs(on=ON, tables={}))
    assert isinstance(found, Skipped)
    assert found.reason.zh


def test_need_becomes_a_proposal_a_buyer_understands():
    found = plan(
        replenishment=[need(unmet=40, binding="budget")],
        products=[{"product_id": "a", "name": "Red pot", "name_zh": "红锅"}],
    )
    proposal = found.proposals.row(0, named=True)
    assert proposal["subject"] == "a@n"
    assert proposal["reason"] == (
        "Order 18 of a (Red pot) from s for n: 10 left, 0 on order, stock-out expected on 6 Jul, "
        "with 83% chance before an order arrives; the only offer; the budget binds: 40 fewer than "
        "the target."
    )
    assert proposal["reason_zh"] == (
        "向 s 订购 18 件 a（红锅），送至 n：现存 10 件，在途 0 件，预计 7月6日 缺货，"
        "新货到达前缺货概率 83%；唯一报价；受预算限制，比目标少 40 件。"
    )
    payload = json.loads(proposal["payload"])
    group = payload.pop("group")
    assert payload == {
        "supplier_id": "s", "warehouse_id": "n", "product_id": "a", "quantity": 18,
        "unit_cost_minor": 600, "currency": "GBP", "promised_at": "2026-07-08T00:00:00+00:00",
    }  # fmt: skip
    assert group == found.tables["purchase_plan"]["order_key"][0]
    assert proposal["cost_minor"] == 18 * 600
    # 28 wanted, 10 here: all 18 are sold at a margin of 400, nothing is held over
    assert proposal["effect"] == proposal["effect_low"] == pytest.approx(18 * 400)
    assert proposal["confidence"] == 1.0


def test_minimum_and_packs_are_kept():
    found = plan(supplier_offers=[offer(minimum_quantity=20, pack_quantity=12)])
    line = found.tables["purchase_plan"].row(0, named=True)
    assert (line["needed"], line["quantity"]) == (18, 24)
    assert "packs of 12" in line["why"]


def test_quantity_goes_up_to_the_next_break_when_that_is_cheaper():
    cheap = [offer(), offer(from_quantity=30, unit_cost_minor=540)]
    line = plan(supplier_offers=cheap).tables["purchase_plan"].row(0, named=True)
    assert (line["quantity"], line["unit_cost_minor"], line["line_cost_minor"]) == (30, 540, 16200)
    dear = [offer(), offer(from_quantity=30, unit_cost_minor=599)]
    assert plan(supplier_offers=dear).tables["purchase_plan"]["quantity"][0] == 18


def test_break_that_would_last_too_long_is_left():
    far = [offer(), offer(from_quantity=300, unit_cost_minor=400)]
    assert plan(supplier_offers=far).tables["purchase_plan"]["quantity"][0] == 18


def test_cheapest_supplier_wins_until_its_goods_are_refused():
    offers = [offer("cheap", 600), offer("good", 620)]
    assert plan(supplier_offers=offers).tables["purchase_plan"]["supplier_id"][0] == "cheap"
    record = bought(*[("cheap", "a", 7, 7, 10, 2)] * 6, *[("good", "a", 7, 7, 10, 0)] * 6)
    line = plan(supplier_offers=offers, **record).tables["purchase_plan"].row(0, named=True)
    assert line["supplier_id"] == "good"


def test_slow_supplier_loses_when_the_shelf_would_stay_empty():
    offers = [offer("slow", 600, lead_time_days=30.0), offer("fast", 620, lead_time_days=3.0)]
    assert plan(supplier_offers=offers).tables["purchase_plan"]["supplier_id"][0] == "fast"


def test_order_below_the_minimum_takes_the_next_due_products():
    found = plan(
        replenishment=[need(), need("b", on_hand=20, needed=0, buy=0, binding="enough_stock")],
        stock_targets=[target(), target("b")],
        supplier_offers=[offer(), offer(product_id="b")],
        cumulative_forecasts=pl.concat([demand(), demand("b")]),
        prices=prices("a", "b"),
        suppliers=[{"supplier_id": "s", "minimum_order_minor": 15_000}],
    )
    lines = found.tables["purchase_plan"].sort("product_id")
    assert lines["state"].to_list() == ["planned", "top_up"]
    assert lines["quantity"].to_list() == [18, 8]
    assert lines["line_cost_minor"].sum() >= 15_000


def test_order_below_the_minimum_is_raised_and_else_not_proposed():
    least = [{"supplier_id": "s", "minimum_order_minor": 20_000}]
    raised = plan(suppliers=least).tables["purchase_plan"].row(0, named=True)
    assert (raised["state"], raised["quantity"]) == ("planned", 34)
    assert "minimum" in raised["why"]
    far = plan(suppliers=[{"supplier_id": "s", "minimum_order_minor": 10_000_000}])
    assert far.tables["purchase_plan"]["state"].to_list() == ["below_minimum"]
    assert far.proposals.is_empty()
    assert "minimum" in far.notes[-1].en


def test_budget_serves_the_greatest_loss_first():
    found = plan(
        settings=ProcurementSettings(budget_minor=18 * 600 + 100),
        replenishment=[need(shortage_value_minor=100), need("b")],
        stock_targets=[target(), target("b")],
        supplier_offers=[offer(), offer(product_id="b")],
        cumulative_forecasts=pl.concat([demand(), demand("b")]),
        prices=prices("a", "b"),
    )
    lines = found.tables["purchase_plan"].sort("product_id")
    assert lines["state"].to_list() == ["over_budget", "planned"]
    assert found.proposals["subject"].to_list() == ["b@n"]


def test_shop_without_offers_uses_the_last_supplier_and_else_says_unknown():
    last = plan(
        supplier_offers=table_contract("supplier_offers").empty(), **bought(("t", "a", 7, 8, 10, 0))
    )
    line = last.tables["purchase_plan"].row(0, named=True)
    assert (line["supplier_id"], line["unit_cost_minor"], line["is_assumed"]) == ("t", 500, True)
    unknown = run(
        replenishment=[need()], stock_targets=[target()], cumulative_forecasts=demand()
    )  # fmt: skip
    line = unknown.tables["purchase_plan"].row(0, named=True)
    assert (line["supplier_id"], line["line_cost_minor"]) == ("unknown", 0)
    proposal = unknown.proposals.row(0, named=True)
    assert proposal["kpi"] == "units"
    assert 0 < proposal["effect_low"] <= proposal["effect"] <= proposal["effect_high"] <= 18
    assert proposal["confidence"] > 0.5
    reason = proposal["reason"]
    assert "no supplier or offer is known" in reason
    assert "cost is unknown" in reason
    assert "成本未知" in unknown.proposals["reason_zh"][0]


def test_offers_in_another_currency_are_not_mixed_in():
    found = plan(supplier_offers=[offer("far", 1, currency="JPY"), offer()])
    assert found.tables["purchase_plan"]["supplier_id"].to_list() == ["s"]


def test_delivery_is_expected_with_the_suppliers_usual_delay():
    late = bought(*[("s", "a", 7, 12, 10, 0)] * 6)
    line = plan(**late).tables["purchase_plan"].row(0, named=True)
    assert line["promised_at"] == datetime(2026, 7, 8, tzinfo=UTC)
    assert line["expected_on"] == ON + timedelta(days=12)


def test_repeated_turn_on_another_day_proposes_nothing_new():
    one = plan().proposals
    frames = {
        "replenishment": pl.DataFrame([need()]), "stock_targets": pl.DataFrame([target()]),
        "supplier_offers": pl.DataFrame([offer()]), "cumulative_forecasts": demand(),
        "prices": prices("a"),
    }  # fmt: skip
    again = ProcurementStep().run(MemoryInputs(on=ON + timedelta(days=1), tables=frames))
    assert again.proposals["fingerprint"].to_list() == one["fingerprint"].to_list()


def test_enough_stock_gives_an_empty_plan():
    found = plan(replenishment=[need(needed=0, buy=0, binding="enough_stock")])
    assert found.tables["purchase_plan"].is_empty()
    assert found.proposals.is_empty()


@pytest.mark.parametrize(
    "wrong",
    [
        {"holding_rate": -1.0}, {"order_line_minor": -1.0}, {"most_cover_days": 0.0},
        {"budget_minor": -1}, {"assumed_margin": 1.0}, {"minimum_deliveries": 0},
        {"record_days": 0},
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(InputError):
        ProcurementSettings(**wrong)


def test_empty_shelf_is_called_out_of_stock():
    reason = plan(replenishment=[need(on_hand=0, needed=28, buy=28)]).proposals["reason"][0]
    assert "0 left, 0 on order, out of stock, 83% chance of missed sales" in reason


def test_on_time_is_judged_by_the_calendar_day_of_the_shop():
    tables = bought(("s", "a", 5, 5, 10, 0))
    lines = tables["purchase_order_lines"].with_columns(
        promised_at=pl.lit(datetime(2026, 3, 6, 15, 30, tzinfo=UTC)),  # 23:30 in Shanghai
        received_at=pl.lit(datetime(2026, 3, 6, 16, 30, tzinfo=UTC)),  # 00:30 on the next day there
    )
    lines = table_contract("purchase_order_lines").conform(lines)
    for zone, is_on_time in (("UTC", True), ("Asia/Shanghai", False)):
        found = deliveries(lines, tables["purchase_orders"], ON, 365, time_zone=zone)
        assert found["is_on_time"].to_list() == [is_on_time], zone


@pytest.mark.parametrize(("currency", "unit_cost"), [("GBP", 500), (None, 500), ("USD", 0)])
def test_a_cost_in_another_currency_is_no_cost(currency: str | None, unit_cost: int):
    products = pl.DataFrame(
        {"product_id": ["a"], "name": ["A"], "cost_minor": [500], "currency": [currency]},
        schema_overrides={"currency": pl.String},
    )
    found = run(
        replenishment=[need()], stock_targets=[target()], products=products, prices=prices("a")
    )
    assert found.tables["purchase_plan"]["unit_cost_minor"].to_list() == [unit_cost]
