"""The lists of every place, from the recipes that serve there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from cartwheel.stages.recommend.history import Matrix
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
    explained = model if place != "newcomers" else _unexplained(model)
    parts = [table_contract("recommendations").empty()]
    for subjects, cases, bought in _cases(place, recipe, workshop, audience):
        lists = top_lists(model, cases, audience.length, allowed=audience.allowed)
        times = _at(bought, lists)
        shown = Shown(
            place=place,
            subjects=subjects,
            cases=cases,
            lists=lists,
            times=times.astype(np.int64),
            is_seen=(_at(cases.own, lists) > 0) & (times == 0) & (recipe.repeats > 0),
            is_similar=place == "similar",
        )
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
) -> Iterator[tuple[pl.Series, Cases, Matrix | None]]:
    history, known = workshop.history, audience.known
    if place in ("for_you", "discover"):
        for part in _parts(_active_last(known, audience.customers)):
            cases = customer_cases(history, part, only_new=place == "discover")
            yield known.customers.ids.gather(part), cases, history.bought[part]
    elif place == "newcomers":
        yield (*_newcomers(recipe, workshop), None)
    else:
        order = np.lexsort((np.arange(len(history.sold)), -history.sold))
        for part in _parts(np.sort(order[: audience.products])):
            yield known.products.ids.gather(part), product_cases(part, len(known.products)), None


def _newcomers(recipe: Recipe, workshop: Workshop) -> tuple[pl.Series, Cases]:
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


def _at(counts: Matrix | None, lists: Lists) -> NDArray[np.float64]:
    """Return what ``counts`` holds for the products in the lists; zero without counts."""
    if counts is None:
        return np.zeros(lists.columns.shape)
    number, k = lists.columns.shape
    rows = np.repeat(np.arange(number), k)
    found = counts[rows, np.maximum(lists.columns, 0).ravel()]
    return np.asarray(found, dtype=np.float64).reshape(number, k)


def _unexplained(model: Model) -> Model:
    """Return the model without weights: segments are no products a reason could rest on."""
    return Model(method=model.method, prior=model.prior, lift=model.lift, appeal=model.appeal)
