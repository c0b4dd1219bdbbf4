"""Laws of key figures: order of rows does not matter, money scales, days add up to weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.stages.monitor.anomaly import WatchRule, seasonal_watch
from cartwheel.stages.monitor.calculate import compute_kpis
from cartwheel.stages.monitor.facts import Shop
from cartwheel.tables import table_contract

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ON = date(2026, 3, 31)

rows = st.lists(
    st.tuples(
        st.integers(0, 89), st.integers(0, 5), st.integers(0, 3), st.integers(1, 9),
        st.integers(0, 5000),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


def order_lines(found: list[tuple[int, int, int, int, int]]) -> pl.DataFrame:
    return table_contract("order_lines").conform(
        pl.DataFrame(
            [
                (f"o{n}", 1, FIRST + timedelta(days=day), f"c{who}", f"p{what}", units, price)
                for n, (day, who, what, units, price) in enumerate(found)
            ],
            schema=["order_id", "line_no", "ordered_at", "customer_id", "product_id", "quantity",
                    "unit_price_minor"],
            orient="row",
        )
    )  # fmt: skip


def kpis(lines: pl.DataFrame) -> pl.DataFrame:
    return compute_kpis(
        lambda name: lines.lazy() if name == "order_lines" else None, Shop(on=ON)
    ).values


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(found, random) -> None:
    lines = order_lines(found)
    order = list(range(lines.height))
    random.shuffle(order)
    assert kpis(lines).equals(kpis(lines[order]))


@given(rows)
@settings(max_examples=25, deadline=None)
def test_sums_of_days_are_sums_of_months_and_of_the_lines(found) -> None:
    lines = order_lines(found)
    totals = kpis(lines).filter(kpi="revenue").group_by("period").agg(pl.col("value").sum())
    expected = (lines["quantity"] * lines["unit_price_minor"]).sum()
    assert set(totals["value"]) == {expected}
    assert totals.height == 3


@given(rows, st.integers(2, 7))
@settings(max_examples=25, deadline=None)
def test_prices_times_k_give_revenue_times_k_and_the_same_counts(found, k) -> None:
    lines = order_lines(found)
    more = lines.with_columns(pl.col("unit_price_minor") * k)
    once, scaled = kpis(lines), kpis(more)
    for kpi, factor in (("revenue", k), ("orders", 1), ("customers", 1), ("repeat_rate", 1)):
        before = once.filter(kpi=kpi)["value"]
        assert scaled.filter(kpi=kpi)["value"].equals(before * factor)


@given(st.lists(st.floats(0, 1e6), min_size=60, max_size=120), st.sampled_from([2.0, 1024.0]))
@settings(max_examples=25, deadline=None)
def test_alerts_do_not_depend_on_the_unit_of_the_figure(values, factor) -> None:
    figures = pl.Series([round(value) for value in values], dtype=pl.Float64)
    once, scaled = (seasonal_watch(s, WatchRule()) for s in (figures, figures * factor))
    assert once["is_alert"].equals(scaled["is_alert"])
