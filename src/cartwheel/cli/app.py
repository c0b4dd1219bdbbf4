"""The commands of ``cartwheel`` in the order a newcomer needs them."""

from __future__ import annotations

from typing import Annotated

import typer

from cartwheel import __version__
from cartwheel.cli import (
    deciding,
    demo,
    dictionary,
    importing,
    quality,
    simulating,
    turning,
    workspace,
)

app = typer.Typer(
    name="cartwheel",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""Run the daily operating loop of an online shop.

Learn from what customers, stock and suppliers did; propose what to show, buy and move; carry out
what was approved; measure what it was worth.

A first day: **init** a workspace, **import** your files, **run** a turn, open the **report**,
**approve** proposals and **apply** them. No data at hand? **demo** makes a shop.
""",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cartwheel {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Run the daily operating loop of an online shop."""


_START, _DAILY, _DATA = "Start", "Every day", "Data"
app.command("init", rich_help_panel=_START)(workspace.init)
app.command("demo", rich_help_panel=_START)(demo.demo)
app.command("import", rich_help_panel=_START)(importing.import_)
app.command("run", rich_help_panel=_DAILY)(turning.run)
app.command("report", rich_help_panel=_DAILY)(turning.report)
app.command("proposals", rich_help_panel=_DAILY)(deciding.proposals)
app.command("approve", rich_help_panel=_DAILY)(deciding.approve)
app.command("reject", rich_help_panel=_DAILY)(deciding.reject)
app.command("apply", rich_help_panel=_DAILY)(deciding.apply)
app.command("quality", rich_help_panel=_DATA)(quality.quality)
app.command("status", rich_help_panel=_DATA)(workspace.status)
app.command("tables", rich_help_panel=_DATA)(dictionary.tables)
app.command("simulate", rich_help_panel=_DATA)(simulating.simulate)
