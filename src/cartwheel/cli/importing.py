"""The command that brings files in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cartwheel.cli.options import AsJson, Lang, Shop
from cartwheel.cli.printing import console, print_json, print_rows
from cartwheel.core.wording import Language, Text

if TYPE_CHECKING:
    from cartwheel.loop.import_report import ImportReport
    from cartwheel.loop.intake import Progress

_WORDS = {
    "map": Text("How the columns were understood", "列的识别结果"),
    "tally": Text("What became of the rows", "各行去向"),
    "reasons": Text("Set aside (in the table quarantine)", "已隔离的行（见 quarantine 表）"),
    "outliers": Text("Far from the usual; kept, please look", "异常值（已保留，请核对）"),
    "written": Text("Written to the lake", "已写入"),
    "dry": Text("Dry run: nothing was written.", "试运行：未写入任何数据。"),
    "same": Text("Everything was there already: nothing changed.", "数据均已存在：没有任何变化。"),
    "derived": Text("derived", "推导"),
    "doubt": Text("Please check", "请核对"),
    "saved": Text("The map was saved to", "映射已保存到"),
    "line": Text("(line)", "（整行）"),
    "empty": Text("(empty)", "（空）"),
}
_HEADINGS: dict[str, tuple[Text, ...]] = {
    "map": (Text("its column", "文件列"), Text("becomes", "对应"), Text("because", "依据")),
    "tally": (Text("file", "文件"), Text("table", "表"), Text("rows in", "读入"),
              Text("accepted", "接受"), Text("merged", "合并"), Text("set aside", "隔离"),
              Text("", "")),
    "reasons": (Text("file", "文件"), Text("column", "列"), Text("reason", "原因"),
                Text("rows", "行数"), Text("first lines", "首批行号")),
    "outliers": (Text("table", "表"), Text("column", "列"), Text("rows", "行数"),
                 Text("usual", "通常"), Text("farthest", "最远")),
    "written": (Text("table", "表"), Text("new", "新增"), Text("changed", "更新"),
                Text("as before", "不变")),
}  # fmt: skip
_BY_FILE = ("tally", "reasons")  # their first column is the file
_LONGEST = 40  # characters of a value shown


def import_(
    shop: Shop,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV, Parquet, Excel, or a folder.")
    ],
    named: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="TABLE|FORMAT",
            help="What the files are: a table such as order_lines, or a format: "
            "uci-online-retail, olist, m5, vn2. Guessed when left out.",
        ),
    ] = None,
    map_path: Annotated[
        Path | None, typer.Option("--map", help="Map file (TOML): which column is which.")
    ] = None,
    save_map: Annotated[
        Path | None, typer.Option("--save-map", help="Write the map that was used to this file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Bring files into the shop; the same files again change nothing.

    Every row is accepted, merged or set aside with its reason, and the account is printed.

    Examples: cartwheel import myshop orders.csv; cartwheel import myshop olist/ --as olist
    """
    from cartwheel.loop.intake import ImportFiles
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    settings = workspace.settings.shop
    command = ImportFiles(
        paths=tuple(files),
        currency=settings.currency,
        time_zone=settings.time_zone,
        named=named,
        map_path=map_path,
        is_dry_run=dry_run,
    )
    with _bar() as progress:
        report = workspace.bring_in(command, progress)
    if save_map is not None:
        _save(report, save_map)
    if as_json:
        print_json(asdict(report))
    else:
        _print(report, lang or settings.language, save_map)


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show on standard error how far the import is."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=24), TimeElapsedColumn(), TextColumn("{task.description}"))
    out = console(to_errors=True)
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bars:
        task = bars.add_task("", total=1.0)

        def progress(done: float, doing: str) -> None:
            bars.update(task, completed=done, description=doing)

        yield progress


def _save(report: ImportReport, path: Path) -> None:
    from cartwheel.core.errors import InputError
    from cartwheel.sources import save_maps

    maps = {found.table: found for _, found in report.maps}
    if not maps:
        raise InputError("A known format has no map to save.")
    try:
        save_maps(maps, path)
    except OSError as error:
        raise InputError(f'The map cannot be written to "{path}": {error.strerror}.') from error


def _print(report: ImportReport, language: Language, save_map: Path | None) -> None:
    _print_maps(report, language)
    _table("tally", language, [
        (t.file, t.table, f"{t.rows_in:,}", f"{t.accepted:,}", f"{t.merged:,}",
         f"{t.quarantined:,}", _WORDS["derived"].to(language) if t.is_derived else "")
        for t in report.tallies
    ], numbers=(2, 3, 4, 5))  # fmt: skip
    _table("reasons", language, [
        (r.file, _field(r.field, language), r.reason.to(language), f"{r.rows:,}",
         "; ".join(f"{line}: {_short(value, language)}" for line, value in r.examples))
        for r in report.reasons
    ], numbers=(3,))  # fmt: skip
    _table("outliers", language, [
        (o.table, o.column, f"{o.count:,}", _amount(o.usual, o.currency),
         "; ".join(f"{_amount(value, o.currency)} ({key})" for key, value in o.examples))
        for o in report.outliers
    ], numbers=(2, 3))  # fmt: skip
    for doubt in report.doubts:
        console().print(f"[bold yellow]{_WORDS['doubt'].to(language)}[/]", _plain(doubt, language))
    for note in report.notes:
        console().print("·", _plain(note, language))
    _table("written", language, [
        (w.table, f"{w.added:,}", f"{w.updated:,}", f"{w.unchanged:,}") for w in report.written
    ], numbers=(1, 2, 3))  # fmt: skip
    if report.is_dry_run:
        console().print(_WORDS["dry"].to(language))
    elif not any(w.added or w.updated for w in report.written):
        console().print(_WORDS["same"].to(language))
    if save_map is not None:
        console().print(_WORDS["saved"].to(language), str(save_map))


def _print_maps(report: ImportReport, language: Language) -> None:
    named = Text("the map file", "映射文件")
    for file, found in report.maps:
        title = f"{_WORDS['map'].to(language)}: {file} → {found.table}"
        headings = [heading.to(language) for heading in _HEADINGS["map"]]
        print_rows(title, headings, [
            (source, column, found.why.get(column, named).to(language))
            for column, source in found.columns.items()
        ])  # fmt: skip


def _table(
    name: str,
    language: Language,
    rows: list[tuple[str, ...]],
    numbers: tuple[int, ...] = (),
) -> None:
    if not rows:
        return
    title = _WORDS[name].to(language)
    headings = [heading.to(language) for heading in _HEADINGS[name]]
    if name in _BY_FILE and len({row[0] for row in rows}) == 1:  # one file: its name is the title's
        title, headings = f"{title}: {rows[0][0]}", headings[1:]
        rows, numbers = [row[1:] for row in rows], tuple(place - 1 for place in numbers)
    if not headings[-1] and not any(row[-1] for row in rows):
        rows, headings = [row[:-1] for row in rows], headings[:-1]
    print_rows(title, headings, rows, numbers=numbers)


def _field(name: str, language: Language) -> str:
    return _WORDS["line"].to(language) if name == "(line)" else name


def _amount(value: float, currency: str | None) -> str:
    from cartwheel.core.money import format_money

    return f"{value:,.0f}" if currency is None else format_money(value, currency)


def _plain(text: Text, language: Language) -> str:
    from rich.markup import escape

    return escape(text.to(language))


def _short(value: str | None, language: Language) -> str:
    if value is None:
        return _WORDS["empty"].to(language)
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
