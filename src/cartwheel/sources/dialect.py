"""Which character parts the fields of a delimited file.

Each candidate cuts the first records; the one that cuts them into the same number of fields, more
than one, wins. Ties go to the larger number of fields, then to the commoner delimiter.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

CANDIDATES = (",", ";", "\t", "|", "，", "^")
_SAMPLE = 256 * 1024  # characters
_RECORDS = 200


def delimiter_of(text: bytes) -> str | None:
    """Return the delimiter of UTF-8 ``text``, or None when every record is one field."""
    sample = text[:_SAMPLE].decode("utf-8", errors="ignore")
    scored = [(*_score(sample, candidate), -rank) for rank, candidate in enumerate(CANDIDATES)]
    best = max(range(len(CANDIDATES)), key=lambda i: scored[i])
    return CANDIDATES[best] if scored[best][1] > 1 else None


def _score(sample: str, delimiter: str) -> tuple[float, int]:
    """Return (share of records with the heading's number of fields, that number)."""
    widths = [len(row) for row in _records(sample, delimiter) if row]
    if not widths or widths[0] < 2:
        return 0.0, 1
    agreeing = Counter(widths)[widths[0]] / len(widths)
    return round(agreeing, 1), widths[0]


def _records(sample: str, delimiter: str) -> list[list[str]]:
    lines = io.StringIO(sample, newline="")
    try:
        rows = list(islice(csv.reader(lines, delimiter=delimiter), _RECORDS + 1))
    except csv.Error:
        return []
    is_cut = len(rows) > _RECORDS or len(sample) >= _SAMPLE
    return rows[:-1] if is_cut and len(rows) > 2 else rows
