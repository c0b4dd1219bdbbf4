"""The stage's scores as a table: who foretells purchases, and how firm the segments are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from cartwheel.stages.behaviour.backtest import BASELINES, USED, Score
from cartwheel.stages.behaviour.segmentation import Clustering, silhouette
from cartwheel.tables import table_contract

Row = dict[str, object]


def score_table(rows: Sequence[Row]) -> pl.DataFrame:
    """Return ``rows`` as table ``behaviour_scores``."""
    contract = table_contract("behaviour_scores")
    return contract.conform(pl.DataFrame(rows, schema_overrides=contract.schema))


def purchase_rows(scores: Sequence[Score], cases: int, first: date, last: date) -> list[Row]:
    """Return what the backtest found, one row a method and measure."""
    return [
        _row(
            score.method, "buys in the test period", score.measure, score.value, cases,
            low=score.low, high=score.high, is_lower_better=score.measure == "Brier",
            is_baseline=score.method in BASELINES, is_used=score.method == USED,
            tested_from=first.isoformat(), tested_to=last.isoformat(),
        )
        for score in scores
    ]  # fmt: skip


def cluster_rows(customers: pl.DataFrame, found: Clustering) -> list[Row]:
    """Return silhouettes by number of clusters, of Ward and of the rule, and the stability."""
    sample, everybody = len(found.sample), len(found.labels)
    rules = customers["rfm_segment"].rank("dense").to_numpy().astype(np.int64)
    low, high = np.quantile(found.stability, [0.05, 0.95])
    k = found.clusters
    return [
        *(
            _row("kmeans", f"{n} clusters", "silhouette", value, sample, is_used=n == k)
            for n, value in found.silhouettes.items()
        ),
        _row("ward", f"{k} clusters", "silhouette", found.ward_silhouette, sample),
        _row("rfm_rules", "all", "silhouette", silhouette(customers, rules, found), sample,
             is_baseline=True),
        _row("kmeans", f"{k} clusters", "adjusted Rand index, bootstrap",
             float(np.mean(found.stability)), everybody, low=float(low), high=float(high),
             is_used=True),
        _row("ward", f"{k} clusters", "adjusted Rand index with kmeans", found.agreement, sample),
    ]  # fmt: skip


def _row(
    method: str, part: str, measure: str, value: float | None, cases: int, **more: object
) -> Row:
    flags = dict.fromkeys(("is_lower_better", "is_baseline", "is_used"), False)
    return {
        "stage": "behaviour", "method": method, "slice": part, "measure": measure,
        "value": value, "cases": cases, **flags, **more,
    }  # fmt: skip
