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
_LEAST_CHANGES = 8
_NO_RANGE = Cell("–", float("-inf"))
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
    past, ahead = _past(data), _ahead(data, forecasts)
    rows = [
        [Cell(speech.day(day)), speech.number_cell(units, 0), _NO_RANGE]
        for day, units in past.rows()
    ]
    for day, mean, low, high in ahead.rows():
        between = speech.say("from_to", low=speech.number(low, 0), high=speech.number(high, 0))
        rows.append([Cell(speech.day(day)), speech.number_cell(mean, 0), Cell(between, low)])
    return Chart(
        id="demand-fan",
        title=speech.say("fan"),
        spec={
            "kind": "fan",
            "x": [speech.day(day) for day in [*past["starts_on"], *ahead["starts_on"]]],
            "past": past["demand"].round(1).to_list(),
            "mean": ahead["mean"].round(1).to_list(),
            "range": ahead.select(pl.col("low", "high").round(1)).rows(),
            "names": {key: speech.say(f"fan_{key}") for key in ("past", "mean", "range")},
        },
        alt=speech.say(
            "fan_alt", total=speech.number(float(ahead["mean"].sum()), 0), periods=ahead.height
        ),
        grid=Grid(
            caption=speech.say("fan"),
            headings=[
                Heading(speech.say("period_from")),
                Heading(speech.say("units"), is_number=True),
                Heading(speech.say("fan_range"), is_number=True),
            ],
            rows=rows,
        ),
        note=speech.say("fan_note"),
    )


def _ahead(data: ReportData, forecasts: pl.DataFrame) -> pl.DataFrame:
    """Return the shop's expected demand by period with a 90 % range.

    Quantiles do not add up. The standard deviation of the sum lies between that of series that vary
    alone (root of the sum of squares) and of series that move together (plain sum); where between
    is measured on the past, see ``_joint_factor``.
    """
    spread = (pl.col("q95") - pl.col("q05")) / _NORMAL_90
    alone, together = (spread**2).sum().sqrt(), spread.sum()
    factor = _joint_factor(data)
    sd = together if factor is None else pl.min_horizontal(factor * alone, together)
    reach = _Z90 * pl.col("sd")
    return (
        forecasts.group_by("starts_on")
        .agg(pl.col("mean").sum(), sd=sd)
        .sort("starts_on")
        .select(
            "starts_on",
            "mean",
            low=(pl.col("mean") - reach).clip(lower_bound=0),
            high=pl.col("mean") + reach,
        )
    )


def _joint_factor(data: ReportData) -> float | None:
    """Return how much wider the shop's sum has varied than it would with series varying alone.

    Root of the variance of the sum's changes from period to period over the sum of the variances
    of the series' own changes; at least 1. None with fewer than 8 changes.
    """
    history = data.table("demand_history", "product_id", "warehouse_id", "starts_on", "demand")
    if history is None or history["starts_on"].n_unique() <= _LEAST_CHANGES:
        return None
    series = ["product_id", "warehouse_id"]
    changes = (
        history.sort(*series, "starts_on")
        .select(*series, "starts_on", change=pl.col("demand").diff().over(series))
        .drop_nulls()
    )
    own = changes.group_by(series).agg(pl.col("change").var())["change"].sum()
    joint = changes.group_by("starts_on").agg(pl.col("change").sum()).sort("starts_on")
    varied = joint.select(pl.col("change").var()).item()
    return max((varied / own) ** 0.5, 1.0) if own and varied is not None else None


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
