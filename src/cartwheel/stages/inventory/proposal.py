"""Transfers as proposals a planner can approve, with what they should earn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from cartwheel.core.ids import content_id
from cartwheel.core.money import format_money
from cartwheel.core.spread import Floats, Spread
from cartwheel.core.wording import Text
from cartwheel.tables import table_contract

METHOD, VERSION = "quantile_lp", "1"
_VALID_DAYS = 7
_LONGEST_COVER_DAYS = 730.0  # beyond, demand is called hardly any


@dataclass(frozen=True, slots=True)
class Context:
    """What proposals of one turn share."""

    on: date
    currency: str
    transfer_days: int


def transfer_proposals(
    rows: pl.DataFrame, moves: pl.DataFrame, over_cycle: Spread, context: Context
) -> pl.DataFrame:
    """Return a frame of contract ``proposal_drafts``, one row a move.

    Parameters
    ----------
    rows
        Rows of the plan with ``name, name_zh, from_name …``; moves refer to them by number.
    moves
        ``from_row, to_row, quantity, cost, relief``.
    over_cycle
        Demand over lead time and review of each row.
    """
    to = rows[moves["to_row"].to_numpy()]
    giver = rows[moves["from_row"].to_numpy()]
    spread = over_cycle.take(moves["to_row"].to_numpy())
    position = to["position"].to_numpy().astype(float)
    units = moves["quantity"].to_numpy().astype(float)
    cost = np.round(moves["cost"].to_numpy() * units)
    margin = to["margin"].to_numpy()
    less = cost - moves["relief"].to_numpy() * units  # the giver saves holding

    def earned(demand: Floats) -> Floats:
        gain: Floats = margin * np.clip(demand - position, 0.0, units) - less
        return gain

    saved = spread.shortage(position) - spread.shortage(position + units)
    even = np.where(
        margin > 0, less / np.where(margin > 0, margin, 1.0), np.where(less < 0, -1, np.inf)
    )
    sure = np.where(even < 0, 1.0, spread.exceedance(position + np.maximum(even, 0.0)))
    frame = pl.DataFrame(
        {
            "product_id": to["product_id"], "name": to["name"], "name_zh": to["name_zh"],
            "source": giver["warehouse_id"], "target": to["warehouse_id"],
            "left": to["available"], "spare": giver["available"] - giver["order_up_to"],
            "chance": to["stockout_probability"], "units": moves["quantity"],
            "effect": margin * saved - less,
            "low": earned(spread.quantile(np.full(len(units), 0.05))),
            "high": earned(spread.quantile(np.full(len(units), 0.95))),
            "cost": cost, "confidence": sure, "cover": giver["position"] / giver["daily"],
        }
    )  # fmt: skip
    drafts = [_draft(row, context) for row in frame.iter_rows(named=True)]
    contract = table_contract("proposal_drafts")
    return contract.conform(pl.DataFrame(drafts)) if drafts else contract.empty()


def _draft(row: dict[str, object], context: Context) -> dict[str, object]:
    payload = {
        "product_id": row["product_id"],
        "from_warehouse_id": row["source"],
        "to_warehouse_id": row["target"],
        "quantity": row["units"],
        "cost_minor": int(float(str(row["cost"]))),
    }
    subject = f"{row['product_id']}@{row['target']}"
    reason = _reason(row, context)
    return {
        "kind": "transfer",
        "subject": subject,
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True),
        "reason": reason.en,
        "reason_zh": reason.zh,
        "kpi": "gross_margin",
        "effect": row["effect"],
        "effect_low": min(float(str(row["low"])), float(str(row["effect"]))),
        "effect_high": max(float(str(row["high"])), float(str(row["effect"]))),
        "cost_minor": payload["cost_minor"],
        "currency": context.currency,
        "confidence": row["confidence"],
        "valid_until": context.on + timedelta(days=_VALID_DAYS),
        "method": METHOD,
        "method_version": VERSION,
        "fingerprint": content_id(
            "fp", "transfer", subject, payload, row["left"], row["spare"], METHOD, VERSION
        ),
    }


def _reason(row: dict[str, object], context: Context) -> Text:
    cost = format_money(float(str(row["cost"])), context.currency)
    chance = float(str(row["chance"]))
    lasts = _lasts(row["cover"])
    name = f"{row['product_id']} ({row['name']})" if row["name"] else f"{row['product_id']}"
    name_zh = row["name_zh"] or row["name"]
    named_zh = f"{row['product_id']}（{name_zh}）" if name_zh else f"{row['product_id']}"
    return Text(
        f"Move {row['units']} of {name} from {row['source']} to {row['target']}: "
        f"{row['left']} left there, {chance:.0%} chance of a stock-out before an order arrives, "
        f"while {row['source']} has {row['spare']} above its target{lasts.en}; "
        f"the way costs {cost} and takes {context.transfer_days} days.",
        f"从 {row['source']} 调拨 {row['units']} 件 {named_zh} 到 {row['target']}："
        f"当地仅余 {row['left']} 件，新货到达前缺货概率 {chance:.0%}，"
        f"而 {row['source']} 超出目标库存 {row['spare']} 件{lasts.zh}；"
        f"运费 {cost}，需 {context.transfer_days} 天。",
    )


def _lasts(cover: object) -> Text:
    if not isinstance(cover, float) or not cover < _LONGEST_COVER_DAYS:
        return Text(" and hardly any demand", "，且几乎没有需求")
    return Text(f" and stock for {cover:.0f} days", f"，库存可用 {cover:.0f} 天")
