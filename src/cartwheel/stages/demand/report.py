"""What the demand stage found, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import polars as pl

from cartwheel.core.wording import Text
from cartwheel.stages.demand.candidate import COMBINATION
from cartwheel.stages.demand.forecasting import Forecast, Forecaster, ForecastRules
from cartwheel.stages.demand.heldout import HeldOut, held_out
from cartwheel.stages.demand.panel import Floats, Panel
from cartwheel.tables.contract import table_contract
from cartwheel.tables.demand import QUANTILE_COLUMNS, WEIGHTED_RMSSE

DAILY_HORIZONS = (*range(1, 15), 21, 28, 35, 42, 49, 56, 70, 84)  # days, of daily series


def forecasts(panel: Panel, forecast: Forecast) -> pl.DataFrame:
    """Return table ``forecasts``."""
    steps = forecast.mean.shape[1]
    starts = panel.starts(panel.periods, panel.periods + steps)
    method = pl.Series("method", np.asarray(forecast.choice.names)[forecast.choice.chosen])
    rows = _crossed(panel.keys.with_columns(method), starts.to_frame()).with_columns(
        pl.lit(panel.days, dtype=pl.Int64).alias("days"),
        *_spread(forecast.mean, forecast.quantiles),
    )
    return table_contract("forecasts").conform(rows)


def cumulative_forecasts(panel: Panel, forecast: Forecast) -> pl.DataFrame:
    """Return table ``cumulative_forecasts``; weekly series have a row every seven days."""
    steps = forecast.horizons
    if panel.days == 1:
        steps = steps[np.isin(steps, [*DAILY_HORIZONS, steps[-1]])]
    horizons = pl.DataFrame({"horizon_days": steps * panel.days})
    at = steps - 1
    rows = _crossed(panel.keys, horizons).with_columns(
        *_spread(forecast.total[:, at], forecast.total_quantiles[:, at])
    )
    return table_contract("cumulative_forecasts").conform(rows)


def history(panel: Panel) -> pl.DataFrame:
    """Return table ``demand_history``, from each series' first period on."""
    lived = panel.lived()
    row, period = np.nonzero(lived)
    cells = panel.keys[row].with_columns(
        panel.starts(0, panel.periods)[period].alias("starts_on"),
        pl.lit(panel.days, dtype=pl.Int64).alias("days"),
        pl.Series("sold", panel.sold[lived]),
        pl.Series("demand", panel.demand[lived]),
        pl.Series("is_stocked", panel.stocked[lived] >= 0.5),
    )
    return table_contract("demand_history").conform(cells)


def series(panel: Panel, forecast: Forecast) -> pl.DataFrame:
    """Return table ``demand_series``."""
    facts, choice = forecast.facts, forecast.choice
    names = np.asarray(choice.names)
    lived = panel.lived()
    age = np.maximum(lived.sum(axis=1), 1)
    masked = ((panel.stocked < 0.5) & lived).sum(axis=1) / age
    cells = np.arange(len(age))
    frame = panel.keys.with_columns(
        pl.Series("demand_class", facts.demand_class.astype(object), dtype=pl.String),
        pl.Series("method", names[choice.chosen]),
        pl.Series("baseline", names[choice.baseline]),
        pl.Series("periods", age),
        pl.lit(panel.days, dtype=pl.Int64).alias("period_days"),
        pl.Series("mean_demand", facts.mean),
        pl.Series("demand_interval", facts.interval),
        pl.Series("demand_variation", facts.variation),
        pl.Series("masked_share", masked),
        pl.Series("chosen_error", np.sqrt(choice.error[choice.chosen, cells])),
        pl.Series("baseline_error", np.sqrt(choice.error[choice.baseline, cells])),
    ).with_columns(pl.col(pl.Float64).fill_nan(None))
    return table_contract("demand_series").conform(frame)


def scores(panel: Panel, forecaster: Forecaster, rules: ForecastRules) -> pl.DataFrame:
    """Return table ``demand_scores`` of the last periods; empty with too little history."""
    found = held_out(panel, forecaster, rules)
    if found is None:
        return table_contract("demand_scores").empty()
    return table_contract("demand_scores").conform(pl.DataFrame(list(_score_rows(panel, found))))


def _score_rows(panel: Panel, found: HeldOut) -> Iterator[dict[str, object]]:
    window = {
        "tested_from": panel.start(found.origin).isoformat(),
        "tested_to": (panel.start(panel.periods) - timedelta(days=1)).isoformat(),
    }
    for score in found.scores:
        yield {
            "stage": "demand",
            "method": score.method,
            "slice": score.slice,
            "measure": score.measure,
            "value": None if np.isnan(score.value) else score.value,
            "low": None,
            "high": None,
            "is_lower_better": not score.measure.startswith("coverage"),
            "is_baseline": score.is_baseline,
            "is_used": score.is_used,
            "cases": score.cases,
            **window,
        }


def notes(panel: Panel, forecast: Forecast, scores: pl.DataFrame) -> tuple[Text, ...]:
    """Return what a reader of the report should know."""
    found = (
        _grain_note(panel),
        _served_note(forecast),
        _kinds_note(forecast),
        _stockout_note(panel),
        _score_note(scores),
    )
    return tuple(note for note in found if note is not None)


def _grain_note(panel: Panel) -> Text:
    unit, unit_zh = ("daily", "日") if panel.days == 1 else ("weekly", "周")
    return Text(
        f"{panel.keys.height:,} {unit} series of up to {panel.periods} periods.",
        f"共{panel.keys.height:,}个{unit_zh}序列，最长{panel.periods}期。",
    )


def _served_note(forecast: Forecast) -> Text:
    """Say what "chosen" stands for in the scores, where no single method is marked as used."""
    names = np.asarray(forecast.choice.names)[forecast.choice.chosen]
    mixed = float((names == COMBINATION).mean())
    return Text(
        f"A combination of the methods serves {mixed:.0%} of the series, one method alone the "
        'others; the scores call this mix "chosen".',
        f"{mixed:.0%}的序列采用组合预测，其余采用单一方法；评分表中的“逐序列选择”即指两者合计。",
    )


def _kinds_note(forecast: Forecast) -> Text | None:
    kinds = forecast.facts.demand_class
    quiet, new = int((kinds == "dormant").sum()), int((kinds == "new").sum())
    if not quiet and not new:
        return None
    return Text(
        f"{new:,} series are too new to judge methods by their own past and {quiet:,} have long "
        "been without demand; both follow series like them.",
        f"{new:,}个序列历史太短、{quiet:,}个长期无需求，其方法由同类序列决定。",
    )


def _stockout_note(panel: Panel) -> Text | None:
    added, sold = panel.demand.sum() - panel.sold.sum(), panel.sold.sum()
    if added <= 0 or sold <= 0:
        return None
    short = ((panel.stocked < 0.5) & panel.lived()).sum() / panel.lived().sum()
    return Text(
        f"{short:.1%} of periods were out of stock; demand there is estimated, which adds "
        f"{added:,.0f} units ({added / sold:.1%}) to what was sold.",
        f"{short:.1%}的周期缺货；缺货期需求为估计值，"
        f"比实际销量多{added:,.0f}件（{added / sold:.1%}）。",
    )


def _score_note(scores: pl.DataFrame) -> Text | None:
    if not scores.is_empty():
        return beaten_note(scores)
    return Text(
        "History is too short to hold periods out: the quality of the forecasts is not measured.",
        "历史太短，无法留出检验期：预测质量未经检验。",
    )


_SIMPLE = {
    "seasonal_naive": Text("seasonal naive", "季节朴素法"),
    "moving_average": Text("moving average", "移动平均法"),
}


def beaten_note(scores: pl.DataFrame) -> Text | None:
    """Say so when a simple method foretold the last periods at least as well as what serves."""
    whole = scores.filter(slice="all", measure=WEIGHTED_RMSSE).drop_nulls("value")
    serves = whole.filter("is_used")["value"]
    simple = whole.filter("is_baseline").sort("value", "method")
    if serves.is_empty() or simple.is_empty() or serves[0] < simple["value"][0]:
        return None
    name, error = _SIMPLE[simple["method"][0]], simple["value"][0]
    return Text(
        f"In the last periods {name.en} foretold at least as well as what serves (weighted RMSSE "
        f"{error:.2f} to {serves[0]:.2f}).",
        f"在最近的检验期，{name.zh}的预测不逊于现用方法（加权 RMSSE {error:.2f} 对 "
        f"{serves[0]:.2f}）。",
    )


def _crossed(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pair every row of ``left`` with every row of ``right``, in order."""
    row = np.repeat(np.arange(left.height), right.height)
    column = np.tile(np.arange(right.height), left.height)
    return pl.concat([left[row], right[column]], how="horizontal")


def _spread(mean: Floats, quantiles: Floats) -> list[pl.Series]:
    flat = quantiles.reshape(-1, quantiles.shape[-1])
    return [
        pl.Series("mean", mean.reshape(-1)),
        *(pl.Series(name, flat[:, i]) for i, name in enumerate(QUANTILE_COLUMNS)),
    ]
