"""Writes docs/reference from the code; a test compares what is committed with what this gives."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import typer.main

import cartwheel
from cartwheel.core.errors import CartwheelError
from cartwheel.tables import TABLES, TableContract
from cartwheel.wiring import STAGES

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
MADE = "<!-- Written by scripts/docs from the code; do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """Return every generated page by its file name."""
    return {
        "tables.md": tables_page(),
        "errors.md": errors_page(),
        "commands.md": commands_page(),
        "settings.md": settings_page(),
    }


def row(*cells: object) -> str:
    """Return a line of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|").strip() for cell in cells) + " |"


def tables_page() -> str:
    """Return the data dictionary, one section an area."""
    lines = ["# Data dictionary · 数据字典", ""]
    lines += [
        "Money is in integer minor units of its currency; `_at` is an instant in UTC, `_on` a"
    ]
    lines += [
        "day in the shop's time zone. A row is seen by a turn from its *known* column on.",
        "",
    ]
    for area in sorted({contract.area for contract in TABLES.values()}):
        lines += [f"## {area}", ""]
        for contract in TABLES.values():
            if contract.area == area:
                lines += _table(contract)
    return MADE + "\n".join(lines).rstrip() + "\n"


def _table(contract: TableContract) -> list[str]:
    lines = [f"### {contract.name} · {contract.title.zh}", "", contract.meaning, ""]
    lines += [f"Key: {', '.join(f'`{name}`' for name in contract.key)}."]
    if contract.known:
        lines += [f"Known from: `{contract.known}`."]
    for column, hidden in contract.revealed.items():
        lines += [f"Until `{column}` has passed, unknown: {', '.join(f'`{h}`' for h in hidden)}."]
    lines += ["", row("column", "type", "unit", "required", "allowed", "meaning")]
    lines += [row(*["---"] * 6)]
    for column in contract.columns.values():
        required = "yes" if column.is_required else ""
        allowed = ", ".join(column.allowed)
        lines += [
            row(
                f"`{column.name}`",
                column.kind,
                column.unit or "",
                required,
                allowed,
                column.meaning,
            )
        ]
    return [*lines, ""]


def errors_page() -> str:
    """Return the error tree."""
    for module in pkgutil.walk_packages(cartwheel.__path__, "cartwheel."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    lines = ["# Errors", "", row("code", "HTTP status", "exit code", "meaning"), row(*["---"] * 4)]
    for error in sorted(set(_tree(CartwheelError)), key=lambda error: (error.status, error.code)):
        meaning = inspect.cleandoc(error.__doc__ or "").splitlines()[0]
        lines += [row(f"`{error.code}`", error.status, error.exit_code, meaning)]
    return MADE + "\n".join(lines) + "\n"


def _tree(error: type[CartwheelError]) -> Iterator[type[CartwheelError]]:
    yield error
    for child in error.__subclasses__():
        yield from _tree(child)


def commands_page() -> str:
    """Return every command with its options."""
    from cartwheel.cli.app import app

    group = typer.main.get_command(app)
    context = click.Context(group, info_name="cartwheel")
    lines = ["# Commands", ""]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        lines += [f"## cartwheel {name}", "", inspect.cleandoc(command.help or ""), ""]
        lines += [row("argument or option", "meaning"), row("---", "---")]
        for parameter in command.params:
            named = ", ".join(parameter.opts) if parameter.param_type_name == "option" else ""
            shown = named or (parameter.metavar or parameter.name or "").strip("[].")
            lines += [row(f"`{shown}`", getattr(parameter, "help", None) or "")]
        lines += [""]
    return MADE + "\n".join(lines).rstrip() + "\n"


def settings_page() -> str:
    """Return the settings of every stage, with the comment beside each in the source."""
    lines = ["# Settings of the stages", "", "In `cartwheel.toml` under `[stages.<stage>]`.", ""]
    for stage, step_class in STAGES.items():
        module = importlib.import_module(f"cartwheel.stages.{stage}.step")
        settings = getattr(module, step_class.replace("Step", "Settings"))
        lines += [f"## {stage}", "", row("setting", "default", "meaning"), row(*["---"] * 3)]
        comments = _comments(settings)
        for field in dataclasses.fields(settings):
            default = "" if field.default is dataclasses.MISSING else f"`{field.default!r}`"
            lines += [row(f"`{field.name}`", default, comments.get(field.name, ""))]
        lines += [""]
    return MADE + "\n".join(lines).rstrip() + "\n"


def _comments(settings: type) -> dict[str, str]:
    found = {}
    for line in inspect.getsource(settings).splitlines():
        if ":" in line and "#" in line:
            found[line.split(":")[0].strip()] = line.split("#", 1)[1].strip()
    return found


def main() -> None:
    """Write the pages, or with --check tell which would change."""
    changed = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        file = FOLDER / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            changed.append(name)
            if "--check" not in sys.argv:
                file.write_text(text, encoding="utf-8")
    sys.exit(
        f"out of date: {', '.join(changed)}; run scripts/docs"
        if changed and "--check" in sys.argv
        else 0
    )


if __name__ == "__main__":
    main()
