"""The question each place answers, asked of weeks that lie after what is known.

A trial is a set of cases and what they turned out to want. ``for_you``: what the customer bought;
``discover``: of that, what the customer had never bought before; ``also_bought``: what lay in a
basket beside its median product by sales; ``similar``: what was looked at on the same day, or where
nobody is seen looking, the same as ``also_bought``; ``newcomers``: what new customers bought in
their first order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from cartwheel.stages.recommend.history import History, Matrix
from cartwheel.stages.recommend.model import Cases
from cartwheel.stages.recommend.purchases import Integers, Purchases


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Cases and the products they wanted (nonzero); each wants at least one."""

    cases: Cases
    wanted: Matrix

    def __len__(self) -> int:
        return int(self.wanted.shape[0])


def customer_cases(history: History, rows: Integers, *, only_new: bool) -> Cases:
    """Return customers as cases; with ``only_new`` what they bought is hidden."""
    return Cases(
        profile=history.profile[rows],
        own=history.own[rows],
        hidden=history.bought[rows] if only_new else None,
    )


def product_cases(columns: Integers, products: int) -> Cases:
    """Return products as cases, each as if it alone had been bought; it is hidden itself."""
    ones = np.ones(len(columns), dtype=np.float32)
    single = sparse.csr_matrix(
        (ones, (np.arange(len(columns)), columns)), shape=(len(columns), products)
    )
    return Cases(profile=single, hidden=single)


def customer_trial(history: History, later: Purchases, *, only_new: bool, limit: int) -> Trial:
    """Ask what known customers buy in ``later``."""
    wanted = _pairs(later.customer, later.product, history.bought.shape)
    if only_new:
        wanted = wanted - wanted.multiply(history.bought > 0)
        wanted.eliminate_zeros()
    known = np.diff(history.profile.indptr) > 0
    rows = _spread(np.flatnonzero((np.diff(wanted.indptr) > 0) & known), limit)
    cases = customer_cases(history, rows, only_new=only_new)
    return Trial(cases=cases, wanted=wanted[rows])


def basket_trial(history: History, later: Purchases, *, limit: int) -> Trial:
    """Ask what lies in a basket of ``later`` beside its median product by sales.

    The best-selling product would flatter methods that fail on rare ones.
    """
    return _companions(history, later.order, later.product, limit)


def view_trial(history: History, later: Purchases, *, limit: int) -> Trial:
    """Ask what a customer looks at on one day of ``later`` beside the median product by sales."""
    days = np.floor(later.seen_age).astype(np.int64)
    visit = later.seen_customer * (days.max(initial=0) + 1) + days
    return _companions(
        history, np.unique(visit, return_inverse=True)[1].ravel(), later.seen_product, limit
    )


def _companions(history: History, group: Integers, product: Integers, limit: int) -> Trial:
    shape = (int(group.max(initial=-1)) + 1, history.bought.shape[1])
    groups = _pairs(group, product, shape)
    groups = groups[_spread(np.flatnonzero(np.diff(groups.indptr) > 1), limit)]
    size = np.diff(groups.indptr)
    row = np.repeat(np.arange(len(size)), size)
    order = np.lexsort((groups.indices, history.sold[groups.indices], row))
    middle = groups.indices[order[groups.indptr[:-1] + size // 2]]
    cases = product_cases(middle, shape[1])
    wanted = (groups - cases.profile).tocsr()
    wanted.eliminate_zeros()
    return Trial(cases=cases, wanted=wanted)


def newcomer_trial(members: Matrix, known: Purchases, later: Purchases, *, limit: int) -> Trial:
    """Ask what first orders of customers unknown so far hold.

    ``members`` is customers × segments; a newcomer's profile is the segments he is in.
    """
    new = (later.customer >= 0) & ~np.isin(later.customer, known.customer)
    customer, order = later.customer[new], later.order[new]
    oldest = np.lexsort((order, -later.age[new], customer))
    who, at = np.unique(customer[oldest], return_index=True)
    first_order = np.full(len(later.customers) + 1, -1)  # the last is for the anonymous
    first_order[who] = order[oldest][at]
    taken = new & (first_order[later.customer] == later.order)
    shape = (len(later.customers), len(later.products))
    wanted = _pairs(later.customer[taken], later.product[taken], shape)
    rows = _spread(np.flatnonzero(np.diff(wanted.indptr) > 0), limit)
    return Trial(cases=Cases(profile=members[rows]), wanted=wanted[rows])


def _pairs(rows: Integers, columns: Integers, shape: tuple[int, int]) -> Matrix:
    real = rows >= 0
    ones = np.ones(int(real.sum()), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (rows[real], columns[real])), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _spread(rows: Integers, limit: int) -> Integers:
    """Return at most ``limit`` rows, evenly spread."""
    if len(rows) <= limit:
        return rows
    return rows[np.linspace(0, len(rows) - 1, limit).astype(np.int64)]
