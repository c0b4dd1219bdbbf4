"""Methods beside their simple baselines, on the shop's own data and a time split."""

from __future__ import annotations

from typing import Any

import polars as pl

from cartwheel.report.blocks import Block, Cell, Chart, Grid, Heading, Section
from cartwheel.report.data import ReportData
from cartwheel.report.speech import Speech

_MOST_ROWS = 60
_SUMMARY_ROWS = 12  # a stage
_COVERAGE_AIM = 0.9


def methods(data: ReportData, speech: Speech) -> Section:
    """Return one table a stage: every method, its measures, intervals and whether it serves."""
    title = speech.say("methods")
    scores = data.scores
    if scores is None:
        return Section(id="methods", title=title, missing=speech.say("no_scores"))
    blocks: list[Block] = []
    summary = _summary(scores, speech)
    if summary is not None:
        blocks.append(summary)
    coverage = _coverage(scores, speech)
    if coverage is not None:
        blocks.append(coverage)
    for (stage,), rows in scores.sort("stage", "slice", "measure", "method").group_by(
        "stage", maintain_order=True
    ):
        blocks.append(_table(str(stage), rows, speech))
    return Section(id="methods", title=title, lead=speech.say("methods_lead"), blocks=blocks)


def _summary(scores: pl.DataFrame, speech: Speech) -> Grid | None:
    """Return what serves beside the best baseline, where both were measured on the same."""
    place = ["stage", "slice", "measure"]
    known = scores.filter(pl.col("value").is_not_null())
    sign = pl.when("is_lower_better").then(1).otherwise(-1)
    best = (
        known.filter("is_baseline")
        .sort(sign * pl.col("value"), "method")
        .group_by(place, maintain_order=True)
        .first()
        .select(*place, baseline="method", baseline_value="value")
    )
    pairs = (
        known.filter(pl.col("is_used") & ~pl.col("is_baseline"))
        .join(best, on=place)
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
                _against(row, row["baseline_value"], speech),
            ]
            for row in pairs.iter_rows(named=True)
        ],
        note=speech.say("in_use_note"),
    )


def _table(stage: str, rows: pl.DataFrame, speech: Speech) -> Grid:
    is_whole = pl.col("slice") == "all"
    told = rows.sort(is_whole, "slice", "measure", descending=[True, False, False]).head(_MOST_ROWS)
    best = _baselines(rows)
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
        rows=[_row(row, best, speech) for row in told.iter_rows(named=True)],
        note=speech.say("shown_of", shown=told.height, count=rows.height)
        if told.height < rows.height
        else "",
        is_folded=rows.height > 12,
    )


def _baselines(rows: pl.DataFrame) -> dict[tuple[str, str], float]:
    """Return the best baseline of each slice and measure."""
    found: dict[tuple[str, str], float] = {}
    for row in rows.filter("is_baseline").drop_nulls("value").iter_rows(named=True):
        key, value = (row["slice"], row["measure"]), row["value"]
        choose = min if row["is_lower_better"] else max
        found[key] = choose(found.get(key, value), value)
    return found


def _row(
    row: dict[str, Any], baselines: dict[tuple[str, str], float], speech: Speech
) -> list[Cell]:
    baseline = baselines.get((row["slice"], row["measure"]))
    low, high = row["low"], row["high"]
    between = "–"
    if low is not None and high is not None:
        between = speech.say("from_to", low=speech.number(low, 3), high=speech.number(high, 3))
    roles = [speech.say(key) for key in ("serves", "baseline") if row[f"is_{_FLAGS[key]}"]]
    return [
        Cell(speech.code("slice", row["slice"])),
        Cell(speech.code("measure", row["measure"])),
        Cell(speech.code("method", row["method"])),
        speech.number_cell(row["value"], 3),
        Cell(between, low if low is not None else float("-inf")),
        _against(row, baseline, speech),
        Cell(", ".join(roles)),
        speech.number_cell(row["cases"]),
        Cell(_period(row, speech)),
    ]


_FLAGS = {"serves": "used", "baseline": "baseline"}


def _against(row: dict[str, Any], baseline: float | None, speech: Speech) -> Cell:
    if baseline is None or row["value"] is None or row["is_baseline"] or baseline == 0:
        return Cell("–", float("-inf"))
    change = row["value"] / baseline - 1
    gain = -change if row["is_lower_better"] else change
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    text = f"{sign}{speech.percent(abs(change), 1)}"
    tone = "good" if gain > 0 else "bad" if gain < 0 else "plain"
    mark = speech.say("better" if gain > 0 else "worse") if gain else ""
    return Cell(f"{text} {mark}".strip(), gain, tone)  # type: ignore[arg-type]


def _period(row: dict[str, Any], speech: Speech) -> str:
    if not row["tested_from"]:
        return "–"
    return speech.say("from_to", low=row["tested_from"], high=row["tested_to"] or "")


def _coverage(scores: pl.DataFrame, speech: Speech) -> Chart | None:
    """Draw the measured coverage of 90 % intervals against the aim."""
    is_coverage = pl.col("measure").str.contains("(?i)coverage") & pl.col("measure").str.contains(
        "90"
    )
    rows = scores.filter(is_coverage & pl.col("value").is_not_null()).sort(
        "stage", "slice", "method"
    )
    used = rows.filter("is_used") if rows["is_used"].any() else rows
    told = used.head(12).to_dicts()
    if not told:
        return None
    names = [
        f"{speech.code('method', row['method'])} · {speech.code('slice', row['slice'])}"
        for row in told
    ]
    shares = [row["value"] if row["value"] <= 1 else row["value"] / 100 for row in told]
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
