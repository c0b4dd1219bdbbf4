"""Print how well the truths of the default shop are found again; run it, it is no test.

``python tests/unit/simulate/measure.py`` gives the second table of ``docs/methods/simulate.md``.
"""

import sys

import numpy as np
import polars as pl

from cartwheel.simulate import SimulatedShop, simulate_shop


def elasticity(shop: SimulatedShop) -> tuple[float, float]:
    """Fit log uplift over depth: promotion days against the same weekday a week off."""
    days = shop.truths["demand"].group_by("product_id", "on").agg(
        pl.col("sold").sum(), pl.col("is_censored").any()
    ).filter(~pl.col("is_censored")).join(
        shop.truths["promotions"], on=["product_id", "on"], how="left"
    )  # fmt: skip
    plain = days.filter(pl.col("price_ratio").is_null()).select("product_id", "on", "sold")
    promoted = days.filter(pl.col("price_ratio").is_not_null())
    for name, off in (("before", "-7d"), ("after", "7d")):
        promoted = promoted.with_columns(near=pl.col("on").dt.offset_by(off)).join(
            plain.rename({"on": "near", "sold": name}), on=["product_id", "near"]
        )
    by_depth = promoted.group_by(pl.col("price_ratio").round(2)).agg(
        uplift=(2 * pl.col("sold").sum() / (pl.col("before") + pl.col("after")).sum()).log(),
        weight=pl.col("sold").sum().sqrt(),
    )
    fit = np.polyfit(np.log(by_depth["price_ratio"]), by_depth["uplift"], 1, w=by_depth["weight"])
    return float(fit[0]), float(fit[1])


def lead_times(shop: SimulatedShop) -> tuple[float, float]:
    """Return measured over true mean and spread, suppliers' mean, received orders only."""
    lines, orders = shop.tables["purchase_order_lines"], shop.tables["purchase_orders"]
    late = pl.col("ordered_at").dt.date() >= pl.col("late_from")
    found = (
        lines.filter(pl.col("received_at").is_not_null())
        .unique("purchase_order_id")
        .join(orders.select("purchase_order_id", "supplier_id"), on="purchase_order_id")
        .join(shop.truths["suppliers"], on="supplier_id")
        .filter(~late.fill_null(False))
        .group_by("supplier_id", "lead_time_mean_days", "lead_time_sd_days")
        .agg(((pl.col("received_at") - pl.col("ordered_at")).dt.total_hours() / 24).alias("days"))
    )
    mean = found["days"].list.mean() / found["lead_time_mean_days"]
    spread = found["days"].list.std() / found["lead_time_sd_days"]
    return mean.mean(), spread.mean()


def campaign_ratio(shop: SimulatedShop, lift: float) -> float:
    """Return orders a customer reached over orders a customer held out, in the campaigns' days."""
    local = pl.col("ordered_at").dt.convert_time_zone("Europe/London").dt.date()
    orders = shop.tables["orders"].select("customer_id", on=local)
    audience = (
        shop.tables["touches"].filter(pl.col("kind").is_in(["sent", "held_out"]))
        .join(shop.tables["campaigns"], on="campaign_id")
        .join(shop.truths["campaigns"].filter(pl.col("lift") == lift), on="campaign_id")
    )  # fmt: skip
    bought = audience.join(orders, on="customer_id").filter(
        pl.col("on").is_between("starts_on", "ends_on")
    )
    sent = pl.col("kind") == "sent"
    reached = bought.filter(sent).height / audience.filter(sent).height
    return reached / (bought.filter(~sent).height / audience.filter(~sent).height)


def main() -> None:
    shop = simulate_shop()
    demand, products = shop.truths["demand"], shop.truths["products"]
    lines = shop.tables["order_lines"].join(products, on="product_id")
    people = shop.truths["customers"]
    tastes = (
        lines.join(people, on="customer_id").group_by("segment", "department").len()
        .with_columns(share=pl.col("len") / pl.col("len").sum().over("segment"))
        .join(shop.truths["segment_tastes"], on=["segment", "department"])
    )  # fmt: skip
    favourites = people.unpivot(
        [f"favourite_{k}" for k in (1, 2, 3)], index="customer_id", value_name="category"
    )
    favoured = lines.join(favourites, on=["customer_id", "category"], how="semi")
    affinities = shop.truths["affinities"].filter(pl.col("rate") > 0.1)
    baskets = lines.select("order_id", "product_id")
    pairs = baskets.join(affinities, on="product_id")
    together = pairs.join(
        baskets, left_on=["order_id", "companion_id"], right_on=["order_id", "product_id"],
        how="semi",
    )  # fmt: skip
    parcels, bad = shop.truths["deliveries"], shop.truths["delays"].row(0, named=True)
    there = (pl.col("carrier_id") == bad["carrier_id"]) & (pl.col("region") == bad["region"])
    found = {
        "elasticity, log lift": elasticity(shop),
        "  true": (products["elasticity"].mean(), np.log(products["promotion_lift"].mean())),
        "units wanted / sum of means": demand["demand"].sum() / demand["mean"].sum(),
        "lead time mean, spread / true": lead_times(shop),
        "reached / held out, lift 1.6": campaign_ratio(shop, 1.6),
        "department share, taste: correlation": tastes.select(pl.corr("share", "taste")).item(),
        "lines in favourite categories": favoured.height / lines.height,
        "affinity above 0.1, seen and true": (together.height / pairs.height, pairs["rate"].mean()),
        "units lost": 1 - demand["sold"].sum() / demand["demand"].sum(),
        "product-days that begin empty": (demand["on_hand_before"] == 0).mean(),
        "late: bad carrier there, all": (
            parcels.filter(there)["is_late"].mean(), parcels["is_late"].mean()
        ),
        "orders of guests": shop.tables["orders"]["customer_id"].is_null().mean(),
    }  # fmt: skip
    for name, value in found.items():
        numbers = value if isinstance(value, tuple) else (value,)
        sys.stdout.write(f"{name:40} {'  '.join(f'{number:.3f}' for number in numbers)}\n")


if __name__ == "__main__":
    main()
