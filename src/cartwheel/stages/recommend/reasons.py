"""Lists as rows of ``recommendations``, each with a sentence that says why, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartwheel.stages.recommend.evidence import bought_together, responsible
from cartwheel.stages.recommend.history import History
from cartwheel.stages.recommend.model import Cases, Lists, Model
from cartwheel.stages.recommend.purchases import Axis, Integers

WEEKS_DAYS = 28  # "popular now" counts orders of the last four weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What sentences need to know of each product on the axis."""

    names: pl.DataFrame  # product_id, name, name_zh; never null
    now: Integers  # orders with it in the last four weeks
    ever: Integers  # orders with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The lists of one place."""

    place: str
    subjects: pl.Series  # subject_id a case
    cases: Cases
    lists: Lists
    times: Integers  # cases × k: orders in which the subject bought the product
    is_seen: NDArray[np.bool_]  # cases × k: the subject looked at the product
    is_similar: bool = False  # the place speaks of likeness, not of who bought


def named_products(axis: Axis, products: pl.DataFrame) -> pl.DataFrame:
    """Return the names of all products on ``axis``; the id where there is none."""
    return (
        pl.DataFrame({"product_id": axis.ids})
        .join(products, on="product_id", how="left", maintain_order="left")
        .select(
            "product_id",
            pl.coalesce("name", "name_zh", "product_id").str.strip_chars().alias("name"),
            pl.coalesce("name_zh", "name", "product_id").str.strip_chars().alias("name_zh"),
        )
    )


def recommendations(
    shown: Shown, model: Model, history: History, catalogue: Catalogue, *, has_words: bool
) -> pl.DataFrame:
    """Return the rows of one place, best first; shorter lists where fewer can be shown.

    ``has_words``: the weights hold likeness in words, so a pair nobody bought may be "similar".
    """
    because = responsible(model, shown.cases, shown.lists)
    cases, rank = np.nonzero(shown.lists.columns >= 0)
    product, known = shown.lists.columns[cases, rank], because[cases, rank]
    times, is_seen = shown.times[cases, rank], shown.is_seen[cases, rank]
    rests = (known >= 0) & (times == 0) & ~is_seen
    together = np.zeros(len(known), dtype=np.int64)
    if not shown.is_similar:
        together[rests] = counts_of_pairs(history, known[rests], product[rests])
    if not has_words:
        rests &= together > 0
    rows = pl.DataFrame(
        {
            "subject_id": shown.subjects.gather(cases),
            "rank": rank + 1,
            "product": product,
            "score": shown.lists.scores[cases, rank].astype(np.float64),
            "because": pl.Series(np.where(rests, known, -1)).replace(-1, None),
            "times": times,
            "is_seen": is_seen,
            "together": together,
            "now": catalogue.now[product],
            "ever": catalogue.ever[product],
        }
    )
    return _with_reasons(rows, catalogue.names).select(
        pl.lit(shown.place).alias("place"),
        "subject_id",
        pl.col("rank").cast(pl.Int64),
        "product_id",
        pl.col("score").round_sig_figs(6),
        "reason",
        "reason_zh",
        "because_id",
        pl.lit(model.method).alias("method"),
    )


def counts_of_pairs(history: History, left: Integers, right: Integers) -> Integers:
    """Return how many customers (an anonymous order counts as one) bought both products."""
    pairs, where = np.unique(np.stack([left, right]), axis=1, return_inverse=True)
    return bought_together(history.together, pairs[0], pairs[1])[where.ravel()]


def _with_reasons(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    product, because = rows["product"], rows["because"]
    return rows.with_columns(
        product_id=names["product_id"].gather(product),
        because_id=names["product_id"].gather(because),
        because_name=names["name"].gather(because),
        because_name_zh=names["name_zh"].gather(because),
    ).with_columns(
        reason=_first_that_holds(
            pl.format("You bought this in {} orders.", "times"),
            pl.lit("You bought this before."),
            pl.lit("You looked at this before."),
            pl.format("Bought with {} by {} customers.", "because_name", "together"),
            pl.format("Bought with {} by 1 customer.", "because_name"),
            pl.format("Similar to {}.", "because_name"),
            pl.format("Popular now: in {} orders of the last 28 days.", "now"),
            pl.format("Popular: in {} orders so far.", "ever"),
            pl.lit("Part of our range."),
        ),
        reason_zh=_first_that_holds(
            pl.format("您曾在 {} 个订单中购买过。", "times"),
            pl.lit("您以前购买过。"),
            pl.lit("您以前浏览过。"),
            pl.format("{} 位客户同时购买了“{}”。", "together", "because_name_zh"),
            pl.format("1 位客户同时购买了“{}”。", "because_name_zh"),
            pl.format("与“{}”相似。", "because_name_zh"),
            pl.format("近期热销：最近 28 天有 {} 个订单。", "now"),
            pl.format("热销：迄今有 {} 个订单。", "ever"),
            pl.lit("本店在售商品。"),
        ),
    )


def _first_that_holds(*sentences: pl.Expr) -> pl.Expr:
    bought_often, bought, seen, together, together_once, similar, now, ever, in_range = sentences
    has_because = pl.col("because").is_not_null()
    return (
        pl.when(pl.col("times") > 1).then(bought_often)
        .when(pl.col("times") == 1).then(bought)
        .when("is_seen").then(seen)
        .when(has_because & (pl.col("together") > 1)).then(together)
        .when(has_because & (pl.col("together") == 1)).then(together_once)
        .when(has_because).then(similar)
        .when(pl.col("now") > 1).then(now)
        .when(pl.col("ever") > 1).then(ever)
        .otherwise(in_range)
    )  # fmt: skip
