"""Open what the user named: find the file, see what it is by its content, read its rows.

The content decides, not the extension: Parquet, Excel, gzip and text are told by their first bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.sources.delimited import read_delimited
from cartwheel.sources.dialect import delimiter_of
from cartwheel.sources.encoding import decode
from cartwheel.sources.heading import column_names
from cartwheel.sources.source_file import ReadingHints, SourceFile
from cartwheel.sources.workbook import OLE, read_sheets

_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_KNOWN_BINARY = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
}
_CONTROL = bytes(set(range(32)) - {0, 9, 10, 11, 12, 13, 26, 27})
_SAMPLE = 1 << 16  # bytes looked at to tell text from a binary file
_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".gz")


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, folders replaced by the data files in them.

    Raises
    ------
    InputError
        A path does not exist (the nearest name beside it is offered), or a folder has no data file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p for p in path.iterdir() if p.is_file() and p.name.lower().endswith(_SUFFIXES)
            )
            if not inside:
                raise InputError(f'The folder "{path}" has no CSV, Parquet or Excel file.')
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
            hint = did_you_mean(path.name, beside)
            raise InputError(f'There is no file "{path}".{hint}', file=str(path))
    return found


def read_file(path: Path, hints: ReadingHints | None = None) -> list[SourceFile]:
    """Read one file; a workbook gives one source a sheet that has rows.

    Raises
    ------
    InputError
        The file cannot be read, is empty, is no table, or its delimiter cannot be found.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f'"{path}" cannot be read: {error.strerror}.', file=str(path)) from error
    digest = hashlib.sha256(data).hexdigest()
    sources = list(_sources(data, path.name, digest, hints or ReadingHints()))
    if not any(source.rows for source in sources):
        raise InputError(f"{path.name} is empty: it has no row below its heading.", file=path.name)
    return sources


def _sources(data: bytes, name: str, digest: str, hints: ReadingHints) -> Iterator[SourceFile]:
    if not data.strip():
        raise InputError(f"{name} is empty: it has no row.", file=name)
    if data.startswith(b"\x1f\x8b"):
        yield from _sources(_unzipped(data, name), name, digest, hints)
    elif data.startswith(b"PAR1"):
        yield _parquet(data, name, digest)
    elif data.startswith((b"PK\x03\x04", OLE)):
        for sheet, frame, lines, notes in read_sheets(
            data, name=name, sheet=hints.sheet, heading_line=hints.heading_line
        ):
            title = f"{name}#{sheet}"
            yield SourceFile(name=title, digest=digest, frame=frame, lines=lines, notes=notes)
    else:
        _require_text(data, name)
        yield _text(data, name, digest, hints)


def _unzipped(data: bytes, name: str) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name} is a damaged gzip file: {error}.", file=name) from error


def _parquet(data: bytes, name: str, digest: str) -> SourceFile:
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"{name} is a damaged Parquet file: {error}", file=name) from error
    names, notes = column_names(frame.columns)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    lines = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias("line")
    return SourceFile(name=name, digest=digest, frame=frame, lines=lines, notes=notes)


def _text(data: bytes, name: str, digest: str, hints: ReadingHints) -> SourceFile:
    decoded = decode(data, wanted=hints.encoding, name=name)
    del data
    delimiter = hints.delimiter or delimiter_of(decoded.text) or ","
    records = read_delimited(decoded.text, delimiter, name=name, heading_line=hints.heading_line)
    return SourceFile(
        name=name,
        digest=digest,
        frame=records.frame,
        lines=records.lines,
        broken=records.broken,
        encoding=decoded.encoding,
        delimiter=delimiter,
        notes=(*decoded.notes, *records.notes),
    )


def _require_text(data: bytes, name: str) -> None:
    """Refuse what no person could read: known binary kinds, control characters, many NULs."""
    for mark, what in _KNOWN_BINARY.items():
        if data.startswith(mark):
            raise InputError(
                f"{name} is {what}, not a table. Give a CSV, Parquet or Excel file.", file=name
            )
    sample = data[:_SAMPLE]
    if sample.startswith(_TEXT_MARKS):
        return
    odd = len(sample) - len(sample.translate(None, delete=_CONTROL))
    if sample.count(0) > 8 + len(sample) // 100 or odd > 8 + len(sample) // 100:
        raise InputError(
            f"{name} is a binary file, not a table. Give a CSV, Parquet or Excel file.", file=name
        )
