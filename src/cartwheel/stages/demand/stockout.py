"""Stock-outs are not zero demand: where they were, and what would have been sold.

A period without stock tells only that demand was at least what was sold. It is filled with the
mean of the stocked periods of the same season before it, weighted by the share of time in stock
(a ratio estimator, as in Agrawal & Smith 1996, Naval Research Logistics 43, 839-861, without their
distribution). Only the past is used, so that nothing leaks into a past origin. Fails when a
product is out of stock so long that the level before it is no longer true.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from cartwheel.stages.demand.panel import Floats, Panel

SEASONS_BACK = 8  # periods of the same season that are averaged


def mask_from_levels(panel: Panel, levels: pl.DataFrame, *, time_zone: str) -> Panel:
    """Return the panel with the share of each period in stock, from counted stock levels.

    A level holds until the next count of the same product and warehouse. A sale on a day after
    the count shows that there was stock. A series of warehouse "all" is out of stock when every
    warehouse is. Before the first count stock is taken for granted.
    """
    pair = ["product_id", "warehouse_id"]
    day = (
        pl.col("counted_at").dt.convert_time_zone(time_zone).dt.date() - panel.starts_on
    ).dt.total_days()
    length = panel.periods * panel.days
    spans = (
        levels.sort(*pair, "counted_at")
        .select(*pair, day.alias("begin"), "on_hand")
        .filter(pl.col("begin") < length)
        .unique([*pair, "begin"], keep="last", maintain_order=True)
        .with_columns(
            pl.col("begin").shift(-1).over(pair).fill_null(length).alias("end"),
            pl.col("warehouse_id").n_unique().over("product_id").alias("places"),
        )
        .filter((pl.col("on_hand") <= 0) & (pl.col("end") > 0))
        .with_columns(pl.col("begin").clip(0))
    )
    rows = panel.keys.with_row_index("row")
    by_pair = spans.join(rows, on=pair).with_columns(pl.lit(1, dtype=pl.UInt32).alias("places"))
    pooled = rows.filter(pl.col("warehouse_id") == "all").drop("warehouse_id")
    outages = pl.concat([by_pair, spans.join(pooled, on="product_id").select(by_pair.columns)])
    if outages.is_empty():
        return panel
    return replace(panel, stocked=_stocked_share(panel, outages))


def _stocked_share(panel: Panel, outages: pl.DataFrame) -> Floats:
    """Turn outage spans in days into the share of each period in stock."""
    series, row = np.unique(outages["row"].to_numpy(), return_inverse=True)
    change = np.zeros((len(series), panel.periods * panel.days + 1), dtype=np.int32)
    np.add.at(change, (row, outages["begin"].to_numpy()), 1)
    np.add.at(change, (row, outages["end"].to_numpy()), -1)
    places = np.zeros(len(series), dtype=np.int32)
    places[row] = outages["places"].to_numpy()
    is_out = np.cumsum(change[:, :-1], axis=1) >= places[:, None]
    if panel.days == 1:
        counted = np.zeros(is_out.shape, dtype=bool)
        counted[row, outages["begin"].to_numpy()] = True
        is_out &= counted | (panel.sold[series] == 0)
    stocked = panel.stocked.copy()
    shares = 1.0 - is_out.reshape(len(series), panel.periods, panel.days).mean(axis=2)
    stocked[series] = np.minimum(stocked[series], shares)
    return stocked


def uncensored(panel: Panel) -> Panel:
    """Return the panel with demand estimated where stock was short; never below what was sold.

    demand = max(sold, min(sold + (1 - stocked) rate, rate)), rate = the mean demand of a stocked
    period, over the last ``SEASONS_BACK`` periods of the same season (weekday for days).
    """
    out = panel.stocked < 1.0
    if not out.any():
        return replace(panel, demand=panel.sold)
    some = np.flatnonzero(out.any(axis=1))
    sold, stocked = panel.sold[some], panel.stocked[some]
    lived = panel.rows(some).lived()
    rate = _stocked_rate(
        np.where(stocked > 0, sold, 0.0), stocked * lived, panel.season if panel.days == 1 else 1
    )
    filled = np.minimum(sold + (1.0 - stocked) * rate, np.maximum(rate, sold))
    demand = panel.sold.copy()
    demand[some] = np.where(lived & (stocked < 1.0), np.maximum(sold, filled), sold)
    return replace(panel, demand=demand)


def _stocked_rate(sold: Floats, share: Floats, season: int) -> Floats:
    """Return for each cell the mean demand of stocked cells of its season before it."""
    n, periods = sold.shape
    rate = np.zeros((n, periods))
    for phase in range(season):
        at = slice(phase, periods, season)
        total = _window_before(sold[:, at])
        weight = _window_before(share[:, at])
        known = weight > 0.5
        mean = np.divide(total, weight, out=np.zeros_like(total), where=known)
        held = np.maximum.accumulate(np.where(known, np.arange(mean.shape[1]), -1), axis=1)
        rate[:, at] = np.where(
            held >= 0, np.take_along_axis(mean, np.maximum(held, 0), axis=1), 0.0
        )
    return rate


def _window_before(values: Floats) -> Floats:
    """Sum the ``SEASONS_BACK`` columns before each column, itself left out."""
    total = np.cumsum(values, axis=1)
    before = np.concatenate([np.zeros((len(values), 1)), total], axis=1)
    ends = np.arange(values.shape[1])
    window: Floats = before[:, ends] - before[:, np.maximum(ends - SEASONS_BACK, 0)]
    return window
