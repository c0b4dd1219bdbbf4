"""The inventory stage's turn over small shops made by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.inventory import InventorySettings, InventoryStep
from cartwheel.tables import table_contract
from cartwheel.tables.demand import QUANTILE_COLUMNS
from cartwheel.tables.step import Outputs, Skipped
from fakes import MemoryInputs

ON = date(2026, 6, 30)
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
SURE = InventorySettings(lead_time_days=7.0, lead_time_cv=0.0, replay_weeks=0)


def sure_demand(*rates: tuple[str, str, float]) -> pl.DataFrame:
    """Foretell demand without any doubt: units a day by product and warehouse."""
    return pl.DataFrame(
        [
            {
                "product_id": product, "warehouse_id": place, "horizon_days": days,
                "mean": rate * days, **dict.fromkeys(QUANTILE_COLUMNS, rate * days),
            }
            for product, place, rate in rates
            for days in (1, 7, 14, 28)
        ]
    )  # fmt: skip


def sold(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    """Order lines: product, warehouse, days ago, units."""
    return pl.DataFrame(
        [
            {
                "order_id": f"o{n}", "line_no": 1, "ordered_at": NOON - timedelta(days=ago),
                "product_id": product, "warehouse_id": place, "quantity": units,
                "unit_price_minor": 1000, "currency": "GBP",
            }
            for n, (product, place, ago, units) in enumerate(rows)
        ]
    )  # fmt: skip


def stock(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"product_id": p, "warehouse_id": w, "counted_at": NOON, "on_hand": units}
            for p, w, units in rows
        ]
    )


PLACES = pl.DataFrame(
    {"warehouse_id": ["n", "s"], "latitude": [52.0, 51.0], "longitude": [0.0, 0.0]}
)
COSTS = pl.DataFrame({"product_id": ["a", "b"], "cost_minor": [600, 600], "currency": "GBP"})


def run(settings: InventorySettings = SURE, **tables: pl.DataFrame) -> Outputs:
    found = InventoryStep(settings).run(MemoryInputs(on=ON, tables=tables))
    assert isinstance(found, Outputs)
    for name, frame in found.tables.items():
        table_contract(name).check(frame)
    if found.proposals is not None:
        table_contract("proposal_drafts").check(found.proposals)
    return found


def row(found: Outputs, table: str, product: str, place: str = "all") -> dict[str, object]:
    return found.tables[table].row(
        by_predicate=(pl.col("product_id") == product) & (pl.col("warehouse_id") == place),
        named=True,
    )


def test_shop_without_sales_is_skipped_with_a_reason():
    found = InventoryStep().run(MemoryInputs(on=ON, tables={}))
    assert isinstance(found, Skipped)
    assert found.reason.zh


def test_order_lines_alone_give_classes_speed_and_dead_products():
    found = run(order_lines=sold(("a", "all", 1, 90), ("a", "all", 95, 1), ("b", "all", 200, 1)))
    assert set(found.tables) == {"inventory_health", "inventory_scores"}
    a, b = row(found, "inventory_health", "a"), row(found, "inventory_health", "b")
    assert (a["state"], a["abc"], a["units_a_day"], a["on_hand"]) == ("selling", "A", 1.0, None)
    assert (b["state"], b["abc"], b["last_sold_on"]) == ("dead", "C", date(2025, 12, 12))
    assert len(found.notes) == 2


def test_sure_demand_orders_exactly_lead_time_and_review():
    found = run(
        cumulative_forecasts=sure_demand(("a", "all", 2.0)),
        order_lines=sold(("a", "all", 1, 2)),
        stock_levels=stock(("a", "all", 10)),
        products=COSTS,
    )
    target = row(found, "stock_targets", "a")
    assert (target["reorder_point"], target["order_up_to"], target["safety_stock"]) == (16, 28, 0)
    plan = row(found, "replenishment", "a")
    assert (plan["needed"], plan["buy"], plan["unmet"], plan["binding"]) == (18, 18, 0, "none")
    assert plan["stockout_probability"] == 1.0  # ten last five days, the order takes seven
    assert plan["shortage_value_minor"] == 18 * 400


def test_stock_on_its_way_counts_and_lost_orders_do_not():
    at = [NOON - timedelta(days=1), NOON - timedelta(days=300)]
    found = run(
        cumulative_forecasts=sure_demand(("a", "all", 2.0)),
        order_lines=sold(("a", "all", 1, 2)),
        stock_levels=stock(("a", "all", 10)),
        purchase_orders=pl.DataFrame(
            {
                "purchase_order_id": ["1", "2"], "supplier_id": "s",
                "warehouse_id": "all", "ordered_at": at,
            }
        ),
        purchase_order_lines=pl.DataFrame(
            {
                "purchase_order_id": ["1", "2"], "line_no": 1, "ordered_at": at,
                "product_id": "a", "quantity": [20, 500],
            }
        ),
    )  # fmt: skip
    plan = row(found, "replenishment", "a")
    assert (plan["on_order"], plan["needed"], plan["binding"]) == (20, 0, "enough_stock")
    assert any("lost" in note.en for note in found.notes)


def test_surplus_moves_where_an_order_would_come_too_late():
    found = run(
        cumulative_forecasts=sure_demand(("a", "n", 2.0), ("a", "s", 1.0)),
        order_lines=sold(("a", "n", 1, 2), ("a", "s", 1, 1)),
        stock_levels=stock(("a", "n", 4), ("a", "s", 30)),
        warehouses=PLACES,
        products=COSTS,
    )
    need, giver = row(found, "replenishment", "a", "n"), row(found, "replenishment", "a", "s")
    # ten are short before an order can arrive; the rest is cheaper bought than moved
    assert (need["needed"], need["transfer_in"], need["buy"]) == (24, 10, 14)
    assert giver["transfer_in"] == giver["buy"] == 0
    assert found.proposals.height == 1
    proposal = found.proposals.row(0, named=True)
    payload = json.loads(proposal["payload"])
    assert payload == {
        "cost_minor": round(10 * (40 + 0.1 * 111.195)), "from_warehouse_id": "s",
        "product_id": "a", "quantity": 10, "to_warehouse_id": "n",
    }  # fmt: skip
    saved = 10 * 600 * 0.25 / 365 * 30  # holding of ten units that would have lain thirty days
    assert proposal["effect"] == pytest.approx(10 * 400 - payload["cost_minor"] + saved)
    assert "16 above its target and stock for 30 days" in proposal["reason"]
    assert proposal["effect_low"] <= proposal["effect"] <= proposal["effect_high"]
    assert "10 件" in proposal["reason_zh"]


def test_transfers_can_be_forbidden():
    found = run(
        InventorySettings(lead_time_days=7.0, lead_time_cv=0.0, replay_weeks=0, transfers=False),
        cumulative_forecasts=sure_demand(("a", "n", 2.0), ("a", "s", 1.0)),
        order_lines=sold(("a", "n", 1, 2)),
        stock_levels=stock(("a", "n", 4), ("a", "s", 30)),
        warehouses=PLACES,
    )
    assert found.proposals.is_empty()
    assert row(found, "replenishment", "a", "n")["buy"] == 24


def test_budget_names_itself_and_serves_the_dearer_loss_first():
    settings = InventorySettings(
        lead_time_days=7.0, lead_time_cv=0.0, replay_weeks=0, budget_minor=18 * 600
    )
    found = run(
        settings,
        cumulative_forecasts=sure_demand(("a", "all", 2.0), ("b", "all", 2.0)),
        order_lines=sold(("a", "all", 1, 2)).vstack(
            sold(("b", "all", 1, 2)).with_columns(
                pl.lit("ob").alias("order_id"),
                pl.lit(5000, pl.Int64).alias("unit_price_minor"),
            )
        ),
        stock_levels=stock(("a", "all", 10), ("b", "all", 10)),
        products=COSTS,
    )  # fmt: skip
    a, b = row(found, "replenishment", "a"), row(found, "replenishment", "b")
    assert (b["buy"], b["binding"]) == (18, "none")
    assert (a["buy"], a["unmet"], a["binding"]) == (0, 18, "budget")


def test_full_warehouse_names_itself():
    found = run(
        cumulative_forecasts=sure_demand(("a", "n", 2.0)),
        order_lines=sold(("a", "n", 1, 2)),
        stock_levels=stock(("a", "n", 10), ("b", "n", 100)),
        warehouses=PLACES.with_columns(pl.lit(105).alias("capacity_units")),
    )
    plan = row(found, "replenishment", "a", "n")
    assert (plan["buy"], plan["unmet"], plan["binding"]) == (5, 13, "capacity")


def test_product_without_offer_or_no_longer_bought_says_so():
    offer = pl.DataFrame(
        {
            "supplier_id": ["s"], "product_id": ["c"], "from_quantity": [1],
            "unit_cost_minor": [500], "currency": ["GBP"],
        }
    )  # fmt: skip
    found = run(
        cumulative_forecasts=sure_demand(("a", "all", 2.0), ("b", "all", 2.0), ("c", "all", 2.0)),
        order_lines=sold(("a", "all", 1, 2)),
        stock_levels=stock(("a", "all", 1), ("b", "all", 1), ("c", "all", 1)),
        products=COSTS.with_columns(pl.Series("is_active", [True, False])),
        supplier_offers=offer,
    )
    said = [row(found, "replenishment", product)["binding"] for product in "abc"]
    assert said == ["no_offer", "inactive", "none"]


def test_health_tells_out_under_over_slow_and_dead_apart():
    rates = [(p, "all", 1.0) for p in "ouh"] + [("x", "all", 1.0), ("s", "all", 0.01)]
    held = {"o": 0, "u": 5, "h": 12, "x": 200, "s": 50, "d": 7}
    found = run(
        cumulative_forecasts=sure_demand(*rates),
        order_lines=sold(
            *[(p, "all", ago, units) for p in "ouhx" for ago, units in ((1, 90), (95, 1))],
            ("s", "all", 95, 1),
            ("s", "all", 10, 1),
            ("d", "all", 250, 4),
        ),
        stock_levels=stock(*[(p, "all", units) for p, units in held.items()]),
    )
    states = {p: row(found, "inventory_health", p)["state"] for p in held}
    assert states == {
        "o": "out", "u": "under", "h": "healthy", "x": "over", "s": "slow", "d": "dead"
    }  # fmt: skip
    dead = row(found, "inventory_health", "d")
    assert (dead["excess_units"], dead["days_of_cover"], dead["turnover"]) == (7, None, 0.0)
    assert row(found, "inventory_health", "x")["days_of_cover"] == 200.0


def test_movements_after_the_count_change_the_stock():
    later = pl.DataFrame(
        {
            "movement_id": ["1", "2"],
            "moved_at": [NOON - timedelta(hours=1), NOON + timedelta(hours=1)],
            "product_id": "a", "warehouse_id": "all", "quantity": [100, -3], "kind": "adjustment",
        }
    )  # fmt: skip
    found = run(
        cumulative_forecasts=sure_demand(("a", "all", 2.0)),
        order_lines=sold(("a", "all", 1, 2)),
        stock_levels=stock(("a", "all", 10)),
        stock_movements=later,
    )
    assert row(found, "replenishment", "a")["on_hand"] == 7


def test_forecast_for_the_whole_shop_takes_the_sum_of_all_warehouses():
    found = run(
        cumulative_forecasts=sure_demand(("a", "all", 2.0)),
        order_lines=sold(("a", "n", 1, 2)),
        stock_levels=stock(("a", "n", 10), ("a", "s", 5)),
        warehouses=PLACES,
    )
    assert row(found, "replenishment", "a")["on_hand"] == 15
    assert found.tables["inventory_health"]["warehouse_id"].to_list() == ["all"]


def test_replay_scores_the_rule_beside_two_simple_ones():
    lines = sold(*[("a", "all", ago, 1 + ago % 3) for ago in range(400)])
    found = run(InventorySettings(), order_lines=lines)
    scores = found.tables["inventory_scores"]
    assert scores.height == 9
    assert scores.filter("is_used")["method"].unique().to_list() == ["quantile targets"]
    assert scores["tested_from"].unique().to_list() == ["2026-04-08"]
    assert scores.filter(pl.col("measure") == "fill rate")["value"].is_between(0, 1).all()


def changed(before: int, after: int, *, since: int) -> pl.DataFrame:
    """Order lines of 12 products whose weekly sales changed ``since`` days ago."""
    return sold(
        *[
            (f"p{n}", "all", 7 * week, before if 7 * week >= since else after)
            for n in range(12)
            for week in range(62)
        ]
    )


def test_the_rule_that_cost_less_in_the_weeks_before_the_reported_ones_sets_the_targets():
    found = run(
        InventorySettings(lead_time_days=7.0, lead_time_cv=0.0),
        order_lines=changed(20, 2, since=280),
        cumulative_forecasts=sure_demand(*[(f"p{n}", "all", 1.0) for n in range(12)]),
        products=pl.DataFrame(
            {"product_id": [f"p{n}" for n in range(12)], "cost_minor": 600, "currency": "GBP"}
        ),
    )
    scores = found.tables["inventory_scores"]
    assert scores.filter("is_used")["method"].unique().to_list() == ["1.5 x mean cover"]
    assert row(found, "stock_targets", "p0")["order_up_to"] == 21  # 1.5 times 14 days
    assert any('"1.5 x mean cover"' in note.en for note in found.notes)


def test_weeks_that_are_reported_choose_no_rule_but_what_they_show_is_said():
    found = run(InventorySettings(), order_lines=changed(20, 2, since=175))
    scores = found.tables["inventory_scores"]
    assert scores.filter("is_used")["method"].unique().to_list() == ["quantile targets"]
    assert any("would have cost" in note.en for note in found.notes)


def test_same_inputs_give_same_outputs_and_fingerprints():
    tables = {
        "cumulative_forecasts": sure_demand(("a", "n", 2.0), ("a", "s", 1.0)),
        "order_lines": sold(("a", "n", 1, 2)),
        "stock_levels": stock(("a", "n", 4), ("a", "s", 30)),
        "warehouses": PLACES,
    }
    one, two = run(**tables), run(**tables)
    assert one.proposals.equals(two.proposals)
    for name, frame in one.tables.items():
        assert frame.equals(two.tables[name])


@pytest.mark.parametrize(
    "wrong",
    [
        {"review_days": 0.0}, {"service_highest": 1.0}, {"service_rule": "luck"},
        {"budget_minor": -1}, {"holding_rate": -0.1}, {"assumed_margin": 1.0},
        {"lead_time_days": -1.0}, {"transfer_days": -1}, {"dead_days": 0}, {"replay_weeks": -1},
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(InputError):
        InventorySettings(**wrong)


def test_service_by_class_follows_the_settings():
    settings = InventorySettings(
        lead_time_cv=0.0, replay_weeks=0, service_rule="abc", service_a=0.96, service_c=0.8
    )
    found = run(
        settings,
        cumulative_forecasts=sure_demand(("a", "all", 2.0), ("b", "all", 1.0)),
        order_lines=sold(("a", "all", 1, 90), ("b", "all", 300, 1)),
    )
    assert row(found, "stock_targets", "a")["service"] == 0.96
    assert row(found, "stock_targets", "b")["service"] == 0.8


def test_forecast_without_stock_still_sets_targets():
    found = run(
        cumulative_forecasts=sure_demand(("a", "all", 2.0)), order_lines=sold(("a", "all", 1, 2))
    )
    assert set(found.tables) == {"stock_targets", "inventory_health", "inventory_scores"}
    assert found.proposals is None
    assert found.notes[0].en.startswith("Without stock levels")


def test_product_nobody_foretold_lends_its_stock_but_needs_nothing():
    found = run(
        cumulative_forecasts=sure_demand(("a", "n", 2.0)),
        order_lines=sold(("a", "n", 1, 2)),
        stock_levels=stock(("a", "n", 4), ("a", "s", 5), ("b", "s", 9)),
        warehouses=PLACES,
        products=COSTS,
    )
    plan = found.tables["replenishment"]
    assert plan.height == 1
    assert plan["transfer_in"][0] == 5
    assert "hardly any demand" in found.proposals["reason"][0]


@pytest.mark.parametrize(
    ("days_sold", "units_a_day"), [(5, 3 * 5 / 14), (30, 3.0), (90, 3.0), (200, 3.0)]
)
def test_the_speed_of_a_young_product_counts_from_its_first_sale(days_sold, units_a_day):
    young = [("a", "all", ago, 3) for ago in range(days_sold)]
    found = run(order_lines=sold(*young, ("b", "all", 300, 1)))
    assert row(found, "inventory_health", "a")["units_a_day"] == pytest.approx(units_a_day)
