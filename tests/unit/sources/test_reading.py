"""Files as they come: encodings, delimiters, quoting, compression, and files that are no table."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cartwheel.core.errors import InputError
from cartwheel.sources import ReadingHints, SourceFile, files_of, read_file

ORDERS = "订单号,数量\n甲,2\n乙,3\n"


def read(folder: Path, content: str | bytes, name: str = "x.csv", **hints: object) -> SourceFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (found,) = read_file(path, ReadingHints(**hints))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_chinese_text_reads_the_same_in_every_encoding(tmp_path, encoding, told):
    found = read(tmp_path, ORDERS.encode(encoding))
    assert found.encoding == told
    assert found.frame.to_dict(as_series=False) == {"订单号": ["甲", "乙"], "数量": ["2", "3"]}


def test_yen_signs_in_every_row_do_not_hide_the_chinese_heading(tmp_path):
    rows = "".join(f"D{i},¥{i}.50\n" for i in range(200))
    found = read(tmp_path, f"订单号,单价\n{rows}".encode("gb18030"))
    assert found.encoding == "gb18030"
    assert found.columns == ["订单号", "单价"]
    assert found.frame["单价"][7] == "¥7.50"


@pytest.mark.parametrize("text", ["café,£2\nÉlan à la carte,3\n", "Größe,1\nMünchen,2\n"])
def test_western_text_is_not_taken_for_chinese(tmp_path, text):
    found = read(tmp_path, f"name,price\n{text}".encode("latin-1"))
    assert found.encoding == "cp1252"
    assert found.frame.rows() == [tuple(line.split(",")) for line in text.splitlines()]


def test_utf8_with_a_broken_character_stays_utf8_and_says_so(tmp_path):
    body = ("好" * 60 + ",1\n").encode() + b"\xe5\xa5,2\n"
    found = read(tmp_path, b"name,n\n" + body)
    assert found.encoding == "utf-8"
    assert found.frame["name"][0] == "好" * 60
    assert "replaced" in found.notes[0].en


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    found = read(tmp_path, delimiter.join("abc") + "\n" + delimiter.join("123") + "\n")
    assert found.delimiter == delimiter
    assert found.frame.to_dict(as_series=False) == {"a": ["1"], "b": ["2"], "c": ["3"]}


def test_a_decimal_comma_does_not_win_over_the_semicolon(tmp_path):
    found = read(tmp_path, "a;b\n1;2,50\n2;3,10\n")
    assert found.frame.rows() == [("1", "2,50"), ("2", "3,10")]


def test_lines_stay_right_below_fields_with_line_breaks(tmp_path):
    found = read(tmp_path, 'a,b\n"x\ny\nz",1\nq,2\n"p\r\nr",3\nlast,4\n')
    assert found.lines.to_list() == [2, 5, 6, 8]
    assert found.frame["a"].to_list() == ["x\ny\nz", "q", "p\r\nr", "last"]


def test_lines_stay_right_around_blank_ones(tmp_path):
    found = read(tmp_path, "\n\na,b\n\n1,2\n,\n3,4\n\n")
    assert found.frame.rows() == [("1", "2"), ("3", "4")]
    assert found.lines.to_list() == [5, 7]


def test_a_heading_below_a_title_is_found_where_the_map_says(tmp_path):
    found = read(tmp_path, "Sales of May,\nprinted today,\na,b\n1,2\n", heading_line=3)
    assert found.columns == ["a", "b"]
    assert found.lines.to_list() == [4]


def test_a_ragged_line_is_set_aside_and_the_rest_is_read(tmp_path):
    rows = "\n".join(f"{i},{i}" for i in range(20))
    found = read(tmp_path, f"a,b\n{rows}\n1,2,3\nshort\n9,9\n")
    assert found.frame.height == 21
    assert found.broken.select("line", "reason").rows() == [
        (22, "the line has 3 fields, the heading has 2"),
        (23, "the line has 1 fields, the heading has 2"),
    ]
    assert found.rows == 23


def test_a_trailing_delimiter_is_no_fault(tmp_path):
    assert read(tmp_path, "a,b\n1,2,\n3,4,\n").frame.rows() == [("1", "2"), ("3", "4")]


def test_stray_quotation_marks_are_text(tmp_path):
    found = read(tmp_path, 'a,b\n1,5" pad\n2,"said ""hi"""\n')
    assert found.frame["b"].to_list() == ['5" pad', 'said "hi"']


def test_an_unclosed_quotation_mark_does_not_swallow_the_file(tmp_path):
    found = read(tmp_path, 'a,b\n1,"2\n3,4\n5,6\n')
    assert found.frame["b"].to_list() == ['"2', "4", "6"]
    assert "part of the text" in found.notes[0].en


def test_an_unclosed_quotation_mark_that_hides_delimiters_is_named(tmp_path):
    with pytest.raises(InputError, match="line 3: a quotation mark is opened and never closed"):
        read(tmp_path, 'a,b\n"x,y",1\n1,"2\n3,4\n5,6\n')


def test_old_mac_line_ends_are_read(tmp_path):
    assert read(tmp_path, b"a;b\r1;2\r3;4\r").frame.rows() == [("1", "2"), ("3", "4")]


def test_headings_that_are_blank_or_double_get_names(tmp_path):
    found = read(tmp_path, "a,,a, b \n1,2,3,4\n")
    assert found.columns == ["a", "column 2", "a (2)", "b"]
    assert ["twice" in note.en for note in found.notes] == [False, True]


def test_nul_bytes_are_taken_out_and_counted(tmp_path):
    found = read(tmp_path, b"a,b\n1\0,2\n")
    assert found.frame.rows() == [("1", "2")]
    assert found.notes[0].en == "1 NUL bytes were taken out."


def test_gzip_is_read_through(tmp_path):
    found = read(tmp_path, gzip.compress(b"a,b\n1,2\n"), "x.csv.gz")
    assert found.frame.rows() == [("1", "2")]


def test_a_folder_stands_for_its_data_files(tmp_path):
    for name in ("b.csv", "a.parquet", "readme.md"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in files_of([tmp_path])] == ["a.parquet", "b.csv"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("e.csv", b"", "e.csv is empty"),
        ("e.csv", b" \n\n", "e.csv is empty"),
        ("h.csv", b"a,b\n", "h.csv is empty: it has no row below its heading"),
        ("b.csv", bytes(range(256)) * 8, "b.csv is a binary file"),
        ("p.csv", b"%PDF-1.7\n...", "p.csv is a PDF document"),
        ("z.csv", b"\x1f\x8b\x08nothing", "z.csv is a damaged gzip file"),
        ("q.parquet", b"PAR1nothing", "q.parquet is a damaged Parquet file"),
        ("w.xlsx", b"PK\x03\x04nothing", "w.xlsx is damaged or no Excel workbook"),
        ("l.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected by a password"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path, name, content, said):
    with pytest.raises(InputError, match=said) as refused:
        read(tmp_path, content, name)
    assert refused.value.exit_code == 2


def test_a_missing_file_is_answered_with_the_nearest_name(tmp_path):
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r'Did you mean "orders\.csv"\?'):
        files_of([tmp_path / "order.csv"])


def test_a_folder_without_data_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no CSV, Parquet or Excel file"):
        files_of([tmp_path])


def test_the_wrong_delimiter_shows_as_lines_that_do_not_fit(tmp_path):
    with pytest.raises(InputError, match=r'line 3: .* heading has 1 .* cut at ","'):
        read(tmp_path, "a;b\n1;2\n3,5;4\n", delimiter=",")


def test_an_unknown_encoding_is_refused(tmp_path):
    with pytest.raises(InputError, match='"utf-9" is not an encoding'):
        read(tmp_path, "a,b\n1,2\n", encoding="utf-9")


def test_long_files_keep_texts_once_and_read_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("cartwheel.sources.delimited._LONG", 1_000)
    text = "a,b\n" + "".join(f"{i},{i % 3}\n" for i in range(2_000))
    found = read(tmp_path, text)
    assert [str(dtype) for dtype in found.frame.dtypes] == ["String", "Categorical"]
    assert found.frame["b"].cast(str).to_list() == [str(i % 3) for i in range(2_000)]
