"""The command that shows the data dictionary."""

from __future__ import annotations

from typing import Annotated

import typer

from cartwheel.cli.options import AsJson
from cartwheel.cli.printing import console, print_json, print_rows


def tables(
    table: Annotated[str | None, typer.Argument(help="A table; all of them by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the data dictionary: which tables there are, or the columns of one."""
    from cartwheel.tables import TABLES, table_contract

    if table is None:
        rows = [(t.area, t.name, t.title.zh, t.meaning) for t in TABLES.values()]
        if as_json:
            print_json(
                [dict(zip(("area", "table", "title_zh", "meaning"), r, strict=True)) for r in rows]
            )
            return
        print_rows("Tables", ["area", "table", "中文", "meaning"], sorted(rows))
        return
    contract = table_contract(table)
    columns = [
        {
            "column": column.name,
            "type": column.kind,
            "unit": column.unit,
            "required": column.is_required,
            "key": column.name in contract.key,
            "allowed": list(column.allowed),
            "meaning": column.meaning,
        }
        for column in contract.columns.values()
    ]
    if as_json:
        print_json({"table": contract.name, "meaning": contract.meaning, "columns": columns})
        return
    console().print(contract.meaning)
    print_rows(
        contract.name,
        ["column", "type", "unit", "", "meaning"],
        [
            (
                c["column"], c["type"], c["unit"],
                "key" if c["key"] else "required" if c["required"] else "", c["meaning"],
            )
            for c in columns
        ],
    )  # fmt: skip
