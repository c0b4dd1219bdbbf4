"""The command that makes a shop and turns its wheel once, for somebody who has no data at hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Literal

import typer

from cartwheel.cli.importing import import_
from cartwheel.cli.printing import console
from cartwheel.cli.turning import report, run
from cartwheel.core.errors import ConflictError
from cartwheel.core.wording import Text

_AGAIN = Text(
    "{folder} is a workspace already: turning its wheel again.", "{folder} 已存在，再次运行一轮。"
)
_MAKING = Text(
    "Making a shop of {products:,} products and {customers:,} customers ...",
    "正在生成店铺：{products:,} 个商品，{customers:,} 位客户……",
)


def demo(
    folder: Annotated[Path, typer.Argument(help="New folder for the shop.")] = Path("demo"),
    products: Annotated[int, typer.Option(help="Products.", min=1)] = 2000,
    customers: Annotated[int, typer.Option(help="Customers.", min=1)] = 20000,
    seed: Annotated[int, typer.Option(help="Same seed, same shop.")] = 7,
    lang: Annotated[Literal["en", "zh"], typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Make a demo shop, import its files, take one full turn and print what it found.

    Example: cartwheel demo demo --lang zh
    """
    from cartwheel.wiring import open_workspace

    files = folder / "files"
    if (folder / "cartwheel.toml").exists():
        console().print(_AGAIN.to(lang).format(folder=folder), markup=False)
    else:
        if folder.exists() and any(folder.iterdir()):
            raise ConflictError(f'"{folder}" is not empty; name a new folder.')
        _init(folder, lang)
        files.mkdir()
    if files.exists() and not open_workspace(folder).lake.has("imports"):
        console().print(_MAKING.to(lang).format(products=products, customers=customers))
        _fill(folder, products=products, customers=customers, seed=seed)
    run(folder)
    report(folder)


def _init(folder: Path, lang: Literal["en", "zh"]) -> None:
    from cartwheel.loop.settings import ShopSettings
    from cartwheel.simulate import ShopParameters
    from cartwheel.wiring import init_workspace

    usual = ShopParameters()
    settings = ShopSettings(
        name="Demo shop" if lang == "en" else "演示商店",
        currency=usual.currency,
        time_zone=usual.time_zone,
        language=lang,
    )
    init_workspace(folder, settings)


def _fill(folder: Path, *, products: int, customers: int, seed: int) -> None:
    """Write the shop's files and import them; anew when an earlier demo was stopped on the way."""
    from cartwheel.simulate import ShopParameters, simulate_shop, write_shop

    files = folder / "files"
    shutil.rmtree(files)
    parameters = ShopParameters(products=products, customers=customers, seed=seed)
    write_shop(simulate_shop(parameters), files)
    kinds = {".csv", ".parquet"}
    import_(folder, sorted(file for file in files.iterdir() if file.suffix in kinds))
