"""Segments by rule, K-Means and Ward in one table, with the names marketers use.

A cluster is named by the rule from its members' mean RFM scores, so that all methods speak the
same words; a second cluster of the same name gets a number.
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.stages.behaviour.segment_name import RfmSegment, name_segment
from cartwheel.stages.behaviour.segmentation import Clustering

_LABELS = {segment.key: segment.label for segment in RfmSegment}


def cluster_names(customers: pl.DataFrame, label: pl.Series) -> dict[int, tuple[str, Text]]:
    """Return key and name of every cluster, by number; scores ``r``, ``f``, ``m`` name it."""
    means = (
        customers.select("r", "f", "m").with_columns(label=label).group_by("label").mean()
    ).sort("label")  # fmt: skip
    seen: Counter[str] = Counter()
    names = {}
    for number, r, f, m in means.select("label", "r", "f", "m").iter_rows():
        segment = name_segment(r, f, m)
        seen[segment.key] += 1
        turn = seen[segment.key]
        names[number] = (
            (segment.key, segment.label) if turn == 1 else
            (f"{segment.key}_{turn}",
             Text(f"{segment.label.en} {turn}", f"{segment.label.zh} {turn}"))
        )  # fmt: skip
    return names


def segment_table(customers: pl.DataFrame, clustering: Clustering | None) -> pl.DataFrame:
    """Return one row a method and segment.

    ``customers`` has ``recency_days``, ``orders``, ``net_minor``, ``r``, ``f``, ``m`` and
    ``rfm_segment``; ``clustering`` is of the same rows.
    """
    parts = [_summary(customers, "rfm_rules", customers["rfm_segment"], _LABELS)]
    if clustering is not None:
        sample = customers[clustering.sample]
        parts.append(_clusters(customers, "kmeans", pl.Series(clustering.labels)))
        parts.append(_clusters(sample, "ward", pl.Series(clustering.ward_labels)))
    return pl.concat(parts)


def _clusters(customers: pl.DataFrame, method: str, label: pl.Series) -> pl.DataFrame:
    names = cluster_names(customers, label)
    keys = label.replace_strict({n: key for n, (key, _) in names.items()}, return_dtype=pl.String)
    return _summary(customers, method, keys, dict(names.values()))


def _summary(
    customers: pl.DataFrame, method: str, keys: pl.Series, labels: dict[str, Text]
) -> pl.DataFrame:
    net = pl.col("net_minor")
    return (
        customers.with_columns(segment=keys)
        .group_by("segment")
        .agg(
            customers=pl.len().cast(pl.Int64),
            net=net.sum(),
            recency_days=pl.col("recency_days").median(),
            orders=pl.col("orders").mean(),
            net_minor=net.mean().round().cast(pl.Int64),
        )
        .with_columns(
            method=pl.lit(method),
            name=_label(labels, "en"),
            name_zh=_label(labels, "zh"),
            customer_share=pl.col("customers") / pl.col("customers").sum(),
            revenue_share=pl.when(pl.col("net").sum() > 0).then(
                pl.col("net") / pl.col("net").sum()
            ),
        )
        .drop("net")
        .sort("net_minor", "segment", descending=[True, False])
    )


def _label(labels: dict[str, Text], language: str) -> pl.Expr:
    said = {key: getattr(label, language) for key, label in labels.items()}
    return pl.col("segment").replace_strict(said, return_dtype=pl.String)
