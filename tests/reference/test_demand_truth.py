"""Demand that stock-outs hid, against what a simulated shop knows customers wanted."""

import polars as pl
import pytest

from cartwheel.simulate import ShopParameters, simulate_shop
from cartwheel.stages.demand.step import DemandSettings, DemandStep
from cartwheel.tables.step import Outputs
from fakes import MemoryInputs

KEY = ["product_id", "warehouse_id", "starts_on"]


@pytest.mark.slow
def test_filled_in_demand_is_nearer_to_what_customers_wanted_than_sales_are() -> None:
    shop = simulate_shop(ShopParameters(products=150, customers=6_000, warehouses=2, suppliers=5))
    known = ("order_lines", "returns", "products", "prices", "stock_levels")
    inputs = MemoryInputs(
        on=shop.parameters.until,
        tables={name: shop.tables[name] for name in known},
        time_zone=shop.parameters.time_zone,
    )
    found = DemandStep(DemandSettings(grain="week", boosting_rounds=20)).run(inputs)
    assert isinstance(found, Outputs)
    history = found.tables["demand_history"]
    began = history["starts_on"].min()
    week = began + pl.duration(days=(pl.col("on") - began).dt.total_days() // 7 * 7)
    wanted = (
        shop.truths["demand"]
        .filter(pl.col("on") >= began)
        .with_columns(week.cast(pl.Date).alias("starts_on"))
        .group_by(KEY)
        .agg(pl.col("demand").sum().alias("wanted"))
    )
    both = history.join(wanted, on=KEY)
    short = both.filter(~pl.col("is_stocked"))
    assert short.height > 100
    error = short.select(
        (pl.col("demand") - pl.col("wanted")).abs().sum().alias("filled"),
        (pl.col("sold") - pl.col("wanted")).abs().sum().alias("sold"),
        (pl.col("demand").sum() / pl.col("wanted").sum()).alias("share"),
    ).row(0, named=True)
    assert error["filled"] < error["sold"]
    assert 0.5 < error["share"] < 1.3
