"""Key figures by day, week and month. Linear in the rows of the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.stages.monitor.definitions import KPIS
from cartwheel.stages.monitor.facts import NEEDS, Fact, Read, Shop, gather_facts
from cartwheel.stages.monitor.kpi import Kpi, Measure
from cartwheel.tables import table_contract

_EVERY = {"day": "1d", "week": "1w", "month": "1mo"}
_LEAST_DAYS = {"day": 1, "week": 7, "month": 28}
_STILL_FED_DAYS = 7  # a fact whose last row is older is taken to end there


@dataclass(frozen=True, slots=True)
class KpiResult:
    """Values (table ``kpis``) and definitions (table ``kpi_definitions``)."""

    values: pl.DataFrame
    definitions: pl.DataFrame


def compute_kpis(read: Read, shop: Shop, kpis: tuple[Kpi, ...] = KPIS) -> KpiResult:
    """Compute all key figures over the whole history; those without their tables are left out."""
    facts = gather_facts(read, shop)
    found = [kpi for kpi in kpis if all(name in facts for name in kpi.facts)]
    frames = [_series(kpi, facts, period, shop.on) for kpi in found for period in _EVERY]
    kept = [frame for frame in frames if frame is not None]
    contract = table_contract("kpis")
    values = contract.conform(pl.concat(kept)) if kept else contract.empty()
    return KpiResult(values, _definitions(kpis, facts))


def _series(kpi: Kpi, facts: dict[str, Fact], period: str, on: date) -> pl.DataFrame | None:
    used = [facts[name] for name in kpi.facts]
    if any(fact.finest_days > _LEAST_DAYS[period] for fact in used):
        return None
    spans = [_span(fact, on) for fact in used]
    first, last = max(span[0] for span in spans), min(span[1] for span in spans)
    if first > last:
        return None
    starts = pl.date_range(first, last, "1d", eager=True).dt.truncate(_EVERY[period]).unique()
    table = pl.DataFrame({"starts_on": starts.sort()})
    parts = {"of": kpi.of} if kpi.per is None else {"of": kpi.of, "per": kpi.per}
    for part, measure in parts.items():
        rows = facts[measure.fact].rows.filter(pl.col("day").is_between(first, last))
        measured = _measure(rows, measure, period).rename({"value": part})
        table = table.join(measured, on="starts_on", how="left", maintain_order="left")
        if measure.is_total:
            table = table.with_columns(pl.col(part).fill_null(0.0))
    value = pl.col("of") * kpi.scale
    if kpi.per is not None:
        value = pl.when(pl.col("per") != 0).then(value / pl.col("per"))
    ends = pl.col("starts_on").dt.offset_by(_EVERY[period])
    return table.select(
        kpi=pl.lit(kpi.id),
        period=pl.lit(period),
        starts_on="starts_on",
        value=value,
        unit=pl.lit(kpi.unit),
        is_partial=(pl.col("starts_on") < first) | (ends > last + timedelta(days=1)),
    )


def _span(fact: Fact, on: date) -> tuple[date, date]:
    """Return the first and the last day the fact covers; quiet days at the end count as covered."""
    first, last = cast(date, fact.rows["day"].min()), cast(date, fact.rows["day"].max())
    last += timedelta(days=fact.finest_days - 1)
    return first, on if (on - last).days <= _STILL_FED_DAYS else min(last, on)


def _measure(rows: pl.DataFrame, measure: Measure, period: str) -> pl.DataFrame:
    grouped = rows.group_by(starts_on=pl.col("day").dt.truncate(_EVERY[period]))
    return grouped.agg(value=measure.expression.cast(pl.Float64))


def _definitions(kpis: tuple[Kpi, ...], facts: dict[str, Fact]) -> pl.DataFrame:
    rows = []
    for position, kpi in enumerate(kpis, start=1):
        missing = [NEEDS[name] for name in dict.fromkeys(kpi.facts) if name not in facts]
        reason = Text(
            "It needs " + ", and ".join(text.en for text in missing) + ".",
            "需要" + "，以及".join(text.zh for text in missing) + "。",
        )
        rows.append(
            {
                "kpi": kpi.id,
                "position": position,
                "name": kpi.name.en,
                "name_zh": kpi.name.zh,
                "formula": kpi.formula.en,
                "formula_zh": kpi.formula.zh,
                "unit": kpi.unit,
                "is_higher_better": kpi.is_higher_better,
                "is_computed": not missing,
                "reason": reason.en if missing else None,
                "reason_zh": reason.zh if missing else None,
            }
        )
    return table_contract("kpi_definitions").conform(pl.DataFrame(rows, infer_schema_length=None))
