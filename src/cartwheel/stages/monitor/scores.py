"""How well alerts are raised on the shop's own figures, beside the 3-sigma rule.

No shop knows which of its days were truly out of the ordinary, so two things are measured on the
last ``test_days`` of every figure, each day judged only by the days before it:

- *alert rate*: share of days with an alert. Nearly all days are ordinary, so this is an upper
  bound of the false alarm rate.
- *found 30 % off*: the day's value is cut to 70 % and judged again, one day at a time; the share
  that raises an alert.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from cartwheel.core.interval import wilson
from cartwheel.stages.monitor.alerts import RULES, watched_series
from cartwheel.stages.monitor.anomaly import Watch, seasonal_watch, sigma_watch
from cartwheel.tables import table_contract

_CUT = 0.7
_LEAST_CASES = 30
_METHODS: dict[str, Watch] = {"seasonal residuals": seasonal_watch, "3-sigma": sigma_watch}


def score_watches(kpis: pl.DataFrame, on: date, test_days: int = 182) -> pl.DataFrame:
    """Return the table ``monitor_scores`` over the daily figures; empty when too short."""
    since = on - timedelta(days=test_days - 1)
    daily = kpis.filter(pl.col("period") == "day")
    judged = [
        series.hstack(watch(series["value"], RULES[period])).with_columns(method=pl.lit(name))
        for _, period, series in watched_series(daily)
        for name, watch in _METHODS.items()
    ]
    contract = table_contract("monitor_scores")
    if not judged:
        return contract.empty()
    cut = _CUT * pl.col("value")
    cases = (
        pl.concat(judged)
        .filter((pl.col("starts_on") >= since) & pl.col("score").is_not_null())
        .with_columns(found=(cut < pl.col("low")) | (cut > pl.col("high")))
    )
    both = cases.filter(pl.len().over("kpi", "starts_on") == len(_METHODS))  # the same days
    if both.height < _LEAST_CASES * len(_METHODS):
        return contract.empty()
    rows = [
        _score(both, method, measure, column, is_lower_better)
        for method in _METHODS
        for measure, column, is_lower_better in (
            ("alert rate", "is_alert", True),
            ("found 30 % off", "found", False),
        )
    ]
    return contract.conform(pl.DataFrame(rows))


def _score(
    cases: pl.DataFrame, method: str, measure: str, column: str, is_lower_better: bool
) -> dict[str, object]:
    of_method = cases.filter(pl.col("method") == method)
    values, n = of_method[column], of_method.height
    share = int(values.sum()) / n
    low, high = wilson(share, n)
    return {
        "stage": "monitor",
        "method": method,
        "slice": "daily figures",
        "measure": measure,
        "value": share,
        "low": low,
        "high": high,
        "is_lower_better": is_lower_better,
        "is_baseline": method == "3-sigma",
        "is_used": method == "seasonal residuals",
        "cases": n,
        "tested_from": str(of_method["starts_on"].min()),
        "tested_to": str(of_method["starts_on"].max()),
    }
