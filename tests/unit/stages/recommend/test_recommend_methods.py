from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from cartwheel.core.errors import InputError
from cartwheel.stages.recommend import content_features, fit_ease, purchases, rank_quality
from cartwheel.stages.recommend.available import availability
from cartwheel.stages.recommend.evidence import bought_together, responsible
from cartwheel.stages.recommend.history import Fading, read_history
from cartwheel.stages.recommend.item_knn import cosine_neighbours
from cartwheel.stages.recommend.model import Cases, Model, first_columns, top_lists
from cartwheel.stages.recommend.purchases import Axis
from cartwheel.stages.recommend.quality import bootstrap, is_better
from cartwheel.stages.recommend.trial import (
    basket_trial,
    customer_trial,
    newcomer_trial,
    view_trial,
)
from cartwheel.tables import table_contract
from unit.stages.recommend.shops import END, ON, catalogue, lines

NO_EVENTS = table_contract("events").empty()
NO_PRODUCTS = table_contract("products").empty()


def known(*rows):
    return purchases(lines(*rows), NO_EVENTS, NO_PRODUCTS, end=END)


def dense(weights, n=3, **more):
    ones = np.ones(n, np.float32)
    prior = np.array([0.3, 0.2, 0.1], np.float32)[:n]
    weights = np.asarray(weights, np.float32)
    return Model(method="m", prior=prior, weights=weights, lift=ones, appeal=ones, **more)


def test_history_counts_orders_and_fades_them():
    bought = known(("1", "a", "x", 10), ("2", "a", "x", 100), ("2", "a", "y", 100))
    history = read_history(bought, Fading(taste_days=90, trend_days=10))
    assert history.bought.toarray().tolist() == [[2, 1]]
    assert history.profile.toarray() == pytest.approx(
        np.array([[0.5 ** (10 / 90) + 0.5 ** (100 / 90), 0.5 ** (100 / 90)]]), rel=1e-6
    )
    assert history.recent == pytest.approx([0.5 + 0.5**10, 0.5**10])


def test_a_product_twice_in_an_order_counts_once():
    history = read_history(known(("1", "a", "x", 10), ("1", "a", "x", 10)), Fading())
    assert history.bought.toarray().tolist() == [[1]]


def test_the_past_does_not_see_the_future():
    bought = known(("1", "a", "x", 5), ("2", "a", "y", 20), ("3", "b", "x", 40))
    assert bought.before(28).age.tolist() == [12.0]
    assert bought.within(28).age.tolist() == [5.0, 20.0]
    assert bought.within(28, of=28).age.tolist() == [12.0]


def test_equal_scores_go_to_the_lower_column():
    scores = np.array([[1, 2, 2, 2, 0], [5, 5, 5, 5, 5]], np.float32)
    assert first_columns(scores, 2).tolist() == [[1, 2], [0, 1]]


def test_nothing_known_gives_the_popular():
    model = dense(np.zeros((3, 3)))
    lists = top_lists(model, Cases(profile=sparse.csr_matrix((1, 3), dtype=np.float32)), 2)
    assert lists.columns.tolist() == [[0, 1]]


def test_lists_are_shorter_where_less_may_be_shown():
    model = dense(np.zeros((3, 3)))
    hidden = sparse.csr_matrix(np.array([[1, 0, 0]], np.float32))
    cases = Cases(profile=hidden, hidden=hidden)
    lists = top_lists(model, cases, 3, allowed=np.array([True, False, True]))
    assert lists.columns.tolist() == [[2, -1, -1]]


def test_the_responsible_product_adds_most():
    model = dense([[0, 0.2, 0.5], [0, 0, 0.6], [0, 0, 0]])
    profile = sparse.csr_matrix(np.array([[2, 1, 0], [0, 1, 0], [0, 0, 0]], np.float32))
    cases = Cases(profile=profile)
    lists = top_lists(model, cases, 2)
    found = responsible(model, cases, lists)
    assert lists.columns.tolist() == [[2, 1], [2, 0], [0, 1]]
    assert found.tolist() == [[0, 0], [1, -1], [-1, -1]]


def test_the_responsible_product_is_found_among_those_kept():
    model = dense([[0, 0.5], [0.1, 0]], kept=np.array([0, 2]))
    cases = Cases(profile=sparse.csr_matrix(np.array([[1, 1, 0]], np.float32)))
    lists = top_lists(model, cases, 2)
    assert lists.columns.tolist() == [[2, 0]]
    assert responsible(model, cases, lists).tolist() == [[0, -1]]


def test_buyers_of_both_are_counted():
    counts = sparse.csr_matrix(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], np.float32))
    left, right = np.array([0, 2, -1, 0]), np.array([1, 1, 0, 2])
    assert bought_together(counts, left, right).tolist() == [2, 2, 0, 1]


def test_content_sees_words_chinese_and_category():
    products = table_contract("products").conform(
        pl.DataFrame(
            {
                "product_id": ["a", "b", "c", "d", "e"],
                "name": ["Red lamp", "Red lamps", None, None, "Blue cup"],
                "name_zh": [None, None, "红色台灯", "蓝色台灯", None],
                "category": [None, None, "Home > Light", "Home > Light", "Home"],
            }
        )
    )
    features = content_features(products)
    alike = (features @ features.T).toarray()
    assert alike.diagonal() == pytest.approx(1.0)
    assert alike[0, 1] > 0.5
    assert alike[2, 3] > alike[2, 4] > 0
    assert alike[0, 2] == 0


def test_products_without_words_are_like_nothing():
    assert content_features(catalogue(2).select("product_id").pipe(conformed)).nnz == 0


def conformed(frame):
    return table_contract("products").conform(frame)


def test_the_longest_baskets_are_left_out_first_where_there_are_too_many_pairs():
    rng = np.random.default_rng(0)
    short = sparse.csr_matrix((rng.random((40, 12)) < 0.2).astype(np.float32))
    everything = sparse.csr_matrix(np.ones((3, 12), np.float32))
    pairs = int((np.diff(short.indptr) ** 2).sum()) + 100  # no room for 3 x 144
    counts = sparse.vstack([everything, short], format="csr")
    bounded = cosine_neighbours(counts, pairs=pairs)
    assert (bounded != cosine_neighbours(short)).nnz == 0
    assert (bounded != cosine_neighbours(counts)).nnz > 0


def test_only_the_nearest_neighbours_of_a_product_are_kept():
    counts = sparse.csr_matrix(
        np.array([[1, 1, 0, 1], [1, 1, 0, 0], [1, 0, 1, 0]], dtype=np.float32)
    )
    whole = cosine_neighbours(counts).toarray()
    first = cosine_neighbours(counts, neighbours=1).toarray()
    assert first[:, 0].tolist() == [0.0, whole[1, 0], 0.0, 0.0]
    assert (np.count_nonzero(first, axis=0) >= 1).all()


def test_ease_needs_a_ridge():
    with pytest.raises(InputError, match="above zero"):
        fit_ease(sparse.eye(2, format="csr"), ridge=0)


def test_stock_is_the_newest_count_less_reserved_over_warehouses():
    levels = table_contract("stock_levels").conform(
        pl.DataFrame(
            {
                "product_id": ["a", "a", "b", "b", "c"],
                "warehouse_id": ["w", "w", "w", "v", "w"],
                "counted_at": [END - timedelta(days=d) for d in (9, 2, 2, 2, 2)],
                "on_hand": [9, 0, -4, 3, 5],
                "reserved": [0, None, None, None, 5],
            }
        )
    )
    products = conformed(
        pl.DataFrame(
            {
                "product_id": ["d", "e", "f"],
                "is_active": [False, None, True],
                "listed_on": [None, date(2026, 7, 1), date(2026, 6, 30)],
            }
        )
    )
    axis = Axis(ids=pl.Series(["a", "b", "c", "d", "e", "f"]))
    found = availability(axis, products, levels, on=ON)
    assert found.is_shown.tolist() == [False, True, False, False, False, True]
    assert (found.out_of_stock, found.not_on_sale, found.unknown_stock) == (2, 2, 1)


def test_customers_are_asked_for_what_they_buy_later():
    bought = known(("1", "a", "x", 40), ("2", "a", "x", 5), ("2", "a", "y", 5), ("3", "b", "z", 3))
    history = read_history(bought.before(28), Fading())
    later = bought.within(28)
    everything = customer_trial(history, later, only_new=False, limit=9)
    only_new = customer_trial(history, later, only_new=True, limit=9)
    assert everything.wanted.toarray().tolist() == [[1, 1, 0]]
    assert only_new.wanted.toarray().tolist() == [[0, 1, 0]]


def test_baskets_are_asked_from_their_median_product():
    bought = known(
        ("1", None, "x", 40), ("2", None, "x", 41), ("3", None, "y", 42),
        ("4", None, "x", 5), ("4", None, "y", 5), ("4", None, "z", 5), ("5", None, "x", 4),
    )  # fmt: skip
    trial = basket_trial(read_history(bought.before(28), Fading()), bought.within(28), limit=9)
    assert trial.cases.profile.toarray().tolist() == [[0, 1, 0]]
    assert trial.wanted.toarray().tolist() == [[1, 0, 1]]


def test_visits_are_asked_for_what_was_looked_at_on_the_same_day():
    events = table_contract("events").conform(
        pl.DataFrame(
            {
                "event_id": ["1", "2", "3", "4"],
                "happened_at": [END - timedelta(days=d) for d in (3.2, 3.4, 9.5, 3.3)],
                "customer_id": ["a", "a", "a", "b"],
                "kind": ["view"] * 4,
                "product_id": ["x", "y", "z", "z"],
            }
        )
    )
    bought = purchases(lines(("1", "a", "x", 40)), events, NO_PRODUCTS, end=END)
    trial = view_trial(read_history(bought.before(28), Fading()), bought.within(28), limit=9)
    assert trial.cases.profile.toarray().tolist() == [[1, 0, 0]]
    assert trial.wanted.toarray().tolist() == [[0, 1, 0]]


def test_newcomers_are_asked_for_their_first_order():
    bought = known(
        ("1", "old", "x", 40), ("2", "old", "y", 5),
        ("3", "new", "y", 9), ("4", "new", "z", 2),
    )  # fmt: skip
    members = sparse.csr_matrix((2, 1), dtype=np.float32)
    trial = newcomer_trial(members, bought.before(28), bought.within(28), limit=9)
    assert trial.wanted.toarray().tolist() == [[0, 1, 0]]


def test_quality_of_known_lists():
    wanted = sparse.csr_matrix(np.array([[1, 0, 1, 0], [0, 1, 0, 0]], np.float32))
    found = rank_quality(np.array([[0, 1], [2, -1]]), wanted)
    assert found.recall.tolist() == [0.5, 0.0]
    assert found.hit.tolist() == [1.0, 0.0]
    assert found.ndcg[0] == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert found.shown.tolist() == [0, 1, 2]


def test_better_means_better_beyond_chance():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=400)
    assert is_better(noise + 0.2, noise, rng)
    assert not is_better(noise, noise, rng)
    assert not is_better(rng.normal(size=400), noise + 0.1, rng)


def test_interval_covers_the_mean():
    low, high = bootstrap(np.arange(100.0), np.random.default_rng(0))
    assert low < 49.5 < high
    assert high - low == pytest.approx(2 * 1.645 * 28.9 / 10, rel=0.15)
