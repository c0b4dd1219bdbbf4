"""Commands that turn the wheel and write the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cartwheel.cli.options import AsJson, Lang, Shop, parse_day
from cartwheel.cli.printing import code_word, console, print_json, print_rows
from cartwheel.core.wording import Language, Text

if TYPE_CHECKING:
    from rich.progress import TaskID

    from cartwheel.loop.turn import StepRecord, TurnRecord


_TURN = Text("Turn of", "运行日期")
_NEXT = Text(
    "Next: cartwheel report {shop}; cartwheel proposals {shop}",
    "下一步：cartwheel report {shop}；cartwheel proposals {shop}",
)
_REPORT = Text("Report: {path}", "报告：{path}")
_HEADINGS = (
    Text("step", "步骤"),
    Text("status", "状态"),
    Text("s", "秒"),
    Text("rows in", "读入行"),
    Text("rows out", "写出行"),
    Text("new proposals", "新提案"),
    Text("peak MB", "峰值MB"),
)


class LiveWatcher:
    """Shows on a terminal what the turn is doing, on standard error; use as a context."""

    def __init__(self, language: Language) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        self._language: Language = language
        self._bars = Progress(
            TextColumn("{task.fields[step]:<12}", table_column=Column(no_wrap=True, min_width=12)),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console(to_errors=True),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> LiveWatcher:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def started(self, step: str) -> None:
        """Show a bar for the step."""
        self._tasks[step] = self._bars.add_task("", total=1.0, step=step)

    def progressed(self, step: str, done: float, doing: str) -> None:
        """Move the step's bar."""
        self._bars.update(self._tasks[step], completed=min(done, 1.0), description=doing)

    def ended(self, step: str, record: StepRecord) -> None:
        """Say how the step ended."""
        said = code_word("status", record.status, self._language)
        self._bars.update(self._tasks[step], completed=1.0, description=said)


def run(
    shop: Shop,
    on: Annotated[
        str | None,
        typer.Option(help="Last day to be known, YYYY-MM-DD; the newest complete day by default."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this stage; give it again for more.")
    ] = None,
    engine: Annotated[
        Literal["duckdb", "spark"] | None, typer.Option(help="Engine of the set work.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take one turn of the wheel: learn, foretell, plan and propose.

    Ends with exit code 1 when a step failed; what the others found is kept.

    Examples: cartwheel run myshop; cartwheel run myshop --on 2026-03-31 --only demand
    """
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    language = workspace.settings.shop.language
    with LiveWatcher(language) as watcher:
        record = workspace.turn(on=parse_day(on), only=only or [], engine=engine, watcher=watcher)
    _print_turn(record, language, as_json=as_json)
    if record.has_failed:
        raise typer.Exit(1)
    if not as_json:
        said = _NEXT.to(language).format(shop=shop)
        console().print(said, markup=False, soft_wrap=True)


def report(
    shop: Shop,
    out: Annotated[
        Path | None, typer.Option(help="File to write; in the workspace by default.")
    ] = None,
    lang: Lang = None,
    summary: Annotated[bool, typer.Option(help="Print the main facts on the screen too.")] = True,
    as_json: AsJson = False,
) -> None:
    """Write the report of the last turn: one HTML file that opens in any browser, offline."""
    from cartwheel.cli.summary import print_summary
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    language = lang or workspace.settings.shop.language
    written = workspace.report(language, out)
    facts = workspace.summary(language)
    if as_json:
        print_json({"report": str(written), "summary": facts.as_dict()})
        return
    if summary:
        print_summary(facts, language)
    console().print(_REPORT.to(language).format(path=written), markup=False, soft_wrap=True)


def _print_turn(record: TurnRecord, language: Language, *, as_json: bool) -> None:
    if as_json:
        print_json({"turn_id": record.turn_id, "on": record.on, "steps": record.rows()})
        return
    rows = [
        (
            step.step,
            code_word("status", step.status, language),
            f"{step.seconds:.1f}",
            f"{step.rows_in:,}",
            f"{step.rows_out:,}",
            f"{step.proposals:,}",
            f"{step.peak_mb:,.0f}",
        )
        for step in record.steps
    ]
    headings = [text.to(language) for text in _HEADINGS]
    print_rows(f"{_TURN.to(language)} {record.on}", headings, rows, range(2, 7))
    for step in record.steps:
        for said in (step.reason, *step.notes):
            if said is not None:
                console().print(f"· {step.step}: {said.to(language)}", markup=False)
