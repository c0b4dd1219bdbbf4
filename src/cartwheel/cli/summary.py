"""Prints what a manager wants to know after a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartwheel.cli.printing import console, print_rows
from cartwheel.core.wording import Language, Text

if TYPE_CHECKING:
    from cartwheel.report import Summary

_STOCK = Text("Stock", "库存")
_PROPOSALS = Text("The most valuable proposals", "最有价值的提案")
_ATTENTION = Text("Needs attention", "需要关注")
_SKIPPED = Text("Not done, and why", "未执行的步骤及原因")
_STEP = Text("step", "步骤")
_STATUS = Text("status", "状态")
_REASON = Text("why", "原因")


def print_summary(summary: Summary, language: Language) -> None:
    """Print sales, stock health, the ten most valuable proposals, and what was skipped."""
    from rich.markup import escape

    out = console()
    out.print(f"\n[bold]{escape(summary.title)}[/]\n{escape(summary.sales)}")
    _print_figures(summary.figures)
    out.print(f"\n[bold]{_STOCK.to(language)}[/]\n{escape(summary.stock)}")
    _print_figures(summary.stock_figures)
    out.print(f"\n[bold]{_PROPOSALS.to(language)}[/]\n{escape(summary.proposals_lead)}")
    for number, proposal in enumerate(summary.proposals, start=1):
        rest = [f"{k} {v}" for k, v in proposal.items() if k not in ("kind", "what", "why")]
        out.print(f"{number:>3}. [bold]{escape(proposal['what'])}[/] ({escape(proposal['kind'])})")
        out.print(f"     {escape(proposal['why'])}")
        out.print(f"     [dim]{escape(' · '.join(rest))}[/]")
    if summary.attention:
        out.print(f"\n[bold]{_ATTENTION.to(language)}[/]")
        for item in summary.attention:
            out.print(f"  • [bold]{escape(item['title'])}[/] {escape(item['text'])}")
    if summary.skipped:
        rows = [(item["step"], item["status"], item["reason"]) for item in summary.skipped]
        headings = [text.to(language) for text in (_STEP, _STATUS, _REASON)]
        print_rows(_SKIPPED.to(language), headings, rows)


def _print_figures(figures: tuple[dict[str, str], ...]) -> None:
    from rich.markup import escape

    width = max((_columns(figure["label"]) for figure in figures), default=0)
    for figure in figures:
        gap = " " * (width - _columns(figure["label"]))
        notes = " · ".join(figure[name] for name in ("change", "note") if figure.get(name))
        console().print(
            f"  {escape(figure['label'])}{gap}  [bold]{escape(figure['value'])}[/]  "
            f"[dim]{escape(notes)}[/]"
        )


def _columns(text: str) -> int:
    """Return the width of ``text`` on a terminal, where a Chinese character takes two columns."""
    from rich.cells import cell_len

    return cell_len(text)
