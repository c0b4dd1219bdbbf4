"""A win-back list: good customers who stopped, what they are worth, and who is held out.

The shop's own past tells how many customers of the segment came back by themselves within the
horizon, and what they then spent. What a campaign adds to that, the past of a shop without
held-out customers cannot tell. So the expected effect is that history times an assumed relative
lift; the interval runs from no effect to twice the lift at the upper end of history, the
confidence is one half, and a share of the list is held out so that the effect gets measured.

Uncertainty of history: a Beta posterior (Jeffreys prior) of the rate, and a bootstrap of the
spending of those who came back, drawn together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartwheel.core.errors import InputError
from cartwheel.core.ids import content_id
from cartwheel.core.money import format_money
from cartwheel.core.wording import Text
from cartwheel.stages.behaviour.segment_name import RfmSegment

METHOD, VERSION = "winback-history", "1"
_TARGETS = (RfmSegment.CANNOT_LOSE, RfmSegment.AT_RISK)
_DRAWS = 1_000
_DAYS_OF_NEXT_MONTH = 14  # a month's list may still be used in the first days of the next


@dataclass(frozen=True, slots=True, kw_only=True)
class WinbackRule:
    """Whom to write to, and what is assumed of it."""

    relative_lift: float = 0.1  # assumed: how much more often written-to customers come back
    holdout_share: float = 0.2  # of the list, not written to
    least_customers: int = 200  # below it the held-out customers could not show an effect
    least_returned: int = 20  # customers who came back in the past; fewer say too little
    most_customers: int = 2_000  # the most valuable ones

    def __post_init__(self) -> None:
        if not 0 < self.relative_lift <= 1:
            raise InputError("relative_lift must be in (0, 1].", got=self.relative_lift)
        if not 0 < self.holdout_share < 1:
            raise InputError("holdout_share must be in (0, 1).", got=self.holdout_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When and for whom the list is made."""

    on: date
    horizon_days: int  # length of the past period, and of the one to come
    currency: str
    is_consent_known: bool  # does the shop say who agreed to be written to


@dataclass(frozen=True, slots=True)
class _List:
    segment: RfmSegment
    written: list[str]
    held: list[str]


@dataclass(frozen=True, slots=True)
class _Gain:
    rate: float
    spent_minor: float
    effect: float
    high: float


def winback_proposals(
    now: pl.DataFrame,
    past: pl.DataFrame,
    rule: WinbackRule,
    occasion: Occasion,
    *,
    rng: np.random.Generator,
) -> pl.DataFrame | None:
    """Return at most one proposal a segment, as ``proposal_drafts``; None when none is due.

    Parameters
    ----------
    now
        One row a customer who may be written to: ``customer_id``, ``segment``, ``net_minor``.
    past
        One row a customer known ``horizon_days`` ago: ``segment`` then, ``bought`` and
        ``spent_minor`` since.
    rule
        Whom to write to.
    occasion
        Day, horizon, currency.
    rng
        Draws the uncertainty and the held-out customers.
    """
    rows = []
    for segment in _TARGETS:
        due = now.filter(pl.col("segment") == segment.key)
        alike = past.filter(pl.col("segment") == segment.key)
        spent = alike.filter("bought")["spent_minor"].to_numpy()
        is_too_little = due.height < rule.least_customers or len(spent) < rule.least_returned
        if is_too_little or not spent.any():
            continue
        listed = _listed(segment, due, rule, rng)
        gain = _gain(spent, alike.height, len(listed.written), rule, rng)
        rows.append(_row(listed, gain, rule, occasion))
    return pl.DataFrame(rows) if rows else None


def _listed(
    segment: RfmSegment, due: pl.DataFrame, rule: WinbackRule, rng: np.random.Generator
) -> _List:
    best = due.sort("net_minor", "customer_id", descending=[True, False])
    ids = best["customer_id"].head(rule.most_customers).sort().to_list()
    drawn = rng.permutation(len(ids)) < round(rule.holdout_share * len(ids))
    return _List(
        segment,
        [i for i, is_held in zip(ids, drawn, strict=True) if not is_held],
        [i for i, is_held in zip(ids, drawn, strict=True) if is_held],
    )


def _gain(
    spent: NDArray[np.int64], known: int, written: int, rule: WinbackRule, rng: np.random.Generator
) -> _Gain:
    rates = rng.beta(len(spent) + 0.5, known - len(spent) + 0.5, _DRAWS)
    means = rng.choice(spent, (_DRAWS, len(spent))).mean(axis=1)
    high = float(np.quantile(rates * means, 0.95)) * written * 2 * rule.relative_lift
    rate, mean = len(spent) / known, float(spent.mean())
    return _Gain(
        rate=rate,
        spent_minor=mean,
        effect=rate * mean * written * rule.relative_lift,
        high=high,
    )


def _row(listed: _List, gain: _Gain, rule: WinbackRule, occasion: Occasion) -> dict[str, object]:
    segment, month = listed.segment, occasion.on.replace(day=1)
    payload = {
        "campaign": "winback",
        "segment": segment.key,
        "customer_ids": listed.written,
        "holdout_ids": listed.held,
        "holdout_share": rule.holdout_share,
        "horizon_days": occasion.horizon_days,
        "historic_return_rate": round(gain.rate, 4),
        "historic_spend_minor": round(gain.spent_minor),
        "assumed_relative_lift": rule.relative_lift,
        "is_consent_known": occasion.is_consent_known,
    }
    reason = _reason(listed, gain, rule, occasion)
    return {
        "kind": "campaign",
        "subject": f"winback:{segment.key}",
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True),
        "reason": reason.en,
        "reason_zh": reason.zh,
        "kpi": "revenue",
        "effect": gain.effect,
        "effect_low": 0.0,
        "effect_high": gain.high,
        "cost_minor": 0,
        "currency": occasion.currency,
        "confidence": 0.5,
        "valid_until": (month + timedelta(days=32)).replace(day=_DAYS_OF_NEXT_MONTH),
        "method": METHOD,
        "method_version": VERSION,
        # one list a segment and month: the daily change of a few names is no new proposal
        "fingerprint": content_id(
            "fp", "campaign", segment.key, month, occasion.horizon_days, rule.relative_lift,
            rule.holdout_share, METHOD, VERSION,
        ),
    }  # fmt: skip


def _reason(listed: _List, gain: _Gain, rule: WinbackRule, occasion: Occasion) -> Text:
    worth, spent = (
        format_money(amount, occasion.currency, decimals=0)
        for amount in (gain.effect, gain.spent_minor)
    )
    name, lift = listed.segment.label, f"{rule.relative_lift:.0%}"
    count, held = len(listed.written) + len(listed.held), len(listed.held)
    en = (
        f'{count} customers are "{name.en}"; of such customers {gain.rate:.0%} came back within '
        f"{occasion.horizon_days} days and spent {spent} each: if writing to them brings {lift} "
        f"more of them back (assumed; {held} are held out to measure it), that is {worth}."
    )
    zh = (
        f"有 {count} 位“{name.zh}”；以往此类客户 {occasion.horizon_days} 天内有 {gain.rate:.0%} "
        f"回购，人均消费 {spent}：若触达使回购率相对提高 {lift}（假设值；保留 {held} 位不触达"
        f"以便衡量），可增收 {worth}。"
    )
    if occasion.is_consent_known:
        return Text(en, zh)
    return Text(f"{en} Check their consent first.", f"{zh}请先核对营销授权。")
