"""What to show: how many lists at each place, by which method, and a few of them."""

from __future__ import annotations

import polars as pl

from cartwheel.report.blocks import Block, Cell, Grid, Heading, Section
from cartwheel.report.data import ReportData
from cartwheel.report.preview import preview
from cartwheel.report.speech import Speech

_LISTS_SHOWN = 3
_RANKS_SHOWN = 5
_COLUMNS = ("place", "subject", "rank", "product_id", "reason", "method")


def recommendations(data: ReportData, speech: Speech) -> Section:
    """Return one row a place, and the first lists of each place as examples."""
    title = speech.say("recommendations")
    lists = data.table("recommendations", "place", "subject_id", "rank", "product_id", "method")
    if lists is None:
        return Section(id="recommendations", title=title, missing=speech.say("no_lists"))
    places = (
        lists.group_by("place")
        .agg(
            lists=pl.col("subject_id").n_unique(),
            products=pl.col("product_id").n_unique(),
            method=pl.col("method").mode().sort().first(),
        )
        .sort("place")
    )
    table = Grid(
        caption=speech.say("places"),
        headings=[
            Heading(speech.say("place")),
            Heading(speech.say("lists"), is_number=True),
            Heading(speech.say("products_shown"), is_number=True),
            Heading(speech.say("method")),
        ],
        rows=[
            [
                Cell(speech.code("place", row["place"])),
                speech.number_cell(row["lists"]),
                speech.number_cell(row["products"]),
                Cell(speech.code("method", row["method"])),
            ]
            for row in places.iter_rows(named=True)
        ],
    )
    blocks: list[Block] = [table, _examples(lists, data, speech)]
    lead = speech.say("recommendations_lead")
    return Section(id="recommendations", title=title, lead=lead, blocks=blocks)


def _examples(lists: pl.DataFrame, data: ReportData, speech: Speech) -> Grid:
    subjects = (
        lists.select("place", "subject_id").unique().sort("place", "subject_id")
        .group_by("place", maintain_order=True).head(_LISTS_SHOWN)
    )  # fmt: skip
    few = lists.join(subjects, on=["place", "subject_id"], how="semi").filter(
        pl.col("rank") <= _RANKS_SHOWN
    )
    few = few.sort("place", "subject_id", "rank")
    names = [
        _subject(place, subject, data, speech)
        for place, subject in few.select("place", "subject_id").iter_rows()
    ]
    reason = "reason_zh" if speech.language == "zh" and "reason_zh" in few.columns else "reason"
    shown = few.with_columns(subject=pl.Series(names, dtype=pl.String))
    if reason == "reason_zh":
        shown = shown.with_columns(reason=pl.col("reason_zh"))
    caption = speech.say("examples")
    return preview(shown, _COLUMNS, data, speech, caption=caption, limit=60, is_folded=True)


def _subject(place: str, subject: str, data: ReportData, speech: Speech) -> str:
    if place != "newcomers":
        return data.product_name(subject, speech.language)
    attribute, _, value = subject.partition(":")
    if not value:
        return speech.code("whole", subject)
    return speech.say("of_segment", what=speech.code("attribute", attribute), name=value)
