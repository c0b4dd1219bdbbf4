"""Supplier scorecards: punctuality, lead time, quality, quantity and price, with intervals.

Shares have Wilson's interval (1927, J. Am. Stat. Assoc. 22, 209-212) counted over purchase orders,
because the lines of one order come together; means have a percentile bootstrap, over orders for
lead times and over products for prices. Linear in lines. Where it fails: a supplier that changed
in the middle of the year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.interval import wilson
from cartwheel.tables import table_contract

Floats = npt.NDArray[np.float64]
_DRAWS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardPolicy:
    """What is judged."""

    minimum_deliveries: int = 5  # below it a supplier is not called reliable to judge
    days: int = 365  # how far back

    def __post_init__(self) -> None:
        if self.minimum_deliveries < 1 or self.days < 1:
            raise InputError("minimum_deliveries and days must be at least 1")


def scorecards(
    delivered: pl.DataFrame,
    prices: pl.DataFrame,
    suppliers: pl.DataFrame,
    policy: ScorecardPolicy,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Return a frame of contract ``supplier_scorecards``.

    Parameters
    ----------
    delivered
        From ``deliveries``.
    prices
        ``supplier_id, product_id, unit_cost``: one comparable price a pair.
    suppliers
        Contract ``suppliers``, for names.
    rng
        For the bootstrap.
    """
    index = price_indices(prices, rng)
    names = dict(suppliers.select("supplier_id", "name").iter_rows())
    rows = []
    for (supplier,), part in delivered.group_by("supplier_id", maintain_order=True):
        row = {"supplier_id": supplier, "name": names.get(supplier)}
        row |= _punctuality(part) | _lead_time(part, rng) | _quality(part)
        row["is_reliable"] = row["deliveries"] >= policy.minimum_deliveries
        rows.append(row)
    contract = table_contract("supplier_scorecards")
    if not rows:
        return contract.empty()
    frame = pl.DataFrame(rows, infer_schema_length=None)
    frame = frame.join(index, on="supplier_id", how="left", maintain_order="left")
    return contract.conform(frame.with_columns(pl.col("compared_products").fill_null(0)))


def price_indices(prices: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return each supplier's mean price over the mean of the others' for products they share."""
    others = (pl.col("unit_cost").sum() - pl.col("unit_cost")) / (pl.len() - 1)
    ratios = (
        prices.filter(pl.col("unit_cost") > 0)
        .filter(pl.len().over("product_id") > 1)
        .with_columns((pl.col("unit_cost") / others.over("product_id")).alias("ratio"))
        .sort("supplier_id", "product_id")
    )
    rows = [
        {
            "supplier_id": supplier, "price_index": float(part["ratio"].to_numpy().mean()),
            **_ends("price_index", part["ratio"].to_numpy(), rng), "compared_products": part.height,
        }
        for (supplier,), part in ratios.group_by("supplier_id", maintain_order=True)
    ]  # fmt: skip
    schema = {
        "supplier_id": pl.String, "price_index": pl.Float64, "price_index_low": pl.Float64,
        "price_index_high": pl.Float64, "compared_products": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _punctuality(part: pl.DataFrame) -> dict[str, object]:
    judged = part.filter(pl.col("is_on_time").is_not_null())
    row: dict[str, object] = {
        "lines": part.height,
        "deliveries": part["purchase_order_id"].n_unique(),
        "overdue": int(part["is_open"].sum()),
        "delay_days": part["delay_days"].mean(),
    }
    return row | _share("on_time", judged["is_on_time"].cast(pl.Float64), judged)


def _lead_time(part: pl.DataFrame, rng: np.random.Generator) -> dict[str, object]:
    known = part.filter(pl.col("lead_days").is_not_null())
    if known.is_empty():
        return {"lead_time_days": None}
    lead = known["lead_days"].to_numpy()
    by_order = known.group_by("purchase_order_id").agg(pl.col("lead_days").mean())
    orders = by_order.sort("purchase_order_id")["lead_days"].to_numpy()
    return {
        "lead_time_days": float(lead.mean()),
        "lead_time_sd_days": float(lead.std(ddof=1)) if len(lead) > 1 else None,
        "lead_time_p90_days": float(np.quantile(lead, 0.9)),
        **_ends("lead_time", orders, rng),
    }


def _quality(part: pl.DataFrame) -> dict[str, object]:
    known = part.filter(pl.col("received").is_not_null())
    units = float(known["received"].sum())
    row = _share("full", (known["received"] == known["ordered"]).cast(pl.Float64), known)
    if units <= 0:
        return row
    share = min(1.0, float(known["rejected"].sum()) / units)
    low, high = wilson(share, known["purchase_order_id"].n_unique())
    return row | {"rejected": share, "rejected_low": low, "rejected_high": high}


def _share(name: str, hits: pl.Series, rows: pl.DataFrame) -> dict[str, object]:
    if hits.is_empty():
        return {name: None}
    share = float(hits.to_numpy().mean())
    low, high = wilson(share, rows["purchase_order_id"].n_unique())
    return {name: share, f"{name}_low": low, f"{name}_high": high}


def _ends(name: str, values: Floats, rng: np.random.Generator) -> dict[str, object]:
    """Return the percentile bootstrap interval of the mean; nothing for a single value."""
    if len(values) < 2:
        return {f"{name}_low": None, f"{name}_high": None}
    drawn = rng.choice(values, size=(_DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return {f"{name}_low": float(low), f"{name}_high": float(high)}
