"""Methods beside their simple baselines, on the shop's own data and a time split."""

from __future__ import annotations

from typing import Any

import polars as pl

from cartwheel.report.blocks import Block, Cell, Chart, Grid, Heading, Section, Tone
from cartwheel.report.data import ReportData
from cartwheel.report.speech import Speech

_MOST_ROWS = 60
_SUMMARY_ROWS = 12  # a stage
_COVERAGE_AIM = 0.9
_COVERAGE = r"(?i)^coverage (\d+) ?%"


def methods(data: ReportData, speech: Speech) -> Section:
    """Return what serves beside the best baseline, coverage, and one table a stage."""
    title = speech.say("methods")
    if data.scores is None:
        return Section(id="methods", title=title, missing=speech.say("no_scores"))
    scores = compared(data.scores)
    found = [_summary(scores, speech), _coverage(scores, speech)]
    blocks: list[Block] = [block for block in found if block is not None]
    by_stage = scores.sort("stage", "slice", "measure", "method").group_by(
        "stage", maintain_order=True
    )
    blocks += [_table(str(stage), rows, speech) for (stage,), rows in by_stage]
    return Section(id="methods", title=title, lead=speech.say("methods_lead"), blocks=blocks)


def compared(scores: pl.DataFrame) -> pl.DataFrame:
    """Add the best baseline of the same slice and measure, and how much less each row loses.

    The loss of a coverage is its distance from the aim: intervals that hold too much are no better
    than those that hold too little.
    """
    place = ["stage", "slice", "measure"]
    aim = pl.col("measure").str.extract(_COVERAGE).cast(pl.Float64) / 100
    value = pl.col("value")
    loss = (
        pl.when(aim.is_not_null())
        .then((value - aim).abs())
        .when("is_lower_better")
        .then(value)
        .otherwise(-value)
    )
    judged = scores.with_columns(loss=loss)
    best = (
        judged.filter("is_baseline", value.is_not_null())
        .sort("loss", "method")
        .group_by(place, maintain_order=True)
        .first()
        .select(*place, baseline="method", baseline_value="value", baseline_loss="loss")
    )
    return judged.join(best, on=place, how="left", maintain_order="left").with_columns(
        gain=pl.when(~pl.col("is_baseline")).then(pl.col("baseline_loss") - pl.col("loss"))
    )


def _summary(scores: pl.DataFrame, speech: Speech) -> Grid | None:
    """Return what serves beside the best baseline, where both were measured on the same."""
    pairs = (
        scores.filter("is_used", pl.col("gain").is_not_null())
        .sort("stage", pl.col("slice") != "all", "slice", "measure", "method")
        .group_by("stage", maintain_order=True)
        .head(_SUMMARY_ROWS)
    )
    if pairs.is_empty():
        return None
    return Grid(
        caption=speech.say("in_use"),
        headings=[
            Heading(speech.say("stage")),
            Heading(speech.say("slice")),
            Heading(speech.say("measure")),
            Heading(speech.say("method")),
            Heading(speech.say("value"), is_number=True),
            Heading(speech.say("best_baseline")),
            Heading(speech.say("value"), is_number=True),
            Heading(speech.say("difference"), is_number=True),
        ],
        rows=[
            [
                Cell(speech.code("stage", row["stage"])),
                Cell(speech.code("slice", row["slice"])),
                Cell(speech.code("measure", row["measure"])),
                Cell(speech.code("method", row["method"])),
                speech.number_cell(row["value"], 3),
                Cell(speech.code("method", row["baseline"])),
                speech.number_cell(row["baseline_value"], 3),
                _difference(row, speech),
            ]
            for row in pairs.iter_rows(named=True)
        ],
        note=speech.say("in_use_note"),
    )


def _table(stage: str, rows: pl.DataFrame, speech: Speech) -> Grid:
    is_whole = pl.col("slice") == "all"
    told = rows.sort(is_whole, "slice", "measure", descending=[True, False, False]).head(_MOST_ROWS)
    return Grid(
        caption=speech.say("methods_of", stage=speech.code("stage", stage)),
        headings=[
            Heading(speech.say("slice")),
            Heading(speech.say("measure")),
            Heading(speech.say("method")),
            Heading(speech.say("value"), is_number=True),
            Heading(speech.say("range90"), is_number=True),
            Heading(speech.say("against_baseline"), is_number=True),
            Heading(speech.say("role")),
            Heading(speech.say("cases"), is_number=True),
            Heading(speech.say("tested")),
        ],
        rows=[_row(row, speech) for row in told.iter_rows(named=True)],
        note=speech.say("shown_of", shown=told.height, count=rows.height)
        if told.height < rows.height
        else "",
        is_folded=True,
    )


def _row(row: dict[str, Any], speech: Speech) -> list[Cell]:
    low, high = row["low"], row["high"]
    between = "–"
    if low is not None and high is not None:
        between = speech.say("from_to", low=speech.number(low, 3), high=speech.number(high, 3))
    roles = [speech.say(key) for key, flag in _ROLES.items() if row[flag]]
    return [
        Cell(speech.code("slice", row["slice"])),
        Cell(speech.code("measure", row["measure"])),
        Cell(speech.code("method", row["method"])),
        speech.number_cell(row["value"], 3),
        Cell(between, low if low is not None else float("-inf")),
        _difference(row, speech),
        Cell(", ".join(roles)),
        speech.number_cell(row["cases"]),
        Cell(_period(row, speech)),
    ]


_ROLES = {"serves": "is_used", "baseline": "is_baseline"}


def _difference(row: dict[str, Any], speech: Speech) -> Cell:
    """Write the relative difference to the best baseline and whether that is better."""
    gain, baseline = row["gain"], row["baseline_value"]
    if gain is None or not baseline:
        return Cell("–", float("-inf"))
    change = row["value"] / baseline - 1
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    mark = speech.say("better" if gain > 0 else "worse") if gain else ""
    tone: Tone = "good" if gain > 0 else "bad" if gain < 0 else "plain"
    return Cell(f"{sign}{speech.percent(abs(change), 1)} {mark}".strip(), gain, tone)


def _period(row: dict[str, Any], speech: Speech) -> str:
    if not row["tested_from"]:
        return "–"
    return speech.say("from_to", low=row["tested_from"], high=row["tested_to"] or "")


def _coverage(scores: pl.DataFrame, speech: Speech) -> Chart | None:
    """Draw the measured coverage of 90 % intervals against the aim."""
    is_aimed = pl.col("measure").str.extract(_COVERAGE) == str(round(100 * _COVERAGE_AIM))
    rows = scores.filter(is_aimed, pl.col("value").is_not_null()).sort("stage", "slice", "method")
    used = rows.filter("is_used") if rows["is_used"].any() else rows
    told = used.head(12).to_dicts()
    if not told:
        return None
    names = [
        f"{speech.code('method', row['method'])} · {speech.code('slice', row['slice'])}"
        for row in told
    ]
    shares = [row["value"] for row in told]
    return Chart(
        id="coverage",
        title=speech.say("coverage"),
        spec={
            "kind": "bars",
            "y": names,
            "series": [
                {"name": speech.say("measured"), "values": [round(100 * s, 1) for s in shares]}
            ],
            "aim": 100 * _COVERAGE_AIM,
            "suffix": " %",
            "max": 100,
        },
        alt=speech.say(
            "coverage_alt", low=speech.percent(min(shares), 1), high=speech.percent(max(shares), 1)
        ),
        grid=Grid(
            caption=speech.say("coverage"),
            headings=[
                Heading(speech.say("method")),
                Heading(speech.say("measured"), is_number=True),
            ],
            rows=[
                [Cell(name), speech.percent_cell(share, 1, bar=True)]
                for name, share in zip(names, shares, strict=True)
            ],
        ),
        note=speech.say("coverage_note"),
    )
