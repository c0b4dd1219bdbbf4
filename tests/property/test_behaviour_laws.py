"""Laws of the behaviour stage's set work, over random shops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations, product

import ibis
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.stages.behaviour.funnel import Funnel, parse_funnel
from cartwheel.stages.behaviour.funnel_count import count_funnel
from cartwheel.stages.behaviour.local_time import LocalTime, day_number, hour_of
from cartwheel.stages.behaviour.rfm import rfm_scores
from cartwheel.stages.behaviour.session import visitor_events, visits
from cartwheel.tables import table_contract

few = settings(max_examples=15, deadline=None)
START = datetime(2024, 5, 1, tzinfo=UTC)
WINDOW, GAP = 60, 20  # s

events = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(0, 200), st.sampled_from("abcd")),
    min_size=1,
    max_size=40,
)
paths = st.sampled_from(
    ["a > b > c", "a > b? > c > d", "{a, b} > c", "a > {b, c, d}", "a|b > c", "a > a > b? > {c, d}"]
).map(parse_funnel)
customer_days = st.lists(
    st.tuples(
        st.sampled_from("uvwxyz"), st.integers(0, 30), st.integers(0, 3),
        st.integers(0, 9), st.integers(0, 5),
    ),
    min_size=1, max_size=30, unique_by=lambda row: row[:2],
)  # fmt: skip


def seen(rows: Sequence[tuple[str, int, str]]) -> ibis.Table:
    frame = pl.DataFrame(
        {
            "event_id": [f"e{n:03}" for n in range(len(rows))],
            "happened_at": [START + timedelta(seconds=second) for _, second, _ in rows],
            "visitor_id": [visitor for visitor, _, _ in rows],
            "kind": [kind for _, _, kind in rows],
        }
    )
    return visitor_events(ibis.memtable(table_contract("events").conform(frame).to_arrow()))


def scored(rows: Sequence[tuple[str, int, int, int, int]]) -> pl.DataFrame:
    columns = ("customer_id", "day", "orders", "revenue_minor", "refund_minor")
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    days = frame.with_columns(day=pl.col("day") + day_number(START.date()), units="orders")
    table = ibis.memtable(days.to_arrow())
    return rfm_scores(table, date(2024, 6, 30)).to_polars().sort("customer_id")


def in_chain(rows: Sequence[tuple[int, str]], chain: Sequence[frozenset[str]]) -> bool:
    """Tell whether the kinds of ``chain`` come in turn within the window, from some start."""
    for start, (begun, kind) in enumerate(rows):
        wanted = list(chain)
        if kind not in wanted.pop(0):
            continue
        for second, later in rows[start + 1 :]:
            if wanted and later in wanted[0] and second - begun <= WINDOW:
                wanted.pop(0)
        if not wanted:
            return True
    return False


def reached(rows: Sequence[tuple[int, str]], funnel: Funnel, number: int) -> bool:
    """Try every order of every group: the slow way to say what the funnel counts."""
    steps = [step for step in funnel.steps[:number] if not step.is_optional]
    groups = [permutations(step.slots) for step in [*steps, funnel.steps[number]]]
    return any(in_chain(rows, sum(order, ())) for order in product(*groups))


@few
@given(events.filter(lambda rows: len({r[1] for r in rows}) == len(rows)), paths)
def test_a_funnel_counts_what_trying_every_chain_counts(rows, funnel):
    own = {who: sorted((s, k) for w, s, k in rows if w == who) for who, _, _ in rows}
    slow = [
        sum(reached(visitor, funnel, number) for visitor in own.values())
        for number in range(len(funnel.steps))
    ]
    assert count_funnel(seen(rows), funnel, WINDOW)["visitors"].to_list() == slow


@few
@given(events, paths)
def test_later_required_steps_never_have_more_visitors(rows, funnel):
    found = count_funnel(seen(rows), funnel, WINDOW)
    required = found.filter(~pl.col("is_optional"))["visitors"]
    assert required.is_sorted(descending=True)
    assert (found["conversion"].drop_nulls() <= 1).all()


@few
@given(events, paths, st.randoms(use_true_random=False))
def test_a_funnel_does_not_depend_on_the_order_of_rows(rows, funnel, random):
    shuffled = random.sample(rows, len(rows))
    expected = count_funnel(seen(rows), funnel, WINDOW)
    assert count_funnel(seen(shuffled), funnel, WINDOW).equals(expected)


@few
@given(events, paths)
def test_funnels_of_separate_visitors_add_up(rows, funnel):
    parts = [[row for row in rows if row[0] == who] for who in sorted({row[0] for row in rows})]
    alone = [count_funnel(seen(part), funnel, WINDOW)["visitors"] for part in parts]
    together = count_funnel(seen(rows), funnel, WINDOW)["visitors"]
    assert [sum(counts) for counts in zip(*alone, strict=True)] == together.to_list()


@few
@given(events)
def test_visits_share_out_all_events_and_keep_their_gaps(rows):
    found = visits(seen(rows), GAP).to_polars().sort("visitor", "visit_no")
    assert found["events"].sum() == len(rows)
    pauses = found["first_second"] - found["last_second"].shift()
    same = found["visitor"] == found["visitor"].shift()
    assert (pauses.filter(same) > GAP).all()


@few
@given(events)
def test_visits_of_a_visitor_do_not_depend_on_the_others(rows):
    who = rows[0][0]
    alone = visits(seen([row for row in rows if row[0] == who]), GAP).to_polars()
    together = visits(seen(rows), GAP).to_polars().filter(visitor=who)
    columns = ["visit_no", "first_second", "last_second", "events"]
    assert together.select(columns).sort("visit_no").equals(alone.select(columns).sort("visit_no"))


@few
@given(customer_days, st.randoms(use_true_random=False))
def test_rfm_does_not_depend_on_the_order_of_rows(rows, random):
    assert scored(random.sample(rows, len(rows))).equals(scored(rows))


@few
@given(customer_days)
def test_a_better_value_never_scores_lower_and_equal_values_score_alike(rows):
    found = scored(rows)
    for value, score in (("last_day", "r"), ("orders", "f"), ("net_minor", "m")):
        by_value = found.group_by(value).agg(pl.col(score).unique()).sort(value)
        assert by_value[score].list.len().max() in (None, 1)
        assert by_value[score].list.first().is_sorted()
        assert found[score].is_between(1, 5).all()


@few
@given(
    st.lists(st.datetimes(datetime(2015, 1, 1), datetime(2029, 12, 31)), min_size=1, max_size=50),
    st.sampled_from(
        ["Europe/London", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC"]
    ),
)
def test_the_shops_clock_is_that_of_the_time_zone_data(instants, zone_name):
    frame = pl.DataFrame({"at": instants}).cast(pl.Datetime("us")).with_columns(
        pl.col("at").dt.replace_time_zone("UTC")
    )  # fmt: skip
    local = LocalTime(zone_name, date(2015, 1, 1), date(2029, 12, 31))
    rows = ibis.memtable(frame.to_arrow())
    timed = rows.select(seconds=local.seconds(rows.at), day=local.day(rows.at))
    found = timed.mutate(hour=hour_of(timed.seconds)).to_polars().sort("seconds")
    theirs = frame["at"].sort().dt.convert_time_zone(zone_name).dt.replace_time_zone(None).sort()
    assert found["day"].cast(pl.Int32).cast(pl.Date).to_list() == theirs.dt.date().to_list()
    assert found["hour"].to_list() == theirs.dt.hour().cast(pl.Int64).to_list()
