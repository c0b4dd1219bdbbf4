"""Order lines and weak signals as integer arrays on fixed axes, cut at any age.

One pass over the lines; every later split is a mask. Ages are days before the end of the last
day that is used, so a cut of 28 hides the last four weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

SIGNALS = {"view": 1.0, "add_to_cart": 3.0}  # strength of an event kind against a view


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Ids in order, and their positions."""

    ids: pl.Series

    @classmethod
    def of(cls, *columns: pl.Series) -> Self:
        """Return the axis of all ids in ``columns``, sorted, nulls left out."""
        return cls(ids=pl.concat(columns).drop_nulls().unique().sort())

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, column: pl.Series) -> Integers:
        """Return the position of each id; -1 for null."""
        physical = column.cast(pl.Enum(self.ids)).to_physical().cast(pl.Int64)
        return physical.fill_null(-1).to_numpy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """One element a product in an order (``customer`` -1 when anonymous), and weak signals."""

    customers: Axis
    products: Axis
    orders: int
    customer: Integers
    product: Integers
    order: Integers
    age: Floats  # days
    seen_customer: Integers
    seen_product: Integers
    seen_age: Floats  # days
    seen_strength: Floats

    def before(self, days: float) -> Purchases:
        """Return what was known ``days`` earlier, with ages counted from then."""
        return self._part(self.age > days, self.seen_age > days, days)

    def within(self, days: float, of: float = 0.0) -> Purchases:
        """Return what happened in the ``days`` before age ``of``."""
        bought = (self.age > of) & (self.age <= of + days)
        return self._part(bought, (self.seen_age > of) & (self.seen_age <= of + days), of)

    def _part(self, bought: NDArray[np.bool_], seen: NDArray[np.bool_], shift: float) -> Purchases:
        return Purchases(
            customers=self.customers,
            products=self.products,
            orders=self.orders,
            customer=self.customer[bought],
            product=self.product[bought],
            order=self.order[bought],
            age=self.age[bought] - shift,
            seen_customer=self.seen_customer[seen],
            seen_product=self.seen_product[seen],
            seen_age=self.seen_age[seen] - shift,
            seen_strength=self.seen_strength[seen],
        )


def purchases(
    lines: pl.DataFrame, events: pl.DataFrame, products: pl.DataFrame, *, end: datetime
) -> Purchases:
    """Put order lines, browsing events and the catalogue on common axes.

    Parameters
    ----------
    lines
        Contract ``order_lines``; quantities are not used: buying more of a thing at once says
        more about the customer's size than about taste.
    events
        Contract ``events``; views and carts of signed-in customers count as weak signals.
    products
        Contract ``products``; adds products that were never sold.
    end
        Instant ages are counted back from: the end of the last day that is used.
    """
    pairs = (
        lines.group_by("order_id", "product_id")
        .agg(pl.col("customer_id").drop_nulls().first(), pl.col("ordered_at").min())
        .sort("order_id", "product_id")
    )
    seen = events.filter(
        pl.col("customer_id").is_not_null()
        & pl.col("product_id").is_not_null()
        & pl.col("kind").is_in(list(SIGNALS))
    ).sort("customer_id", "product_id", "happened_at", "event_id")
    customers = Axis.of(pairs["customer_id"], seen["customer_id"])
    catalogue = Axis.of(pairs["product_id"], seen["product_id"], products["product_id"])
    order = pairs["order_id"].rle_id().cast(pl.Int64).to_numpy()  # sorted: one id a run
    return Purchases(
        customers=customers,
        products=catalogue,
        orders=int(order.max(initial=-1)) + 1,
        customer=customers.positions(pairs["customer_id"]),
        product=catalogue.positions(pairs["product_id"]),
        order=order,
        age=_days_before(end, pairs["ordered_at"]),
        seen_customer=customers.positions(seen["customer_id"]),
        seen_product=catalogue.positions(seen["product_id"]),
        seen_age=_days_before(end, seen["happened_at"]),
        seen_strength=seen["kind"].replace_strict(SIGNALS, return_dtype=pl.Float64).to_numpy(),
    )


def _days_before(end: datetime, instants: pl.Series) -> Floats:
    micros = (pl.lit(end) - pl.col("at")).dt.total_microseconds()
    days = instants.to_frame("at").select(micros / 86_400e6).to_series().to_numpy()
    return np.asarray(np.maximum(days, 1e-6), dtype=np.float64)
