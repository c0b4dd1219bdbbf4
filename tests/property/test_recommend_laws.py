"""Laws of the recommend stage: what must not change a list, and what must never be in one."""

from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.stages.recommend.model import first_columns
from cartwheel.stages.recommend.step import RecommendSettings, RecommendStep
from fakes import MemoryInputs
from unit.stages.recommend.shops import END, ON, two_tastes

SMALL = RecommendSettings(length=5, least_cases=10)
LAWS = settings(max_examples=6, deadline=None)
SHOP = two_tastes(customers=60, products=24, days=168)


def turn(lines: pl.DataFrame, **tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return dict(RecommendStep(SMALL).run(MemoryInputs(ON, {"order_lines": lines, **tables})).tables)


BEFORE = turn(SHOP)


@given(seed=st.integers(0, 10_000))
@LAWS
def test_order_of_rows_changes_nothing(seed):
    after = turn(SHOP.sample(fraction=1.0, shuffle=True, seed=seed))
    assert all(after[name].equals(BEFORE[name]) for name in BEFORE)


@given(prefix=st.text("abcxyz客", min_size=1, max_size=3))
@LAWS
def test_renamed_products_give_the_same_lists_renamed(prefix):
    renamed = turn(SHOP.with_columns(product_id=prefix + pl.col("product_id")))
    is_product = pl.col("place").is_in(["also_bought", "similar"])
    expected = BEFORE["recommendations"].with_columns(
        subject_id=pl.when(is_product).then(prefix + pl.col("subject_id")).otherwise("subject_id"),
        product_id=prefix + pl.col("product_id"),
    )
    columns = ["place", "subject_id", "rank", "product_id", "score"]
    found = renamed["recommendations"].select(columns)
    assert found.sort(columns[:3]).equals(expected.select(columns).sort(columns[:3]))


@given(factor=st.integers(2, 1000))
@LAWS
def test_units_ordered_change_nothing(factor):
    after = turn(SHOP.with_columns(quantity=pl.col("quantity") * factor))
    assert after["recommendations"].equals(BEFORE["recommendations"])


@given(seed=st.integers(0, 10_000))
@LAWS
def test_no_list_holds_a_product_twice_or_one_that_cannot_be_bought(seed):
    rng = np.random.default_rng(seed)
    products = SHOP["product_id"].unique().sort()
    free = rng.integers(-1, 2, len(products))
    free[0] = 1
    levels = pl.DataFrame(
        {
            "product_id": products,
            "warehouse_id": "w",
            "counted_at": END - timedelta(hours=1),
            "on_hand": free,
        },
        schema_overrides={"counted_at": pl.Datetime("us", "UTC")},
    )
    lists = turn(SHOP, stock_levels=levels)["recommendations"]
    assert not lists.select("place", "subject_id", "product_id").is_duplicated().any()
    gone = levels.filter(pl.col("on_hand") <= 0)
    assert lists.join(gone, on="product_id").is_empty()


@given(
    scores=st.lists(st.lists(st.integers(0, 4), min_size=9, max_size=9), min_size=1, max_size=6),
    k=st.integers(1, 12),
)
@settings(max_examples=100, deadline=None)
def test_best_columns_are_those_of_a_stable_sort(scores, k):
    matrix = np.array(scores, np.float32)
    expected = np.argsort(-matrix, axis=1, kind="stable")[:, :k]
    assert first_columns(matrix, k).tolist() == expected.tolist()
