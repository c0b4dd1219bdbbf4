"""Laws of reading files: nothing is lost, writing and reading agree, order does not matter."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartwheel.core.errors import InputError
from cartwheel.sources import ReconciliationError, TableMap, read_file
from cartwheel.sources.moment import DateStyle, moments
from cartwheel.sources.number import NumberStyle, bare, numbers
from cartwheel.sources.table_rows import Found, table_rows
from cartwheel.tables import table_contract

COLUMNS = ("order_id", "ordered_at", "product_id", "quantity", "unit_price")
CELLS = {
    "order_id": st.sampled_from(["1", "2", "3", "", "Total", "1.0"]),
    "ordered_at": st.sampled_from(["2024-01-01", "2024-02-30", "13.1.2024", "soon", ""]),
    "product_id": st.sampled_from(["a", "b", 'c"d', "e,f", "g\nh", ""]),
    "quantity": st.sampled_from(["1", "2", "-1", "0", "1.5", "x", ""]),
    "unit_price": st.sampled_from(["2.50", "3", "-1", "free", "", "£4"]),
}
ROWS = st.lists(st.tuples(*(CELLS[name] for name in COLUMNS)), min_size=1, max_size=25)
GOOD = ("9", "2024-01-01", "z", "1", "2.50")  # so that no column is unreadable as a whole
quick = settings(deadline=None)  # the machine may be busy
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def text_of(rows: list[tuple[str, ...]], delimiter: str = ",") -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows([COLUMNS, *rows])
    return written.getvalue()


MAP = TableMap(
    table="order_lines",
    columns={("unit_price_minor" if c == "unit_price" else c): c for c in COLUMNS},
)


def import_(text: str) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(text.encode())
        return table_rows([(read_file(path)[0], MAP)], currency="EUR", time_zone="UTC")


@few
@given(ROWS)
def test_every_row_is_accepted_merged_or_set_aside(rows):
    (delivery,) = import_(text_of([*rows, GOOD])).deliveries
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert delivery.rows_in == len(filled) + 1
    assert delivery.frame.height + delivery.merged + delivery.quarantined == delivery.rows_in
    table_contract("order_lines").check(delivery.frame)
    assert delivery.faults["line"].n_unique() == delivery.quarantined


@few
@given(ROWS)
def test_the_same_file_gives_the_same_rows(rows):
    first, again = (import_(text_of([*rows, GOOD])).deliveries[0] for _ in range(2))
    assert first.frame.equals(again.frame)
    assert first.faults.equals(again.faults)


@few
@given(ROWS, st.sampled_from([";", "\t", "|"]))
def test_the_delimiter_changes_nothing(rows, delimiter):
    plain = import_(text_of([GOOD, *rows, GOOD])).deliveries[0]
    other = import_(text_of([GOOD, *rows, GOOD], delimiter)).deliveries[0]
    assert plain.frame.equals(other.frame)


@few
@given(ROWS)
def test_faults_name_the_line_where_the_record_begins(rows):
    text = text_of([*rows, GOOD])
    (delivery,) = import_(text).deliveries
    reader = csv.reader(io.StringIO(text, newline=""))
    begins, found = 1, {}
    for record in reader:
        found[begins] = record
        begins = reader.line_num + 1
    for fault in delivery.faults.iter_rows(named=True):
        if fault["field"] == "(line)":
            continue
        place = COLUMNS.index(fault["field"])
        assert found[fault["line"]][place] == (fault["value"] or "")


@quick
@given(
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_an_account_that_does_not_add_up_cannot_be_made(rows_in, merged, quarantined):
    from cartwheel.sources import Delivery

    empty = table_contract("products").empty()
    said = {"table": "products", "file": "x", "frame": empty, "rows_in": rows_in}
    if rows_in == merged + quarantined:
        Delivery(**said, merged=merged, quarantined=quarantined)
    else:
        with pytest.raises(ReconciliationError):
            Delivery(**said, merged=merged, quarantined=quarantined)


AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@quick
@given(
    AMOUNTS,
    st.sampled_from([",", " ", "'", "\u00a0", "\u202f", ""]),
    st.sampled_from(["", "£", "EUR "]),
)
def test_an_amount_reads_as_it_was_written_with_a_dot(amount, group, sign):
    written = f"{sign}{amount:,.2f}".replace(",", group)
    assert read_number(written, ".") == amount


@quick
@given(AMOUNTS, st.sampled_from([".", " ", "'", "\u00a0", ""]))
def test_an_amount_reads_as_it_was_written_with_a_comma(amount, group):
    written = f"{amount:,.2f}".replace(".", "#").replace(",", group).replace("#", ",")
    assert read_number(written, ",") == amount


def read_number(text: str, decimal: str) -> Decimal:
    frame = pl.DataFrame({"t": [text]}).with_columns(b=bare(pl.col("t")))
    return frame.select(numbers(pl.col("b"), NumberStyle(decimal=decimal))).item()


FORMS = {
    "YMD": ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S",
            "%Y-%m-%dT%H:%M:%S"],
    "DMY": ["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %I:%M:%S %p", "%d %b %Y %H:%M:%S"],
    "MDY": ["%m/%d/%Y %H:%M:%S", "%m-%d-%Y %I:%M:%S %p", "%B %d, %Y %H:%M:%S"],
}  # fmt: skip


@quick
@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from([(order, form) for order, forms in FORMS.items() for form in forms]),
)
def test_a_moment_reads_as_it_was_written(at, how):
    order, form = how
    found = moments(pl.Series([at.strftime(form)]), DateStyle(order=order))
    assert found["at"][0] == at.replace(microsecond=0)


@quick
@given(st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)))
def test_excel_and_unix_count_to_the_same_second(at):
    at = at.replace(microsecond=0)
    days = (at - datetime(1899, 12, 30)).total_seconds() / 86_400
    seconds = int(at.replace(tzinfo=UTC).timestamp())
    texts = [repr(days), str(seconds), str(seconds * 1000)]
    assert moments(pl.Series(texts), DateStyle())["at"].to_list() == [at] * 3


@few
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        try:
            (source,) = read_file(path)
        except InputError:
            return
        assert source.rows == source.frame.height + source.broken.height
        assert source.lines.len() == source.frame.height
