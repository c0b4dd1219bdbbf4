"""Which rule sets the targets, and what it would have cost: replays of past weeks with lost sales.

Each week every rule sees only demand up to then, orders up to its target, and meets the demand
that came; an order placed at the end of week t with a lead time of l weeks is there at the start
of week t + 1 + l. The stage's rule takes the quantiles of past sums over lead time and review,
where a turn takes those of the demand stage: no past forecast is needed, and what is compared is
the rule. Costs: holding on what is left at the week's end, margin on what is missed; weeks that no
order could reach yet do not count. Time is series times weeks.

Two windows: the earlier one chooses (quantiles, unless another rule costs less there, series by
series, at 95 % one-sided confidence), the last one is reported and chooses nothing. Where it
fails: a season in the last weeks that the earlier ones did not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

from cartwheel.core.errors import InputError
from cartwheel.core.spread import Floats, Spread
from cartwheel.stages.inventory.history import weeks_back
from cartwheel.stages.inventory.target import (
    COVER,
    Level,
    ReorderPolicy,
    cover_level,
    economic_services,
    normal_level,
    quantile_level,
    whole_level,
)
from cartwheel.tables import table_contract
from cartwheel.tables.demand import QUANTILES

_MEMORY_WEEKS, _LEVEL_WEEKS = 52, 13
_Z90 = 1.645
_LEAST_SERIES = 10  # fewer cannot show one rule to be better than another
COST, _FILL = "cost a week", "fill rate"
Weeks = npt.NDArray[np.int64]
Rule = Callable[[Floats], Floats]  # demand so far (series, weeks) -> target


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPolicy:
    """How long the replay is."""

    weeks: int = 12  # replayed
    least_weeks: int = 26  # of history before, else there is no replay

    def __post_init__(self) -> None:
        if self.weeks < 0 or self.least_weeks < 1:
            raise InputError("replay weeks must not be negative, the history at least one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What a rule is judged on; one row a series."""

    past: Floats  # (series, weeks) demand before the replay
    future: Floats  # (series, weeks) demand that came
    lead_weeks: Weeks
    service: Floats
    holding: Floats  # minor a unit and week
    shortage: Floats  # minor a unit


@dataclass(frozen=True, slots=True)
class Replayed:
    """Units by series over the weeks that count."""

    held: Floats
    missed: Floats
    wanted: Floats
    weeks: Floats

    def cost(self, series: Series) -> Floats:
        """Return holding and shortage cost a week of each series, minor units."""
        return (self.held * series.holding + self.missed * series.shortage) / self.weeks


def quantile_rule(series: Series) -> Rule:
    """Order up to the service quantile of past sums over lead time and review, at today's level."""

    def target(seen: Floats) -> Floats:
        memory = seen[:, -_MEMORY_WEEKS:]
        found = np.zeros(len(memory))
        for lead in np.unique(series.lead_weeks):
            rows = series.lead_weeks == lead
            found[rows] = _of_sums(memory[rows], int(lead) + 1, series.service[rows])
        return whole_level(found)

    return target


def cover_rule(series: Series, times: float = COVER) -> Rule:
    """Order up to ``times`` the mean demand over lead time and review."""

    def target(seen: Floats) -> Floats:
        mean = seen[:, -_LEVEL_WEEKS:].mean(axis=1)
        cover: Floats = np.ceil(times * mean * (series.lead_weeks + 1))
        return cover

    return target


def normal_rule(series: Series) -> Rule:
    """Order up to mean plus z standard deviations, as textbooks do."""

    def target(seen: Floats) -> Floats:
        memory, days = seen[:, -_MEMORY_WEEKS:], series.lead_weeks + 1
        safety = ndtri(series.service) * memory.std(axis=1) * np.sqrt(days)
        level: Floats = np.ceil(np.maximum(memory.mean(axis=1) * days + safety, 0.0))
        return level

    return target


@dataclass(frozen=True, slots=True)
class TargetRule:
    """One way to set targets: on past sums, as a replay needs it, and on what is foretold."""

    replayed: Callable[[Series], Rule]
    level: Level
    name_zh: str


QUANTILES_RULE = "quantile targets"
RULES: Mapping[str, TargetRule] = {
    QUANTILES_RULE: TargetRule(quantile_rule, quantile_level, "分位数库存目标"),
    "mean + z sd": TargetRule(normal_rule, normal_level, "均值加 z 倍标准差"),
    f"{COVER} x mean cover": TargetRule(cover_rule, cover_level, f"{COVER} 倍平均需求"),
}


def replay(series: Series, rule: Rule) -> Replayed:
    """Run one rule over the weeks that came."""
    rows, weeks = series.future.shape
    level = series.past[:, -_LEVEL_WEEKS:].mean(axis=1)
    stock = np.ceil(level)
    coming = np.where(
        np.arange(weeks + int(series.lead_weeks.max(initial=0)) + 1) < series.lead_weeks[:, None],
        np.ceil(level)[:, None],
        0.0,
    )
    known, whole = series.past.shape[1], np.concatenate([series.past, series.future], axis=1)
    held, missed, wanted, counted = (np.zeros(rows) for _ in range(4))
    for week in range(weeks):
        position = stock + coming[:, week:].sum(axis=1)
        ordered = np.maximum(rule(whole[:, : known + week]) - position, 0.0)
        coming[np.arange(rows), week + series.lead_weeks] += ordered
        stock = stock + coming[:, week]
        demand = series.future[:, week]
        counts = week >= series.lead_weeks
        missed += counts * np.maximum(demand - stock, 0.0)
        stock = np.maximum(stock - demand, 0.0)
        held += counts * stock
        wanted += counts * demand
        counted += counts
    return Replayed(held, missed, wanted, np.maximum(counted, 1.0))


def cheapest_rule(
    history: pl.DataFrame,
    facts: pl.DataFrame,
    on: date,
    *,
    reorder: ReorderPolicy,
    policy: ReplayPolicy,
) -> str:
    """Return the rule that serves, by the weeks before those ``replay_scores`` reports."""
    earlier = on - timedelta(days=7 * policy.weeks)
    series = _series(
        history.filter(pl.col("starts_on") <= earlier), facts, earlier, reorder, policy
    )
    if series is None or len(series.past) < _LEAST_SERIES:
        return QUANTILES_RULE
    costs = {
        name: replay(series, rule.replayed(series)).cost(series) for name, rule in RULES.items()
    }
    best = min(costs, key=lambda name: float(costs[name].mean()))
    _, low, _ = _mean(costs[QUANTILES_RULE] - costs[best])
    return best if low > 0 else QUANTILES_RULE


def replay_scores(
    history: pl.DataFrame,
    facts: pl.DataFrame,
    on: date,
    *,
    reorder: ReorderPolicy,
    policy: ReplayPolicy,
    used: str = QUANTILES_RULE,
) -> pl.DataFrame:
    """Compare all rules on the last weeks; no row when the history is too short.

    Parameters
    ----------
    history
        ``product_id, warehouse_id, starts_on, days, units``.
    facts
        ``product_id, margin, holding_day, lead_time_days``.
    used
        The rule that serves.

    Returns
    -------
    pl.DataFrame
        Contract ``inventory_scores``.
    """
    contract = table_contract("inventory_scores")
    series = _series(history, facts, on, reorder, policy)
    if series is None:
        return contract.empty()
    lines = []
    for name, rule in RULES.items():
        result = replay(series, rule.replayed(series))
        found = {
            COST: _mean(result.cost(series)),
            _FILL: _ratio(result.wanted - result.missed, result.wanted),
            "units held a week": _mean(result.held / result.weeks),
        }
        lines += [_line(name, measure, *found[measure], used=used) for measure in found]
    tested_from = (on - timedelta(days=7 * policy.weeks - 1)).isoformat()
    return contract.conform(
        pl.DataFrame(lines).with_columns(
            pl.lit(len(series.past)).alias("cases"),
            pl.lit(tested_from).alias("tested_from"),
            pl.lit(on.isoformat()).alias("tested_to"),
        )
    )


def _of_sums(memory: Floats, weeks: int, service: Floats) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(memory, min(weeks, memory.shape[1]), axis=1)
    sums = windows.sum(axis=2) * weeks / min(weeks, memory.shape[1])
    values = np.quantile(sums, QUANTILES, axis=1).T
    return Spread.from_quantiles(values, QUANTILES).quantile(service)


def _series(
    history: pl.DataFrame,
    by_product: pl.DataFrame,
    on: date,
    reorder: ReorderPolicy,
    policy: ReplayPolicy,
) -> Series | None:
    """Return the series with a sale before the replay, newest year, or None when too short."""
    first = history["starts_on"].min()
    if policy.weeks == 0 or not isinstance(first, date):
        return None
    whole = min(((on - first).days + 1) // 7, _MEMORY_WEEKS + policy.weeks)
    if whole < policy.least_weeks + policy.weeks or history["days"].max() != history["days"].min():
        return None
    weekly = weeks_back(history, on, whole)
    key = weekly.select("product_id", "warehouse_id").unique().sort("product_id", "warehouse_id")
    place = weekly.join(
        key.with_row_index("row"), on=["product_id", "warehouse_id"], maintain_order="left"
    )
    units = np.zeros((key.height, whole))
    units[place["row"].to_numpy(), whole - 1 - place["week"].to_numpy()] = place["units"].to_numpy()
    cut = whole - policy.weeks
    sells = units[:, :cut].sum(axis=1) > 0
    if not sells.any():
        return None
    facts = key.filter(pl.Series(sells)).join(
        by_product, on="product_id", how="left", maintain_order="left"
    )
    holding = facts["holding_day"].to_numpy() * 7
    shortage = facts["margin"].to_numpy()
    lead = np.round(facts["lead_time_days"].to_numpy() / 7).astype(np.int64)
    return Series(
        past=units[sells, :cut],
        future=units[sells, cut:],
        lead_weeks=np.minimum(lead, policy.weeks - 1),
        service=economic_services(shortage, holding, lead.astype(float), reorder),
        holding=holding,
        shortage=shortage,
    )


def _mean(values: Floats) -> tuple[float, float, float]:
    middle = float(values.mean())
    away = _Z90 * float(values.std()) / np.sqrt(len(values))
    return middle, middle - away, middle + away


def _ratio(part: Floats, whole: Floats) -> tuple[float, float, float]:
    total = max(float(whole.sum()), 1e-9)
    middle = float(part.sum()) / total
    residual = part - middle * whole
    away = _Z90 * float(np.sqrt((residual**2).sum())) / total
    return middle, max(0.0, middle - away), min(1.0, middle + away)


def _line(
    method: str, measure: str, value: float, low: float, high: float, *, used: str
) -> dict[str, object]:
    return {
        "stage": "inventory", "method": method, "slice": "all", "measure": measure,
        "value": value, "low": low, "high": high, "is_lower_better": measure != _FILL,
        "is_baseline": method != QUANTILES_RULE, "is_used": method == used,
    }  # fmt: skip
