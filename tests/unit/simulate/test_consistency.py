"""What one table says, the others do not deny."""

import polars as pl

LONDON = "Europe/London"
ON = {"on": pl.col("ordered_at").dt.convert_time_zone(LONDON).dt.date()}


def test_opening_stock_and_movements_give_every_count(shop):
    keys = ["product_id", "warehouse_id"]
    counts = shop.tables["stock_levels"].sort("counted_at")
    moves = (
        shop.tables["stock_movements"]
        .sort("moved_at")
        .with_columns(moved=pl.col("quantity").cum_sum().over(keys))
    )
    opening = counts.filter(pl.col("counted_at") == pl.col("counted_at").min())
    found = (
        counts.join_asof(
            moves.select(*keys, "moved_at", "moved"),
            left_on="counted_at", right_on="moved_at", by=keys,
            check_sortedness=False,
        )
        .join(opening.select(*keys, began="on_hand"), on=keys, how="left")
        .with_columns(should=pl.col("began").fill_null(0) + pl.col("moved").fill_null(0))
    )  # fmt: skip
    assert found.filter(pl.col("should") != pl.col("on_hand")).is_empty()
    assert found["on_hand"].min() >= 0


def test_sold_units_are_the_order_lines(shop):
    keys = ["product_id", "warehouse_id", "on"]
    lines = shop.tables["order_lines"].group_by(
        "product_id", "warehouse_id", **ON
    ).agg(pl.col("quantity").sum())  # fmt: skip
    truth = shop.truths["demand"].filter(pl.col("sold") > 0)
    both = truth.join(lines, on=keys, how="full", coalesce=True)
    assert both.filter(pl.col("sold").ne_missing(pl.col("quantity").cast(pl.Int32))).is_empty()


def test_nothing_is_sold_that_was_not_wanted_or_not_there(shop):
    demand = shop.truths["demand"]
    assert (demand["sold"] <= demand["demand"]).all()
    assert (demand["sold"] <= demand["on_hand_before"]).all()


def test_demand_is_lost_only_when_the_stock_is_gone(shop):
    lost = shop.truths["demand"].filter("is_censored")
    assert lost.height > 100
    assert (lost["sold"] == lost["on_hand_before"]).all()


def test_every_order_line_was_viewed_put_in_the_basket_and_bought(shop):
    lines = shop.tables["order_lines"]
    events = shop.tables["events"]
    bought = events.filter(pl.col("kind") == "purchase")
    assert bought.height == lines.height
    paired = lines.join(bought, on=["order_id", "product_id"])
    assert paired.height == lines.height
    assert (paired["ordered_at"] == paired["happened_at"]).all()
    for kind in ("view", "add_to_cart"):
        before = events.filter(pl.col("kind") == kind).select(
            "visitor_id", "product_id", seen="happened_at"
        )
        found = (
            paired.join(before, on=["visitor_id", "product_id"])
            .filter(pl.col("seen") < pl.col("ordered_at"))
            .select("order_id", "product_id")
            .unique()
        )
        assert found.height == lines.height


def test_nobody_acts_before_registering(shop):
    joined = shop.tables["events"].join(shop.tables["customers"], on="customer_id")
    assert (joined["happened_at"] >= joined["registered_at"]).all()


def test_nothing_is_sold_before_it_is_listed(shop):
    joined = shop.tables["order_lines"].with_columns(**ON).join(
        shop.tables["products"], on="product_id"
    )  # fmt: skip
    assert (joined["on"] >= joined["listed_on"]).all()


def test_lines_are_sold_at_the_price_of_their_instant(shop):
    lines = shop.tables["order_lines"].sort("ordered_at")
    prices = shop.tables["prices"].sort("valid_from")
    found = lines.join_asof(
        prices, left_on="ordered_at", right_on="valid_from", by="product_id",
        check_sortedness=False,
    )  # fmt: skip
    assert (found["unit_price_minor"] == found["price_minor"]).all()
    assert (found["is_promotion"] == found["is_promotion_right"]).all()


def test_order_events_follow_the_life_of_an_order(shop):
    events = shop.tables["order_events"].sort("order_id", "happened_at", maintain_order=True)
    lives = events.group_by("order_id").agg("status")
    usual = ["received", "confirmed", "picked", "packed", "shipped", "delivered"]
    for life in lives["status"].to_list():
        kept = [status for status in life if status in usual]
        assert kept == usual[: len(kept)]
    orders = shop.tables["orders"]
    last = events.group_by("order_id").agg(pl.col("status").last().alias("last"))
    assert orders.join(last, on="order_id").filter(pl.col("status") != pl.col("last")).is_empty()


def test_every_order_that_was_not_cancelled_and_shipped_has_one_parcel(shop):
    shipped = shop.tables["order_events"].filter(pl.col("status") == "shipped")
    parcels = shop.tables["shipments"]
    assert set(shipped["order_id"]) == set(parcels["order_id"])
    assert parcels["order_id"].is_unique().all()


def test_returns_refer_to_lines_and_never_exceed_them(shop):
    back = shop.tables["returns"].group_by("order_id", "product_id").agg(pl.col("quantity").sum())
    lines = shop.tables["order_lines"].select("order_id", "product_id", sold="quantity")
    joined = back.join(lines, on=["order_id", "product_id"])
    assert joined.height == back.height
    assert (joined["quantity"] <= joined["sold"]).all()


def test_purchases_keep_packs_and_least_quantities(shop):
    suppliers = shop.tables["purchase_orders"].select("purchase_order_id", "supplier_id")
    terms = (
        shop.tables["supplier_offers"]
        .select("supplier_id", "product_id", "minimum_quantity", "pack_quantity")
        .unique()
    )
    lines = shop.tables["purchase_order_lines"].join(suppliers, on="purchase_order_id")
    joined = lines.join(terms, on=["supplier_id", "product_id"])
    assert joined.height == lines.height
    assert (joined["quantity"] >= joined["minimum_quantity"]).all()
    assert (joined["quantity"] % joined["pack_quantity"] == 0).all()


def test_receipts_are_the_received_lines(shop):
    received = shop.tables["purchase_order_lines"]["received_quantity"].sum()
    moved = shop.tables["stock_movements"].filter(pl.col("kind") == "receipt")["quantity"].sum()
    assert received == moved


def test_transfers_leave_as_much_as_arrives_but_for_what_is_on_its_way(shop):
    moves = shop.tables["stock_movements"].filter(pl.col("kind").str.starts_with("transfer"))
    out = moves.filter(pl.col("kind") == "transfer_out")["quantity"].sum()
    assert moves.filter(pl.col("kind") == "transfer_in")["quantity"].sum() == -out != 0


def test_every_id_that_is_referred_to_exists(shop):
    homes = {
        "product_id": "products", "customer_id": "customers", "order_id": "orders",
        "warehouse_id": "warehouses", "supplier_id": "suppliers", "carrier_id": "carriers",
        "campaign_id": "campaigns", "ticket_id": "tickets", "agent_id": "agents",
        "shipment_id": "shipments", "purchase_order_id": "purchase_orders",
    }  # fmt: skip
    for name, frame in shop.tables.items():
        for column in set(frame.columns) & set(homes):
            known = shop.tables[homes[column]][column]
            assert frame[column].drop_nulls().is_in(known.implode()).all(), (name, column)
