"""Options that several commands share, declared once."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from cartwheel.core.errors import InputError

Shop = Annotated[Path, typer.Argument(metavar="SHOP", help="Folder of the workspace.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Lang = Annotated[
    Literal["en", "zh"] | None,
    typer.Option("--lang", help="Language, en or zh; the workspace's own by default."),
]


def signed_in() -> str:
    """Return the name of the user who runs the command; in a container there may be none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def parse_day(text: str | None) -> date | None:
    """Return the day written as YYYY-MM-DD.

    Raises
    ------
    InputError
        ``text`` is no such day.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f'"{text}" is not a day such as 2026-06-30.') from error
