"""Rows of Excel workbooks, a sheet at a time, every cell as text.

Dates come as ISO text and whole numbers without decimals, so that the rules for delimited text
read them too. Reading is done by calamine (fastexcel), which opens .xlsx, .xlsm, .xlsb, .xls, .ods.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.core.wording import Text
from cartwheel.sources.heading import column_names
from cartwheel.sources.source_file import listing

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel, and every workbook under a password


def read_sheets(
    data: bytes, *, name: str, sheet: str | None = None, heading_line: int = 1
) -> Iterator[tuple[str, pl.DataFrame, pl.Series, tuple[Text, ...]]]:
    """Yield (sheet, rows as text, their lines, notes) of each sheet that has rows.

    Raises
    ------
    InputError
        The workbook is damaged or under a password, or has no such sheet.
    """
    book = _open(data, name)
    if sheet is not None and sheet not in book.sheet_names:
        hint = did_you_mean(sheet, book.sheet_names)
        raise InputError(
            f'{name} has no sheet "{sheet}".{hint} It has: {listing(book.sheet_names)}.', file=name
        )
    for title in [sheet] if sheet is not None else book.sheet_names:
        cells = book.load_sheet(title, header_row=None, dtypes="string").to_polars()
        rows = cells.with_row_index("line", offset=1).slice(heading_line - 1)
        body = rows.drop("line")
        filled = (
            body.select(
                ~pl.all_horizontal(pl.all().is_null() | (pl.all().str.strip_chars() == "")).alias(
                    "f"
                )
            ).to_series()
            if body.width
            else pl.Series([], dtype=pl.Boolean)
        )
        rows = rows.filter(filled)
        if rows.height < 2:
            continue
        names, notes = column_names(rows.drop("line").row(0))
        below = rows.slice(1)
        frame = below.drop("line").rename(dict(zip(body.columns, names, strict=True)))
        yield title, frame, below["line"].cast(pl.Int64), notes


def _open(data: bytes, name: str) -> Any:
    import fastexcel

    try:
        return fastexcel.read_excel(data)
    except fastexcel.FastExcelError as error:
        if data.startswith(OLE) and not name.lower().endswith(".xls"):
            raise InputError(
                f"{name} is protected by a password. Open it in Excel, remove the password "
                "(File > Info > Protect Workbook) and save it again.",
                file=name,
            ) from error
        raise InputError(
            f"{name} is damaged or no Excel workbook: {str(error).splitlines()[0]}. "
            "Open it in Excel and save it again, or export it as CSV.",
            file=name,
        ) from error
