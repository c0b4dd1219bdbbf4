"""Laws of the procurement stage, over random needs and offers."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.stages.procurement.plan import PurchaseFacts, PurchasePolicy, purchase_lines
from cartwheel.stages.procurement.sourcing import SourcingPolicy, sources

few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def offers(rng: np.random.Generator, products: int, suppliers: int) -> pl.DataFrame:
    rows = []
    for item in range(products):
        for supplier in rng.choice(suppliers, int(rng.integers(1, suppliers + 1)), replace=False):
            price, least = float(rng.integers(50, 500)), int(rng.integers(1, 20))
            pack, lead = int(rng.integers(1, 8)), float(rng.integers(2, 30))
            for step, start in enumerate((1, 30, 100)[: int(rng.integers(1, 4))]):
                rows.append(
                    {
                        "supplier_id": f"s{supplier}", "product_id": f"p{item}",
                        "from_quantity": start, "unit_cost": round(price * 0.95**step),
                        "minimum": least, "pack": pack, "is_assumed": False,
                        "promised_lead": lead,
                    }
                )  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.col("unit_cost").cast(pl.Float64))


def rows(rng: np.random.Generator, products: int, places: tuple[str, ...]) -> pl.DataFrame:
    frame = pl.DataFrame({"product_id": [f"p{i}" for i in range(products)]}).join(
        pl.DataFrame({"warehouse_id": places}), how="cross"
    )
    size = frame.height
    return frame.with_columns(
        pl.Series("needed", rng.integers(1, 60, size)),
        pl.Series("daily", rng.uniform(0.05, 5, size)),
        pl.Series("margin", rng.uniform(0, 300, size)),
        pl.Series("cover_days", rng.uniform(0, 40, size)),
        pl.Series("shortage_value", rng.integers(0, 50_000, size)),
    )


class Case:
    """A random purchase problem."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        every = rows(rng, 8, ("n", "s"))
        due = pl.Series(rng.random(every.height) < 0.6)
        self.offers = offers(rng, 8, 3)
        self.record = pl.DataFrame(
            {
                "supplier_id": ["s0", "s1"], "rejected": [0.05, None], "lead_days": [12.0, 6.0],
                "lead_sd_days": [4.0, 1.0], "usual_delay": [1.0, 0.0],
            }
        )  # fmt: skip
        self.facts = PurchaseFacts(
            needs=every.filter(due), later=every.filter(~due), offers=self.offers,
            record=self.record,
            minimums=pl.DataFrame(
                {"supplier_id": ["s0", "s1"], "minimum_order": rng.integers(0, 60_000, 2)}
            ),
        )  # fmt: skip
        budget = int(rng.integers(1_000, 200_000)) if rng.random() < 0.5 else None
        self.policy = PurchasePolicy(budget_minor=budget)


@few
@given(seeds)
def test_lines_keep_minimum_packs_price_and_need(seed):
    case = Case(seed)
    lines = purchase_lines(case.facts, case.policy)
    terms = case.offers.group_by("supplier_id", "product_id").agg(
        pl.col("minimum").first().alias("least"), pl.col("pack").first().alias("of")
    )
    known = lines.join(terms, on=["supplier_id", "product_id"])
    assert known.height == lines.height
    assert (known["quantity"] >= known["needed"]).all()
    assert (known["quantity"] >= known["least"]).all()
    assert (known["quantity"] % known["of"] == 0).all()
    assert (known["line_cost"] == (known["quantity"] * known["unit_cost"]).round()).all()


@few
@given(seeds)
def test_every_need_is_answered_once_and_nothing_is_ordered_twice(seed):
    case = Case(seed)
    lines = purchase_lines(case.facts, case.policy)
    key = ["product_id", "warehouse_id"]
    assert not lines.select(key).is_duplicated().any()
    assert case.facts.needs.join(lines, on=key, how="anti").is_empty()


@few
@given(seeds)
def test_budget_and_minimums_hold(seed):
    case = Case(seed)
    lines = purchase_lines(case.facts, case.policy)
    ordered = lines.filter(pl.col("state").is_in(["planned", "top_up"]))
    if case.policy.budget_minor is not None:
        assert ordered["line_cost"].sum() <= case.policy.budget_minor
    orders = ordered.group_by("supplier_id", "warehouse_id").agg(
        pl.col("line_cost").sum(), pl.col("minimum_order").first()
    )
    assert (orders["line_cost"] >= orders["minimum_order"]).all()


@few
@given(seeds)
def test_order_of_rows_changes_nothing(seed):
    case = Case(seed)
    lines = purchase_lines(case.facts, case.policy)
    mixed = PurchaseFacts(
        needs=case.facts.needs.reverse(), later=case.facts.later,
        offers=case.offers.sample(fraction=1.0, shuffle=True, seed=1).sort("from_quantity"),
        record=case.record.reverse(), minimums=case.facts.minimums.reverse(),
    )  # fmt: skip
    assert lines.equals(purchase_lines(mixed, case.policy).select(lines.columns))


@few
@given(seeds)
def test_source_is_no_dearer_than_the_lowest_price_at_the_rounded_need(seed):
    case = Case(seed)
    policy = SourcingPolicy()
    chosen = sources(case.facts.needs, case.offers, case.record, policy)
    best = chosen.filter(pl.col("rank") == 1)
    first = case.offers.filter(pl.col("from_quantity") == 1)
    simple = sources(case.facts.needs, first, case.record, policy)
    lowest = simple.sort("unit_cost", "supplier_id").unique(
        ["product_id", "warehouse_id"], keep="first", maintain_order=True
    )
    both = best.join(lowest, on=["product_id", "warehouse_id"], suffix="_simple")
    assert both.height == best.height
    assert (both["landed"] <= both["landed_simple"] + 1e-9).all()
