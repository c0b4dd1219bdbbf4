"""Relations that several queries share, computed once on their engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ibis


@contextmanager
def kept(relation: ibis.Table) -> Iterator[ibis.Table]:
    """Compute ``relation`` once and hold its rows on the engine while the block runs."""
    cached = relation.cache()
    try:
        yield cached
    finally:
        try:
            cached.release()
        except Exception:  # ibis 12 with sqlglot 30.30 forgets the name in its DROP TABLE
            cached.get_backend().raw_sql(f'DROP TABLE IF EXISTS "{cached.op().name}"')
