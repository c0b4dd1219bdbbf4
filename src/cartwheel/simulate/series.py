"""Small things all parts of the simulation share: ids, texts by number, weighted draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from cartwheel.core.wording import Text
from cartwheel.simulate.calendar import Flags, Floats, Ints


def ids(prefix: str, numbers: Ints | int, width: int = 6) -> pl.Series:
    """Return ids such as ``P000042``; below zero means none (null)."""
    values = np.arange(numbers) if isinstance(numbers, int) else numbers
    series = pl.Series(values.astype(np.int64))
    text = pl.select(pl.lit(prefix) + series.cast(pl.String).str.zfill(width)).to_series()
    return text.set(series < 0, None) if values.size and values.min() < 0 else text


def named(entries: Sequence[str], numbers: Ints) -> pl.Series:
    """Return the entry of each number."""
    return pl.Series(entries, dtype=pl.String).gather(numbers.astype(np.uint32))


def worded(entries: Sequence[Text], numbers: Ints, is_chinese: Flags) -> pl.Series:
    """Return the text of each number, in Chinese where said so."""
    flags = pl.Series(is_chinese)
    english = named([entry.en for entry in entries], numbers)
    chinese = named([entry.zh for entry in entries], numbers)
    return chinese.zip_with(flags, english)


def weighted(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Draw ``size`` numbers with the given weights."""
    edges = np.cumsum(weights)
    found: Ints = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return found.clip(0, len(edges) - 1)


def weighted_rows(rng: np.random.Generator, weights: Floats) -> Ints:
    """Draw one column a row of ``weights``."""
    edges = np.cumsum(weights, axis=1)
    dice = rng.random(len(weights)) * edges[:, -1]
    found: Ints = (edges <= dice[:, None]).sum(axis=1)
    return found.clip(0, weights.shape[1] - 1)


def rank_in_group(group: Ints) -> Ints:
    """Return the rank of each row in its group, from 0; ``group`` must be sorted."""
    if not group.size:
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return np.arange(group.size) - np.repeat(starts, np.diff(np.r_[starts, group.size]))


def sum_before(group: Ints, amount: Ints) -> Ints:
    """Sum what stands before each row in its group; ``group`` must be sorted."""
    if not group.size:
        return np.zeros(0, dtype=np.int64)
    before = np.cumsum(amount) - amount
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return before - np.repeat(before[starts], np.diff(np.r_[starts, group.size]))
