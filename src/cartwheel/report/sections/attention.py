"""What needs a look today: failed steps, alerts on key figures, falls in data quality."""

from __future__ import annotations

import polars as pl

from cartwheel.report.blocks import Block, Card, Cards, Note, Section
from cartwheel.report.data import ReportData
from cartwheel.report.sections.quality import table_title
from cartwheel.report.speech import Speech

_SHOWN = 8


def attention(data: ReportData, speech: Speech) -> Section:
    """Return cards of what went wrong, the worst first."""
    failed, alerts, quality = _failed(data, speech), _alerts(data, speech), _quality(data, speech)
    cards = [*failed, *alerts, *quality]
    title = speech.say("attention")
    if not cards:
        calm = Note(speech.say("all_calm"), "good")
        return Section(id="attention", title=title, blocks=[calm])
    blocks: list[Block] = [Cards(failed + alerts[:_SHOWN] + quality[:_SHOWN])]
    hidden = max(len(alerts) - _SHOWN, 0) + max(len(quality) - _SHOWN, 0)
    if hidden:
        blocks.append(Note(speech.say("more_alerts", count=hidden)))
    return Section(id="attention", title=title, lead=speech.say("attention_lead"), blocks=blocks)


def _failed(data: ReportData, speech: Speech) -> list[Card]:
    if data.steps.is_empty():
        return []
    return [
        Card(
            badge=speech.say("failed_step"),
            title=speech.code("stage", row["step"]),
            text=speech.pick(row, "reason"),
            tone="bad",
        )
        for row in data.steps.filter(pl.col("status") == "failed").iter_rows(named=True)
    ]


def _alerts(data: ReportData, speech: Speech) -> list[Card]:
    alerts = data.table("alerts", "kpi", "reason", "score", "starts_on")
    if alerts is None:
        return []
    worst_first = alerts.sort(
        pl.col("is_bad").fill_null(False), pl.col("score").abs(), descending=[True, True]
    )
    names = _names(data, speech)
    return [
        Card(
            badge=f"{names.get(row['kpi'], row['kpi'])} · {speech.day(row['starts_on'])}",
            title=speech.say("alert_bad" if row["is_bad"] else "alert_seen"),
            text=speech.pick(row, "reason"),
            tone="bad" if row["is_bad"] else "plain",
        )
        for row in worst_first.iter_rows(named=True)
    ]


def _quality(data: ReportData, speech: Speech) -> list[Card]:
    quality = data.table("quality", "table", "measure", "is_alert", "reason", "value")
    if quality is None:
        return []
    return [
        Card(
            badge=speech.say("quality_alert"),
            title=" · ".join(
                (table_title(row["table"], speech), speech.code("dimension", row["dimension"]))
            ),
            text=speech.pick(row, "reason"),
            figures=[(speech.say("passes"), speech.percent(row["value"], 1))],
            tone="bad",
        )
        for row in quality.filter("is_alert").sort("value", "table").iter_rows(named=True)
    ]


def _names(data: ReportData, speech: Speech) -> dict[str, str]:
    definitions = data.table("kpi_definitions", "kpi", "name")
    if definitions is None:
        return {}
    return {row["kpi"]: speech.pick(row, "name") for row in definitions.iter_rows(named=True)}
