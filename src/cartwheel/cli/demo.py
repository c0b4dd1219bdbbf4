"""The command that makes a shop and turns its wheel once, for somebody who has no data at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

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
    from cartwheel.cli.importing import import_
    from cartwheel.loop.settings import ShopSettings
    from cartwheel.simulate import ShopParameters, simulate_shop, write_shop
    from cartwheel.wiring import init_workspace

    if (folder / "cartwheel.toml").exists():
        console().print(_AGAIN.to(lang).format(folder=folder), markup=False)
    else:
        if folder.exists() and any(folder.iterdir()):
            raise ConflictError(f'"{folder}" is not empty; name a new folder.')
        console().print(_MAKING.to(lang).format(products=products, customers=customers))
        parameters = ShopParameters(products=products, customers=customers, seed=seed)
        shop = simulate_shop(parameters)
        settings = ShopSettings(
            name="Demo shop" if lang == "en" else "演示商店",
            currency=parameters.currency,
            time_zone=parameters.time_zone,
            language=lang,
        )
        init_workspace(folder, settings)
        write_shop(shop, folder / "files")
        files = sorted(file for file in (folder / "files").iterdir() if file.is_file())
        import_(folder, [file for file in files if file.suffix in {".csv", ".parquet"}])
    run(folder)
    report(folder)
