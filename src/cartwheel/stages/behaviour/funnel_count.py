"""How far visitors come on a path within a window.

A visitor has reached step k when there are events e1 < e2 < ... < ek, one a step in order, with
time(ek) - time(e1) <= window. Greedy matching from the first e1 misses a visitor who dawdles once
and then comes again. Exact instead: carry with every event the latest start of a chain that ends
there,

    S1(e) = time(e),   Sk(e) = max over earlier e' of S(k-1)(e'),  if time(e) - that <= window

which is one running maximum a step over events sorted by visitor and time: n log n in events,
all set work. A group of n slots does the same over its subsets. Events of one instant are taken
in the path's order, since shops that log whole seconds cannot say.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import ibis
import polars as pl
from ibis import _

from cartwheel.stages.behaviour.funnel import Funnel, FunnelStep
from cartwheel.stages.behaviour.interval import wilson

_Slots = frozenset[int]


def count_funnel(events: ibis.Table, funnel: Funnel, window_seconds: int) -> pl.DataFrame:
    """Return one row a step: visitors, conversion with its interval, time from the start.

    ``conversion`` of a step is among those who reached the last required step before it;
    ``median_seconds`` is over visitors, each with the fastest of their runs.

    Parameters
    ----------
    events
        As ``session.visitor_events`` gives them.
    funnel
        The path.
    window_seconds
        Longest time from the start of a run to the step.
    """
    chains = _chains(events, funnel, window_seconds)
    steps = range(len(funnel.steps))
    fastest = chains.group_by("visitor").aggregate(
        **{f"t{k}": (chains.second - chains[f"s{k}"]).min() for k in steps}
    )
    counts = fastest.aggregate(
        **{f"n{k}": fastest[f"t{k}"].count() for k in steps},
        **{f"m{k}": fastest[f"t{k}"].cast("float64").median() for k in steps},
    ).to_polars()
    return _table(funnel, counts.row(0, named=True), window_seconds)


def _chains(events: ibis.Table, funnel: Funnel, window_seconds: int) -> ibis.Table:
    """Return the events of the path with, a step, the latest start of a chain ending there."""
    chains = events.filter(_.kind.isin(sorted(funnel.kinds))).select(
        "visitor", "happened_at", "second", "kind"
    )
    chains = chains.mutate(place=_place(chains.kind, funnel))
    required = None
    for number, step in enumerate(funnel.steps):
        chains = _add_step(chains, step, number, required, window_seconds)
        required = required if step.is_optional else f"s{number}"
    return chains


def _add_step(
    chains: ibis.Table, step: FunnelStep, number: int, before: str | None, window_seconds: int
) -> ibis.Table:
    """Add column ``s<number>`` by walking the subsets of the step's slots from small to large."""
    columns: dict[_Slots, str | None] = {frozenset(): before}
    slots = range(len(step.slots))
    for size in range(1, len(slots) + 1):
        layer = {}
        for chosen in map(frozenset, combinations(slots, size)):
            is_whole = size == len(slots)
            name = f"s{number}" if is_whole else f"s{number}_" + "".join(map(str, sorted(chosen)))
            layer[name] = _latest_start(chains, step, chosen, columns, window_seconds)
            columns[chosen] = name
        chains = chains.mutate(**layer)
    return chains


def _latest_start(
    chains: ibis.Table,
    step: FunnelStep,
    chosen: _Slots,
    columns: dict[_Slots, str | None],
    window_seconds: int,
) -> ibis.Value:
    """Return the latest start of a chain that fills the ``chosen`` slots, the last one here."""
    branches = []
    for slot in sorted(chosen):
        rest = columns[chosen - {slot}]
        start = chains.second if rest is None else _running_latest(chains, rest)
        branches.append((chains.kind.isin(sorted(step.slots[slot])), start))
    start = ibis.cases(*branches, else_=ibis.null("int64"))
    return (chains.second - start <= window_seconds).ifelse(start, ibis.null("int64"))


def _running_latest(chains: ibis.Table, column: str) -> ibis.Value:
    earlier = ibis.window(
        group_by="visitor", order_by=["happened_at", "place"], preceding=(None, 1)
    )
    return chains[column].max().over(earlier)


def _place(kind: ibis.Value, funnel: Funnel) -> ibis.Value:
    first: dict[str, int] = {}
    for number, step in enumerate(funnel.steps):
        for name in sorted(step.kinds):
            first.setdefault(name, number)
    return ibis.cases(*((kind == name, place) for name, place in first.items()), else_=-1)


def _table(funnel: Funnel, found: dict[str, float | None], window_seconds: int) -> pl.DataFrame:
    visitors = [int(found[f"n{k}"] or 0) for k in range(len(funnel.steps))]
    low, high = wilson(pl.col("visitors"), pl.col("of"))
    return (
        pl.DataFrame(
            {
                "step_no": range(1, len(visitors) + 1),
                "step": [step.text for step in funnel.steps],
                "is_optional": [step.is_optional for step in funnel.steps],
                "visitors": visitors,
                "of": _bases(funnel.steps, visitors),
                "median_seconds": [found[f"m{k}"] for k in range(len(visitors))],
            },
            schema_overrides={"of": pl.Int64, "median_seconds": pl.Float64},
        )
        .with_columns(
            funnel=pl.lit(funnel.text),
            conversion=_share(pl.col("of")),
            low=low,
            high=high,
            of_first=_share(pl.lit(visitors[0])),
            window_days=pl.lit(window_seconds / 86_400),
        )
        .drop("of")
    )


def _share(of: pl.Expr) -> pl.Expr:
    return pl.when(of > 0).then(pl.col("visitors") / of)


def _bases(steps: Sequence[FunnelStep], visitors: Sequence[int]) -> list[int]:
    """Return what each step's conversion is a share of; the first step's is itself."""
    bases, base = [], visitors[0]
    for step, count in zip(steps, visitors, strict=True):
        bases.append(base)
        base = base if step.is_optional else count
    return bases
