"""Commands that show proposals, decide on them and carry them out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cartwheel.cli.options import AsJson, Lang, Shop, signed_in
from cartwheel.cli.printing import code_word, console, print_json
from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.core.wording import Language, Text

if TYPE_CHECKING:
    import polars as pl

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Proposals by their id.")]
Kind = Annotated[str | None, typer.Option("--kind", help="reorder, transfer, campaign …")]
All = Annotated[bool, typer.Option("--all", help="Every waiting proposal (of --kind, if given).")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the signed-in user by default.")]
Note = Annotated[str | None, typer.Option("--note", help="Why.")]

_FOUND = Text("{all:,} proposals, {shown:,} shown", "共 {all:,} 项提案，显示 {shown:,} 项")
_FACTS = Text(
    "brings {effect} · costs {cost} · sure {sure}", "效果 {effect} · 成本 {cost} · 把握 {sure}"
)
_UNITS = Text("units", "件")
_MOVED = {
    "approved": Text("Proposals approved: {moved:,}.", "已批准 {moved:,} 项提案。"),
    "rejected": Text("Proposals rejected: {moved:,}.", "已拒绝 {moved:,} 项提案。"),
}
_CARRIED_OUT = Text(
    "Proposals carried out: {proposals:,}. Purchase orders: {orders:,}; transfers: {transfers:,}; "
    "files handed out: {files:,}.",
    "已执行 {proposals:,} 项提案：采购单 {orders:,} 张，调拨 {transfers:,} 项，"
    "输出文件 {files:,} 个。",
)
_FOLDER = Text("The files lie in {folder}", "文件位于 {folder}")
_WROTE = Text("Proposals written to {path}: {rows:,}", "已将 {rows:,} 项提案写入 {path}")


def proposals(
    shop: Shop,
    kind: Kind = None,
    status: Annotated[
        str | None, typer.Option(help="proposed (default), approved, applied … or all.")
    ] = None,
    top: Annotated[int, typer.Option(help="How many to print on the screen.", min=1)] = 20,
    as_json: AsJson = False,
    csv: Annotated[Path | None, typer.Option(help="Write all to this CSV file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write all to this Excel file.")] = None,
    lang: Lang = None,
) -> None:
    """Show what the last turn proposes, the most valuable first, each with its reason.

    Example: cartwheel proposals myshop --kind reorder --xlsx orders.xlsx
    """
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    _check_kind(kind)
    statuses = [] if status == "all" else [_checked_status(status or "proposed")]
    found = workspace.book.find(kind=kind, statuses=statuses)
    language = lang or workspace.settings.shop.language
    if as_json:
        print_json(found.to_dicts())
        return
    if csv or xlsx:
        _export(found, workspace.settings.shop.currency, csv, xlsx, language)
        return
    console().print(_FOUND.to(language).format(all=found.height, shown=min(top, found.height)))
    for row in found.head(top).iter_rows(named=True):
        _print_proposal(row, language)


def approve(
    shop: Shop,
    ids: Ids = None,
    kind: Kind = None,
    every: All = False,
    by: By = None,
    note: Note = None,
) -> None:
    """Approve proposals; carry them out with "cartwheel apply".

    Examples: cartwheel approve myshop pr-1a2b3c; cartwheel approve myshop --all --kind transfer
    """
    _decide(shop, ids or [], kind, every, "approved", by, note)


def reject(
    shop: Shop,
    ids: Ids = None,
    kind: Kind = None,
    every: All = False,
    by: By = None,
    note: Note = None,
) -> None:
    """Reject proposals; the reason given with --note is kept."""
    _decide(shop, ids or [], kind, every, "rejected", by, note)


def apply(shop: Shop, ids: Ids = None, by: By = None, as_json: AsJson = False) -> None:
    """Carry out approved proposals, each exactly once: all of them when none is named.

    Reorders become purchase orders, one a supplier and warehouse; transfers become stock movements;
    the rest is handed out as files in the workspace's folder "out".
    """
    from dataclasses import asdict

    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    done = workspace.apply(ids or [], by=by or signed_in())
    if as_json:
        print_json(asdict(done))
        return
    language = workspace.settings.shop.language
    said = _CARRIED_OUT.to(language).format(
        proposals=done.proposals,
        orders=done.purchase_orders,
        transfers=done.transfers,
        files=done.files,
    )
    console().print(said)
    if done.files:
        folder = _FOLDER.to(language).format(folder=workspace.folders.outbox)
        console().print(folder, markup=False, soft_wrap=True)


def _decide(
    shop: Path,
    ids: list[str],
    kind: str | None,
    every: bool,
    status: str,
    by: str | None,
    note: str | None,
) -> None:
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    _check_kind(kind)
    if bool(ids) == every:
        raise InputError("Name the proposals by their ids, or all of them with --all.")
    if every:
        ids = workspace.book.find(kind=kind, statuses=["proposed"])["proposal_id"].to_list()
    moved = workspace.book.decide(
        ids, status, by=by or signed_in(), at=workspace.clock.now(), note=note
    )
    console().print(_MOVED[status].to(workspace.settings.shop.language).format(moved=moved))


def _print_proposal(row: dict[str, Any], language: Language) -> None:
    """Print a proposal on two lines; its id stands whole, to be copied."""
    from rich.markup import escape

    from cartwheel.core.money import format_money
    from cartwheel.tables.proposals import MONEY_KPIS

    is_money = row["kpi"] in MONEY_KPIS
    effect = (
        format_money(row["effect"], row["currency"], decimals=0)
        if is_money
        else f"{row['effect']:.1f} {_UNITS.to(language)}"
    )
    facts = _FACTS.to(language).format(
        effect=effect,
        cost=format_money(row["cost_minor"], row["currency"], decimals=0),
        sure=f"{row['confidence']:.0%}",
    )
    said = row["reason_zh" if language == "zh" else "reason"]
    kind = code_word("proposal", row["kind"], language) if language == "zh" else row["kind"]
    status = code_word("status", row["status"], language)
    shown = "" if row["status"] == "proposed" else f" · {status}"
    console().print(f"[bold]{row['proposal_id']}[/] {kind} · {facts}{shown}", soft_wrap=True)
    console().print(f"  {escape(said)}", soft_wrap=True)


def _check_kind(kind: str | None) -> None:
    from cartwheel.tables.proposals import PROPOSAL_KINDS

    if kind is not None and kind not in PROPOSAL_KINDS:
        hint = did_you_mean(kind, PROPOSAL_KINDS)
        raise InputError(f'There is no kind "{kind}".{hint} Kinds: {", ".join(PROPOSAL_KINDS)}.')


def _checked_status(status: str) -> str:
    from cartwheel.tables.proposals import PROPOSAL_STATUSES

    if status not in PROPOSAL_STATUSES:
        hint = did_you_mean(status, PROPOSAL_STATUSES)
        raise InputError(f'There is no status "{status}".{hint}')
    return status


def _export(
    found: pl.DataFrame, currency: str, csv: Path | None, xlsx: Path | None, language: Language
) -> None:
    from cartwheel.loop.export import write_csv, write_excel

    for path, write in ((csv, write_csv), (xlsx, write_excel)):
        if path is not None:
            write(found, path, currency)
            said = _WROTE.to(language).format(rows=found.height, path=path)
            console().print(said, markup=False, soft_wrap=True)
