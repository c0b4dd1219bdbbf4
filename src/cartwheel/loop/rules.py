"""Approval rules: what the settings approve without a person."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cartwheel.core.money import to_minor
from cartwheel.core.time import Clock
from cartwheel.loop.book import ProposalBook
from cartwheel.loop.settings import ApprovalRule


def approve_by_rule(
    rules: Sequence[ApprovalRule], *, book: ProposalBook, currency: str, clock: Clock
) -> int:
    """Approve what a rule allows; return how many. Other currencies than the shop's never match."""
    approved = 0
    for number, rule in enumerate(rules, start=1):
        waiting = book.find(kind=rule.kind, statuses=["proposed"]).filter(
            pl.col("currency") == currency,
            pl.col("cost_minor") <= to_minor(rule.limit, currency),
            pl.col("confidence") >= rule.confidence,
        )
        if waiting.height:
            note = f"at most {rule.limit} {currency}, confidence at least {rule.confidence}"
            approved += book.decide(
                waiting["proposal_id"].to_list(),
                "approved",
                by=f"rule {number}",
                at=clock.now(),
                note=note,
            )
    return approved
