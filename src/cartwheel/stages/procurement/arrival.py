"""When a delivery may be expected: the promise plus the supplier's usual delay.

The usual delay is the median of the supplier's delays shrunk to that of all suppliers, which counts
as ``PRIOR`` deliveries; a mean would follow the few very late ones. Scored on a time split beside
the promise itself and the supplier's median lead time: the first three quarters of lines by order
date teach, the rest are foretold.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from cartwheel.tables import table_contract

PRIOR = 5.0
_LEAST = 20  # received lines in the test part, and in all
_Z90 = 1.645


def usual_delays(delivered: pl.DataFrame) -> pl.DataFrame:
    """Return ``supplier_id, usual_delay, usual_lead`` in days, one row a supplier."""
    known = delivered.filter(~pl.col("is_open"))
    delay, lead = pl.col("delay_days"), pl.col("lead_days")
    return (
        known.with_columns(delay.median().alias("every_delay"), lead.median().alias("every_lead"))
        .group_by("supplier_id")
        .agg(
            _shrunk(delay, pl.col("every_delay").first()).alias("usual_delay"),
            _shrunk(lead, pl.col("every_lead").first()).alias("usual_lead"),
        )
        .sort("supplier_id")
    )


def arrival_scores(delivered: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of contract ``procurement_scores``; empty when too little was received."""
    contract = table_contract("procurement_scores")
    known = delivered.filter(~pl.col("is_open"), pl.col("promised_days").is_not_null()).sort(
        "ordered_at", "purchase_order_id", "product_id"
    )
    if known.height < _LEAST:
        return contract.empty()
    cut = known["ordered_at"].quantile(0.75, "nearest")
    received = pl.col("ordered_at") + pl.duration(seconds=pl.col("lead_days") * 86_400)
    past = known.filter(received < cut)  # what was known on the day of the cut
    test = known.filter(pl.col("ordered_at") >= cut)
    if past.is_empty() or test.height < _LEAST:
        return contract.empty()
    told = test.join(usual_delays(past), on="supplier_id", how="left").with_columns(
        pl.col("usual_delay").fill_null(past["delay_days"].median()),
        pl.col("usual_lead").fill_null(past["lead_days"].median()),
    )
    methods = {
        "promise + usual delay": pl.col("promised_days") + pl.col("usual_delay"),
        "promise": pl.col("promised_days"),
        "supplier median": pl.col("usual_lead"),
    }
    lines = [
        _line(name, told.select((foretold - pl.col("lead_days")).abs()).to_series(), test)
        for name, foretold in methods.items()
    ]
    return contract.conform(pl.DataFrame(lines))


def _shrunk(values: pl.Expr, every: pl.Expr) -> pl.Expr:
    own = (values.count() * values.median()).fill_null(0.0)
    return (own + PRIOR * every) / (values.count() + PRIOR)


def _line(method: str, errors: pl.Series, test: pl.DataFrame) -> dict[str, object]:
    values = errors.to_numpy()
    away = _Z90 * float(values.std()) / np.sqrt(test["purchase_order_id"].n_unique())
    is_ours = method == "promise + usual delay"
    middle = float(values.mean())
    return {
        "stage": "procurement", "method": method, "slice": "all", "measure": "arrival MAE, days",
        "value": middle, "low": middle - away, "high": middle + away, "is_lower_better": True,
        "is_baseline": not is_ours, "is_used": is_ours, "cases": len(values),
        "tested_from": _iso(test["ordered_at"].min()), "tested_to": _iso(test["ordered_at"].max()),
    }  # fmt: skip


def _iso(instant: object) -> str | None:
    return instant.date().isoformat() if isinstance(instant, datetime) else None
