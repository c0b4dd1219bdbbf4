"""The score interval of shares (``core/interval.py``) as an expression over a whole column."""

from __future__ import annotations

import polars as pl

from cartwheel.core.interval import Z90


def wilson(hits: pl.Expr, cases: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the 90 % interval of ``hits / cases``; null where there is no case."""
    n = pl.when(cases > 0).then(cases.cast(pl.Float64))
    share, z2 = hits / n, Z90**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n**2)).sqrt()
    return (middle - half).clip(0.0, 1.0), (middle + half).clip(0.0, 1.0)
