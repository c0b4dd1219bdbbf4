"""Laws every simulated shop keeps, whatever its sizes."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.simulate import ShopParameters, simulate_shop

SHOPS = st.builds(
    ShopParameters,
    seed=st.integers(0, 10**6),
    products=st.integers(1, 25),
    customers=st.integers(1, 120),
    months=st.integers(1, 3),
    warehouses=st.integers(1, 12),
    suppliers=st.integers(1, 9),
    until=st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    lines_per_customer=st.sampled_from([0.5, 10.0, 80.0]),
    promotions_per_product=st.sampled_from([0.0, 4.0, 20.0]),
    sessions_per_order=st.sampled_from([0.0, 2.0]),
    horizon_days=st.integers(0, 5),
    snapshot_days=st.integers(1, 40),
    currency=st.sampled_from(["GBP", "JPY", "KWD"]),
    time_zone=st.sampled_from(["Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "UTC"]),
)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(SHOPS)
def test_units_in_are_units_out_and_stock(parameters):
    shop = simulate_shop(parameters)
    levels = shop.tables["stock_levels"].sort("counted_at")
    keys = ["product_id", "warehouse_id"]
    opening = levels.filter(pl.col("counted_at") == pl.col("counted_at").min())["on_hand"].sum()
    closing = levels.group_by(keys).agg(pl.col("on_hand").last())["on_hand"].sum()
    assert opening + shop.tables["stock_movements"]["quantity"].sum() == closing
    assert levels["on_hand"].min() is None or levels["on_hand"].min() >= 0


@settings(max_examples=15, deadline=None, derandomize=True)
@given(SHOPS)
def test_sold_is_never_more_than_wanted_and_is_what_the_lines_say(parameters):
    shop = simulate_shop(parameters)
    demand = shop.truths["demand"]
    assert (demand["sold"] <= demand["demand"]).all()
    assert demand["sold"].sum() == shop.tables["order_lines"]["quantity"].sum()
    assert (demand["mean"] >= 0).all()


@settings(max_examples=10, deadline=None, derandomize=True)
@given(SHOPS)
def test_a_shop_is_made_twice_alike(parameters):
    one, two = simulate_shop(parameters), simulate_shop(parameters)
    assert all(frame.equals(two.tables[name]) for name, frame in one.tables.items())
    assert all(frame.equals(two.truths[name]) for name, frame in one.truths.items())
