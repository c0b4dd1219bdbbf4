"""Excel workbooks: sheets, cells of every type, and lines as Excel shows them."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from cartwheel.core.errors import InputError
from cartwheel.sources import ReadingHints, read_file


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(line, place, cell)
    path.write_bytes(buffer.getvalue())
    return path


def test_cells_of_all_types_become_plain_text(tmp_path):
    rows = [["id", "qty", "at", "ok"], [17850.0, 2.55, datetime(2024, 3, 5, 10, 30), True]]
    (found,) = read_file(workbook(tmp_path / "b.xlsx", {"Orders": rows}))
    assert found.name == "b.xlsx#Orders"
    assert found.frame.rows() == [("17850", "2.55", "2024-03-05 10:30:00", "true")]


def test_each_sheet_with_rows_is_a_source_and_empty_ones_are_not(tmp_path):
    path = workbook(
        tmp_path / "b.xlsx",
        {"一": [["a"], [1]], "leer": [], "heading": [["a"]], "二": [["b"], [2]]},
    )
    assert [s.name for s in read_file(path)] == ["b.xlsx#一", "b.xlsx#二"]


def test_lines_are_those_that_excel_shows(tmp_path):
    rows = [["a", "b"], [1, 2], [None, None], [3, 4]]
    (found,) = read_file(workbook(tmp_path / "b.xlsx", {"S": rows}))
    assert found.lines.to_list() == [2, 4]


def test_a_sheet_can_be_chosen_and_a_wrong_name_is_answered(tmp_path):
    path = workbook(tmp_path / "b.xlsx", {"Orders": [["a"], [1]], "Notes": [["b"], [2]]})
    (found,) = read_file(path, ReadingHints(sheet="Notes"))
    assert found.columns == ["b"]
    with pytest.raises(InputError, match='no sheet "Order". Did you mean "Orders"'):
        read_file(path, ReadingHints(sheet="Order"))
