"""One gradient-boosted model over all series of a shop (LightGBM), direct for every step ahead.

Demand over the series' own level is learnt with a Tweedie loss, whose mean is right also when most
periods are zero; series that vary wildly weigh less (inverse variance). A global model is what won
the M5 competition (Makridakis, Spiliotis & Assimakopoulos 2022, International Journal of
Forecasting 38, 1346-1364). Cost is linear in training rows, which are capped; growth in series is
that of prediction alone. Fails with few series or little history, where it is not fitted.
Deterministic: fixed seeds, LightGBM's deterministic mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cartwheel.stages.demand.feature import Cells, Floats32, features, level, running_sums
from cartwheel.stages.demand.panel import Floats, Panel

LEAST_ROWS = 2_000
SQUARED_SPREAD = 5  # the feature E[demand^2] / E[demand]^2
CHUNK = 400_000  # rows predicted at once


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostingRules:
    """Size of the global model."""

    rounds: int = 150
    rows: int = 160_000  # training rows at most
    leaves: int = 31
    learning_rate: float = 0.05
    threads: int = 1
    seed: int = 0


def boosted(panel: Panel, horizon: int, rules: BoostingRules) -> Floats | None:
    """Fit on the panel's past and return forecasts of all its series; None with too few rows."""
    sums = running_sums(panel)
    cells = _training_cells(panel, horizon, rules)
    size = level(panel, sums, cells)
    usable = (size > 0) & (panel.stocked[cells.rows, cells.target] >= 0.5)
    cells, size = cells.where(usable), size[usable]
    if len(cells) < LEAST_ROWS:
        return None
    table = features(panel, sums, cells, size)
    target = panel.demand[cells.rows, cells.target] / size
    model = _fit(table, target, 1.0 / np.maximum(table[:, SQUARED_SPREAD], 1.0), rules)
    return _predicted(model, panel, horizon, rules)


def _training_cells(panel: Panel, horizon: int, rules: BoostingRules) -> Cells:
    """Draw cells whose outcome lies in the panel; recent origins and near steps oftener."""
    rng = np.random.default_rng(rules.seed)
    least = max(28 // panel.days, 4)
    room = np.maximum(panel.periods - panel.first - least, 0).astype(np.float64)  # origins offered
    if room.sum() == 0:
        none = np.zeros(0, dtype=np.int64)
        return Cells(none, none, none)
    drawn = int(min(rules.rows, room.sum() * min(horizon, 6)))
    rows = rng.choice(len(room), size=drawn, p=room / room.sum()).astype(np.int64)
    back = np.floor(room[rows] * rng.random(drawn) ** 1.5).astype(np.int64)
    ahead = 1 + np.floor(horizon * rng.random(drawn) ** 1.5).astype(np.int64)
    cells = Cells(rows, panel.periods - 1 - back, ahead)
    return cells.where(cells.target < panel.periods)


def _fit(table: Floats32, target: Floats, weight: Floats, rules: BoostingRules) -> Any:
    import lightgbm

    settings = {
        "objective": "tweedie",
        "tweedie_variance_power": 1.5,
        "learning_rate": rules.learning_rate,
        "num_leaves": rules.leaves,
        "min_data_in_leaf": 300,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "max_bin": 127,
        "num_threads": rules.threads,
        "seed": rules.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    return lightgbm.train(
        settings, lightgbm.Dataset(table, target, weight=weight), num_boost_round=rules.rounds
    )


def _predicted(model: Any, panel: Panel, horizon: int, rules: BoostingRules) -> Floats:
    sums = running_sums(panel)
    count = len(panel.first)
    forecast = np.zeros((count, horizon))
    step = max(CHUNK // horizon, 1)
    for begin in range(0, count, step):
        chosen = np.arange(begin, min(begin + step, count))
        rows = np.repeat(chosen, horizon)
        ahead = np.tile(np.arange(1, horizon + 1), len(chosen))
        cells = Cells(rows, np.full(len(rows), panel.periods), ahead)
        size = level(panel, sums, cells)
        table = features(panel, sums, cells, np.maximum(size, 1e-9))
        ratio = model.predict(table, num_threads=rules.threads)
        forecast[chosen] = (ratio * size).reshape(-1, horizon)
    return forecast
