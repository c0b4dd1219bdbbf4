"""The turn itself: what ran, what was skipped and why, how long it took."""

from __future__ import annotations

import json
from typing import Any

from cartwheel.report.blocks import Block, Cell, Grid, Heading, Note, Section
from cartwheel.report.data import ReportData
from cartwheel.report.speech import Speech


def turn(data: ReportData, speech: Speech) -> Section:
    """Return the steps with status, reason, time, rows and memory, and what they remark."""
    title = speech.say("turn")
    if data.steps.is_empty():
        return Section(id="turn", title=title, missing=speech.say("no_steps"))
    rows = data.steps.to_dicts()
    longest = max(row["seconds"] for row in rows) or 1.0
    table = Grid(
        caption=speech.say("steps"),
        headings=[
            Heading(speech.say("step")),
            Heading(speech.say("status")),
            Heading(speech.say("reason"), is_wide=True),
            Heading(speech.say("seconds"), is_number=True),
            Heading(speech.say("rows_read"), is_number=True),
            Heading(speech.say("rows_written"), is_number=True),
            Heading(speech.say("new_proposals"), is_number=True),
            Heading(speech.say("memory"), is_number=True),
        ],
        rows=[_row(row, longest, speech) for row in rows],
        note=speech.say("memory_note"),
    )
    notes = [
        Note(f"{speech.code('stage', row['step'])}: {text}")
        for row in rows
        for text in step_notes(row, speech)
    ]
    blocks: list[Block] = [table, *notes]
    lead = speech.say(
        "turn_lead",
        turn=data.turn.get("turn_id", ""),
        started=str(data.turn.get("started_at", ""))[:19],
        seconds=speech.number(data.turn.get("seconds"), 1),
        engine=data.turn.get("engine", ""),
    )
    return Section(id="turn", title=title, lead=lead, blocks=blocks)


def step_notes(row: dict[str, Any], speech: Speech) -> list[str]:
    """Return what a step remarks about itself."""
    notes = json.loads(row.get("notes") or "[]")
    return [str(note.get(speech.language) or note.get("en", "")) for note in notes]


def _row(row: dict[str, Any], longest: float, speech: Speech) -> list[Cell]:
    tones = {"done": "good", "failed": "bad"}
    tone: Any = tones.get(row["status"], "plain")
    return [
        Cell(speech.code("stage", row["step"])),
        Cell(speech.code("status", row["status"]), tone=tone),
        Cell(speech.pick(row, "reason")),
        Cell(speech.number(row["seconds"], 1), row["seconds"], share=row["seconds"] / longest),
        speech.number_cell(row["rows_in"]),
        speech.number_cell(row["rows_out"]),
        speech.number_cell(row["proposals"]),
        speech.number_cell(row["peak_mb"], 0),
    ]
