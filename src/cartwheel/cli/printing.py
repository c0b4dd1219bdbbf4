"""How the command line talks: tables and money for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cartwheel.core.errors import CartwheelError
from cartwheel.core.wording import Language

if TYPE_CHECKING:
    from rich.console import Console


def console(*, to_errors: bool = False) -> Console:
    """Return a console on standard output, or on standard error for what is no result."""
    from rich.console import Console

    return Console(stderr=to_errors, soft_wrap=False, highlight=False)


def print_error(error: CartwheelError) -> None:
    """Print what went wrong in one sentence, without a trace."""
    from rich.markup import escape

    console(to_errors=True).print(f"[bold red]error[/] {escape(error.message)}", soft_wrap=True)


def print_stopped() -> None:
    """Print that a person stopped the command, and that this did no harm."""
    console(to_errors=True).print(
        "Stopped; repeat the command when you like. 已停止，可随时重新执行。"
    )


def print_json(value: Any) -> None:
    """Print ``value`` as JSON on standard output; dates are ISO texts.

    Where standard output is not Unicode, other characters are escaped, which JSON reads the same.
    """
    is_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, ensure_ascii=is_ascii, indent=2, default=str)
    sys.stdout.write("\n")


def print_rows(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    numbers: Sequence[int] = (),
) -> None:
    """Print a table; columns in ``numbers`` are aligned to the right."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), title_justify="left", header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(escape(heading), justify="right" if place in numbers else "left")
    for row in rows:
        table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
    console().print(table)


def print_facts(facts: Mapping[str, object]) -> None:
    """Print named facts, one a line."""
    from rich.markup import escape

    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        console().print(f"[bold]{escape(name):<{width}}[/]  {escape(str(value))}")


def code_word(kind: str, code: str, language: Language) -> str:
    """Return what a code of a table is called; unknown codes stay."""
    from cartwheel.report.codes import CODES

    word = CODES[kind].get(code)
    return code if word is None else word.to(language)
