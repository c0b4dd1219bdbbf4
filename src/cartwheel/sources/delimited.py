"""Rows of delimited text: columnar when the text is regular, record by record when it is not.

The fast reader (Polars) does not say when a record is short, so its result is proved by counting:
every delimiter and every line break of the text must be found again, between the fields or inside
them. When the proof fails, or the quoting is irregular, Python's ``csv`` reads record by record
and names the lines that do not fit. Both are linear in bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text
from cartwheel.sources.heading import column_names
from cartwheel.sources.source_file import FAULT_SCHEMA

_MOST_BROKEN = 0.2  # a larger share of ragged records means the delimiter is wrong
_CHUNK = 50_000  # records turned into columns at a time
_LONG = 1_000_000  # records from which memory matters
_SHOWN = 200  # characters of a broken record kept


@dataclass(frozen=True, slots=True)
class Records:
    """Fields as text, the line each record begins on, and the records that did not fit."""

    frame: pl.DataFrame
    lines: pl.Series
    broken: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAULT_SCHEMA))
    notes: tuple[Text, ...] = ()


def read_delimited(text: bytes, delimiter: str, *, name: str, heading_line: int = 1) -> Records:
    """Cut UTF-8 ``text`` into records; the first of them names the columns.

    Raises
    ------
    InputError
        So many records do not fit the heading that the delimiter must be wrong, or a quotation
        mark is never closed.
    """
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    text, first = _from_heading(text, heading_line)
    heading = next(csv.reader(_lines(text), delimiter=delimiter), [])
    names, notes = column_names(heading)
    found = _fast(text, delimiter, len(names))
    if found is None:
        found = _slow(text, delimiter, len(names), name, first)
    records = replace(
        found,
        frame=found.frame.rename(dict(zip(found.frame.columns, names, strict=True))),
        lines=found.lines + (first - 1),
        broken=found.broken.with_columns(pl.col("line") + (first - 1)),
    )
    is_blank = _blank(records.frame)
    if is_blank.any():
        kept = ~is_blank
        records = replace(
            records, frame=records.frame.filter(kept), lines=records.lines.filter(kept)
        )
    return replace(records, notes=(*notes, *found.notes))


def _blank(frame: pl.DataFrame) -> pl.Series:
    """Tell which records hold nothing but spaces; columns are looked at while all others do."""
    blank = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    for name in frame.columns:
        if not blank.any():
            break
        cell = frame[name]
        if cell.dtype == pl.String:
            blank &= cell.is_null() | (cell.str.strip_chars() == "")
        else:
            blank &= cell.is_null()
    return blank


def _from_heading(text: bytes, heading_line: int) -> tuple[bytes, int]:
    """Drop what stands above the heading: the lines asked for, and blank ones."""
    start, line = 0, 1
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        if line >= heading_line and text[start:end].strip():
            break
        start, line = end + 1, line + 1
    return text[start:], line


def _lines(text: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")


def _fast(text: bytes, delimiter: str, width: int) -> Records | None:
    """Read with Polars; None when the text is not as regular as it takes it to be."""
    if len(delimiter.encode()) > 1:
        return None
    schema = {f"c{i}": pl.String for i in range(width)}
    try:
        cells = pl.read_csv(text, has_header=False, separator=delimiter, schema=schema)
    except pl.exceptions.PolarsError:
        return None
    breaks, inner = _inner(cells, text, "\n"), _inner(cells, text, delimiter)
    ends = text.count(b"\n") + (not text.endswith(b"\n"))
    seen = cells.height + int(breaks.sum())
    blank = cells.select(pl.all_horizontal(pl.all().is_null())).to_series() if width > 1 else None
    void = 0 if blank is None else _void_lines(text, int(blank.sum()))
    wanted = (cells.height - void) * (width - 1) + int(inner.sum())
    if seen != ends or text.count(delimiter.encode()) != wanted:
        return None
    cells = _compact(cells)
    above = breaks.cum_sum().shift(1, fill_value=0)
    lines = (pl.int_range(1, cells.height + 1, dtype=pl.Int64, eager=True) + above).alias("line")
    return Records(cells.slice(1), lines.slice(1))


def _compact(cells: pl.DataFrame) -> pl.DataFrame:
    """Keep each text of a long column once, where texts repeat: a tenth of the memory."""
    if cells.height < _LONG:
        return cells
    for name in cells.columns:
        if cells[name].slice(1, _LONG // 10).n_unique() < _LONG // 30:
            cells = cells.with_columns(pl.col(name).cast(pl.Categorical))
    return cells


def _inner(cells: pl.DataFrame, text: bytes, mark: str) -> pl.Series:
    """Count ``mark`` inside the fields of each record; only quoted fields can hold it."""
    if b'"' not in text:
        return pl.repeat(0, cells.height, dtype=pl.Int64, eager=True)
    counts = (pl.col(c).str.count_matches(mark, literal=True).fill_null(0) for c in cells.columns)
    return cells.select(pl.sum_horizontal(counts).cast(pl.Int64).alias("n")).to_series()


def _void_lines(text: bytes, blank_rows: int) -> int:
    """Count the lines with nothing in them; rows that are only delimiters are not among them."""
    if not blank_rows:
        return 0
    return sum(1 for line in io.BytesIO(text) if not line.strip(b"\r\n"))


def _slow(text: bytes, delimiter: str, width: int, name: str, first: int) -> Records:
    found = _by_record(text, delimiter, width, csv.QUOTE_MINIMAL)
    unclosed = _unclosed(found, text)
    if unclosed is not None or _is_torn(found):
        literal = _by_record(text, delimiter, width, csv.QUOTE_NONE)
        if literal.broken.is_empty():
            note = Text(
                "Quotation marks are part of the text in this file.",
                "此文件中的引号按普通字符处理。",
            )
            return replace(literal, notes=(note,))
    if unclosed is not None:
        raise InputError(
            f"{name}, line {unclosed + first - 1}: a quotation mark is opened and never closed.",
            file=name,
            line=unclosed + first - 1,
        )
    if _is_torn(found):
        worst = found.broken.row(0, named=True)
        raise InputError(
            f"{name}, line {worst['line'] + first - 1}: {worst['reason']} "
            f"({found.broken.height} of {found.frame.height + found.broken.height} lines do not "
            "fit). "
            f'The file was cut at "{_shown(delimiter)}": if that is not its delimiter, say the '
            f'right one in the map file, such as delimiter = ";".',
            file=name,
            line=worst["line"] + first - 1,
        )
    return found


def _is_torn(found: Records) -> bool:
    return found.broken.height > _MOST_BROKEN * (found.frame.height + found.broken.height)


def _unclosed(found: Records, text: bytes) -> int | None:
    """Return the line of the last record when it swallowed the lines below an odd quote."""
    if text.count(b'"') % 2 == 0:
        return None
    last = [(lines[-1], cells) for lines, cells in (
        (found.lines, found.frame.tail(1).row(0) if found.frame.height else ()),
        (found.broken["line"], found.broken.tail(1).select("value").row(0)
         if found.broken.height else ()),
    ) if len(lines)]  # fmt: skip
    line, cells = max(last, key=lambda pair: int(pair[0]), default=(0, ()))
    return int(line) if any("\n" in str(cell).strip() for cell in cells) else None


def _by_record(text: bytes, delimiter: str, width: int, quoting: int) -> Records:
    chunks = [pl.DataFrame(schema=["line", *(f"c{i}" for i in range(width))]).cast(pl.String)]
    rows: list[list[object]] = []
    broken: list[tuple[int, list[str]]] = []
    for line, record in _numbered(text, delimiter, quoting):
        if any(record[width:]) or len(record) < width:
            broken.append((line, record))
            continue
        rows.append([str(line), *(cell or None for cell in record[:width])])
        if len(rows) >= _CHUNK:
            chunks.append(pl.DataFrame(rows, schema=chunks[0].schema, orient="row"))
            rows = []
    chunks.append(pl.DataFrame(rows, schema=chunks[0].schema, orient="row"))
    whole = pl.concat(chunks)
    return Records(
        whole.drop("line"),
        whole["line"].cast(pl.Int64),
        _broken(broken, width, delimiter),
    )


def _numbered(text: bytes, delimiter: str, quoting: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (line it begins on, fields) of each record below the heading that is not blank."""
    csv.field_size_limit(max(len(text), 131_072))
    reader = csv.reader(_lines(text), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    next(reader, None)
    begins = reader.line_num + 1
    for record in reader:
        if record:
            yield begins, record
        begins = reader.line_num + 1


def _broken(records: list[tuple[int, list[str]]], width: int, delimiter: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "line": line,
                "field": "(line)",
                "value": delimiter.join(record)[:_SHOWN],
                "reason": f"the line has {len(record)} fields, the heading has {width}",
                "reason_zh": f"该行有 {len(record)} 个字段，表头有 {width} 个",
            }
            for line, record in records
        ],
        schema=FAULT_SCHEMA,
    )


def _shown(delimiter: str) -> str:
    return {"\t": "tab"}.get(delimiter, delimiter)
