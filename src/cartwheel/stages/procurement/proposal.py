"""Reorders as proposals a buyer can approve, with the margin they should save."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from cartwheel.core.ids import content_id
from cartwheel.core.spread import Floats, Spread
from cartwheel.core.time import day_end
from cartwheel.stages.procurement.outlook import demand_over
from cartwheel.stages.procurement.wording import reason
from cartwheel.tables import table_contract

METHOD, VERSION = "landed_cost", "1"
_VALID_DAYS = 7
_LONGEST_OUTLOOK_DAYS = 180.0  # a stock-out further off is not named


@dataclass(frozen=True, slots=True)
class Context:
    """What proposals of one turn share."""

    on: date
    currency: str
    time_zone: str
    holding_rate: float


def reorder_proposals(
    lines: pl.DataFrame, cumulative: pl.DataFrame, context: Context
) -> pl.DataFrame:
    """Return a frame of contract ``proposal_drafts``, one row a line that is to be ordered.

    Parameters
    ----------
    lines
        Lines of the plan with needs, names and expected arrival.
    cumulative
        Contract ``cumulative_forecasts``; without it the effect has the plan's single figure.
    """
    contract = table_contract("proposal_drafts")
    ordered = lines.filter(pl.col("state").is_in(["planned", "top_up"]))
    if ordered.is_empty():
        return contract.empty()
    worth = ordered.with_columns(
        pl.when(_is_without_money(ordered))
        .then(pl.lit("units"))
        .otherwise(pl.lit("gross_margin"))
        .alias("kpi"),
        **_effects(ordered, demand_over(ordered, cumulative), context),
    )
    return contract.conform(
        pl.DataFrame([_draft(row, context) for row in worth.iter_rows(named=True)])
    )


def _effects(lines: pl.DataFrame, demand: Spread | None, context: Context) -> dict[str, pl.Series]:
    """Return effect, its ends and the chance that it is above zero, until the next review.

    Margin of the units sold that else were missed, less holding of the others over the review;
    where no money is known, those units themselves.
    """
    units = _floats(lines, "quantity")
    margin = np.where(_is_without_money(lines), 1.0, _floats(lines, "margin"))
    position = _floats(lines, "position")
    holding = _floats(lines, "unit_cost") * context.holding_rate / 365.0
    holding = holding * _floats(lines, "review_days")

    def earned(sold: Floats) -> Floats:
        gain: Floats = margin * sold - holding * (units - sold)
        return gain

    if demand is None:
        sold = np.minimum(_floats(lines, "shortage_value") / np.maximum(margin, 1e-9), units)
        sure = _floats(lines, "stockout_probability")
        return _named(earned(sold), earned(0.0 * units), earned(units), sure)
    rows = np.ones(len(units))
    effect = earned(demand.shortage(position) - demand.shortage(position + units))
    low, high = (
        earned(np.clip(demand.quantile(level * rows) - position, 0.0, units))
        for level in (0.05, 0.95)
    )
    even = holding * units / np.maximum(margin + holding, 1e-9)
    confidence = np.where(margin > 0, demand.exceedance(position + even), 0.0)
    return _named(effect, np.minimum(low, effect), np.maximum(high, effect), confidence)


def _is_without_money(lines: pl.DataFrame) -> pl.Series:
    """Tell where neither price nor cost is known, so that only units can be counted."""
    return lines.select((pl.col("margin") <= 0) & (pl.col("unit_cost") <= 0)).to_series()


def _named(effect: Floats, low: Floats, high: Floats, confidence: Floats) -> dict[str, pl.Series]:
    return {
        "effect": pl.Series(effect), "effect_low": pl.Series(low), "effect_high": pl.Series(high),
        "confidence": pl.Series(np.clip(confidence, 0.0, 1.0)),
    }  # fmt: skip


def _floats(lines: pl.DataFrame, name: str) -> Floats:
    return lines[name].cast(pl.Float64).to_numpy()


def _draft(row: Mapping[str, Any], context: Context) -> dict[str, Any]:
    sent = day_end(context.on, context.time_zone)
    promised = row["promised_at"] or sent + timedelta(days=(row["expected_on"] - context.on).days)
    unit_cost = round(row["unit_cost"])
    payload = {
        "supplier_id": row["supplier_id"], "warehouse_id": row["warehouse_id"],
        "product_id": row["product_id"], "quantity": row["quantity"],
        "unit_cost_minor": unit_cost, "currency": context.currency,
        "promised_at": promised.isoformat(), "group": row["order_key"],
    }  # fmt: skip
    subject = f"{row['product_id']}@{row['warehouse_id']}"
    said = reason(row, context.currency, _stockout_on(row, context.on))
    decided = (
        row["supplier_id"], row["quantity"], unit_cost, row["on_hand"], row["on_order"],
        row["needed"], row["reorder_point"], row["order_up_to"],
    )  # fmt: skip
    return {
        "kind": "reorder", "subject": subject,
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True),
        "reason": said.en, "reason_zh": said.zh, "kpi": row["kpi"],
        "effect": row["effect"], "effect_low": row["effect_low"],
        "effect_high": row["effect_high"], "cost_minor": row["line_cost"],
        "currency": context.currency, "confidence": row["confidence"],
        "valid_until": context.on + timedelta(days=_VALID_DAYS),
        "method": METHOD, "method_version": VERSION,
        "fingerprint": content_id("fp", "reorder", subject, *decided, METHOD, VERSION),
    }  # fmt: skip


def _stockout_on(row: Mapping[str, Any], on: date) -> date | None:
    """Return the day on which expected demand has used up what is here and on its way."""
    if row["daily"] <= 0 or row["cover_days"] > _LONGEST_OUTLOOK_DAYS:
        return None
    return on + timedelta(days=1 + int(row["cover_days"]))
