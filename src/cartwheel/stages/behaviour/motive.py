"""What seems to move a customer: price, brand or function (B2), read from purchases alone.

Three shares a customer: units bought as a deal (price), units of the favourite brand among
branded units (brand), lines of a product ordered before (function: the thing does its work and is
bought again). Each is compared with the shop's customers of enough lines; the motive is the share
that stands out most, when it is ``stands_out`` standard deviations above the mean. "mixed" when
none does, "unknown" below ``least_lines`` lines.

Limits: this is inference from what was bought, not from asking. Small baskets make high shares by
chance, hence the least number of lines; a shop that always discounts has no deals by this measure;
a shop of one brand has no brand motive. Compare groups, do not judge a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cartwheel.core.errors import InputError

_SHARES = {"price": "deal_share", "brand": "brand_share", "function": "repeat_share"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MotiveRule:
    """When a share is said to stand out."""

    least_lines: int = 8  # order lines below which nothing is said
    stands_out: float = 1.0  # standard deviations above the shop's mean

    def __post_init__(self) -> None:
        if self.least_lines < 1 or self.stands_out <= 0:
            raise InputError("least_lines must be at least 1 and stands_out above 0.")


def motives(shares: pl.DataFrame, rule: MotiveRule) -> pl.Series:
    """Return the motive of every row of ``shares``: lines, deal_share, brand_share, repeat_share.

    Examples
    --------
    >>> few = pl.DataFrame(
    ...     {"lines": [2], "deal_share": [1.0], "brand_share": [None], "repeat_share": [0.0]}
    ... )
    >>> motives(few, MotiveRule()).to_list()
    ['unknown']
    """
    enough = pl.col("lines") >= rule.least_lines
    lifts = {
        motive: _lift(pl.col(share).filter(enough), share) for motive, share in _SHARES.items()
    }
    scored = shares.with_columns(**lifts)
    best = pl.max_horizontal(*_SHARES)
    motive = pl.when(~enough).then(pl.lit("unknown")).when(best < rule.stands_out).then(
        pl.lit("mixed")
    )  # fmt: skip
    chain = motive.when(pl.col("price") == best).then(pl.lit("price"))
    chain = chain.when(pl.col("brand") == best).then(pl.lit("brand"))
    return scored.select(motive=chain.otherwise(pl.lit("function")))["motive"]


def _lift(among: pl.Expr, share: str) -> pl.Expr:
    spread = among.std()
    lift = (pl.col(share) - among.mean()) / pl.when(spread > 0).then(spread)
    return lift.fill_null(0.0)
