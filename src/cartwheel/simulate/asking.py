"""Tickets and messages: late and wrong orders make people write; agents answer them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cartwheel.core.money import exponent
from cartwheel.core.random import stream
from cartwheel.core.wording import Text
from cartwheel.simulate.basket import GUEST
from cartwheel.simulate.calendar import DAY, NEVER, Flags, Ints, ShopCalendar
from cartwheel.simulate.series import ids, named, worded
from cartwheel.simulate.words import ANSWERS, QUESTIONS, THANKS
from cartwheel.simulate.world import World

TOPICS = tuple(QUESTIONS)
_LATE, _WRONG, _RETURN, _PRODUCT, _CANCEL = range(5)
ASKS_WHEN_LATE = 0.4  # share of late orders that bring a ticket
_AGENTS = (
    ("Amara Osei", "en"), ("Ben Carter", "en"), ("陈静 Chen Jing", "en,zh"),
    ("Dana Whitlock", "en"), ("Eilidh Ross", "en"), ("方敏 Fang Min", "zh,en"),
    ("Gareth Pugh", "en"), ("Hana Li", "en,zh"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Matters:
    """Tickets in the making, in order of time."""

    topic: Ints
    basket: Ints
    customer: Ints
    opened: Ints
    agent: Ints
    answered: Ints
    closed: Ints
    is_chinese: Flags


def care_tables(w: World) -> dict[str, pl.DataFrame]:
    """Return ``tickets``, ``messages`` and ``agents``."""
    calendar, currency = w.calendar, w.parameters.currency
    rng = stream(w.parameters.seed, "simulate.care")
    asked = _matters(rng, w)
    n = asked.topic.size
    closed = np.where(asked.closed < calendar.end, asked.closed, NEVER)
    happy = 4.6 - 0.35 * (asked.answered - asked.opened) / 7200 - 0.9 * (asked.topic <= _WRONG)
    rating = np.clip(np.rint(happy + rng.normal(0, 0.8, n)), 1, 5).astype(np.int64)
    rated = pl.Series((rng.random(n) < 0.45) & (closed != NEVER))
    tickets = pl.DataFrame(
        {
            "ticket_id": ids("Q", n, 6),
            "customer_id": w.people.id.gather(asked.customer),
            "order_id": w.placed.ids(asked.basket).zip_with(
                pl.Series(asked.topic != _PRODUCT), pl.Series([None], dtype=pl.String)
            ),
            "agent_id": ids("A", asked.agent, 2),
            "opened_at": calendar.instants(asked.opened),
            "closed_at": calendar.instants(closed),
            "topic": named(TOPICS, asked.topic),
            "channel": named(["mail", "chat", "phone"], rng.choice(3, n, p=[0.5, 0.38, 0.12])),
            "satisfaction": pl.Series(rating).zip_with(rated, pl.Series([None], dtype=pl.Int64)),
        }
    )
    agents = pl.DataFrame(
        {
            "agent_id": ids("A", len(_AGENTS), 2),
            "name": [name for name, _ in _AGENTS],
            "skills": [",".join(TOPICS[:3]) if k % 2 else ",".join(TOPICS) for k in range(8)],
            "languages": [languages for _, languages in _AGENTS],
            "hourly_cost_minor": [(18 + k % 3) * 10 ** exponent(currency) for k in range(8)],
            "currency": [currency] * len(_AGENTS),
        }
    )
    return {"tickets": tickets, "messages": _messages(rng, calendar, asked), "agents": agents}


def _matters(rng: np.random.Generator, w: World) -> _Matters:
    """Let orders bring tickets, each at the time that fits its topic."""
    bought, course, givings, placed = w.bought, w.course, w.givings, w.placed
    b = placed.basket[bought.customer[placed.basket] != GUEST]
    kept = course.cancelled[b] == NEVER
    back = np.full(bought.size, NEVER)
    np.maximum.at(back, bought.order, givings.second)
    dice = rng.random((5, b.size))
    later = rng.integers(3600, 2 * DAY, b.size)
    causes = (
        (kept & course.is_late[b] & (dice[0] < ASKS_WHEN_LATE), course.promised[b] + later),
        (kept & (dice[1] < 0.012), course.delivered[b] + later),
        (kept & (back[b] != NEVER) & (dice[2] < 0.2), back[b] - later // 2),
        (dice[3] < 0.02, bought.second[b] - later // 4),
        ((~kept & (dice[4] < 0.5)) | (dice[4] < 0.004), bought.second[b] + 300),
    )
    topic = np.repeat(np.arange(5), [int(which.sum()) for which, _ in causes])
    basket = np.concatenate([b[which] for which, _ in causes])
    opened = np.concatenate([when[which] for which, when in causes])
    inside = (opened < w.calendar.end) & (opened >= 0)
    by_time = np.flatnonzero(inside)[np.argsort(opened[inside], kind="stable")]
    topic, basket, opened = topic[by_time], basket[by_time], opened[by_time]
    customer = bought.customer[basket]
    chinese = w.people.is_chinese[customer]
    speaks = np.array([k for k, (_, languages) in enumerate(_AGENTS) if "zh" in languages])
    agent = np.where(chinese, speaks[rng.integers(0, speaks.size, topic.size)],
                     rng.integers(0, len(_AGENTS), topic.size))  # fmt: skip
    answered = opened + rng.exponential(3 * 3600, topic.size).astype(np.int64) + 120
    closed = answered + rng.exponential(10 * 3600, topic.size).astype(np.int64) + 600
    return _Matters(topic, basket, customer, opened, agent, answered, closed, chinese)


def _messages(rng: np.random.Generator, calendar: ShopCalendar, asked: _Matters) -> pl.DataFrame:
    """Write question, answer and, at times, thanks."""
    n = asked.topic.size
    thanks = np.flatnonzero(rng.random(n) < 0.4)
    every = np.arange(n)
    ticket = np.concatenate([every, every, thanks])
    part = np.repeat([0, 1, 2], [n, n, thanks.size])
    at = np.concatenate([asked.opened, asked.answered, asked.closed[thanks] - 60])
    words = np.concatenate(
        [_phrase(rng, QUESTIONS, asked.topic), _phrase(rng, ANSWERS, asked.topic),
         rng.integers(0, len(THANKS), thanks.size)]
    )  # fmt: skip
    questions, answers = (_flat(lists) for lists in (QUESTIONS, ANSWERS))
    words += np.array([0, len(questions), len(questions) + len(answers)])[part]
    inside = at < calendar.end
    order = np.flatnonzero(inside)[np.lexsort((part[inside], ticket[inside], at[inside]))]
    ticket, part, words = ticket[order], part[order], words[order]
    chinese = asked.is_chinese[ticket]
    return pl.DataFrame(
        {
            "message_id": ids("N", order.size, 7),
            "ticket_id": ids("Q", ticket, 6),
            "sent_at": calendar.instants(at[order]),
            "author": named(["customer", "agent", "customer"], part),
            "text": worded([*questions, *answers, *THANKS], words, chinese),
            "language": named(["en", "zh"], chinese.astype(np.int64)),
        }
    )


def _flat(lists: dict[str, tuple[Text, ...]]) -> list[Text]:
    return [phrase for topic in TOPICS for phrase in lists[topic]]


def _phrase(rng: np.random.Generator, lists: dict[str, tuple[Text, ...]], topic: Ints) -> Ints:
    sizes = np.array([len(lists[name]) for name in TOPICS])
    first = np.cumsum(sizes) - sizes
    phrase: Ints = first[topic] + (rng.random(topic.size) * sizes[topic]).astype(np.int64)
    return phrase
