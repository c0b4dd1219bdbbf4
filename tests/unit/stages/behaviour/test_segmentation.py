"""Segments by K-Means and Ward."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.core.random import stream
from cartwheel.stages.behaviour.segment_name import RfmSegment
from cartwheel.stages.behaviour.segment_table import cluster_names, segment_table
from cartwheel.stages.behaviour.segmentation import ClusterSearch, cluster_customers, silhouette

SEARCH = ClusterSearch(least=2, most=6, sample=200, resamples=3)


def customers(groups: int = 3, each: int = 60) -> pl.DataFrame:
    """Groups far apart: the first buys most and latest."""
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(groups), each)
    return pl.DataFrame(
        {
            "recency_days": (3 * 8.0**group * rng.uniform(0.9, 1.1, group.size)).astype(np.int64),
            "orders": (40 / 4.0**group * rng.uniform(0.9, 1.1, group.size) + 1).astype(np.int64),
            "net_minor": (1e6 / 10.0**group * rng.uniform(0.9, 1.1, group.size)).astype(np.int64),
            "r": 5 - 2 * group, "f": 5 - 2 * group, "m": 5 - 2 * group,
            "rfm_segment": np.array(["champions", "need_attention", "lost"])[group % 3],
        }
    )  # fmt: skip


def found(frame: pl.DataFrame, search: ClusterSearch = SEARCH):
    return cluster_customers(frame, search, rng=stream(0, "segments"))


def test_groups_that_are_far_apart_are_found_and_firm():
    clustering = found(customers())
    assert clustering.clusters == 3
    assert clustering.labels.tolist() == [0] * 60 + [1] * 60 + [2] * 60
    assert min(clustering.stability) == clustering.agreement == 1.0
    assert clustering.silhouette > 0.8


def test_the_same_stream_finds_the_same_segments():
    frame = customers()
    once, again = found(frame), found(frame)
    assert (once.labels == again.labels).all()
    assert once.silhouettes == again.silhouettes


def test_clusters_are_numbered_by_worth():
    clustering = found(customers())
    net = customers().with_columns(label=clustering.labels).group_by("label").agg(
        pl.col("net_minor").mean()
    )  # fmt: skip
    assert net.sort("label")["net_minor"].is_sorted(descending=True)


def test_customers_of_another_day_get_the_nearest_cluster():
    clustering = found(customers())
    assert (clustering.assign(customers()) == clustering.labels).all()


def test_too_few_or_equal_customers_have_no_clusters():
    assert found(customers(each=10)) is None
    assert found(customers(groups=1).with_columns(recency_days=1, orders=1, net_minor=1)) is None


def test_customers_with_all_money_refunded_are_no_cluster_of_their_own():
    frame = customers()
    refunded = frame.tail(1).with_columns(net_minor=pl.lit(-5, pl.Int64))
    assert found(pl.concat([frame, refunded])).clusters == 3


def test_one_group_has_no_silhouette():
    clustering = found(customers())
    assert silhouette(customers(), np.zeros(180, dtype=np.int64), clustering) is None


@pytest.mark.parametrize("wrong", [{"least": 1}, {"least": 5, "most": 4}, {"sample": 20}])
def test_a_search_that_cannot_hold_is_refused(wrong):
    with pytest.raises(InputError):
        ClusterSearch(**wrong)


def test_clusters_are_named_by_the_rule_and_doubles_numbered():
    scores = pl.DataFrame({"r": [5, 5, 5], "f": [5, 5, 1], "m": [5, 5, 1]})
    names = cluster_names(scores, pl.Series([0, 1, 2]))
    assert [key for key, _ in names.values()] == ["champions", "champions_2", "new"]
    assert names[1][1].zh == "重要价值客户 2"


def test_the_table_shares_out_all_customers_and_money_by_each_method():
    frame = customers()
    table = segment_table(frame, found(frame))
    sums = table.group_by("method").agg(
        pl.col("customer_share", "revenue_share", "customers").sum()
    )
    assert sorted(sums["method"]) == ["kmeans", "rfm_rules", "ward"]
    assert sums["customer_share"].round(9).to_list() == [1.0] * 3
    assert sums["revenue_share"].round(9).to_list() == [1.0] * 3
    assert segment_table(frame, None)["method"].unique().to_list() == ["rfm_rules"]


def test_every_name_of_a_rule_segment_is_known_in_the_table():
    keys = [segment.key for segment in RfmSegment]
    frame = customers(groups=1, each=8).with_columns(rfm_segment=pl.Series(keys))
    assert segment_table(frame, None).height == 8
