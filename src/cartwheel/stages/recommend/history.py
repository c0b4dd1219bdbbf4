"""What a recommender learns from: who bought what, how often, how lately, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cartwheel.stages.recommend.purchases import Floats, Integers, Purchases

Matrix = Any  # scipy.sparse.csr_matrix of float32; scipy is untyped


@dataclass(frozen=True, slots=True, kw_only=True)
class Fading:
    """How fast the past loses weight. Chosen on UCI, see docs/methods/recommend.md."""

    taste_days: float = 90.0  # half-life of a purchase in a customer's profile
    signal_days: float = 14.0  # half-life of a view or cart
    trend_days: float = 14.0  # half-life of a sale in what is popular now
    signal_weight: float = 0.0  # a faded view against a purchase; 0 leaves signals out


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Matrices over fixed axes; all rows of customers and columns of products are there."""

    bought: Matrix  # customers × products: orders with the product
    own: Matrix  # the same with weak signals: what a customer may come back to
    profile: Matrix  # the same, faded: what taste is read from
    lately: Matrix  # the same, faded as fast as what is popular
    together: Matrix  # customers and anonymous orders × products: 1 where bought
    baskets: Matrix  # orders × products: 1 where in the order
    sold: Floats  # orders with the product
    recent: Floats  # the same, faded: what is popular now

    @property
    def has_signals(self) -> bool:
        """Tell whether views and carts count."""
        return self.own is not self.bought

    @property
    def prior(self) -> NDArray[np.float32]:
        """Return what is popular now as a share of the most popular, ties by all-time sales."""
        now = self.recent / max(self.recent.max(initial=0.0), 1e-9)
        ever = self.sold / max(self.sold.max(initial=0.0), 1e-9)
        return np.asarray(now + 1e-3 * ever, dtype=np.float32)

    def lift(self, exponent: float) -> NDArray[np.float32]:
        """Return share of recent sales over share of all sales, to the power ``exponent``.

        Both shares are drawn towards even shares by a fifth of all sales, so that a product sold
        once yesterday does not rule the list.
        """
        even = 0.2 / max(len(self.sold), 1)
        now = self.recent / max(self.recent.sum(), 1e-9) + even
        ever = self.sold / max(self.sold.sum(), 1e-9) + even
        return np.asarray((now / ever) ** exponent, dtype=np.float32)


def read_history(known: Purchases, fading: Fading) -> History:
    """Gather ``known`` into matrices; ages are counted from the end of what is known."""
    named = known.customer >= 0
    shape = (len(known.customers), len(known.products))
    who, what = known.customer[named], known.product[named]
    bought = _matrix(np.ones(len(who)), who, what, shape)
    profile = _matrix(0.5 ** (known.age[named] / fading.taste_days), who, what, shape)
    lately = _matrix(0.5 ** (known.age[named] / fading.trend_days), who, what, shape)
    own = bought
    if fading.signal_weight > 0 and len(known.seen_age):
        faded = known.seen_strength * 0.5 ** (known.seen_age / fading.signal_days)
        signals = _matrix(faded, known.seen_customer, known.seen_product, shape)
        weak = fading.signal_weight * signals.log1p()
        profile, own = (profile + weak).tocsr(), (bought + weak).tocsr()
    ones = np.ones(len(known.order))
    baskets = _matrix(ones, known.order, known.product, (known.orders, shape[1]))
    anonymous = _matrix(
        ones[~named], known.order[~named], known.product[~named], (known.orders, shape[1])
    )
    together = sparse.vstack([bought, anonymous[np.diff(anonymous.indptr) > 0]], format="csr")
    together.data[:] = 1.0
    return History(
        bought=bought,
        own=own,
        profile=profile,
        lately=lately,
        together=together,
        baskets=baskets,
        sold=np.bincount(known.product, minlength=shape[1]).astype(np.float64),
        recent=np.bincount(
            known.product, 0.5 ** (known.age / fading.trend_days), minlength=shape[1]
        ).astype(np.float64),
    )


def _matrix(values: Floats, rows: Integers, columns: Integers, shape: tuple[int, int]) -> Matrix:
    matrix = sparse.csr_matrix((values.astype(np.float32), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    return matrix
