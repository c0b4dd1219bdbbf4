"""A small shop's report data, with hostile names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl

from cartwheel.report.data import ReportData
from cartwheel.tables import table_contract

ON = date(2026, 6, 28)
HOSTILE = "</script><script>alert(1)</script>"
HOSTILE_ATTRIBUTE = '" onmouseover="alert(2)" x=\''
HOSTILE_TEMPLATE = "{{ 7 * 7 }} {% raw %}"


def conformed(table: str, rows: list[dict] | pl.DataFrame) -> pl.DataFrame:
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows, infer_schema_length=None)
    return table_contract(table).check(table_contract(table).conform(frame))


def proposal(number: int, **other: object) -> dict:
    return {
        "proposal_id": f"pr-{number}",
        "turn_id": "t1",
        "stage": "inventory",
        "proposed_on": ON,
        "status": "proposed",
        "kind": "reorder",
        "subject": f"p{number % 5}@w1",
        "payload": "{}",
        "reason": f"Reason {number} in plain words.",
        "reason_zh": f"理由{number}。",
        "kpi": "gross_margin",
        "effect": 1000.0 * number,
        "effect_low": 500.0 * number,
        "effect_high": 1500.0 * number,
        "cost_minor": 200 * number,
        "currency": "GBP",
        "confidence": 0.9,
        "valid_until": ON + timedelta(days=7),
        "method": "program",
        "method_version": "1",
        "fingerprint": f"fp-{number:06}",
    } | other


def weekly_kpis() -> pl.DataFrame:
    mondays = [date(2026, 6, 22) - timedelta(weeks=back) for back in range(30)]
    values = {"revenue": ("minor", 100_000.0), "orders": ("count", 50.0), "return_rate": ("%", 4.0)}
    return conformed(
        "kpis",
        [
            {
                "kpi": kpi,
                "period": period,
                "starts_on": day.replace(day=1) if period == "month" else day,
                "value": base * (1.1 if day == mondays[0] else 1),
                "unit": unit,
                "is_partial": False,
            }
            for kpi, (unit, base) in values.items()
            for period in ("week", "month")
            for day in (mondays if period == "week" else mondays[::5])
        ],
    )


def definitions() -> pl.DataFrame:
    shared = {"formula": "a sum", "formula_zh": "求和", "is_computed": True}
    rows = [
            {"kpi": "revenue", "name": "Revenue", "name_zh": "销售额", "unit": "minor",
             "is_higher_better": True, **shared},
            {"kpi": "gross_margin", "name": "Gross margin", "name_zh": "毛利", "unit": "minor",
             "is_higher_better": True, **shared},
            {"kpi": "orders", "name": "Orders", "name_zh": "订单数", "unit": "count",
             "is_higher_better": True, **shared},
            {"kpi": "return_rate", "name": "Return rate", "name_zh": "退货率", "unit": "%",
             "is_higher_better": False, **shared},
            {"kpi": "satisfaction", "name": "Satisfaction", "name_zh": "满意度", "unit": "stars",
             "is_higher_better": True, **shared, "is_computed": False,
             "reason": "It needs tickets.", "reason_zh": "需要工单。"},
    ]  # fmt: skip
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return conformed("kpi_definitions", frame.with_row_index("position", offset=1))


def products(count: int = 5) -> pl.DataFrame:
    names = [HOSTILE, HOSTILE_ATTRIBUTE, HOSTILE_TEMPLATE, "Plain & simple", "Mug"]
    return conformed(
        "products",
        pl.DataFrame({"product_id": [f"p{n}" for n in range(count)]}).with_columns(
            name=pl.Series([names[n % len(names)] for n in range(count)])
        ),
    )


def forecasts(count: int = 5) -> pl.DataFrame:
    starts = [ON + timedelta(days=1 + 7 * week) for week in range(4)]
    return conformed(
        "forecasts",
        pl.DataFrame({"product_id": [f"p{n}" for n in range(count)]})
        .join(pl.DataFrame({"starts_on": starts}), how="cross")
        .with_columns(
            warehouse_id=pl.lit("all"), days=7, mean=10.0, q05=2.0, q10=3.0, q25=6.0, q50=10.0,
            q75=13.0, q90=16.0, q95=18.0, method=pl.lit("theta"),
        ),
    )  # fmt: skip


def health(count: int = 5) -> pl.DataFrame:
    return conformed(
        "inventory_health",
        pl.DataFrame({"product_id": [f"p{n}" for n in range(count)]}).with_columns(
            warehouse_id=pl.lit("w1"), on_hand=5, on_order=0, units_a_day=1.0, last_sold_on=ON,
            days_of_cover=5.0, turnover=4.0, stock_value_minor=12_345, excess_units=0,
            excess_value_minor=0, abc=pl.lit("A"), xyz=pl.lit("X"), state=pl.lit("under"),
        ),
    )  # fmt: skip


def replenishment(count: int = 5) -> pl.DataFrame:
    return conformed(
        "replenishment",
        pl.DataFrame({"product_id": [f"p{n}" for n in range(count)]}).with_columns(
            warehouse_id=pl.lit("w1"), on_hand=pl.int_range(pl.len()), on_order=0, needed=9,
            transfer_in=1, buy=7, unmet=1, binding=pl.lit("budget"), shortage_value_minor=4_000,
            stockout_probability=0.6,
        ),
    )  # fmt: skip


def scores() -> pl.DataFrame:
    shared = {
        "stage": "demand", "slice": "all", "is_lower_better": True, "cases": 40,
        "tested_from": "2026-05-01", "tested_to": "2026-06-28",
    }  # fmt: skip
    return conformed(
        "demand_scores",
        [
            {"method": "chosen", "measure": "weighted RMSSE", "value": 0.8, "low": 0.7,
             "high": 0.9, "is_baseline": False, "is_used": True, **shared},
            {"method": "seasonal naive", "measure": "weighted RMSSE", "value": 1.0,
             "is_baseline": True, "is_used": False, **shared},
            {"method": "chosen", "measure": "coverage 90 %", "value": 0.88, "is_baseline": False,
             "is_used": True, **shared, "is_lower_better": False},
        ],
    )  # fmt: skip


def quality() -> pl.DataFrame:
    shared = {"table": "order_lines", "period": "all", "starts_on": ON, "cases": 100}
    return conformed(
        "quality",
        [
            {"dimension": "validity", "measure": "rows accepted", "value": 0.9, "failed": 10,
             "is_alert": True, "reason": "rows were set aside", "reason_zh": "行被隔离", **shared},
            {"dimension": "completeness", "measure": "customer_id", "value": 1.0, "failed": 0,
             "is_alert": False, **shared},
        ],
    )  # fmt: skip


def alerts() -> pl.DataFrame:
    return conformed(
        "alerts",
        [
            {
                "kpi": "revenue", "period": "day", "starts_on": ON, "value": 1.0, "expected": 9.0,
                "low": 5.0, "high": 12.0, "score": -6.0, "is_bad": True, "unit": "minor",
                "reason": f"Revenue fell: {HOSTILE}", "reason_zh": f"销售额下降：{HOSTILE}",
            }
        ],
    )  # fmt: skip


def steps() -> pl.DataFrame:
    notes = json.dumps([{"en": "A remark.", "zh": "一条说明。"}])
    shared = {"turn_id": "t1", "seconds": 1.5, "rows_in": 10, "rows_out": 5, "proposals": 1,
              "peak_mb": 300.0}  # fmt: skip
    return conformed(
        "turn_steps",
        [
            {"step": "demand", "position": 1, "status": "done", "notes": notes, **shared},
            {"step": "recommend", "position": 2, "status": "skipped", "reason": "Too few customers.",
             "reason_zh": "客户太少。", **shared},
            {"step": "procurement", "position": 3, "status": "failed", "reason": "Out of memory.", **shared},
        ],
    )  # fmt: skip


def report_data(count: int = 5, proposals: int = 30, **tables: pl.DataFrame) -> ReportData:
    given = {
        "products": products(count),
        "kpis": weekly_kpis(),
        "kpi_definitions": definitions(),
        "alerts": alerts(),
        "quality": quality(),
        "forecasts": forecasts(count),
        "inventory_health": health(count),
        "replenishment": replenishment(count),
        "demand_scores": scores(),
    }
    rows = [proposal(number) for number in range(1, proposals + 1)]
    return ReportData(
        shop=f"Shop {HOSTILE}",
        currency="GBP",
        time_zone="Europe/London",
        turn={
            "turn_id": "t1",
            "on_day": ON,
            "started_at": datetime(2026, 6, 29, 4, tzinfo=UTC),
            "seconds": 12.5,
            "engine": "duckdb",
        },
        steps=steps(),
        proposals=conformed("proposals", rows) if rows else table_contract("proposals").empty(),
        tables=given | tables,
    )


def empty_data() -> ReportData:
    return ReportData(
        shop="Empty",
        currency="JPY",
        time_zone="UTC",
        turn={"turn_id": "t0", "on_day": ON},
        steps=table_contract("turn_steps").empty(),
        proposals=table_contract("proposals").empty(),
    )
