"""Alert rules on the Numenta Anomaly Benchmark.

Source: Lavin & Ahmad (2015), "Evaluating Real-time Anomaly Detection Algorithms - the Numenta
Anomaly Benchmark", ICMLA. Series of realKnownCause and realAdExchange as hourly means, one day a
season. A false alarm is an alert outside the labelled windows; any alert inside finds a window.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from cartwheel.stages.monitor.anomaly import Watch, WatchRule, seasonal_watch, sigma_watch

pytestmark = pytest.mark.shared_data


@dataclass(frozen=True)
class Found:
    false_alarms: float
    windows: int
    of_windows: int


def measured(root: Path, watch: Watch) -> Found:
    labels = json.loads((root / "labels" / "combined_windows.json").read_text())
    false = ordinary = windows = total = 0
    for file in sorted(root.glob("real*/*.csv")):
        series = hourly(file)
        alerts = watch(series["value"], WatchRule(season=24))["is_alert"]
        inside = pl.Series([False]).new_from_index(0, series.height)
        for first, last in labels[f"{file.parent.name}/{file.name}"]:
            ends = pl.Series([first, last]).str.to_datetime()
            window = series["timestamp"].is_between(ends[0], ends[1])
            inside = inside | window
            windows += bool((alerts & window).any())
            total += 1
        false += (alerts & ~inside).sum()
        ordinary += (~inside).sum()
    return Found(false / ordinary, windows, total)


def hourly(file: Path) -> pl.DataFrame:
    return (
        pl.read_csv(file, try_parse_dates=True)
        .group_by(pl.col("timestamp").dt.truncate("1h"))
        .agg(pl.col("value").mean())
        .sort("timestamp")
        .upsample("timestamp", every="1h")
    )


def test_more_windows_are_found_than_by_three_sigma_at_under_one_false_alarm_in_a_hundred(
    shared_data: Callable[[str], Path],
) -> None:
    root = shared_data("nab")
    seasonal, simple = measured(root, seasonal_watch), measured(root, sigma_watch)
    assert seasonal.of_windows == simple.of_windows == 33
    assert seasonal.windows >= simple.windows
    assert seasonal.false_alarms < 0.01
