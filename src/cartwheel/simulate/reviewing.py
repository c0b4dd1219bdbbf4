"""Reviews: stars from the product's quality and the delivery, words to match, in two languages."""

from __future__ import annotations

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import TYPES
from cartwheel.simulate.basket import GUEST
from cartwheel.simulate.calendar import DAY, NEVER, Flags, Ints
from cartwheel.simulate.series import ids, named, worded
from cartwheel.simulate.words import BLAME, DEPARTMENTS, LATE, NEUTRAL, PRAISE, PUNCTUAL
from cartwheel.simulate.world import World

_SHARE = 0.09  # of lines delivered to a known customer
LATE_STARS = 1.1  # what a late parcel costs


def reviews_table(w: World) -> pl.DataFrame:
    """Return the table ``reviews``."""
    calendar, bought, course, placed = w.calendar, w.bought, w.course, w.placed
    goods, people = w.goods, w.people
    rng = stream(w.parameters.seed, "simulate.reviews")
    basket = bought.order[placed.line]
    at = course.delivered[basket] + rng.integers(6 * 3600, 12 * DAY, basket.size)
    writes = (rng.random(basket.size) < _SHARE) & (at < calendar.end)
    writes &= (bought.customer[basket] != GUEST) & (course.cancelled[basket] == NEVER)
    rows = np.flatnonzero(writes)
    rows = rows[np.argsort(at[rows], kind="stable")]
    basket, product = basket[rows], bought.product[placed.line[rows]]
    customer, late = bought.customer[basket], course.is_late[basket]
    stars = goods.quality[product] - LATE_STARS * late + rng.normal(0, 0.8, rows.size)
    rating = np.clip(np.rint(stars), 1, 5).astype(np.int64)
    title, text = _words(rng, w, product, customer, rating, is_late=late)
    return pl.DataFrame(
        {
            "review_id": ids("V", rows.size, 6),
            "product_id": goods.id.gather(product),
            "order_id": ids("O", placed.order[rows], 7),
            "customer_id": people.id.gather(customer),
            "reviewed_at": calendar.instants(at[rows]),
            "rating": rating,
            "title": title,
            "text": text,
            "language": named(["en", "zh"], people.is_chinese[customer].astype(np.int64)),
        }
    )


def _words(
    rng: np.random.Generator, w: World, product: Ints, customer: Ints, rating: Ints, *,
    is_late: Flags,
) -> tuple[pl.Series, pl.Series]:  # fmt: skip
    """Compose headline and body: verdict, the product, what it is for, the delivery."""
    goods, chinese, n = w.goods, w.people.is_chinese[customer], product.size
    tone = np.select([rating >= 4, rating == 3], [0, 1], 2)
    verdicts = (PRAISE, NEUTRAL, BLAME)
    sizes = np.array([len(words) for words in verdicts])
    first = np.cumsum(sizes) - sizes
    verdict = first[tone] + (rng.random(n) * sizes[tone]).astype(np.int64)
    title = worded([w for words in verdicts for w in words], verdict, chinese)
    kind = worded([t for _, _, t in TYPES], goods.type[product], chinese).str.to_lowercase()
    uses = goods.department[product] * 6 + goods.words["use"][product]
    use = worded([u for d in DEPARTMENTS for u in d.uses], uses, chinese)
    split = len(PUNCTUAL)
    said = np.where(is_late, split + rng.integers(0, len(LATE), n), rng.integers(0, split, n))
    delivery = worded(PUNCTUAL + LATE, said, chinese)
    frame = pl.DataFrame({"t": title, "k": kind, "u": use, "d": delivery, "zh": chinese})
    ends = pl.when(pl.col("d") == "").then(pl.lit(""))
    body = frame.select(
        pl.when("zh")
        .then(pl.format("{}。这款{}用于{}。{}", "t", "k", "u",
                        ends.otherwise(pl.format("{}。", "d"))))
        .otherwise(pl.format("{}. We use the {} for {}.{}", "t", "k", "u",
                             ends.otherwise(pl.format(" {}.", "d"))))
    ).to_series()  # fmt: skip
    return title, body
