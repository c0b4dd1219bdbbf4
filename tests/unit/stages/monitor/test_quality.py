"""Data quality: each kind of fault is counted, and a fall raises an alert."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from cartwheel.stages.monitor.quality import quality_report
from cartwheel.tables import table_contract

ON = date(2026, 6, 28)  # a Sunday
FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday


def shop_lines(days: int = 119, per_day: int = 10) -> pl.DataFrame:
    count = days * per_day
    rows = pl.DataFrame({"n": range(count)})
    return table_contract("order_lines").conform(
        rows.select(
            order_id=pl.format("o{}", "n"),
            line_no=pl.lit(1),
            ordered_at=pl.lit(FIRST) + pl.duration(days=pl.col("n") // per_day),
            customer_id=pl.format("c{}", pl.col("n") % 50),
            product_id=pl.format("p{}", pl.col("n") % 7),
            quantity=pl.lit(1),
            unit_price_minor=100 + pl.col("n") % 7,
        )
    )


def report(lines: pl.DataFrame, **tables: pl.DataFrame):
    conformed = {name: table_contract(name).conform(frame) for name, frame in tables.items()}
    quarantine, imports = conformed.pop("quarantine", None), conformed.pop("imports", None)
    found = quality_report({"order_lines": lines, **conformed}, quarantine, imports, ON)
    table_contract("quality").check(found.measures)
    return found


def whole(found, table: str, measure: str) -> dict:
    rows = found.measures.filter(table=table, measure=measure, period="all").to_dicts()
    assert len(rows) == 1
    return rows[0]


def test_clean_data_raise_no_alert() -> None:
    found = report(shop_lines())
    assert found.alerts.is_empty()
    assert found.measures.filter(pl.col("value") < 1)["measure"].unique().to_list() == []


def test_completeness_falls_when_a_column_stops_being_filled() -> None:
    lines = shop_lines()
    last_week = pl.col("ordered_at") >= datetime(2026, 6, 22, tzinfo=UTC)
    half = pl.int_range(pl.len()) % 2 == 0
    worse = lines.with_columns(
        customer_id=pl.when(last_week & half).then(None).otherwise("customer_id")
    )
    alerts = report(worse).alerts
    assert alerts.select("table", "dimension", "measure", "starts_on").rows() == [
        ("order_lines", "completeness", "customer_id", date(2026, 6, 22))
    ]
    assert alerts["reason"][0] == (
        "customer_id is empty: 35 of 70 fail; 50.0 % pass, 100.0 % is usual"
    )
    assert "通常为 100.0%" in alerts["reason_zh"][0]


def test_a_column_never_filled_is_a_choice_and_no_fault() -> None:
    found = report(shop_lines())
    assert "warehouse_id" not in found.measures["measure"].to_list()


def test_lines_entered_twice_are_counted() -> None:
    lines = shop_lines()
    again = lines.head(12).with_columns(line_no=pl.lit(2, pl.Int64))
    row = whole(report(pl.concat([lines, again])), "order_lines", "all")
    assert (row["dimension"], row["failed"]) == ("uniqueness", 12)


def test_unknown_products_break_consistency() -> None:
    products = pl.DataFrame({"product_id": [f"p{n}" for n in range(6)]})
    found = report(shop_lines(), products=products)
    row = whole(found, "order_lines", "product_id in products")
    assert row["failed"] == 170
    assert row["is_alert"]


def test_prices_far_off_the_products_own_are_not_valid() -> None:
    wild = shop_lines().with_columns(
        unit_price_minor=pl.when(pl.int_range(pl.len()) == 3)
        .then(100_000)
        .otherwise("unit_price_minor")
    )
    assert whole(report(wild), "order_lines", "price near the usual")["failed"] == 1


def test_quarantined_rows_count_against_validity() -> None:
    imports = pl.DataFrame(
        {
            "import_id": ["i1"], "table": ["order_lines"], "file": ["lines.csv"],
            "imported_at": [datetime(2026, 6, 20, tzinfo=UTC)], "rows_in": [1000],
            "rows_accepted": [900], "rows_merged": [0], "rows_quarantined": [100],
        }
    )  # fmt: skip
    row = whole(report(shop_lines(), imports=imports), "order_lines", "rows accepted")
    assert (row["value"], row["is_alert"]) == (0.9, True)


def test_counts_must_differ_by_the_movements_between() -> None:
    at = [FIRST + timedelta(days=day) for day in (0, 2, 4)]
    levels = pl.DataFrame(
        {"product_id": "p1", "warehouse_id": "w1", "counted_at": at, "on_hand": [10, 7, 7]}
    )
    moves = pl.DataFrame(
        {
            "movement_id": ["m1", "m2"],
            "moved_at": [FIRST + timedelta(days=1), FIRST + timedelta(days=3)],
            "product_id": "p1",
            "warehouse_id": "w1",
            "quantity": [-3, -2],
            "kind": "sale",
        }
    )
    found = report(shop_lines(), stock_levels=levels, stock_movements=moves)
    row = whole(found, "stock_levels", "counts and movements")
    assert (row["cases"], row["failed"]) == (2, 1)


def test_refunds_above_the_price_paid_are_found() -> None:
    returns = pl.DataFrame(
        {
            "return_id": ["r1", "r2"],
            "order_id": ["o0", "o1"],
            "product_id": ["p0", "p1"],
            "returned_at": FIRST + timedelta(days=9),
            "quantity": 1,
            "refund_minor": [100, 102],
        }
    )
    found = report(shop_lines(), returns=returns)
    assert whole(found, "returns", "refund within price")["failed"] == 1


def test_a_table_that_is_no_longer_fed_is_overdue() -> None:
    found = report(shop_lines(days=100))
    row = whole(found, "order_lines", "newest row")
    assert row["is_alert"]
    assert row["reason"] == "the newest row is 19 days old; 1 days between rows are usual"


def test_absent_tables_are_named() -> None:
    found = report(shop_lines())
    assert "tickets" in found.missing
    assert "order_lines" not in found.missing


def test_the_summary_holds_the_worst_share_of_each_dimension() -> None:
    products = pl.DataFrame({"product_id": [f"p{n}" for n in range(6)]})
    row = (
        report(shop_lines(), products=products).summary().filter(table="order_lines").to_dicts()[0]
    )
    assert row["consistency"] == 1 - 170 / 1190
    assert row["alerts"] == 1


def test_columns_filled_in_later_are_not_missed() -> None:
    shipments = pl.DataFrame({"n": range(119)}).select(
        shipment_id=pl.format("s{}", "n"),
        order_id=pl.format("o{}", "n"),
        shipped_at=pl.lit(FIRST) + pl.duration(days=pl.col("n")),
    )
    arrived = pl.when(pl.col("shipped_at") < datetime(2026, 6, 20, tzinfo=UTC)).then(
        pl.col("shipped_at") + timedelta(days=1)
    )
    found = report(shop_lines(), shipments=shipments.with_columns(delivered_at=arrived))
    assert found.alerts.is_empty()


def test_a_few_empty_values_among_few_rows_may_be_chance() -> None:
    lines = shop_lines(per_day=2)
    last_week = pl.col("ordered_at") >= datetime(2026, 6, 22, tzinfo=UTC)
    one = pl.int_range(pl.len()) == lines.height - 3
    worse = lines.with_columns(
        customer_id=pl.when(last_week & one).then(None).otherwise("customer_id")
    )
    assert report(worse).alerts.is_empty()


def test_counts_that_stay_the_same_do_not_repeat_themselves() -> None:
    days = [FIRST + timedelta(days=day) for day in range(5)]
    levels = pl.DataFrame(
        {"product_id": "p1", "warehouse_id": "w1", "counted_at": days, "on_hand": 7}
    )
    found = report(shop_lines(), stock_levels=levels).measures.filter(table="stock_levels")
    assert "uniqueness" not in found["dimension"].to_list()


def test_completeness_in_the_summary_is_the_share_of_cells_filled() -> None:
    half = pl.int_range(pl.len()) % 2 == 0
    lines = shop_lines().with_columns(customer_id=pl.when(half).then("customer_id"))
    row = report(lines).summary().to_dicts()[0]
    assert row["completeness"] == 0.75  # customer_id half, unit_price_minor whole
