"""Commands that make and show a workspace."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cartwheel.cli.options import AsJson, Shop
from cartwheel.cli.printing import code_word, console, print_facts, print_json, print_rows
from cartwheel.core.wording import Text

_MADE = Text(
    "Made the workspace {shop}. Settings: {settings}", "已创建 {shop}，设置文件：{settings}"
)
_NEXT = Text("Next: cartwheel import {shop} FILE...", "下一步：cartwheel import {shop} 文件...")
_SHOP = (Text("shop", "店铺"), Text("currency", "货币"), Text("zone", "时区"))
_TABLES = (Text("Tables", "数据表"), Text("table", "表"), Text("rows", "行数"))
_TURNS = (Text("Last turns", "最近的运行"), Text("turn", "运行编号"), Text("day", "日期"),
          Text("status", "状态"), Text("seconds", "秒"))  # fmt: skip


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
    for text in (_MADE, _NEXT):
        said = text.to(lang).format(shop=shop, settings=made.folders.settings)
        console().print(said, markup=False, soft_wrap=True)


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
    language = settings.language
    facts = (settings.name, settings.currency, settings.time_zone)
    print_facts({name.to(language): fact for name, fact in zip(_SHOP, facts, strict=True)})
    title, *headings = [text.to(language) for text in _TABLES]
    print_rows(title, headings, [(n, f"{r:,}") for n, r in tables.items()], [1])
    rows = [
        (
            row["turn_id"],
            row["on_day"],
            code_word("status", row["status"], language),
            f"{row['seconds']:.1f}",
        )
        for row in turns.head(5).iter_rows(named=True)
    ]
    title, *headings = [text.to(language) for text in _TURNS]
    print_rows(title, headings, rows, [3])
