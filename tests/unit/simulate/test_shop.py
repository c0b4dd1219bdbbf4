from datetime import date

import polars as pl
import pytest

from cartwheel.core.time import day_end
from cartwheel.simulate import ShopParameters, simulate_shop
from cartwheel.simulate.meaning import MEANINGS
from cartwheel.tables import table_contract
from unit.simulate.conftest import tiny

EXPECTED = {
    *("products", "prices", "competitor_prices", "customers", "events", "reviews", "orders"),
    *("order_lines", "order_charges", "order_events", "returns", "warehouses", "stock_levels"),
    *("stock_movements", "suppliers", "supplier_offers", "purchase_orders", "carriers"),
    *("purchase_order_lines", "carrier_rates", "shipments", "tracking_events", "vehicles"),
    *("tickets", "messages", "agents", "campaigns", "touches", "ad_spend"),
}


def same(a, b):
    return all(a.tables[name].equals(b.tables[name]) for name in EXPECTED) and all(
        a.truths[name].equals(b.truths[name]) for name in MEANINGS
    )


def test_every_input_table_is_there_and_has_rows(shop):
    assert set(shop.tables) == EXPECTED
    assert [name for name, frame in shop.tables.items() if frame.is_empty()] == []


def test_every_table_keeps_its_contract(shop):
    for name, frame in shop.tables.items():
        table_contract(name).check(frame)


def test_every_truth_says_what_it_means(shop):
    assert set(shop.truths) == set(MEANINGS)


def test_same_seed_gives_the_same_shop_and_another_seed_another():
    first = simulate_shop(tiny(seed=1))
    assert same(first, simulate_shop(tiny(seed=1)))
    assert not first.tables["order_lines"].equals(simulate_shop(tiny(seed=2)).tables["order_lines"])


def test_a_longer_horizon_of_truths_changes_nothing_the_shop_knows():
    short, long = simulate_shop(tiny(horizon_days=0)), simulate_shop(tiny(horizon_days=30))
    assert short.truths["demand_ahead"].is_empty()
    assert all(short.tables[name].equals(long.tables[name]) for name in EXPECTED)
    assert long.truths["demand_ahead"].height == 12 * 2 * 30


def test_nothing_is_known_from_after_the_last_day(shop):
    end = day_end(shop.parameters.until, "Europe/London")
    for name, frame in shop.tables.items():
        for column, dtype in frame.schema.items():
            if dtype == pl.Datetime("us", "UTC") and column != "promised_at":
                assert frame[column].drop_nulls().le(end).all(), (name, column)


@pytest.mark.parametrize(
    "sizes",
    [
        {"products": 1, "customers": 1, "months": 1, "warehouses": 1, "suppliers": 1},
        {"products": 1, "customers": 500},
        {"products": 300, "customers": 1},
        {"warehouses": 12, "suppliers": 200},
        {"promotions_per_product": 0, "sessions_per_order": 0, "chinese_share": 1},
        {"until": date(2024, 2, 29), "months": 1, "horizon_days": 0},
        {"currency": "JPY", "time_zone": "Asia/Tokyo"},
        {"time_zone": "America/New_York", "months": 12, "snapshot_days": 7},
    ],
    ids=str,
)
def test_every_size_and_place_makes_a_shop_that_keeps_its_contracts(sizes):
    shop = simulate_shop(tiny(**sizes))
    assert shop.tables["products"].height == shop.parameters.products
    assert shop.tables["customers"].height == shop.parameters.customers
    assert shop.tables["warehouses"].height == shop.parameters.warehouses
    assert shop.tables["suppliers"].height == shop.parameters.suppliers


def test_no_promotions_means_no_promotion_price():
    shop = simulate_shop(tiny(promotions_per_product=0, months=12))
    assert not shop.tables["prices"]["is_promotion"].any()
    assert shop.truths["promotions"].is_empty()


def test_demand_grows_with_the_customers():
    small, large = (simulate_shop(tiny(customers=n, products=40)) for n in (500, 2_000))
    ratio = large.truths["demand"]["mean"].sum() / small.truths["demand"]["mean"].sum()
    assert ratio == pytest.approx(4, rel=0.15)


def test_order_lines_come_near_the_number_asked_for(shop):
    wanted = shop.parameters.lines_per_customer * shop.parameters.customers
    assert 0.8 * wanted < shop.tables["order_lines"].height < wanted


def test_weekly_counts_of_stock_end_with_the_last_day():
    levels = simulate_shop(tiny(snapshot_days=7)).tables["stock_levels"]
    last = levels["counted_at"].dt.convert_time_zone("Europe/London").dt.date().max()
    assert last == ShopParameters().until
    assert levels["counted_at"].n_unique() == 1 + 9  # the opening, and 61 days in weeks


def test_both_languages_are_written(shop):
    for table in ("reviews", "messages"):
        share = (shop.tables[table]["language"] == "zh").mean()
        assert 0.1 < share < 0.3
    assert shop.tables["products"].select(pl.col("name_zh").str.contains(r"\p{Han}").all()).item()


def test_products_of_a_type_share_words_that_others_lack(shop):
    mugs = shop.tables["products"].filter(pl.col("category").str.ends_with("> Mug"))
    assert mugs["name"].str.contains("Mug").all()
    assert mugs["description_zh"].str.contains("马克杯").all()
