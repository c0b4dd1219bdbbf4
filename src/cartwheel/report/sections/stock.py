"""Stock: what is about to run out, what lies too long, and where the value sits."""

from __future__ import annotations

import polars as pl

from cartwheel.report.blocks import Block, Cell, Grid, Heading, Heat, Section
from cartwheel.report.data import ReportData
from cartwheel.report.figures import StockFacts, stock_facts
from cartwheel.report.preview import preview
from cartwheel.report.speech import Speech

_PLAN_COLUMNS = (
    "product_id", "warehouse_id", "on_hand", "on_order", "needed", "transfer_in", "buy", "unmet",
    "stockout_probability", "shortage_value_minor", "binding",
)  # fmt: skip
_HEALTH_COLUMNS = (
    "product_id", "warehouse_id", "state", "abc", "xyz", "on_hand", "stock_value_minor",
    "days_of_cover", "units_a_day", "last_sold_on", "turnover", "excess_units",
    "excess_value_minor",
)  # fmt: skip
_CLASSES = ("A", "B", "C"), ("X", "Y", "Z")


def stock(data: ReportData, speech: Speech) -> Section:
    """Return the stock facts, the ABC-XYZ heat map, the classes of health and the plan."""
    title = speech.say("stock")
    blocks: list[Block] = []
    facts = stock_facts(data)
    health = data.table("inventory_health", "state", "abc", "xyz", "stock_value_minor")
    if health is not None:
        blocks += _health_blocks(health, data, speech)
    plan = data.table("replenishment", "product_id", "shortage_value_minor")
    if plan is not None:
        pressing = plan.filter(pl.col("needed") > 0).sort(
            "shortage_value_minor", "product_id", "warehouse_id", descending=[True, False, False]
        )
        caption = speech.say("plan_caption")
        blocks.append(preview(pressing, _PLAN_COLUMNS, data, speech, caption=caption))
    if not blocks:
        return Section(id="stock", title=title, missing=speech.say("no_stock"))
    lead = "" if facts is None else _lead(facts, speech)
    return Section(id="stock", title=title, lead=lead, blocks=blocks)


def _lead(facts: StockFacts, speech: Speech) -> str:
    return speech.say(
        "stock_lead",
        places=speech.number(facts.places),
        out=speech.number(facts.out),
        likely=speech.number(facts.likely_out),
        shortage=speech.money(facts.shortage_minor),
    )


def _health_blocks(health: pl.DataFrame, data: ReportData, speech: Speech) -> list[Block]:
    ordered = health.sort(
        "stock_value_minor", "units_a_day", "product_id", "warehouse_id",
        descending=[True, True, False, False], nulls_last=True,
    )  # fmt: skip
    caption = speech.say("health_caption")
    return [
        _abc_xyz(health, speech),
        _by_state(health, speech),
        preview(ordered, _HEALTH_COLUMNS, data, speech, caption=caption, is_folded=True),
    ]


def _abc_xyz(health: pl.DataFrame, speech: Speech) -> Heat:
    cells = {
        (row["abc"], row["xyz"]): row
        for row in health.group_by("abc", "xyz")
        .agg(products=pl.len(), value=pl.col("stock_value_minor").sum())
        .iter_rows(named=True)
    }
    most = max(row["products"] for row in cells.values())
    none = {"products": 0, "value": 0}
    rows = [
        (
            speech.say(f"class_{abc}"),
            [_class_cell(cells.get((abc, xyz), none), most, speech) for xyz in _CLASSES[1]],
        )
        for abc in _CLASSES[0]
    ]
    return Heat(
        caption=speech.say("abc_xyz"),
        corner=speech.say("class"),
        columns=[speech.say(f"class_{xyz}") for xyz in _CLASSES[1]],
        rows=rows,
        note=speech.say("abc_xyz_note"),
    )


def _class_cell(row: dict[str, int], most: int, speech: Speech) -> Cell:
    products = speech.number(row["products"])
    key = "products_value" if row["value"] else "products_only"
    said = speech.say(key, products=products, value=speech.money(row["value"]))
    return Cell(said, row["products"], share=row["products"] / most)


def _by_state(health: pl.DataFrame, speech: Speech) -> Grid:
    rows = (
        health.group_by("state")
        .agg(
            pl.len(),
            value=pl.col("stock_value_minor").sum(),
            excess=pl.col("excess_value_minor").sum(),
        )
        .sort("value", "len", "state", descending=[True, True, False])
    )
    whole = max(int(rows["value"].sum()), 1)
    return Grid(
        caption=speech.say("by_health"),
        headings=[
            Heading(speech.say("health")),
            Heading(speech.say("count"), is_number=True),
            Heading(speech.say("stock_value"), is_number=True),
            Heading(speech.say("share"), is_number=True),
            Heading(speech.say("excess"), is_number=True),
        ],
        rows=[
            [
                Cell(speech.code("health", row["state"])),
                speech.number_cell(row["len"]),
                speech.money_cell(row["value"]),
                speech.percent_cell(row["value"] / whole, bar=True),
                speech.money_cell(row["excess"]),
            ]
            for row in rows.iter_rows(named=True)
        ],
    )
