"""The one place that knows every concrete class: opens a workspace and turns its wheel."""

from __future__ import annotations

import dataclasses
import importlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartwheel.core.errors import InputError, NotFoundError, did_you_mean
from cartwheel.core.time import Clock, SystemClock, zone
from cartwheel.core.wording import Language
from cartwheel.loop.settings import Settings, ShopSettings, read_settings, settings_text
from cartwheel.storage.files import write_text
from cartwheel.storage.workspace import FORMAT, Folders, create_workspace, open_folders

if TYPE_CHECKING:
    import sqlalchemy as sa

    from cartwheel.loop.book import ProposalBook
    from cartwheel.loop.carry_out import CarriedOut
    from cartwheel.loop.import_report import ImportReport
    from cartwheel.loop.intake import ImportFiles, Progress
    from cartwheel.loop.turn import TurnRecord, Watcher
    from cartwheel.loop.turn_log import TurnLog
    from cartwheel.report import ReportData, Summary
    from cartwheel.stages.monitor.quality import QualityReport
    from cartwheel.storage.lake.lake import Lake
    from cartwheel.tables.step import Step

STAGES = {
    "behaviour": "BehaviourStep",
    "recommend": "RecommendStep",
    "demand": "DemandStep",
    "inventory": "InventoryStep",
    "procurement": "ProcurementStep",
    "monitor": "MonitorStep",
}
_NAMING_TABLES = ("products", "suppliers", "imports")
_DAY_COLUMNS = {"order_lines": "ordered_at", "sales": "ends_on", "events": "happened_at"}


@dataclass(frozen=True)
class Workspace:
    """A shop that is open: its settings, lake, records and clock."""

    folders: Folders
    settings: Settings
    clock: Clock

    @cached_property
    def lake(self) -> Lake:
        """Return the tables."""
        from cartwheel.storage.lake.lake import Lake

        return Lake(self.folders.lake)

    @cached_property
    def database(self) -> sa.Engine:
        """Return the live records."""
        import cartwheel.loop.records  # noqa: F401 - declares the tables before they are made
        from cartwheel.storage.database import open_database

        return open_database(self.folders.database)

    @cached_property
    def book(self) -> ProposalBook:
        """Return the book of proposals."""
        from cartwheel.loop.book import ProposalBook

        return ProposalBook(self.database)

    @cached_property
    def turn_log(self) -> TurnLog:
        """Return the log of turns."""
        from cartwheel.loop.turn_log import TurnLog

        return TurnLog(self.database)

    def steps(self, only: Sequence[str] = ()) -> list[Step]:
        """Return a step with its settings for every stage, or for the stages named in ``only``.

        Raises
        ------
        InputError
            A stage or setting is unknown, or a value is out of its range.
        """
        for name in (*only, *self.settings.stages):
            if name not in STAGES:
                hint = did_you_mean(name, STAGES)
                raise InputError(f'There is no stage "{name}".{hint} Stages: {", ".join(STAGES)}.')
        return [self._step(name) for name in STAGES if not only or name in only]

    def newest_day(self) -> date:
        """Return the last complete day of which the lake knows something.

        Raises
        ------
        InputError
            There is nothing to go by.
        """
        return min(self._span()[1], self._yesterday())

    def _span(self) -> tuple[date, date]:
        """Return the first and the last day of which the lake knows something."""
        import polars as pl

        found = []
        for table, column in _DAY_COLUMNS.items():
            if self.lake.has(table):
                ends = (pl.col(column).min().alias("first"), pl.col(column).max().alias("last"))
                known = self.lake.scan(table).select(ends).collect().row(0)
                found += [self._local_day(moment) for moment in known if moment is not None]
        if not found:
            tables = ", ".join(_DAY_COLUMNS)
            raise InputError(f"There is nothing to go by yet: import one of {tables} first.")
        return min(found), max(found)

    def _known(self, day: date) -> date:
        """Return ``day`` when something can be known of it."""
        first, last = self._span()
        if not first <= day <= max(last, self._local_day(self.clock.now())):
            raise InputError(
                f"There is nothing to go by on {day}: the data are of {first} to {last}."
            )
        return day

    def quality(self) -> QualityReport:
        """Return how complete, unique, valid, consistent and timely the tables are.

        Raises
        ------
        InputError
            Nothing was imported yet.
        """
        from cartwheel.stages.monitor.facts import Shop
        from cartwheel.stages.monitor.quality import assess_quality

        lake, shop = self.lake, self.settings.shop
        known = {name for name in lake.names() if lake.rows(name)}
        if not known:
            raise InputError("There is nothing to look at yet: import a file first.")
        on = self.newest_day() if known & set(_DAY_COLUMNS) else self._yesterday()
        return assess_quality(
            lambda table: lake.scan(table) if table in known else None,
            Shop(on=on, time_zone=shop.time_zone, currency=shop.currency),
        )

    def turn(
        self,
        *,
        on: date | None = None,
        only: Sequence[str] = (),
        engine: str | None = None,
        watcher: Watcher,
    ) -> TurnRecord:
        """Take one turn of the wheel at the end of day ``on`` (default: the newest day)."""
        from cartwheel.loop.rules import approve_by_rule
        from cartwheel.loop.turn import take_turn
        from cartwheel.loop.turn_log import TurnFacts
        from cartwheel.storage.lake.engine import open_engine
        from cartwheel.storage.lake.view import LakeView

        steps = self.steps(only)
        with self.folders.writing():
            self.deliver()
            day = self._known(on) if on else self.newest_day()
            started_at, begun = self.clock.now(), time.perf_counter()
            inputs = {name: self.lake.version(name) for name in self.lake.names()}
            engine_name = engine or self.settings.turn.engine
            shop = self.settings.shop
            with open_engine(engine_name) as opened:
                view = LakeView(
                    lake=self.lake,
                    engine=opened,
                    on=day,
                    currency=shop.currency,
                    time_zone=shop.time_zone,
                    seed=self.settings.turn.seed,
                )
                record = take_turn(steps, view, book=self.book, clock=self.clock, watcher=watcher)
            facts = TurnFacts(
                started_at=started_at,
                seconds=time.perf_counter() - begun,
                engine=engine_name,
                settings=self.settings.model_dump_json(),
                inputs=inputs,
            )
            self.turn_log.write(record, facts)
            approve_by_rule(
                self.settings.approve, book=self.book, currency=shop.currency, clock=self.clock
            )
            self.lake.vacuum(timedelta(days=self.settings.turn.keep_days))
        return record

    def bring_in(self, command: ImportFiles, progress: Progress) -> ImportReport:
        """Read files and write what they hold to the lake."""
        from cartwheel.loop.intake import import_files

        with self.folders.writing():
            self.deliver()
            return import_files(command, lake=self.lake, clock=self.clock, progress=progress)

    def apply(self, ids: Sequence[str], *, by: str) -> CarriedOut:
        """Carry out approved proposals and deliver what follows from them."""
        from cartwheel.loop.carry_out import carry_out

        with self.folders.writing():
            self.deliver()
            done = carry_out(
                ids,
                book=self.book,
                database=self.database,
                clock=self.clock,
                time_zone=self.settings.shop.time_zone,
                by=by,
            )
            self.deliver()
        return done

    def report(self, language: Language, out: Path | None = None) -> Path:
        """Write the report of the last turn as one HTML file and return where it lies."""
        from cartwheel.report import render_report

        path = out or self.folders.reports / "report.html"
        if out is None:
            self.folders.reports.mkdir(exist_ok=True)
        write_text(path, render_report(self.report_data, language))
        return path

    def summary(self, language: Language) -> Summary:
        """Return the main facts of the last turn."""
        from cartwheel.report import render_summary

        return render_summary(self.report_data, language)

    @cached_property
    def report_data(self) -> ReportData:
        """Return what the last turn found, with the names of what it is about.

        Raises
        ------
        NotFoundError
            No turn was taken yet.
        """
        from cartwheel.report import ReportData
        from cartwheel.storage.lake.view import ORIGIN_DAY

        turns = self.turn_log.all()
        if turns.is_empty():
            raise NotFoundError('No turn was taken yet. Take one with "cartwheel run".')
        turn = turns.row(0, named=True)
        day = turn["on_day"].isoformat()
        made = {
            name
            for step in self.steps()
            for name in step.writes
            if self.lake.origin(name).get(ORIGIN_DAY) == day
        }
        names = made | {name for name in _NAMING_TABLES if self.lake.has(name)}
        return ReportData(
            shop=self.settings.shop.name,
            currency=self.settings.shop.currency,
            time_zone=self.settings.shop.time_zone,
            turn=turn,
            steps=self.turn_log.steps(turn["turn_id"]),
            proposals=self.book.find(),
            tables={name: self.lake.read(name) for name in sorted(names)},
        )

    def deliver(self) -> int:
        """Deliver what waits in the outbox, also of a command that was killed."""
        from cartwheel.loop.outbox import deliver

        return deliver(self.database, lake=self.lake, folder=self.folders.outbox, clock=self.clock)

    def _step(self, name: str) -> Step:
        module = importlib.import_module(f"cartwheel.stages.{name}.step")
        step_class: Any = getattr(module, STAGES[name])
        settings_class: Any = getattr(module, STAGES[name].replace("Step", "Settings"))
        section = self.settings.stages.get(name, {})
        return _configured(step_class, settings_class, section, f"stages.{name}")

    def _yesterday(self) -> date:
        return self._local_day(self.clock.now()) - timedelta(days=1)

    def _local_day(self, moment: date) -> date:
        if isinstance(moment, datetime):
            return moment.astimezone(zone(self.settings.shop.time_zone)).date()
        return moment


def open_workspace(root: Path, clock: Clock | None = None) -> Workspace:
    """Open the workspace in ``root``.

    Raises
    ------
    NotFoundError
        There is no workspace in ``root``.
    InputError
        Its settings are wrong, or it was written by a newer Cartwheel.
    """
    folders, found = open_folders(root)
    return Workspace(folders, read_settings(found, str(folders.settings)), clock or SystemClock())


def init_workspace(root: Path, shop: ShopSettings, clock: Clock | None = None) -> Workspace:
    """Make a workspace for ``shop`` in ``root`` and open it."""
    create_workspace(root, settings_text(shop, FORMAT))
    return open_workspace(root, clock)


def _configured(
    step_class: Any, settings_class: Any, section: Mapping[str, Any], where: str
) -> Step:
    from pydantic import TypeAdapter, ValidationError

    known = [field.name for field in dataclasses.fields(settings_class)]
    for name in section:
        if name not in known:
            hint = did_you_mean(name, known)
            raise InputError(f'"{where}.{name}" is unknown.{hint} Known: {", ".join(known)}.')
    try:
        settings = TypeAdapter(settings_class).validate_python(dict(section))
        step: Step = step_class(settings)
    except ValidationError as error:
        problems = "; ".join(
            f'"{".".join((where, *map(str, problem["loc"])))}": {problem["msg"]} '
            f"(found {problem['input']!r})"
            for problem in error.errors()
        )
        raise InputError(problems) from error
    except InputError as error:
        raise InputError(f'"{where}": {error.message}') from error
    return step
