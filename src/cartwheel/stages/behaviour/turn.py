"""What a turn of the stage does, in order: activity, customers, segments, tests, browsing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import polars as pl
from ibis import _

from cartwheel.core.wording import Text
from cartwheel.stages.behaviour.activity import activity
from cartwheel.stages.behaviour.backtest import SIMPLE, USED, Score, score_methods
from cartwheel.stages.behaviour.cohort import cohorts
from cartwheel.stages.behaviour.funnel import FunnelStep
from cartwheel.stages.behaviour.funnel_count import count_funnel
from cartwheel.stages.behaviour.kept import kept
from cartwheel.stages.behaviour.local_time import LocalTime, day_number
from cartwheel.stages.behaviour.profile import customer_profiles, rfm_segments
from cartwheel.stages.behaviour.purchase import customer_days, kept_lines, placed_orders
from cartwheel.stages.behaviour.rfm import rfm_scores
from cartwheel.stages.behaviour.score_table import cluster_rows, purchase_rows, score_table
from cartwheel.stages.behaviour.segment_table import cluster_names, segment_table
from cartwheel.stages.behaviour.segmentation import Clustering, cluster_customers
from cartwheel.stages.behaviour.session import daily_sessions, visitor_events, visits
from cartwheel.stages.behaviour.settings import BehaviourSettings
from cartwheel.stages.behaviour.winback import Occasion, winback_proposals
from cartwheel.tables import table_contract
from cartwheel.tables.step import Inputs, Outputs, Skipped

_LEAST_TEST_DAYS = 14
_LEAST_TEST_CUSTOMERS = 100


@dataclass(slots=True)
class _Turn:
    """The relations of one turn, and what it has found so far."""

    inputs: Inputs
    settings: BehaviourSettings
    local: LocalTime
    lines: ibis.Table
    orders: ibis.Table
    days: ibis.Table
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    scores: list[dict[str, object]] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)

    def put(self, table: str, frame: pl.DataFrame) -> None:
        self.tables[table] = table_contract(table).conform(frame)

    def note(self, en: str, zh: str) -> None:
        self.notes.append(Text(en, zh))


def take_turn(inputs: Inputs, settings: BehaviourSettings) -> Outputs | Skipped:
    """Fill the stage's tables from the shop as known on the turn's day."""
    if not inputs.has("order_lines"):
        return Skipped(Text("There are no order lines.", "没有订单明细。"))
    with ExitStack() as open_until:
        turn = _prepared(inputs, settings, open_until)
        inputs.progress(0.1, "activity")
        events = inputs.relation("events") if inputs.has("events") else None
        turn.put("activity", activity(turn.orders, events, turn.local))
        inputs.progress(0.2, "customers")
        proposals = _customers(turn)
        inputs.progress(0.7, "sessions and funnels")
        _browsing(turn, events)
    if turn.scores:
        turn.put("behaviour_scores", score_table(turn.scores))
    return Outputs(tables=turn.tables, proposals=proposals, notes=tuple(turn.notes))


def _prepared(inputs: Inputs, settings: BehaviourSettings, open_until: ExitStack) -> _Turn:
    lines, heads = inputs.relation("order_lines"), inputs.relation("orders")
    instants = [lines.ordered_at.min().execute()]
    if inputs.has("events"):
        instants.append(inputs.relation("events").happened_at.min().execute())
    local = LocalTime(inputs.time_zone, min(instants).date(), inputs.on)
    good = kept_lines(lines, heads, inputs.currency)
    orders = open_until.enter_context(kept(placed_orders(good, heads, local)))
    days = open_until.enter_context(
        kept(customer_days(orders, inputs.relation("returns"), local, inputs.currency))
    )
    turn = _Turn(inputs, settings, local, good, orders, days)
    foreign = lines.filter(_.currency != inputs.currency).count().execute()
    if foreign:
        turn.note(
            f"{foreign} order lines are not in {inputs.currency}: counted, but without money.",
            f"{foreign} 条订单明细不是 {inputs.currency} 计价：计入数量，不计金额。",
        )
    return turn


def _customers(turn: _Turn) -> pl.DataFrame | None:
    inputs, settings = turn.inputs, turn.settings
    scored = _rated(turn, inputs.on)
    if scored.is_empty():
        turn.note("No order names its customer.", "订单均未注明客户，无法分析客户。")
        return None
    turn.put("cohorts", cohorts(turn.days, inputs.on))
    profiles = customer_profiles(
        rfm_scores(turn.days, inputs.on),
        lines=turn.lines,
        orders=turn.orders,
        customer_days=turn.days,
        products=inputs.relation("products"),
        customers=inputs.relation("customers"),
        rule=settings.motive,
    )
    inputs.progress(0.4, "segments")
    found = _clustered(turn, scored, "segments")
    turn.put("segments", segment_table(scored, found))
    turn.put("customer_profiles", profiles.with_columns(cluster=_cluster_keys(scored, found)))
    if found is None:
        turn.note("Too few customers for K-Means; the rule's segments stand alone.",
                  "客户太少，未做 K-Means 聚类，仅有规则分群。")  # fmt: skip
    else:
        turn.scores += cluster_rows(scored, found)
    inputs.progress(0.6, "who buys next")
    return _tested(turn, scored)


def _rated(turn: _Turn, as_of: date) -> pl.DataFrame:
    """Return RFM scores and segment by rule as of a day, sorted by customer."""
    scored: pl.DataFrame = rfm_scores(turn.days, as_of).to_polars().sort("customer_id")
    return scored.with_columns(rfm_segment=rfm_segments())


def _clustered(turn: _Turn, scored: pl.DataFrame, stream: str) -> Clustering | None:
    return cluster_customers(scored, turn.settings.clusters, rng=turn.inputs.rng(stream))


def _cluster_keys(scored: pl.DataFrame, found: Clustering | None) -> pl.Series:
    if found is None:
        return pl.Series([None] * scored.height, dtype=pl.String)
    labels = pl.Series(found.labels)
    names = {number: key for number, (key, _) in cluster_names(scored, labels).items()}
    return labels.replace_strict(names, return_dtype=pl.String)


def _tested(turn: _Turn, now: pl.DataFrame) -> pl.DataFrame | None:
    """Test who buys next on the last period; propose a win-back list from its history."""
    on = turn.inputs.on
    span = int(now.select(pl.col("last_day").max() - pl.col("first_day").min()).item())
    length = min(turn.settings.test_days, span // 3)
    start = on - timedelta(days=length)
    learn, test = (_outcomes(turn, day, length) for day in (start - timedelta(days=length), start))
    if length < _LEAST_TEST_DAYS or min(learn.height, test.height) < _LEAST_TEST_CUSTOMERS:
        turn.note("The past is too short to test who buys next.",
                  "历史太短，无法检验谁会再次购买。")  # fmt: skip
        return None
    found = _clustered(turn, learn, "test segments")
    learn, test = (_with_cluster(frame, found) for frame in (learn, test))
    scores = score_methods(learn, test, rng=turn.inputs.rng("backtest"))
    turn.scores += purchase_rows(scores, test.height, start + timedelta(days=1), on)
    _say_if_beaten(turn, scores)
    return _winback(turn, now, test, length)


def _say_if_beaten(turn: _Turn, scores: Sequence[Score]) -> None:
    auc = {score.method: score.value for score in scores if score.measure == "AUC"}
    if auc and auc[USED] < auc[SIMPLE]:
        turn.note(
            "Recency alone foretells who buys next better than the named segments do "
            f"(AUC {auc[SIMPLE]:.2f} to {auc[USED]:.2f}): use the names to speak of customers, "
            "not to rank them.",
            f"仅凭最近购买时间就比命名分群更能预测谁会再次购买（AUC {auc[SIMPLE]:.2f} 对 "
            f"{auc[USED]:.2f}）：分群名称宜用于沟通，不宜用于排序。",
        )


def _outcomes(turn: _Turn, as_of: date, length: int) -> pl.DataFrame:
    """Return what was known at ``as_of``, and who bought within ``length`` days after."""
    known = _rated(turn, as_of).rename({"rfm_segment": "segment"})
    first, last = day_number(as_of) + 1, day_number(as_of) + length
    since = turn.days.filter(_.day.between(first, last) & (_.orders > 0))
    spent = since.group_by("customer_id").aggregate(spent_minor=_.revenue_minor.sum())
    joined = known.join(spent.to_polars(), on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(
        bought=pl.col("spent_minor").is_not_null(), spent_minor=pl.col("spent_minor").fill_null(0)
    )


def _with_cluster(frame: pl.DataFrame, found: Clustering | None) -> pl.DataFrame:
    labels = pl.lit(0) if found is None else pl.Series(found.assign(frame))
    return frame.with_columns(cluster=labels)


def _winback(
    turn: _Turn, now: pl.DataFrame, past: pl.DataFrame, length: int
) -> pl.DataFrame | None:
    people = turn.inputs.relation("customers").select("customer_id", "is_contactable").to_polars()
    asked = people.filter(pl.col("is_contactable").is_not_null())
    due = now.rename({"rfm_segment": "segment"})
    if asked.height:
        due = due.join(asked.filter("is_contactable"), on="customer_id", how="semi")
    occasion = Occasion(
        on=turn.inputs.on,
        horizon_days=length,
        currency=turn.inputs.currency,
        is_consent_known=asked.height > 0,
    )
    return winback_proposals(
        due, past, turn.settings.winback, occasion, rng=turn.inputs.rng("winback")
    )


def _browsing(turn: _Turn, events: ibis.Table | None) -> None:
    if events is None:
        turn.note("No browsing events: sessions and funnels are left out.",
                  "没有浏览事件，略去会话与漏斗。")  # fmt: skip
        return
    settings = turn.settings
    seen = visitor_events(events)
    daily = daily_sessions(visits(seen, 60 * settings.session_gap_minutes), turn.local)
    turn.put("sessions", daily)
    recent = day_number(turn.inputs.on) - settings.funnel_lookback_days
    late = seen.filter(turn.local.day(seen.happened_at) > recent)
    present = set(late.select("kind").distinct().to_polars()["kind"])
    counted = []
    for funnel in settings.paths:
        absent = [step.text for step in funnel.steps if _is_out_of_reach(step, present)]
        if absent:
            turn.note(f'Funnel "{funnel.text}" is left out: no events for {", ".join(absent)}.',
                      f"略去漏斗“{funnel.text}”：没有事件 {'、'.join(absent)}。")  # fmt: skip
            continue
        window = round(86_400 * settings.funnel_window_days)
        counted.append(table_contract("funnels").conform(count_funnel(late, funnel, window)))
    if counted:
        turn.put("funnels", pl.concat(counted))


def _is_out_of_reach(step: FunnelStep, present: set[str]) -> bool:
    return not step.is_optional and any(slot.isdisjoint(present) for slot in step.slots)
