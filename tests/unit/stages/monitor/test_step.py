"""The step: writes its tables, says what it left out, and does the same every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.monitor.step import MonitorSettings, MonitorStep
from cartwheel.tables import TABLES, table_contract
from cartwheel.tables.step import Outputs, Skipped
from fakes import MemoryInputs

ON = date(2026, 6, 28)


def order_lines(days: int = 120) -> pl.DataFrame:
    first = datetime(2026, 3, 1, 9, tzinfo=UTC)
    rows = [
        (f"o{day}-{n}", 1, first + timedelta(days=day), f"c{n}", f"p{n % 3}", 1, 1000, "GBP", "web")
        for day in range(days)
        for n in range(10)
    ]
    big = ("big", 1, first + timedelta(days=days - 2), "c1", "p1", 500, 1000, "GBP", "phone")
    names = ["order_id", "line_no", "ordered_at", "customer_id", "product_id", "quantity"]
    names += ["unit_price_minor", "currency", "channel"]
    return pl.DataFrame([*rows, big], schema=names, orient="row")


def run(**tables: pl.DataFrame) -> Outputs:
    found = MonitorStep().run(MemoryInputs(ON, tables))
    assert isinstance(found, Outputs)
    return found


def test_tables_keep_their_contracts_and_are_all_written() -> None:
    found = run(order_lines=order_lines())
    assert set(found.tables) == MonitorStep().writes
    for name, frame in found.tables.items():
        table_contract(name).check(frame)


def test_one_huge_order_raises_alerts_that_name_where_it_came_from() -> None:
    alerts = run(order_lines=order_lines()).tables["alerts"]
    revenue = alerts.filter(kpi="revenue", period="day").to_dicts()[0]
    assert revenue["starts_on"] == date(2026, 6, 27)
    assert (revenue["value"], revenue["expected"]) == (510_000, 10_000)
    assert (revenue["driver_kind"], revenue["driver"]) == ("channel", "phone")
    assert revenue["driver_share"] == pytest.approx(1.0)
    assert revenue["is_bad"] is False
    assert revenue["reason"].startswith("Revenue on 2026-06-27: £5,100, where £100 was expected")
    assert "差额的 100% 来自渠道“phone”" in revenue["reason_zh"]


def test_the_same_inputs_give_the_same_outputs() -> None:
    first, second = run(order_lines=order_lines()), run(order_lines=order_lines())
    for name, frame in first.tables.items():
        assert frame.equals(second.tables[name]), name


def test_other_currencies_and_missing_tables_are_told() -> None:
    lines = order_lines().with_columns(
        currency=pl.when(pl.col("order_id") == "big").then(pl.lit("USD")).otherwise("currency")
    )
    said = [note.en for note in run(order_lines=lines).notes]
    assert said[0].startswith("1 rows of order_lines are in another currency than GBP")
    assert "Satisfaction" in said[1]


def test_a_shop_without_data_is_skipped() -> None:
    assert isinstance(MonitorStep().run(MemoryInputs(ON, {})), Skipped)


def test_it_reads_known_tables_only() -> None:
    step = MonitorStep()
    assert not step.reads
    assert step.reads_if_there <= set(TABLES)


@pytest.mark.parametrize("wrong", [{"alert_days": 0}, {"quality_floor": 2}, {"quality_margin": -1}])
def test_impossible_settings_are_refused(wrong: dict) -> None:
    with pytest.raises(InputError):
        MonitorSettings(**wrong)
