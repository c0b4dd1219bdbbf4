"""When a figure is out of the ordinary: a seasonal rule over its own past, and the simple one.

``seasonal_watch``: the expected value is the median of the same phase in the last seasons, shifted
by the median error of the last season, so that single bad days do not move it; an alert is an
error beyond ``threshold`` root mean squares of the errors this rule made before. That is a control
chart on the residuals of a seasonal forecast: Alwan & Roberts (1988), J. Bus. Econ. Stat. 6, 87-95.
A scale from the median of errors (MAD) in place of the root mean square was tried and raised ten
times the false alarms on NAB: real figures have heavy tails.

``sigma_watch``: mean +- 3 standard deviations of the same window, Shewhart (1931): the baseline.

Every step looks back only. Both need half a window before they speak, fail on the first season of
a new pattern, and see one figure at a time. Cost: linear in values times seasons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from cartwheel.core.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRule:
    """How far back to look and how much is out of the ordinary."""

    season: int = 7  # periods in a season; 1 for none
    seasons: int = 8  # seasons looked back
    threshold: float = 3.25  # least distance, in root mean square errors of the past
    least_scale: float = 0.02  # least such error, as a share of the expected value

    def __post_init__(self) -> None:
        if self.season < 1 or self.seasons < 4:
            raise InputError("season must be at least 1 and seasons at least 4")
        if self.threshold <= 0 or self.least_scale < 0:
            raise InputError("threshold must be above 0 and least_scale not below 0")

    @property
    def memory(self) -> int:
        """Return the periods looked back to judge errors; at least 26."""
        return max(self.season * self.seasons, 26)


Watch = Callable[[pl.Series, WatchRule], pl.DataFrame]


def seasonal_watch(values: pl.Series, rule: WatchRule) -> pl.DataFrame:
    """Return expected, low, high, score and is_alert of each value, from the values before it.

    Null values are passed over; what cannot be judged yet has a null score and no alert.

    Examples
    --------
    >>> import polars as pl
    >>> past = [10.0, 11.0, 9.0, 10.5] * 20
    >>> watched = seasonal_watch(pl.Series([*past, 50.0]), WatchRule(season=1))
    >>> watched["is_alert"].to_list()[-1], watched["is_alert"].sum()
    (True, 1)
    """
    value, expected = pl.col("value"), pl.col("expected")
    same_phase = [value.shift(k * rule.season) for k in range(1, rule.seasons + 1)]
    known = pl.concat_list(same_phase).list.drop_nulls()
    base = pl.when(known.list.len() >= rule.seasons // 2).then(known.list.median())
    level = pl.col("error").shift(1).rolling_median(max(rule.season, 4), min_samples=1)
    mean_square = (
        (pl.col("error") ** 2).shift(1).rolling_mean(rule.memory, min_samples=rule.memory // 2)
    )
    least = rule.least_scale * expected.abs()
    scale = pl.when(mean_square.is_not_null()).then(pl.max_horizontal(mean_square.sqrt(), least))
    judged = (
        pl.DataFrame({"value": values.cast(pl.Float64)})
        .with_columns(base=base)
        .with_columns(error=value - pl.col("base"))
        .with_columns(expected=pl.col("base") + level.fill_null(0))
        .with_columns(error=value - expected)
        .with_columns(scale=scale)
    )
    return _limits(judged, rule.threshold)


def sigma_watch(values: pl.Series, rule: WatchRule) -> pl.DataFrame:
    """Return the same columns by mean and 3 standard deviations of the window before."""
    past, least = pl.col("value").shift(1), rule.memory // 2
    judged = pl.DataFrame({"value": values.cast(pl.Float64)}).with_columns(
        expected=past.rolling_mean(rule.memory, min_samples=least),
        scale=past.rolling_std(rule.memory, min_samples=least),
    )
    return _limits(judged, 3.0)


def _limits(judged: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Turn expected values and scales into limits, scores and alerts."""
    away = pl.col("value") - pl.col("expected")
    reach = threshold * pl.col("scale")
    return judged.select(
        "expected",
        low=pl.col("expected") - reach,
        high=pl.col("expected") + reach,
        score=pl.when(pl.col("scale") > 0).then(away / pl.col("scale")),
        is_alert=(away.abs() > reach).fill_null(False),
    )
