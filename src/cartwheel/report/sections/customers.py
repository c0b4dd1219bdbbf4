"""Customers: segments, when they buy, whether they come back, how far they get."""

from __future__ import annotations

import re

import polars as pl

from cartwheel.report.blocks import Block, Cell, Chart, Grid, Heading, Heat, Section
from cartwheel.report.data import ReportData
from cartwheel.report.speech import Speech

_COHORTS_SHOWN = 13
_MONTHS_SHOWN = 12
_STEPS_SHOWN = 8
_KIND = re.compile(r"\w[\w.:-]*")


def customers(data: ReportData, speech: Speech) -> Section:
    """Return segments, activity by weekday and hour, cohorts and funnels."""
    found = [_segments(data, speech), _activity(data, speech), _cohorts(data, speech)]
    blocks: list[Block] = [block for block in found if block is not None]
    blocks += _funnels(data, speech)
    title = speech.say("customers")
    if not blocks:
        return Section(id="customers", title=title, missing=speech.say("no_customers"))
    profiles = data.table("customer_profiles", "customer_id")
    lead = ""
    if profiles is not None:
        lead = speech.say("customers_lead", count=speech.number(profiles.height))
    return Section(id="customers", title=title, lead=lead, blocks=blocks)


def _segments(data: ReportData, speech: Speech) -> Chart | None:
    segments = data.table("segments", "method", "segment", "customer_share", "revenue_share")
    if segments is None:
        return None
    is_rule = segments.filter(method="rfm_rules")
    rows = (is_rule if is_rule.height else segments).sort(
        "revenue_share", "segment", descending=[True, False], nulls_last=True
    )
    told = rows.to_dicts()
    names = [speech.pick(row, "name") for row in told]
    return Chart(
        id="segments",
        title=speech.say("segments"),
        spec={
            "kind": "bars",
            "y": names,
            "series": [
                {"name": speech.say(key), "values": [100 * (row[column] or 0) for row in told]}
                for key, column in (
                    ("share_of_customers", "customer_share"), ("share_of_revenue", "revenue_share"),
                )
            ],
            "suffix": " %",
        },
        alt=speech.say("segments_alt", name=names[0]),
        grid=Grid(
            caption=speech.say("segments"),
            headings=[
                Heading(speech.say("segment")),
                Heading(speech.say("customers"), is_number=True),
                Heading(speech.say("share_of_customers"), is_number=True),
                Heading(speech.say("share_of_revenue"), is_number=True),
                Heading(speech.say("since_order"), is_number=True),
                Heading(speech.say("orders_each"), is_number=True),
                Heading(speech.say("net_each"), is_number=True),
            ],
            rows=[
                [
                    Cell(name),
                    speech.number_cell(row["customers"]),
                    speech.percent_cell(row["customer_share"], bar=True),
                    speech.percent_cell(row["revenue_share"], bar=True),
                    speech.number_cell(row["recency_days"], 0),
                    speech.number_cell(row["orders"], 1),
                    speech.money_cell(row["net_minor"]),
                ]
                for name, row in zip(names, told, strict=True)
            ],
        ),
        note=speech.say("segments_note"),
    )  # fmt: skip


def _activity(data: ReportData, speech: Speech) -> Heat | None:
    activity = data.table("activity", "weekday", "hour", "orders")
    if activity is None:
        return None
    orders = {
        (day, hour): n for day, hour, n in activity.select("weekday", "hour", "orders").rows()
    }
    most = max(orders.values(), default=1) or 1
    rows = [
        (
            speech.code("weekday", str(day)),
            [
                Cell(speech.number(n) if n else "", n, share=n / most)
                for n in (orders.get((day, hour), 0) for hour in range(24))
            ],
        )
        for day in range(1, 8)
    ]
    busiest = max(orders, key=lambda place: (orders[place], place))
    return Heat(
        caption=speech.say("activity"),
        corner=speech.say("weekday"),
        columns=[str(hour) for hour in range(24)],
        rows=rows,
        note=speech.say(
            "activity_note",
            day=speech.code("weekday", str(busiest[0])),
            hour=busiest[1],
            next=busiest[1] + 1,
            zone=data.time_zone,
        ),
        is_dense=True,
    )


def _cohorts(data: ReportData, speech: Speech) -> Heat | None:
    cohorts = data.table("cohorts", "cohort_on", "months_later", "retention", "customers")
    if cohorts is None:
        return None
    if "is_complete" in cohorts.columns:
        cohorts = cohorts.filter(pl.col("is_complete"))
    later = cohorts.filter(pl.col("months_later") > 0)
    if later.is_empty():
        return None
    longest = int(later.select(pl.col("months_later").max()).item())
    months = range(1, min(longest, _MONTHS_SHOWN) + 1)
    kept = {(day, month): share for day, month, share in later.select(
        "cohort_on", "months_later", "retention").rows()}  # fmt: skip
    sizes = dict(cohorts.select("cohort_on", "customers").unique().sort("cohort_on").rows())
    most = max(kept.values()) or 1.0
    rows = []
    for day in sorted(sizes)[-_COHORTS_SHOWN:]:
        shares = [kept.get((day, month)) for month in months]
        label = speech.say("cohort", month=str(day)[:7], customers=speech.number(sizes[day]))
        rows.append((label, [_share_cell(share, most, speech) for share in shares]))
    return Heat(
        caption=speech.say("cohorts"),
        corner=speech.say("first_order"),
        columns=[speech.say("months_later", months=month) for month in months],
        rows=rows,
        note=speech.say("cohorts_note"),
        is_dense=True,
    )


def _share_cell(share: float | None, most: float, speech: Speech) -> Cell:
    if share is None:
        return Cell("", 0.0)
    return Cell(speech.percent(share), share, share=share / most)


def _funnels(data: ReportData, speech: Speech) -> list[Block]:
    funnels = data.table("funnels", "funnel", "step_no", "step", "visitors", "of_first")
    if funnels is None:
        return []
    first = funnels.filter(pl.col("visitors") > 0).sort("funnel", "step_no")
    return [
        Grid(
            caption=speech.say("funnel", path=path_text(str(name[0]), speech)),
            headings=[
                Heading(speech.say("step")),
                Heading(speech.say("visitors"), is_number=True),
                Heading(speech.say("of_first"), is_number=True),
                Heading(speech.say("of_before"), is_number=True),
                Heading(speech.say("range90"), is_number=True),
            ],
            rows=[
                [
                    Cell(path_text(row["step"], speech), row["step_no"]),
                    speech.number_cell(row["visitors"]),
                    speech.percent_cell(row["of_first"], 1, bar=True),
                    speech.percent_cell(row.get("conversion"), 1),
                    Cell(_between(row.get("low"), row.get("high"), speech), row.get("low") or 0.0),
                ]
                for row in rows.head(_STEPS_SHOWN).iter_rows(named=True)
            ],
        )
        for name, rows in first.group_by("funnel", maintain_order=True)
    ]


def path_text(path: str, speech: Speech) -> str:
    """Write a path such as ``{search, view} > purchase`` with words for the event kinds known."""
    return _KIND.sub(lambda kind: speech.code("event", kind[0]), path)


def _between(low: float | None, high: float | None, speech: Speech) -> str:
    if low is None or high is None:
        return "–"
    return speech.say("from_to", low=speech.percent(low, 1), high=speech.percent(high, 1))
