"""The demand step: tables that keep their contracts, whatever a shop has to give."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.demand.report import beaten_note
from cartwheel.stages.demand.step import DemandSettings, DemandStep
from cartwheel.tables import table_contract
from cartwheel.tables.step import Outputs, Skipped
from fakes import MemoryInputs

ON = date(2024, 12, 29)
FAST = DemandSettings(boosting_rounds=20, threads=1)


def order_lines(products: int = 30, days: int = 300, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(1.0, 0.4, size=(products, 1)), size=(products, days))
    product, day = np.nonzero(counts)
    start = datetime(ON.year, ON.month, ON.day, 12, tzinfo=UTC) - timedelta(days=days - 1)
    return pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(len(day))],
            "line_no": 1,
            "ordered_at": [start + timedelta(days=int(d)) for d in day],
            "product_id": [f"p{p:03d}" for p in product],
            "quantity": counts[product, day],
        }
    )


def run(on: date = ON, settings: DemandSettings = FAST, **tables: pl.DataFrame):
    return DemandStep(settings).run(MemoryInputs(on=on, tables=tables))


@pytest.fixture(scope="module")
def outputs() -> Outputs:
    found = run(order_lines=order_lines())
    assert isinstance(found, Outputs)
    return found


def test_order_lines_alone_are_enough(outputs: Outputs) -> None:
    assert set(outputs.tables) == DemandStep.writes
    for name, table in outputs.tables.items():
        assert table_contract(name).check(table).height > 0


def test_forecasts_begin_on_the_next_day_and_follow_without_gap(outputs: Outputs) -> None:
    starts = outputs.tables["forecasts"]["starts_on"].unique().sort().to_list()
    assert starts == [ON + timedelta(days=1 + 7 * i) for i in range(13)]


def test_sums_grow_with_the_horizon_and_reach_it(outputs: Outputs) -> None:
    sums = outputs.tables["cumulative_forecasts"].sort("product_id", "horizon_days")
    assert sums["horizon_days"].unique().sort().to_list() == [7 * i for i in range(1, 14)]
    for name in ("mean", "q05", "q50", "q95"):
        grown = sums.select(pl.col(name).diff().over("product_id")).to_series().drop_nulls()
        assert (grown >= 0).all()


def test_the_mean_of_sums_is_the_sum_of_means(outputs: Outputs) -> None:
    means = outputs.tables["forecasts"].group_by("product_id").agg(pl.col("mean").sum())
    sums = outputs.tables["cumulative_forecasts"].filter(pl.col("horizon_days") == 91)
    both = means.join(sums, on="product_id")
    np.testing.assert_allclose(both["mean"], both["mean_right"])


def test_history_keeps_every_unit_of_the_whole_weeks(outputs: Outputs) -> None:
    table = outputs.tables["demand_history"]
    begin = table["starts_on"].min()
    sold = order_lines().filter(pl.col("ordered_at").dt.date() >= begin)["quantity"].sum()
    assert table["sold"].sum() == sold


def test_scores_name_the_held_out_window_and_the_baselines(outputs: Outputs) -> None:
    scores = outputs.tables["demand_scores"].filter(pl.col("slice") == "all")
    assert scores["tested_from"].unique().to_list() == ["2024-11-04"]
    assert scores["tested_to"].unique().to_list() == ["2024-12-29"]
    simple = scores.filter(pl.col("is_baseline") & (pl.col("measure") == "weighted RMSSE"))
    assert set(simple["method"]) == {"seasonal_naive", "moving_average"}
    assert scores.filter("is_used")["measure"].to_list() == [
        "weighted RMSSE", "pinball", "coverage 50 %", "coverage 90 %",
    ]  # fmt: skip


def test_the_same_inputs_give_the_same_outputs(outputs: Outputs) -> None:
    again = run(order_lines=order_lines().sample(fraction=1.0, shuffle=True, seed=1))
    for name, table in outputs.tables.items():
        assert again.tables[name].equals(table), name


def test_a_shop_without_orders_and_sales_is_skipped() -> None:
    assert isinstance(run(), Skipped)


def test_too_short_a_history_is_skipped_with_its_length() -> None:
    found = run(order_lines=order_lines(days=15))
    assert isinstance(found, Skipped)
    assert "Only 2 whole periods of 7 days" in found.reason.en


def test_a_short_history_gets_the_moving_average_and_says_so() -> None:
    found = run(order_lines=order_lines(days=70))
    assert isinstance(found, Outputs)
    assert set(found.tables["demand_series"]["method"]) == {"moving_average"}
    assert found.tables["demand_scores"].is_empty()
    assert "too short" in found.notes[-1].en
    spread = found.tables["forecasts"].filter(pl.col("mean") > 0.5)
    assert (spread["q95"] > spread["mean"]).all()


def test_one_series_alone_is_forecast() -> None:
    lines = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(40)],
            "line_no": 1,
            "ordered_at": [
                datetime(2024, 12, 29, tzinfo=UTC) - timedelta(days=7 * i) for i in range(40)
            ],
            "product_id": "p",
            "quantity": 4,
        }
    )
    found = run(order_lines=lines)
    assert isinstance(found, Outputs)
    np.testing.assert_allclose(found.tables["forecasts"]["mean"], 4.0, rtol=0.05)


def test_stock_outs_lift_the_forecast() -> None:
    lines = order_lines().filter(
        (pl.col("product_id") != "p001")
        | (pl.col("ordered_at") < datetime(2024, 12, 1, tzinfo=UTC))
    )
    out = pl.DataFrame(
        {
            "product_id": "p001",
            "warehouse_id": "w",
            "counted_at": [datetime(2024, 12, 1, tzinfo=UTC)],
            "on_hand": 0,
        }
    )
    found = run(order_lines=lines, stock_levels=out), run(order_lines=lines)
    masked, plain = (
        outputs.tables["forecasts"].filter(pl.col("product_id") == "p001")["mean"].sum()
        for outputs in found
    )
    assert masked > plain
    assert any("out of stock" in note.en for note in found[0].notes)
    assert not any("out of stock" in note.en for note in found[1].notes)


def test_prices_and_daily_sales_are_taken() -> None:
    lines = order_lines()
    prices = pl.DataFrame(
        {
            "product_id": ["p001", "p001"],
            "valid_from": [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 11, 1, tzinfo=UTC)],
            "price_minor": [1000, 800],
            "regular_price_minor": [1000, 1000],
            "currency": "GBP",
        }
    )
    day = pl.col("ordered_at").dt.date()
    sales = lines.group_by("product_id", day.alias("starts_on")).agg(pl.col("quantity").sum())
    daily = sales.with_columns(
        warehouse_id=pl.lit("all"),
        ends_on=pl.col("starts_on"),
        revenue_minor=pl.col("quantity") * 900,
    )
    found = run(sales=daily, prices=prices, settings=FAST)
    assert isinstance(found, Outputs)
    assert found.tables["forecasts"]["days"].unique().to_list() == [1]
    assert found.tables["cumulative_forecasts"]["horizon_days"].max() == 91
    without = run(sales=daily, settings=FAST)
    assert isinstance(without, Outputs)


@pytest.mark.parametrize(
    "wrong", [{"grain": "month"}, {"horizon_days": 0}, {"windows": 0}, {"threads": 0}]
)
def test_wrong_settings_are_named(wrong) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        DemandSettings(**wrong)


@pytest.mark.parametrize(("chosen", "is_said"), [(0.9, False), (0.95, True), (1.0, True)])
def test_a_simple_method_that_did_as_well_is_named(chosen: float, is_said: bool) -> None:
    scores = pl.DataFrame(
        {
            "slice": "all", "measure": "weighted RMSSE",
            "method": ["chosen", "seasonal_naive", "moving_average"],
            "value": [chosen, 1.1, 0.95],
            "is_used": [True, False, False], "is_baseline": [False, True, True],
        }
    )  # fmt: skip
    note = beaten_note(scores)
    assert (note is not None) == is_said
    assert note is None or "moving average" in note.en


def test_what_chosen_stands_for_is_said(outputs: Outputs) -> None:
    methods = outputs.tables["demand_series"]["method"]
    share = (methods == "combination").mean()
    assert any(f"{share:.0%} of the series" in note.en for note in outputs.notes)
