"""RFM, cohorts and sessions against published facts and second implementations in pandas."""

from __future__ import annotations

from datetime import date

import ibis
import pandas as pd
import polars as pl
import pytest

from cartwheel.stages.behaviour.cohort import cohorts
from cartwheel.stages.behaviour.local_time import LocalTime
from cartwheel.stages.behaviour.purchase import customer_days, kept_lines, placed_orders
from cartwheel.stages.behaviour.rfm import rfm_scores
from cartwheel.tables import table_contract

pytestmark = pytest.mark.shared_data


@pytest.fixture
def cdnow(shared_data) -> pl.DataFrame:
    text = (
        shared_data("cdnow/CDNOW_master.txt").read_text().split()[4:]
    )  # the first line names columns
    return pl.DataFrame(
        {
            "customer": text[0::4],
            "on": pl.Series(text[1::4]).str.to_date("%Y%m%d"),
            "units": pl.Series(text[2::4]).cast(pl.Int64),
            "dollars": pl.Series(text[3::4]).cast(pl.Float64),
        }
    )


@pytest.fixture
def uci(shared_data) -> pl.DataFrame:
    raw = pl.read_parquet(shared_data("uci_online_retail/online_retail.parquet"))
    return raw.filter(
        (pl.col("Quantity") > 0) & pl.col("CustomerID").is_not_null() & (pl.col("UnitPrice") > 0)
    ).select(
        order="InvoiceNo",
        customer=pl.col("CustomerID").cast(pl.Int64).cast(pl.String),
        at="InvoiceDate",
        units="Quantity",
        price_minor=(100 * pl.col("UnitPrice")).round().cast(pl.Int64),
    )


def days_of(lines: pl.DataFrame, local: LocalTime) -> ibis.Table:
    """``lines``: order, customer, at (UTC, no zone), units, price_minor."""
    conformed = table_contract("order_lines").conform(
        lines.select(
            order_id="order",
            line_no=pl.int_range(1, pl.len() + 1).over("order"),
            ordered_at=pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            customer_id="customer",
            product_id=pl.lit("p"),
            quantity="units",
            unit_price_minor="price_minor",
        )
    )
    none = {n: ibis.memtable(table_contract(n).empty().to_arrow()) for n in ("orders", "returns")}
    kept = kept_lines(ibis.memtable(conformed.to_arrow()), none["orders"], "USD")
    return customer_days(placed_orders(kept, none["orders"], local), none["returns"], local, "USD")


def cdnow_days(cdnow: pl.DataFrame) -> ibis.Table:
    lines = cdnow.with_row_index("order").select(
        pl.col("order").cast(pl.String), "customer", at=pl.col("on").cast(pl.Datetime("us")),
        units=1, price_minor=(100 * pl.col("dollars")).round().cast(pl.Int64),
    )  # fmt: skip
    return days_of(lines, LocalTime("UTC", date(1997, 1, 1), date(1998, 6, 30)))


def pandas_fifth(values: pd.Series) -> pd.Series:
    worse = values.rank(method="min") - 1
    return (5 * worse // len(values) + 1).astype("int64")


def test_cdnow_has_the_published_customers_transactions_and_cohorts(cdnow):
    """Fader & Hardie (2013), Notes on the CDNOW master data set, brucehardie.com/notes/026.

    69,659 transactions of the 23,570 customers whose first purchase was in January to March 1997.
    """
    days = cdnow_days(cdnow)
    scores = rfm_scores(days, date(1998, 6, 30)).to_polars()
    assert (scores.height, scores["orders"].sum()) == (23_570, 69_659)
    found = cohorts(days, date(1998, 6, 30))
    assert found["cohort_on"].unique().sort().to_list() == [date(1997, m, 1) for m in (1, 2, 3)]
    assert found.filter(months_later=0)["customers"].sum() == 23_570


def test_rfm_of_cdnow_is_that_of_pandas(cdnow):
    found = rfm_scores(cdnow_days(cdnow), date(1998, 6, 30)).to_polars().sort("customer_id")
    theirs = cdnow.to_pandas().assign(minor=lambda d: (100 * d["dollars"]).round().astype("int64"))
    grouped = theirs.groupby("customer").agg(
        last=("on", "max"), orders=("on", "size"), net=("minor", "sum")
    )  # fmt: skip
    assert found["orders"].to_list() == grouped["orders"].tolist()
    assert found["net_minor"].to_list() == grouped["net"].tolist()
    for score, column in (("r", "last"), ("f", "orders"), ("m", "net")):
        assert found[score].to_list() == pandas_fifth(grouped[column]).tolist()


def test_uci_has_the_published_customers_and_its_cohorts_are_those_of_pandas(uci):
    """4,338 customers have a line of positive quantity and price; data: Chen (2015), UCI 352."""
    days = days_of(uci, LocalTime("UTC", date(2010, 12, 1), date(2011, 12, 9)))
    found = cohorts(days, date(2011, 12, 9))
    theirs = uci.to_pandas()
    theirs["month"] = theirs["at"].dt.to_period("M")
    theirs["cohort"] = theirs.groupby("customer")["month"].transform("min")
    active = theirs.groupby(["cohort", "month"])["customer"].nunique()
    assert found.filter(months_later=0)["customers"].sum() == 4_338
    assert found["active"].sum() == active.sum()
    for row in found.filter(pl.col("active") > 0).iter_rows(named=True):
        cohort = pd.Period(row["cohort_on"], "M")
        assert active[cohort, cohort + row["months_later"]] == row["active"]
