"""What can be measured on the tables is what the truths say."""

import numpy as np
import polars as pl
import pytest

LONDON = "Europe/London"


def daily(shop):
    """Units of uncensored product-days with the promotion's truth beside."""
    days = shop.truths["demand"].group_by("product_id", "on").agg(
        pl.col("sold").sum(), pl.col("is_censored").any()
    )  # fmt: skip
    return days.filter(~pl.col("is_censored")).join(
        shop.truths["promotions"], on=["product_id", "on"], how="left"
    )


def test_demand_is_drawn_around_its_mean(shop):
    weeks = (
        shop.truths["demand"]
        .group_by("product_id", pl.col("on").dt.truncate("1w"))
        .agg(pl.col("mean", "demand").sum())
    )
    assert weeks["demand"].sum() / weeks["mean"].sum() == pytest.approx(1, abs=0.02)
    # at every level: no bias of small or large means
    levels = weeks.sort("mean").with_row_index().group_by(pl.col("index") * 8 // weeks.height).agg(
        (pl.col("demand").sum() / pl.col("mean").sum()).alias("ratio")
    )  # fmt: skip
    assert levels["ratio"].is_between(0.85, 1.15).all()


def test_no_forecast_beats_the_true_mean(shop):
    demand = shop.truths["demand"].with_columns(
        usual=pl.col("mean").mean().over("product_id", "warehouse_id"),
        last_week=pl.col("demand").shift(7).over("product_id", "warehouse_id"),
    ).drop_nulls()  # fmt: skip
    mse = {c: ((demand["demand"] - demand[c]) ** 2).mean() for c in ("mean", "usual", "last_week")}
    assert mse["mean"] < mse["usual"] < mse["last_week"]


def test_elasticity_and_lift_are_found_again_from_sales_and_prices(shop):
    days = daily(shop)
    plain = days.filter(pl.col("price_ratio").is_null()).select("product_id", "on", "sold")
    promoted = days.filter(pl.col("price_ratio").is_not_null())
    for name, days_off in (("before", "-7d"), ("after", "7d")):
        promoted = promoted.with_columns(near=pl.col("on").dt.offset_by(days_off)).join(
            plain.rename({"on": "near", "sold": name}), on=["product_id", "near"]
        )
    by_depth = promoted.group_by(pl.col("price_ratio").round(2)).agg(
        uplift=(2 * pl.col("sold").sum() / (pl.col("before") + pl.col("after")).sum()).log(),
        weight=pl.col("sold").sum().sqrt(),
    )
    slope, level = np.polyfit(
        np.log(by_depth["price_ratio"]), by_depth["uplift"], 1, w=by_depth["weight"]
    )
    truth = shop.truths["products"]
    assert slope == pytest.approx(truth["elasticity"].mean(), abs=0.45)
    assert level == pytest.approx(np.log(truth["promotion_lift"].mean()), abs=0.15)


def test_weekends_sell_as_the_weekly_truth_says(shop):
    weekend = pl.col("on").dt.weekday() > 5
    found = (
        shop.truths["demand"].join(shop.truths["products"], on="product_id")
        .group_by("department")
        .agg(
            seen=pl.col("demand").filter(weekend).sum() / pl.col("demand").sum(),
            true=pl.col("mean").filter(weekend).sum() / pl.col("mean").sum(),
        )
    )  # fmt: skip
    assert (found["seen"] - found["true"]).abs().max() < 0.03
    garden, electronics = (
        found.filter(pl.col("department") == name)["seen"].item()
        for name in ("Garden", "Electronics")
    )
    assert garden > electronics + 0.08


def test_weekly_factors_have_mean_one(shop):
    means = shop.truths["weekly_seasonality"].group_by("category").agg(pl.col("factor").mean())
    assert means["factor"].to_numpy() == pytest.approx(1)


def test_suppliers_deliver_in_their_own_time(shop):
    truth = shop.truths["suppliers"]
    times = shop.truths["lead_times"].join(truth, on="supplier_id")
    usual = times.filter(pl.col("slowed_by") == 1).with_columns(
        ratio=pl.col("lead_time_days") / pl.col("lead_time_mean_days")
    )
    assert usual["ratio"].mean() == pytest.approx(1, abs=0.05)
    slowed = times.filter(pl.col("slowed_by") > 1)
    assert slowed["supplier_id"].n_unique() == 1
    ratio = (slowed["lead_time_days"] / slowed["lead_time_mean_days"]).mean()
    assert ratio == pytest.approx(1.8, abs=0.4)


def test_lead_times_seen_are_the_true_ones(shop):
    lines = shop.tables["purchase_order_lines"].filter(pl.col("received_at").is_not_null())
    local = [
        pl.col(c).dt.convert_time_zone(LONDON).dt.date().alias(c)
        for c in ("ordered_at", "received_at")
    ]
    seen = lines.unique("purchase_order_id").with_columns(local).join(
        shop.truths["lead_times"], on="purchase_order_id"
    )  # fmt: skip
    days = (seen["received_at"] - seen["ordered_at"]).dt.total_days()
    assert (days == seen["lead_time_days"]).all()


def test_the_bad_carrier_is_the_worst_and_only_in_its_region(shop):
    bad = shop.truths["delays"].filter(pl.col("cause") == "carrier").row(0, named=True)
    late = (
        shop.tables["shipments"].filter(pl.col("delivered_at").is_not_null())
        .group_by("carrier_id", "region")
        .agg((pl.col("delivered_at") > pl.col("promised_at")).mean().alias("late"), pl.len())
        .filter(pl.col("len") >= 30).sort("late", descending=True)
    )  # fmt: skip
    assert late.row(0)[:2] == (bad["carrier_id"], bad["region"])
    assert late["late"][0] == pytest.approx(0.85 * bad["probability"], abs=0.12)
    assert late["late"][1] < 0.2


def test_the_slow_warehouse_is_slow_in_its_weeks_only(shop):
    slow = shop.truths["delays"].filter(pl.col("cause") == "warehouse").row(0, named=True)
    parcels = shop.tables["shipments"].join(shop.tables["orders"], on="order_id").with_columns(
        wait=(pl.col("shipped_at") - pl.col("ordered_at")).dt.total_hours(),
        on=pl.col("ordered_at").dt.convert_time_zone(LONDON).dt.date(),
    )  # fmt: skip
    there = pl.col("warehouse_id") == slow["warehouse_id"]
    then = pl.col("on").is_between(slow["from_on"], slow["to_on"])
    held = parcels.filter(there & then)["wait"].mean()
    usual = parcels.filter(~(there & then))["wait"].mean()
    assert held - usual == pytest.approx(24 * slow["days_more"], abs=14)


def test_late_orders_bring_tickets_and_lower_stars(shop):
    late = shop.truths["deliveries"].filter(
        pl.col("delivered_at") < shop.tables["orders"]["ordered_at"].max()
    )
    asked = shop.tables["tickets"].filter(pl.col("topic") == "where_is_my_order")
    assert asked["order_id"].is_in(late.filter("is_late")["order_id"].implode()).mean() > 0.95
    stars = shop.tables["reviews"].join(late, on="order_id").group_by("is_late").agg(
        pl.col("rating").mean()
    ).sort("is_late")["rating"]  # fmt: skip
    assert stars[0] - stars[1] > 0.6


def test_segments_buy_to_their_taste(shop):
    bought = (
        shop.tables["order_lines"]
        .join(shop.truths["customers"], on="customer_id")
        .join(shop.truths["products"], on="product_id")
        .group_by("segment", "department").agg(pl.len())
        .with_columns(share=pl.col("len") / pl.col("len").sum().over("segment"))
        .join(shop.truths["segment_tastes"], on=["segment", "department"])
    )  # fmt: skip
    assert bought.select(pl.corr("share", "taste")).item() > 0.85


def test_customers_buy_what_they_favour(shop):
    people = shop.truths["customers"].unpivot(
        [f"favourite_{k}" for k in (1, 2, 3)], index="customer_id", value_name="category"
    ).select("customer_id", "category").unique()  # fmt: skip
    lines = shop.tables["order_lines"].join(shop.tables["products"], on="product_id")
    favoured = lines.join(people, on=["customer_id", "category"], how="semi").height
    assert favoured / lines.height > 4 * 3 / 96  # a blind draw would give 3 of 96 categories


def test_companions_share_baskets(shop):
    lines = shop.tables["order_lines"].select("order_id", "product_id")
    strong = shop.truths["affinities"].filter(pl.col("rate") > 0.1)
    pairs = lines.join(strong, on="product_id").join(
        lines.with_columns(pl.lit(True).alias("found")),
        left_on=["order_id", "companion_id"], right_on=["order_id", "product_id"], how="left",
    )  # fmt: skip
    seen = pairs["found"].fill_null(False).mean()
    assert 0.4 * pairs["rate"].mean() < seen < 1.1 * pairs["rate"].mean()


def test_nobody_who_left_buys_again(shop):
    orders = shop.tables["orders"].join(shop.truths["customers"], on="customer_id")
    on = orders["ordered_at"].dt.convert_time_zone(LONDON).dt.date()
    assert ((on < orders["churned_on"]).fill_null(True)).all()


def test_dead_stock_lies_and_new_products_start_in_the_history(shop):
    truth = shop.truths["demand"].join(shop.truths["products"], on="product_id")
    dead = truth.filter(pl.col("on") > pl.col("ended_on"))
    assert dead["demand"].sum() == 0
    assert dead["on_hand_before"].mean() > 10
    new = truth.filter(pl.col("life") == "new")
    assert (new["listed_on"] > truth["on"].min()).all()


def test_stock_outs_censor_a_part_of_demand(shop):
    demand = shop.truths["demand"]
    lost = 1 - demand["sold"].sum() / demand["demand"].sum()
    assert 0.02 < lost < 0.2


@pytest.mark.slow
def test_customers_reached_by_a_campaign_buy_more_by_its_lift():
    from cartwheel.simulate import ShopParameters, simulate_shop

    shop = simulate_shop(ShopParameters(products=400, customers=60_000, sessions_per_order=0))
    orders = shop.tables["orders"].select(
        "customer_id", on=pl.col("ordered_at").dt.convert_time_zone(LONDON).dt.date()
    )
    audience = (
        shop.tables["touches"].filter(pl.col("kind").is_in(["sent", "held_out"]))
        .join(shop.tables["campaigns"], on="campaign_id")
        .join(shop.truths["campaigns"], on="campaign_id")
    )  # fmt: skip
    people = audience.group_by("lift", "kind").agg(people=pl.len())
    rates = (
        audience.join(orders, on="customer_id")
        .filter(pl.col("on").is_between("starts_on", "ends_on"))
        .group_by("lift", "kind").agg(orders=pl.len())
        .join(people, on=["lift", "kind"])
        .with_columns(rate=pl.col("orders") / pl.col("people"))
        .pivot(on="kind", index="lift", values=["rate", "orders"])
    )  # fmt: skip
    for row in rates.iter_rows(named=True):
        ratio = row["rate_sent"] / row["rate_held_out"]
        error = 3 * ratio / row["orders_held_out"] ** 0.5
        assert ratio == pytest.approx(row["lift"], abs=error)
