"""The lists of every place, from the recipes that serve there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartwheel.stages.recommend.model import Cases, Lists, Model, top_lists
from cartwheel.stages.recommend.purchases import Integers, Purchases
from cartwheel.stages.recommend.reasons import Catalogue, Shown, recommendations
from cartwheel.stages.recommend.recipe import Recipe, Workshop
from cartwheel.stages.recommend.trial import customer_cases, product_cases
from cartwheel.tables import table_contract

_ROWS = 20_000  # cases written at a time: bounds what explaining them holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who gets lists, how long, and of which products."""

    known: Purchases
    allowed: NDArray[np.bool_]  # a product each: may be shown
    catalogue: Catalogue
    length: int
    customers: int  # lists at most; those active last go first
    products: int  # lists at most; the most sold go first


def place_rows(place: str, recipe: Recipe, workshop: Workshop, audience: Audience) -> pl.DataFrame:
    """Return all rows of ``place``; an empty list never occurs while anything may be shown."""
    model = workshop.model(recipe)
    parts = [table_contract("recommendations").empty()]
    for subjects, cases, bought in _cases(place, recipe, workshop, audience):
        lists = top_lists(model, cases, audience.length, allowed=audience.allowed)
        shown = Shown(
            place=place,
            subjects=subjects,
            cases=cases,
            lists=lists,
            times=_times(lists, bought),
            is_similar=place == "similar",
        )
        explained = model if place != "newcomers" else _unexplained(model)
        parts.append(
            recommendations(
                shown,
                explained,
                workshop.history,
                audience.catalogue,
                has_words=recipe.kind == "content" or recipe.fill > 0,
            )
        )
    return pl.concat(parts).sort("subject_id", "rank")


def _cases(
    place: str, recipe: Recipe, workshop: Workshop, audience: Audience
) -> Iterator[tuple[pl.Series, Cases, Cases | None]]:
    history, known = workshop.history, audience.known
    if place in ("for_you", "discover"):
        rows = _active_last(known, audience.customers)
        for part in _parts(rows):
            cases = customer_cases(history, part, only_new=place == "discover")
            yield known.customers.ids.gather(part), cases, Cases(profile=history.bought[part])
    elif place == "newcomers":
        yield (*_newcomers(recipe, workshop), None)
    else:
        order = np.lexsort((np.arange(len(history.sold)), -history.sold))
        for part in _parts(np.sort(order[: audience.products])):
            yield known.products.ids.gather(part), product_cases(part, len(known.products)), None


def _newcomers(recipe: Recipe, workshop: Workshop) -> tuple[pl.Series, Cases]:
    from scipy import sparse

    labels = workshop.segments.labels
    chosen = [at for at, (name, _) in enumerate(labels) if name == recipe.kind]
    names = ["all", *(":".join(labels[at]) for at in chosen)]
    width = workshop.segments.members.shape[1]
    profile = sparse.eye(width, format="csr", dtype=np.float32)[chosen]
    nobody = sparse.csr_matrix((1, width), dtype=np.float32)
    return pl.Series(names), Cases(profile=sparse.vstack([nobody, profile], format="csr"))


def _active_last(known: Purchases, most: int) -> Integers:
    last = np.full(len(known.customers), np.inf)
    for customer, age in ((known.customer, known.age), (known.seen_customer, known.seen_age)):
        named = customer >= 0
        np.minimum.at(last, customer[named], age[named])
    order = np.lexsort((np.arange(len(last)), last))
    return np.sort(order[:most])


def _parts(rows: Integers) -> Iterator[Integers]:
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]


def _times(lists: Lists, bought: Cases | None) -> Integers:
    if bought is None:
        return np.zeros(lists.columns.shape, dtype=np.int64)
    number, k = lists.columns.shape
    rows = np.repeat(np.arange(number), k)
    found = bought.profile[rows, np.maximum(lists.columns, 0).ravel()]
    return np.asarray(found).reshape(number, k).astype(np.int64)


def _unexplained(model: Model) -> Model:
    """Return the model without weights: segments are no products a reason could rest on."""
    return Model(method=model.method, prior=model.prior, lift=model.lift, appeal=model.appeal)
