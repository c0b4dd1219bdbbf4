"""The stage's turn: what it writes for rich, poor and empty shops."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.behaviour.step import BehaviourSettings, BehaviourStep
from cartwheel.tables import table_contract
from cartwheel.tables.step import Outputs, Skipped
from fakes import MemoryInputs

ON = date(2024, 6, 30)


def order_lines(customers: int = 400, lines: int = 4_000) -> pl.DataFrame:
    """Half a year; low customer numbers order often, high ones stop early."""
    rng = np.random.default_rng(3)
    who = (customers * rng.random(lines) ** 2).astype(int)
    last = 180 - 150 * who // customers
    start = datetime(2024, 1, 2, tzinfo=UTC)
    return pl.DataFrame(
        {
            "order_id": [f"o{n:05}" for n in range(lines)],
            "line_no": 1,
            "ordered_at": [
                start + timedelta(days=int(d), hours=int(h))
                for d, h in zip(rng.integers(0, last), rng.integers(0, 24, lines), strict=True)
            ],
            "customer_id": [None if n % 10 == 0 else f"c{w:04}" for n, w in enumerate(who)],
            "product_id": [f"p{p}" for p in rng.integers(0, 50, lines)],
            "quantity": rng.integers(1, 5, lines),
            "unit_price_minor": rng.integers(100, 5_000, lines),
        }
    )


def events() -> pl.DataFrame:
    kinds = ["view", "add_to_cart", "purchase"]
    start = datetime(2024, 6, 10, tzinfo=UTC)
    return pl.DataFrame(
        {
            "event_id": [f"e{n:03}" for n in range(90)],
            "happened_at": [start + timedelta(minutes=5 * n) for n in range(90)],
            "visitor_id": [f"v{n // 3}" for n in range(90)],
            "kind": [kinds[n % 3] for n in range(90)],
        }
    )


def run(settings: BehaviourSettings = BehaviourSettings(), **tables) -> Outputs | Skipped:  # noqa: B008
    return BehaviourStep(settings).run(MemoryInputs(on=ON, tables=tables, time_zone="Europe/Paris"))


@pytest.fixture(scope="module")
def rich() -> Outputs:
    return run(order_lines=order_lines(), events=events())


def test_every_table_keeps_its_contract(rich):
    assert set(rich.tables) == BehaviourStep.writes
    for name, frame in rich.tables.items():
        table_contract(name).check(frame)


def test_every_customer_with_an_order_has_a_profile_and_a_cluster(rich):
    profiles = rich.tables["customer_profiles"]
    assert set(profiles["customer_id"]) == set(order_lines()["customer_id"].drop_nulls())
    assert profiles["cluster"].null_count() == 0
    segments = rich.tables["segments"]
    assert set(profiles["cluster"]) == set(segments.filter(method="kmeans")["segment"])
    assert set(profiles["rfm_segment"]) == set(segments.filter(method="rfm_rules")["segment"])


def test_anonymous_orders_count_in_activity_only(rich):
    assert rich.tables["activity"]["orders"].sum() == 4_000
    assert rich.tables["customer_profiles"]["orders"].sum() == 3_600


def test_segments_are_tested_beside_recency_and_the_base_rate(rich):
    scores = rich.tables["behaviour_scores"].filter(measure="AUC")
    assert set(scores.filter("is_baseline")["method"]) == {"base_rate", "recency"}
    assert scores["tested_to"].unique().to_list() == [ON.isoformat()]
    assert scores["low"].le(scores["value"]).all()


def test_the_same_shop_gives_the_same_turn_in_any_order_of_rows(rich):
    shuffled = order_lines().sample(fraction=1.0, shuffle=True, seed=1)
    again = run(order_lines=shuffled, events=events())
    assert all(again.tables[name].equals(frame) for name, frame in rich.tables.items())


def test_without_events_sessions_and_funnels_are_left_out_with_a_note():
    found = run(order_lines=order_lines(lines=500))
    assert {"sessions", "funnels"}.isdisjoint(found.tables)
    assert "No browsing events: sessions and funnels are left out." in [n.en for n in found.notes]


def test_a_funnel_whose_events_the_shop_lacks_is_left_out_with_a_note(rich):
    assert rich.tables["funnels"]["funnel"].unique().to_list() == [
        "view > add_to_cart > checkout? > purchase"
    ]
    assert any("{search, view}" in note.en and "略去漏斗" in note.zh for note in rich.notes)


def test_a_shop_of_anonymous_orders_has_activity_and_says_why_no_more():
    found = run(order_lines=order_lines().with_columns(customer_id=pl.lit(None, pl.String)))
    assert set(found.tables) == {"activity"}
    assert found.notes[0].en == "No order names its customer."


def test_a_single_order_is_enough_for_a_profile():
    found = run(order_lines=order_lines().slice(1, 1))
    assert found.tables["customer_profiles"].height == 1
    assert found.tables["cohorts"].height > 0
    assert found.proposals is None
    assert len(found.notes) == 3


def test_an_empty_shop_is_skipped():
    assert isinstance(run(), Skipped)


def test_a_foreign_currency_is_noted():
    found = run(order_lines=order_lines(lines=50).with_columns(currency=pl.lit("USD")))
    assert "50 order lines are not in GBP" in found.notes[0].en


def test_settings_of_a_file_may_give_a_list_of_funnels():
    assert BehaviourSettings(funnels=["a > b"]).funnels == ("a > b",)


@pytest.mark.parametrize(
    "wrong",
    [{"session_gap_minutes": 0}, {"test_days": -1}, {"funnels": ["view"]}, {"clusters_least": 1},
     {"winback_holdout_share": 1.0}],
)  # fmt: skip
def test_settings_that_cannot_hold_are_refused_at_once(wrong):
    with pytest.raises(InputError):
        BehaviourSettings(**wrong)


def test_the_public_face_is_what_can_be_imported():
    from cartwheel.stages import behaviour

    assert len(behaviour.__all__) <= 12
    assert all(getattr(behaviour, name) for name in behaviour.__all__)
    with pytest.raises(AttributeError):
        _ = behaviour.unheard_of


def test_importing_the_step_loads_no_engine():
    import subprocess
    import sys

    code = "import sys, cartwheel.stages.behaviour.step; print('ibis' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_segments_that_recency_alone_beats_are_reported():
    """Everybody buys weekly until they stop: only the last order tells who goes on."""
    start = datetime(2024, 1, 1, 12, tzinfo=UTC)
    rows = [(f"c{c:03}", week) for c in range(300) for week in range(26) if week <= c % 26]
    lines = pl.DataFrame(
        {
            "order_id": [f"{who}-{week}" for who, week in rows], "line_no": 1,
            "ordered_at": [start + timedelta(weeks=week, days=hash_of(who)) for who, week in rows],
            "customer_id": [who for who, _ in rows], "product_id": "p", "quantity": 1,
            "unit_price_minor": 100,
        }
    )  # fmt: skip
    found = run(order_lines=lines)
    auc = dict(
        found.tables["behaviour_scores"].filter(measure="AUC").select("method", "value").rows()
    )
    assert auc["recency"] > auc["rfm_segments"]
    assert any(note.en.startswith("Recency alone foretells") for note in found.notes)


def hash_of(customer: str) -> int:
    return int(customer[1:]) * 7 % 5
