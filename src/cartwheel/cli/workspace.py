"""Commands that make and show a workspace."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cartwheel.cli.options import AsJson, Shop
from cartwheel.cli.printing import console, print_facts, print_json, print_rows


def init(
    shop: Shop,
    name: Annotated[str | None, typer.Option(help="Name of the shop.")] = None,
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "EUR",
    time_zone: Annotated[str, typer.Option(help="IANA time zone; days are cut there.")] = "UTC",
    lang: Annotated[Literal["en", "zh"], typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Make a workspace: settings, lake and database in one folder.

    Example: cartwheel init myshop --currency GBP --time-zone Europe/London
    """
    from cartwheel.loop.settings import ShopSettings, read_settings
    from cartwheel.wiring import init_workspace

    given = {
        "name": name or shop.name,
        "currency": currency.upper(),
        "time_zone": time_zone,
        "language": lang,
    }
    checked: ShopSettings = read_settings({"shop": given}, "cartwheel init").shop
    made = init_workspace(shop, checked)
    console().print(f"Made the workspace [bold]{shop}[/]. Settings: {made.folders.settings}")
    console().print(f"Next: cartwheel import {shop} FILE...")


def status(shop: Shop, as_json: AsJson = False) -> None:
    """Show which tables the workspace holds and how the last turns went."""
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    tables = {name: workspace.lake.rows(name) for name in workspace.lake.names()}
    turns = workspace.turn_log.all()
    if as_json:
        print_json({"tables": tables, "turns": turns.to_dicts()})
        return
    settings = workspace.settings.shop
    print_facts({"shop": settings.name, "currency": settings.currency, "zone": settings.time_zone})
    print_rows("Tables", ["table", "rows"], [(n, f"{r:,}") for n, r in tables.items()], [1])
    rows = [
        (row["turn_id"], row["on_day"], row["status"], f"{row['seconds']:.1f}")
        for row in turns.head(5).iter_rows(named=True)
    ]
    print_rows("Last turns", ["turn", "day", "status", "seconds"], rows, [3])
