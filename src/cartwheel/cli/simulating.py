"""``cartwheel simulate``: write a demo shop with known truths."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cartwheel.cli.options import AsJson, parse_day
from cartwheel.cli.printing import console, print_facts, print_json, print_rows


def simulate(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder to write to; new or empty.")
    ],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 0,
    products: Annotated[int, typer.Option(help="Products in the catalogue.")] = 2_000,
    customers: Annotated[int, typer.Option(help="Customers.")] = 20_000,
    months: Annotated[int, typer.Option(help="Months of history.")] = 12,
    warehouses: Annotated[int, typer.Option(help="Warehouses, 1 to 12.")] = 3,
    suppliers: Annotated[int, typer.Option(help="Suppliers.")] = 40,
    until: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="Last day of the history.")
    ] = "2026-06-30",
    as_json: AsJson = False,
) -> None:
    """Write a simulated shop to FOLDER: one file a table, and the truths behind it."""
    from cartwheel.simulate import ShopParameters, simulate_shop, write_shop

    parameters = ShopParameters(
        seed=seed, products=products, customers=customers, months=months, warehouses=warehouses,
        suppliers=suppliers, until=parse_day(until) or ShopParameters().until,
    )  # fmt: skip
    with console(to_errors=True).status(f"Living through {months} months …"):
        shop = simulate_shop(parameters)
        files = write_shop(shop, folder)
    rows = {path.name: shop.tables[path.stem].height for path in files}
    if as_json:
        print_json({"folder": str(folder), "truths": str(folder / "truths"), "rows": rows})
        return
    listing = [(name, f"{height:,}") for name, height in rows.items()]
    print_rows("Simulated shop", ("file", "rows"), listing, numbers=(1,))
    print_facts({"written to": folder, "truths in": folder / "truths"})
