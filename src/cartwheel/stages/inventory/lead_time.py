"""Lead times of suppliers and products, learnt from receipts, open orders included.

An order still open after a days says that its lead time is longer than a: it is right-censored.
Mean and variance are the normal (Tobit) maximum likelihood by expectation-maximisation
(Dempster, Laird & Rubin 1977, section 4.2), linear in lines a round. Few receipts are shrunk: the
parent group (all -> supplier -> supplier and product) counts as ``prior_receipts`` receipts.
Where it fails: two humps (air and sea freight under one supplier) are seen as one wide one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import log_ndtr

from cartwheel.core.errors import InputError
from cartwheel.core.spread import Floats

_ROUNDS = 60  # of expectation-maximisation; the mean moves less than 0.1 % by then
_LOST = 3.0  # an order open for so many times the longest lead time seen is taken as lost


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimePolicy:
    """What is believed before and besides receipts."""

    assumed_days: float = 14.0  # where nothing is known
    assumed_cv: float = 0.3  # spread of promised and assumed lead times, sd over mean
    prior_receipts: float = 5.0  # receipts the parent group counts for
    minimum_receipts: int = 3  # of a supplier, to call its lead time measured

    def __post_init__(self) -> None:
        if self.assumed_days < 0 or self.assumed_cv < 0 or self.prior_receipts < 0:
            raise InputError("lead time settings must not be negative")


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and standard deviation of lead times in days, one a group."""

    mean: Floats
    sd: Floats
    receipts: npt.NDArray[np.int64]


def censored_moments(
    days: Floats,
    is_open: npt.NDArray[np.bool_],
    group: npt.NDArray[np.int64],
    *,
    prior_mean: Floats,
    prior_sd: Floats,
    prior_weight: float,
) -> Moments:
    """Estimate lead times by group; for an open order ``days`` is its age.

    ``prior_mean`` and ``prior_sd`` are one a group and count as ``prior_weight`` receipts.
    """
    groups = len(prior_mean)
    receipts = np.bincount(group[~is_open], minlength=groups)
    mean, sd = prior_mean.copy(), prior_sd.copy()
    mass = np.bincount(group, minlength=groups) + prior_weight
    is_known = mass > 0
    safe = np.where(is_known, mass, 1.0)
    for _ in range(_ROUNDS if is_open.any() else 2):
        expected, variance = _completed(days, is_open, mean[group], sd[group])
        total = np.bincount(group, expected, groups) + prior_weight * prior_mean
        mean = np.where(is_known, total / safe, prior_mean)
        apart = (expected - mean[group]) ** 2 + variance
        prior_apart = prior_weight * (prior_sd**2 + (prior_mean - mean) ** 2)
        spread = (np.bincount(group, apart, groups) + prior_apart) / safe
        sd = np.where(is_known, np.sqrt(spread), prior_sd)
    return Moments(mean, sd, receipts)


def lead_times(lines: pl.DataFrame, on: date, policy: LeadTimePolicy) -> pl.DataFrame:
    """Return lead times by supplier and product, and by supplier where ``product_id`` is null.

    Parameters
    ----------
    lines
        ``supplier_id, product_id, ordered_at, received_at`` (null while open).
    on
        The last day known; open orders have their age on it.

    Returns
    -------
    pl.DataFrame
        ``supplier_id, product_id, lead_time_days, lead_time_sd_days, receipts``.
    """
    known = _aged(lines, on)
    if known.filter(~pl.col("is_open")).is_empty():
        return _answer(known.clear(), Moments(np.empty(0), np.empty(0), np.empty(0, np.int64)))
    days, is_open = known["days"].to_numpy(), known["is_open"].to_numpy()
    received = days[~is_open]
    start = np.array([received.mean()]), np.array([received.std()])
    everyone = censored_moments(
        days, is_open, np.zeros(len(days), np.int64),
        prior_mean=start[0], prior_sd=start[1], prior_weight=0.0,
    )  # fmt: skip
    suppliers, of_supplier = _groups(known, ["supplier_id"])
    by_supplier = censored_moments(
        days, is_open, of_supplier,
        prior_mean=np.repeat(everyone.mean, suppliers.height),
        prior_sd=np.repeat(everyone.sd, suppliers.height),
        prior_weight=policy.prior_receipts,
    )  # fmt: skip
    pairs, of_pair = _groups(known, ["supplier_id", "product_id"])
    parent = pairs.join(suppliers.with_row_index("parent"), on="supplier_id", maintain_order="left")
    above = parent["parent"].to_numpy()
    by_pair = censored_moments(
        days, is_open, of_pair,
        prior_mean=by_supplier.mean[above], prior_sd=by_supplier.sd[above],
        prior_weight=policy.prior_receipts,
    )  # fmt: skip
    alone = suppliers.with_columns(pl.lit(None, pl.String).alias("product_id"))
    return pl.concat([_answer(pairs, by_pair), _answer(alone, by_supplier)])


def _aged(lines: pl.DataFrame, on: date) -> pl.DataFrame:
    end = pl.lit(on).cast(pl.Datetime("us", "UTC")) + pl.duration(days=1)
    day = 24 * 3600.0
    known = lines.select(
        "supplier_id",
        "product_id",
        pl.col("received_at").is_null().alias("is_open"),
        ((pl.coalesce("received_at", end) - pl.col("ordered_at")).dt.total_seconds() / day)
        .clip(lower_bound=0.0)
        .alias("days"),
    ).sort("supplier_id", "product_id", "is_open", "days")
    longest = pl.col("days").filter(~pl.col("is_open")).max()
    return known.filter(~pl.col("is_open") | (pl.col("days") <= _LOST * longest))


def _groups(frame: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    keys = frame.select(by).unique(maintain_order=True)
    index = frame.select(by).join(
        keys.with_row_index("group"), on=by, maintain_order="left", nulls_equal=True
    )
    return keys, index["group"].to_numpy().astype(np.int64)


def _completed(
    days: Floats, is_open: npt.NDArray[np.bool_], mean: Floats, sd: Floats
) -> tuple[Floats, Floats]:
    """Return mean and variance of each lead time given what is known of it."""
    scale = np.where(sd > 0, sd, 1.0)
    score = (days - mean) / scale
    log_density = -(score**2) / 2 - np.log(np.sqrt(2 * np.pi))
    hazard = np.exp(log_density - log_ndtr(-score))  # inverse Mills ratio, safe in the tail
    longer = np.where(sd > 0, mean + scale * hazard, np.maximum(mean, days))
    variance = np.where(sd > 0, scale**2 * np.maximum(1 + score * hazard - hazard**2, 0.0), 0.0)
    return np.where(is_open, longer, days), np.where(is_open, variance, 0.0)


def _answer(keys: pl.DataFrame, moments: Moments) -> pl.DataFrame:
    return keys.select("supplier_id", "product_id").with_columns(
        pl.Series("lead_time_days", moments.mean, pl.Float64),
        pl.Series("lead_time_sd_days", moments.sd, pl.Float64),
        pl.Series("receipts", moments.receipts, pl.Int64),
    )
