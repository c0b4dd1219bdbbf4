"""What will be sold: history and forecast of the whole shop, and how well methods did."""

from __future__ import annotations

from datetime import date
from typing import cast

import polars as pl

from cartwheel.report.blocks import Block, Cell, Chart, Grid, Heading, Section
from cartwheel.report.data import ReportData
from cartwheel.report.preview import preview
from cartwheel.report.speech import Speech

_PAST_SHOWN = 60
_NORMAL_90 = 3.2897  # distance of the 5 % and 95 % quantiles in standard deviations
_Z90 = 1.6449
_NEXT_COLUMNS = ("product_id", "warehouse_id", "starts_on", "days", "mean", "q05", "q95", "method")


def demand(data: ReportData, speech: Speech) -> Section:
    """Return the fan of the shop's demand, the methods chosen and the largest forecasts."""
    title = speech.say("demand")
    forecasts = data.table("forecasts", "starts_on", "mean", "q05", "q95")
    if forecasts is None:
        return Section(id="demand", title=title, missing=speech.say("no_forecasts"))
    blocks: list[Block] = [_fan(data, forecasts, speech)]
    methods = _methods(data, speech)
    if methods is not None:
        blocks.append(methods)
    first = cast(date, forecasts["starts_on"].min())
    largest = forecasts.filter(pl.col("starts_on") == first).sort(
        "mean", "product_id", "warehouse_id", descending=[True, False, False]
    )
    caption = speech.say("next_period", day=speech.day(first))
    blocks.append(preview(largest, _NEXT_COLUMNS, data, speech, caption=caption, is_folded=True))
    return Section(id="demand", title=title, lead=speech.say("demand_lead"), blocks=blocks)


def _fan(data: ReportData, forecasts: pl.DataFrame, speech: Speech) -> Chart:
    past = _past(data)
    spread = (pl.col("q95") - pl.col("q05")) / _NORMAL_90
    ahead = (
        forecasts.group_by("starts_on")
        .agg(pl.col("mean").sum(), alone=(spread**2).sum().sqrt(), together=spread.sum())
        .sort("starts_on")
    )
    days = [speech.day(day) for day in [*past["starts_on"], *ahead["starts_on"]]]
    rows = [
        [Cell(speech.day(day)), speech.number_cell(value, 0), Cell("–", 0.0), Cell("–", 0.0)]
        for day, value in past.rows()
    ]
    inner, outer = [], []
    for day, mean, alone, together in ahead.rows():
        near, wide = ((max(mean - _Z90 * sd, 0.0), mean + _Z90 * sd) for sd in (alone, together))
        inner.append([round(end, 1) for end in near])
        outer.append([round(end, 1) for end in wide])
        said = [
            Cell(speech.say("from_to", low=speech.number(low, 0), high=speech.number(high, 0)), low)
            for low, high in (near, wide)
        ]
        rows.append([Cell(speech.day(day)), speech.number_cell(mean, 0), *said])
    means = [round(value, 1) for value in ahead["mean"]]
    return Chart(
        id="demand-fan",
        title=speech.say("fan"),
        spec={
            "kind": "fan",
            "x": days,
            "past": [round(value, 1) for value in past["demand"]],
            "mean": means,
            "inner": inner,
            "outer": outer,
            "names": {key: speech.say(f"fan_{key}") for key in ("past", "mean", "inner", "outer")},
        },
        alt=speech.say("fan_alt", total=speech.number(sum(means), 0), periods=len(means)),
        grid=Grid(
            caption=speech.say("fan"),
            headings=[
                Heading(speech.say("period_from")),
                Heading(speech.say("units"), is_number=True),
                Heading(speech.say("fan_inner"), is_number=True),
                Heading(speech.say("fan_outer"), is_number=True),
            ],
            rows=rows,
        ),
        note=speech.say("fan_note"),
    )


def _past(data: ReportData) -> pl.DataFrame:
    history = data.table("demand_history", "starts_on", "demand")
    if history is None:
        return pl.DataFrame(schema={"starts_on": pl.Date, "demand": pl.Float64})
    summed = history.group_by("starts_on").agg(pl.col("demand").sum())
    return summed.sort("starts_on").tail(_PAST_SHOWN)


def _methods(data: ReportData, speech: Speech) -> Grid | None:
    series = data.table("demand_series", "method", "demand_class", "mean_demand")
    if series is None:
        return None
    rows = (
        series.group_by("method")
        .agg(
            pl.len(),
            units=(pl.col("mean_demand") / pl.col("period_days")).sum(),
            classes=pl.col("demand_class").mode().sort().first(),
            ratio=(pl.col("chosen_error") / pl.col("baseline_error")).median(),
        )
        .sort("len", "method", descending=[True, False])
    )
    whole = max(float(rows["units"].sum()), 1e-9)
    return Grid(
        caption=speech.say("methods_chosen"),
        headings=[
            Heading(speech.say("method")),
            Heading(speech.say("series"), is_number=True),
            Heading(speech.say("share_of_units"), is_number=True),
            Heading(speech.say("usual_class")),
            Heading(speech.say("error_ratio"), is_number=True),
        ],
        rows=[
            [
                Cell(speech.code("method", row["method"])),
                speech.number_cell(row["len"]),
                speech.percent_cell(row["units"] / whole, bar=True),
                Cell(speech.code("demand_class", row["classes"])),
                speech.number_cell(row["ratio"], 2),
            ]
            for row in rows.iter_rows(named=True)
        ],
        note=speech.say("error_ratio_note"),
    )
