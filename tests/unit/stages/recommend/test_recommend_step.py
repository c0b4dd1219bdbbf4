from datetime import timedelta

import polars as pl
import pytest

from cartwheel.core.errors import InputError
from cartwheel.stages.recommend.step import RecommendSettings, RecommendStep
from cartwheel.tables import table_contract
from cartwheel.tables.step import Outputs, Skipped
from fakes import MemoryInputs
from unit.stages.recommend.shops import END, ON, catalogue, lines, two_tastes

DAY = timedelta(days=1)
SMALL = RecommendSettings(length=5, least_cases=20)


def turn(settings: RecommendSettings = SMALL, **tables: pl.DataFrame) -> Outputs:
    found = RecommendStep(settings).run(MemoryInputs(ON, tables))
    assert isinstance(found, Outputs)
    for name, frame in found.tables.items():
        table_contract(name).check(frame)
    return found


@pytest.fixture(scope="module")
def full() -> Outputs:
    return turn(order_lines=two_tastes(), products=catalogue())


def place(found: Outputs, name: str) -> pl.DataFrame:
    return found.tables["recommendations"].filter(pl.col("place") == name)


def serving(found: Outputs, name: str) -> str:
    return place(found, name)["method"].unique().item()


def stock(**free: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "product_id": list(free),
            "warehouse_id": ["w"] * len(free),
            "counted_at": [END - timedelta(days=1)] * len(free),
            "on_hand": list(free.values()),
        },
        schema_overrides={"counted_at": pl.Datetime("us", "UTC")},
    )


def test_writes_what_it_declares(full):
    assert set(full.tables) == RecommendStep.writes


def test_every_customer_product_and_newcomer_gets_a_full_list(full):
    sizes = full.tables["recommendations"].group_by("place", "subject_id").len()
    assert sizes["len"].unique().to_list() == [5]
    assert dict(sizes.group_by("place").len().iter_rows()) == {
        "for_you": 160, "discover": 160, "also_bought": 40, "similar": 40, "newcomers": 1,
    }  # fmt: skip


def test_lists_follow_taste(full):
    same = (
        pl.col("subject_id").str.slice(1).cast(int) % 2
        == pl.col("product_id").str.slice(1).cast(int) % 2
    )
    for name in ("for_you", "also_bought", "similar"):
        assert place(full, name).select(same.mean()).item() > 0.95


def test_taste_proves_better_than_popularity_and_serves(full):
    assert "popularity" not in serving(full, "for_you")
    scores = full.tables["recommend_scores"].filter(
        (pl.col("slice") == "for_you") & (pl.col("measure") == "recall@10")
    )
    used = scores.filter("is_used")["value"].item()
    assert used > scores.filter("is_baseline")["value"].max()


def test_one_method_is_used_a_place(full):
    used = full.tables["recommend_scores"].filter("is_used", pl.col("measure") == "nDCG@10")
    assert used.group_by("slice").len()["len"].to_list() == [1] * used["slice"].n_unique()


def test_discover_shows_nothing_bought_before(full):
    bought = two_tastes().select(subject_id="customer_id", product_id="product_id")
    assert place(full, "discover").join(bought, on=["subject_id", "product_id"]).is_empty()


def test_no_product_is_beside_itself(full):
    for name in ("also_bought", "similar"):
        assert place(full, name).filter(pl.col("subject_id") == pl.col("product_id")).is_empty()


def test_reasons_name_the_product_they_rest_on(full):
    row = place(full, "similar").row(0, named=True)
    name = catalogue().filter(pl.col("product_id") == row["because_id"])["name"].item()
    assert row["reason"] == f"Similar to {name}."
    assert row["because_id"] == row["subject_id"]
    assert row["reason_zh"].startswith("与“")


def test_reason_counts_the_customers_who_bought_both(full):
    row = place(full, "also_bought").filter(pl.col("reason").str.starts_with("Bought")).row(
        0, named=True
    )  # fmt: skip
    buyers = two_tastes().group_by("product_id").agg(pl.col("customer_id").unique())
    of = dict(buyers.iter_rows())
    both = len(set(of[row["subject_id"]]) & set(of[row["product_id"]]))
    assert f"by {both} customer" in row["reason"]
    assert row["reason_zh"].startswith(f"{both} 位客户")


def test_what_is_out_of_stock_or_not_on_sale_is_shown_nowhere():
    levels = stock(**{f"p{at:02d}": 0 if at < 8 else 5 for at in range(39)})
    products = catalogue().with_columns(is_active=pl.col("product_id") != "p20")
    found = turn(order_lines=two_tastes(), products=products, stock_levels=levels)
    shown = set(found.tables["recommendations"]["product_id"])
    assert shown.isdisjoint({f"p{at:02d}" for at in range(8)} | {"p20"})
    said = " ".join(note.en for note in found.notes)
    assert "8 products without stock and 1 not on sale" in said
    assert "1 products were never counted" in said


def test_says_so_when_stock_is_unknown(full):
    assert any("Stock is unknown" in note.en for note in full.notes)


def test_shop_without_stock_is_skipped():
    empty = stock(**{f"p{at:02d}": 0 for at in range(40)})
    inputs = MemoryInputs(ON, {"order_lines": two_tastes(), "stock_levels": empty})
    assert isinstance(RecommendStep(SMALL).run(inputs), Skipped)


def test_shop_without_orders_is_skipped():
    assert isinstance(RecommendStep().run(MemoryInputs(ON, {})), Skipped)


def test_order_lines_alone_are_enough():
    found = turn(order_lines=two_tastes())
    assert place(found, "for_you")["subject_id"].n_unique() == 160
    assert place(found, "also_bought")["reason"].str.contains("Bought with p").any()


def test_one_order_line_gives_popularity_and_says_why():
    found = turn(order_lines=lines(("o", "c", "p", 3.0)))
    rows = found.tables["recommendations"]
    assert serving(found, "for_you") == "recent_popularity"
    assert rows.filter(pl.col("place") == "for_you")["product_id"].to_list() == ["p"]
    assert found.tables["recommend_scores"].is_empty()
    assert any("too few cases" in note.en for note in found.notes)


def test_anonymous_orders_alone_feed_what_is_bought_together():
    known = two_tastes().with_columns(customer_id=pl.lit(None, pl.String))
    found = turn(order_lines=known)
    assert set(found.tables["recommendations"]["place"]) == {"also_bought", "similar", "newcomers"}
    assert "popularity" not in serving(found, "also_bought")


def test_methods_without_merit_do_not_serve():
    noise = two_tastes().with_columns(pl.col("product_id").shuffle(seed=3))
    noise = noise.unique(["order_id", "product_id"], maintain_order=True)
    found = turn(order_lines=noise)
    for name in ("discover", "also_bought"):
        assert "popularity" in serving(found, name)
    assert any("no method proved better" in note.en for note in found.notes)


def test_views_of_somebody_who_never_bought_give_a_list():
    seen = pl.DataFrame(
        {
            "event_id": [f"e{at}" for at in range(6)],
            "happened_at": [END - timedelta(days=at + 1) for at in range(6)],
            "customer_id": ["new"] * 6,
            "kind": ["view", "add_to_cart", "search"] * 2,
            "product_id": ["p02", "p04", None, "p06", "p08", None],
        },
        schema_overrides={"happened_at": pl.Datetime("us", "UTC")},
    )
    found = turn(order_lines=two_tastes(), events=seen)
    assert place(found, "for_you").filter(pl.col("subject_id") == "new").height == 5


def test_what_was_looked_at_comes_first_where_looking_foretells_buying():
    orders = two_tastes().filter(pl.col("line_no") % 3 == 0)
    seen = orders.select(
        event_id=pl.format("e{}", "line_no"),
        happened_at=pl.col("ordered_at") - pl.duration(days=30),
        customer_id="customer_id",
        kind=pl.lit("view"),
        product_id="product_id",
    )
    waiting = seen.tail(1).with_columns(event_id=pl.lit("last"), happened_at=END - DAY)
    waiting = waiting.with_columns(customer_id=pl.lit("new"), product_id=pl.lit("p05"))
    found = turn(order_lines=orders, events=pl.concat([seen, waiting]))
    first = place(found, "discover").filter(pl.col("subject_id") == "new").row(0, named=True)
    assert first["product_id"] == "p05"
    assert first["reason"] == "You looked at this before."
    assert first["because_id"] is None


def test_newcomers_get_lists_of_their_country_where_that_helps():
    orders = two_tastes(customers=400, days=112)
    ages = (pl.lit(END) - pl.col("ordered_at")).dt.total_days()
    late = pl.col("customer_id").str.slice(1).cast(int) % 3 == 0  # a third comes at the end
    orders = orders.filter(~late | (ages < 56))
    countries = pl.DataFrame(
        {
            "customer_id": [f"c{at:03d}" for at in range(400)],
            "country": ["Norway" if at % 2 else "Chile" for at in range(400)],
        }
    )
    found = turn(order_lines=orders, customers=countries)
    lists = place(found, "newcomers")
    assert set(lists["subject_id"]) == {"all", "country:Chile", "country:Norway"}
    odd = lists.filter(pl.col("subject_id") == "country:Norway")["product_id"]
    assert (odd.str.slice(1).cast(int) % 2 == 1).all()


def test_settings_cap_the_lists():
    found = turn(
        RecommendSettings(length=3, customers=10, products=4, least_cases=20),
        order_lines=two_tastes(),
    )
    sizes = found.tables["recommendations"].group_by("place").agg(pl.col("subject_id").n_unique())
    assert dict(sizes.iter_rows())["for_you"] == 10
    assert dict(sizes.iter_rows())["also_bought"] == 4
    assert found.tables["recommendations"]["rank"].max() == 3


def test_impossible_settings_are_refused():
    with pytest.raises(InputError, match="length must be at least 1"):
        RecommendSettings(length=0)
