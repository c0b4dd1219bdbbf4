"""Quality of recommendation on real shops, beside popularity, with 90 % intervals.

UCI Online Retail: the last four weeks are the test; the four weeks before tune and choose. Lines
with positive quantity and price, a known customer and a stock code that starts with five digits.
Amazon Video (SASRec's file): no times, so each customer's last product is the test and the last
but one tunes and chooses (leave-last-out). Other customers' later purchases are known there, so
its figures say less about tomorrow; "recent" means nothing and is left out. EASE keeps the 4,000
most sold of 23,715 products.

    python benchmarks/recommend.py [--data ../shared/data] [--json] [--only uci|amazon]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from cartwheel.core.random import stream
from cartwheel.core.time import day_end
from cartwheel.stages.recommend import RecommendParameters, Shop, purchases, recommend
from cartwheel.stages.recommend.choice import choose, customer_families
from cartwheel.stages.recommend.history import Fading, read_history
from cartwheel.stages.recommend.purchases import Purchases
from cartwheel.stages.recommend.recipe import Workshop
from cartwheel.stages.recommend.scores import place_scores
from cartwheel.stages.recommend.segments import customer_segments
from cartwheel.stages.recommend.trial import Trial, customer_trial
from cartwheel.tables import table_contract

Rows = list[Mapping[str, Any]]
AMAZON_CASES = 5_000  # customers, evenly spread
EASE_PRODUCTS = 4_000


def uci(data: Path) -> Rows:
    """Run the stage as a turn does, and return its scores."""
    raw = pl.read_parquet(data / "uci_online_retail" / "online_retail.parquet").filter(
        pl.col("Quantity") > 0,
        pl.col("UnitPrice") > 0,
        pl.col("CustomerID").is_not_null(),
        pl.col("StockCode").str.contains(r"^\d{5}"),
    )
    customer = pl.col("CustomerID").cast(pl.Int64).cast(pl.String)
    lines = raw.with_row_index("line_no", 1).select(
        "line_no",
        order_id="InvoiceNo",
        ordered_at=pl.col("InvoiceDate").dt.replace_time_zone("UTC"),
        customer_id=customer,
        product_id="StockCode",
        quantity="Quantity",
    )
    names = raw.sort("InvoiceDate", maintain_order=True).group_by("StockCode").agg(
        pl.col("Description").drop_nulls().last()
    )  # fmt: skip
    products = names.select(product_id="StockCode", name="Description")
    customers = raw.group_by(customer_id=customer).agg(country=pl.col("Country").first())
    last_on = raw["InvoiceDate"].dt.date().max()
    assert isinstance(last_on, date)
    conform = {
        name: table_contract(name).conform(frame)
        for name, frame in {
            "order_lines": lines,
            "products": products,
            "customers": customers,
        }.items()
    }
    shop = Shop(
        bought=purchases(
            conform["order_lines"],
            table_contract("events").empty(),
            conform["products"],
            end=day_end(last_on, "UTC"),
        ),
        products=conform["products"],
        stock_levels=table_contract("stock_levels").empty(),
        customers=conform["customers"],
        on=last_on,
        last_on=last_on,
    )
    found = recommend(shop, RecommendParameters(), rng=stream(0, "recommend"))
    assert found.scores is not None
    return [{"data": "UCI Online Retail", **row} for row in found.scores.iter_rows(named=True)]


def amazon(data: Path) -> Rows:
    """Leave the last product of each customer out, and the last but one to tune."""
    pairs = pl.read_csv(
        data / "amazon_seq" / "Video_SASRec.txt",
        separator=" ",
        has_header=False,
        new_columns=["customer_id", "product_id"],
        schema_overrides=[pl.String, pl.String],
    )
    # No times are known: the position from the end stands for the age, in days, so that
    # "before(1)" hides exactly the last product of everybody.
    end = datetime(2020, 1, 1, tzinfo=UTC)
    back = pl.len().over("customer_id") - pl.int_range(pl.len()).over("customer_id")
    lines = pairs.with_row_index("line_no", 1).with_columns(
        order_id=pl.format("{}", "line_no"),
        ordered_at=pl.lit(end) - pl.duration(days=back) + pl.duration(hours=12),
        quantity=1,
    )
    lines = table_contract("order_lines").conform(lines)
    products = table_contract("products").empty()
    bought = purchases(lines, table_contract("events").empty(), products, end=end)
    rng = stream(0, "recommend")
    validation, trial = _leave_out(bought, ago=1)
    choice = choose(validation, trial, customer_families(has_words=False), None, rng)
    test, trial = _leave_out(bought, ago=0)
    nowhere = (date.min, date.min)
    rows = place_scores("discover", choice, test, trial, tested=nowhere, rng=rng)
    return [
        {"data": "Amazon Video", **row, "tested_from": None, "tested_to": None}
        for row in rows
        if row["method"] != "recent_popularity"
    ]


def _leave_out(bought: Purchases, *, ago: int) -> tuple[Workshop, Trial]:
    """Hide all but what came before the product ``ago`` from the end, and ask for that product."""
    forever = Fading(taste_days=1e9, trend_days=1e9)  # positions are no days: nothing fades
    known, later = bought.before(ago + 1), bought.within(1, ago)
    nobody = customer_segments(table_contract("customers").empty(), bought.customers)
    workshop = Workshop(read_history(known, forever), None, nobody, EASE_PRODUCTS)
    return workshop, customer_trial(workshop.history, later, only_new=True, limit=AMAZON_CASES)


DATA_SETS = {"uci": uci, "amazon": amazon}


def table(rows: Rows) -> str:
    """Return one line a method and place: value and 90 % interval of each measure."""
    measures = ("recall@10", "nDCG@10", "hit rate@10", "coverage@10")
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        name = f"**{row['method']}**" if row["is_used"] else row["method"]
        line = found.setdefault((row["data"], row["slice"], name, f"{row['cases']:,}"), {})
        low, high = row.get("low"), row.get("high")
        interval = "" if low is None else f" ({low:.4f}-{high:.4f})"
        line[row["measure"]] = f"{row['value']:.4f}{interval}"
    head = ("data", "place", "method", "cases", *measures)
    lines = [*(head,), ("---",) * len(head)]
    lines += [(*key, *(line[measure] for measure in measures)) for key, line in found.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", choices=sorted(DATA_SETS))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows: Rows = []
    spent = {}
    for name in [asked.only] if asked.only else DATA_SETS:
        wall, cpu = time.perf_counter(), time.process_time()
        rows += DATA_SETS[name](asked.data)
        spent[name] = (time.perf_counter() - wall, time.process_time() - cpu)
    if asked.json:
        print(json.dumps({"scores": rows, "seconds": spent}, ensure_ascii=False))
        return
    print(table(rows))
    print("\nBold serves: chosen on the validation slice, before the test slice was looked at.")
    for name, (wall_s, cpu_s) in spent.items():
        print(f"{name}: {wall_s:.1f} s wall, {cpu_s:.1f} s CPU.")


if __name__ == "__main__":
    main()
