"""The score interval of a share, at 90 %.

Wilson (1927), JASA 22(158), 209-212: it stays inside [0, 1] and keeps its coverage for shares near
0 and 1, where the normal interval fails.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

Z90 = NormalDist().inv_cdf(0.95)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return the 90 % interval of a share seen in ``count`` trials; all of [0, 1] without any.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(0.8, 10)]
    [0.5408, 0.9315]
    """
    if count <= 0:
        return 0.0, 1.0
    square = Z90**2 / count
    middle = (share + square / 2) / (1 + square)
    away = Z90 * sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return min(share, max(0.0, middle - away)), max(share, min(1.0, middle + away))
