"""Intervals and shares with their uncertainty.

``wilson`` is the score interval of Wilson (1927), JASA 22(158), 209-212: it stays inside [0, 1]
and keeps its coverage for shares near 0 and 1, where the normal interval fails.
"""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

_Z90 = NormalDist().inv_cdf(0.95)


def wilson(hits: pl.Expr, cases: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the 90 % interval of ``hits / cases``; null where there is no case."""
    n = pl.when(cases > 0).then(cases.cast(pl.Float64))
    share, z2 = hits / n, _Z90**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z90 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n**2)).sqrt()
    return (middle - half).clip(0.0, 1.0), (middle + half).clip(0.0, 1.0)
