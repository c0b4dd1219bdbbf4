"""One turn of the wheel: the steps in their order, each on the shop as known at the day's end.

The order follows from what the steps read and write. A step without its inputs is skipped with
its reason, a step that fails does not undo the others, and everything is recorded.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, Protocol

import polars as pl

from cartwheel.core.errors import CartwheelError, InputError
from cartwheel.core.ids import content_id
from cartwheel.core.time import Clock
from cartwheel.core.wording import Text
from cartwheel.loop.book import Entered, ProposalBook
from cartwheel.storage.lake.view import ORIGIN_DAY, LakeView
from cartwheel.tables import table_contract
from cartwheel.tables.step import Outputs, Skipped, Step


class Watcher(Protocol):
    """Is told how a turn goes on."""

    def started(self, step: str) -> None:
        """Hear that a step begins."""
        ...

    def progressed(self, step: str, done: float, doing: str) -> None:
        """Hear that a step is ``done`` (0 to 1), and at what it is."""
        ...

    def ended(self, step: str, record: StepRecord) -> None:
        """Hear that a step has ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """What became of a step, as the table ``turn_steps`` keeps it."""

    step: str
    status: str
    reason: Text | None
    seconds: float
    rows_in: int
    rows_out: int
    proposals: int
    peak_mb: float
    notes: tuple[Text, ...] = ()

    def row(self, turn_id: str) -> dict[str, Any]:
        """Return the row of ``turn_steps``."""
        return {
            "turn_id": turn_id, "step": self.step, "status": self.status,
            "reason": self.reason.en if self.reason else None,
            "reason_zh": self.reason.zh if self.reason else None,
            "seconds": self.seconds, "rows_in": self.rows_in, "rows_out": self.rows_out,
            "proposals": self.proposals, "peak_mb": self.peak_mb,
            "notes": json.dumps([{"en": n.en, "zh": n.zh} for n in self.notes], ensure_ascii=False),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn that has ended."""

    turn_id: str
    on: date
    steps: tuple[StepRecord, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of ``turn_steps``."""
        return [
            {"position": place, **step.row(self.turn_id)}
            for place, step in enumerate(self.steps, start=1)
        ]

    @property
    def has_failed(self) -> bool:
        """Tell whether a step failed."""
        return any(step.status == "failed" for step in self.steps)


def ordered(steps: Sequence[Step]) -> list[Step]:
    """Return the steps so that each comes after those whose tables it reads.

    Raises
    ------
    InputError
        Two steps write one table, or steps wait for each other.
    """
    writer: dict[str, Step] = {}
    for step in steps:
        for table in sorted(step.writes):
            if table in writer:
                raise InputError(f'"{writer[table].name}" and "{step.name}" both write "{table}".')
            writer[table] = step
    graph = {
        step.name: {
            writer[table].name
            for table in step.reads | step.reads_if_there
            if table in writer and writer[table] is not step
        }
        for step in steps
    }
    by_name = {step.name: step for step in steps}
    sorter = TopologicalSorter(dict(sorted(graph.items())))
    try:
        return [by_name[name] for name in sorter.static_order()]
    except CycleError as error:
        circle = " > ".join(error.args[1])
        raise InputError(f"Steps wait for each other: {circle}.") from error


def take_turn(
    steps: Sequence[Step],
    view: LakeView,
    *,
    book: ProposalBook,
    clock: Clock,
    watcher: Watcher,
) -> TurnRecord:
    """Run ``steps`` in order on ``view``; write their tables and enter their proposals."""
    turn_id = content_id("turn", view.on, clock.now())
    writers = {table: step.name for step in steps for table in step.writes}
    records: dict[str, StepRecord] = {}
    for step in ordered(steps):
        watcher.started(step.name)
        heard = replace(view, tell=_teller(watcher, step.name))
        records[step.name] = _run(
            step, heard, turn_id, book=book, clock=clock, writers=writers, records=records
        )
        watcher.ended(step.name, records[step.name])
        if (
            records[step.name].status != "done"
        ):  # what it wrote in an earlier turn is not of this one
            view = replace(view, hidden=view.hidden | step.writes)
    book.expire(view.on, clock.now())
    return TurnRecord(turn_id, view.on, tuple(records.values()))


def _teller(watcher: Watcher, step: str) -> Callable[[float, str], None]:
    return lambda done, doing: watcher.progressed(step, done, doing)


def _run(
    step: Step,
    view: LakeView,
    turn_id: str,
    *,
    book: ProposalBook,
    clock: Clock,
    writers: Mapping[str, str],
    records: Mapping[str, StepRecord],
) -> StepRecord:
    """Run one step; whatever goes wrong in it becomes its record."""
    begun = time.perf_counter()
    entered, rows_in, rows_out = Entered(0, 0, 0, 0), 0, 0
    notes: tuple[Text, ...] = ()
    status, reason = "done", _missing(step, view, writers, records)
    if reason is not None:
        status = "skipped"
    else:
        try:
            rows_in = sum(view.rows(table) for table in sorted(step.reads | step.reads_if_there))
            found = step.run(view)
            if isinstance(found, Skipped):
                status, reason = "skipped", found.reason
            else:
                rows_out = _write(step, found, view)
                entered = _enter(step, found, view, turn_id, book=book, clock=clock)
                notes = found.notes
        except Exception as error:
            status, reason = "failed", _explained(error)
    return StepRecord(
        step=step.name,
        status=status,
        reason=reason,
        seconds=time.perf_counter() - begun,
        rows_in=rows_in,
        rows_out=rows_out,
        proposals=entered.added,
        peak_mb=peak_memory_mb(),
        notes=notes,
    )


def _missing(
    step: Step, view: LakeView, writers: Mapping[str, str], records: Mapping[str, StepRecord]
) -> Text | None:
    """Return why ``step`` cannot run, or None."""
    for table in sorted(step.reads):
        writer = writers.get(table)
        if writer is not None and writer in records and records[writer].status != "done":
            was = records[writer].status
            was_zh = {"skipped": "被跳过", "failed": "失败"}[was]
            return Text(f'the step "{writer}" was {was}', f"步骤“{writer}”{was_zh}")
    absent = [table_contract(table) for table in sorted(step.reads) if not view.has(table)]
    if not absent:
        return None
    return Text(
        f"no rows in {', '.join(contract.name for contract in absent)}",
        f"没有数据：{'、'.join(contract.title.zh for contract in absent)}",
    )


def _write(step: Step, found: Outputs, view: LakeView) -> int:
    """Write every table in one commit each, after all were checked; return the rows written."""
    undeclared = sorted(set(found.tables) - step.writes)
    if undeclared:
        raise InputError(f'"{step.name}" wrote {", ".join(undeclared)} without declaring it.')
    origin = {ORIGIN_DAY: view.on.isoformat()}
    frames: dict[str, pl.DataFrame] = {}
    for table in sorted(step.writes):
        contract = table_contract(table)
        frames[table] = contract.check(contract.conform(found.tables.get(table, contract.empty())))
    for table, frame in frames.items():
        view.lake.replace(table, frame, origin=origin)
    return sum(frame.height for frame in frames.values())


def _enter(
    step: Step, found: Outputs, view: LakeView, turn_id: str, *, book: ProposalBook, clock: Clock
) -> Entered:
    contract = table_contract("proposal_drafts")
    drafts = contract.empty() if found.proposals is None else found.proposals
    return book.enter(
        contract.check(contract.conform(drafts)),
        stage=step.name,
        turn_id=turn_id,
        on=view.on,
        at=clock.now(),
    )


def _explained(error: Exception) -> Text:
    said = (
        error.message if isinstance(error, CartwheelError) else f"{type(error).__name__}: {error}"
    )
    return Text(said, f"出错：{said}")


def peak_memory_mb() -> float:
    """Return the highest memory this process held so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024
