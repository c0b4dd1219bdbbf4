"""What comes back: cancelled orders and returns, drawn before it is known what could be sold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartwheel.core.random import stream
from cartwheel.simulate.assortment import Assortment
from cartwheel.simulate.basket import Baskets
from cartwheel.simulate.calendar import DAY, NEVER, Flags, Ints
from cartwheel.simulate.delivery import Deliveries
from cartwheel.simulate.words import DEPARTMENTS

REASONS = ("cancelled", "does not fit", "not as described", "damaged", "arrived too late",
           "changed my mind")  # fmt: skip
_FASHION = next(k for k, d in enumerate(DEPARTMENTS) if d.name.en == "Fashion")


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """One entry a line: whether it would come back, when and why."""

    is_given: Flags
    second: Ints  # local seconds, NEVER when it stays
    reason: Ints
    is_restocked: Flags  # false: thrown away


def return_plan(seed: int, goods: Assortment, bought: Baskets, course: Deliveries) -> ReturnPlan:
    """Draw the returns: more for fashion, poor quality and late parcels."""
    rng = stream(seed, "simulate.returns")
    order, product = bought.order, bought.product
    n = order.size
    fashion = goods.department[product] == _FASHION
    late = course.is_late[order]
    chance = 0.03 + 0.11 * fashion + 0.03 * (4.2 - goods.quality[product]).clip(0) + 0.05 * late
    cancelled = course.cancelled[order] != NEVER
    is_given = cancelled | (rng.random(n) < chance)
    wait = rng.integers(3, 21, n) * DAY
    back = course.delivered[order] // DAY * DAY + wait + rng.integers(8 * 3600, 18 * 3600, n)
    draw = rng.random(n)
    reason = np.select(
        [cancelled, late & (draw < 0.5), fashion & (draw < 0.7), draw < 0.35, draw < 0.55],
        [0, 4, 1, 2, 3], 5,
    )  # fmt: skip
    return ReturnPlan(
        is_given=is_given,
        second=np.where(is_given, np.where(cancelled, course.cancelled[order], back), NEVER),
        reason=reason,
        is_restocked=cancelled | ((reason != 3) & (rng.random(n) < 0.92)),
    )
