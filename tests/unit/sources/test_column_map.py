"""Map files: written, read, and refused where they say what does not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartwheel.core.errors import CartwheelError
from cartwheel.sources import ReadingHints, TableMap, load_map, save_maps

FULL = TableMap(
    table="order_lines",
    columns={"order_id": "订单号", "quantity": 'The "quantity"'},
    units={"unit_price_minor": "minor"},
    decimal=",",
    date_order="DMY",
    currency="EUR",
    time_zone="Europe/Berlin",
    keep_duplicates=True,
    reading=ReadingHints(encoding="gb18030", delimiter="\t", sheet="表", heading_line=3),
)


def test_a_map_reads_back_as_it_was_written(tmp_path):
    orders = TableMap(table="orders", values={"status": {"完成": "delivered"}})
    save_maps({"order_lines": FULL, "orders": orders}, tmp_path / "map.toml")
    assert load_map(tmp_path / "map.toml") == {"order_lines": FULL, "orders": orders}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[order_lins.columns]\nquantity = "x"', 'Did you mean "order_lines"'),
        ('[order_lines.columns]\nquantty = "x"', 'order_lines lacks. Did you mean "quantity"'),
        ('[order_lines]\ndate_ordr = "DMY"', 'Did you mean "date_order"'),
        ('[order_lines]\ndate_order = "DYM"', "date_order must be"),
        ('[order_lines]\ndecimal = ";"', "decimal must be"),
        ('[order_lines]\ncurrency = "euro"', "not an ISO 4217 currency"),
        ('[order_lines]\ntime_zone = "Europe/Berlim"', 'Did you mean "Europe/Berlin"'),
        ('[order_lines]\ndelimiter = "::"', "must be one character"),
        ("[order_lines\n", "cannot be read"),
        ("order_lines = 1", "must be a section"),
    ],
)
def test_a_wrong_map_is_refused_with_the_nearest_right_word(tmp_path: Path, text, said):
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CartwheelError, match=said) as refused:
        load_map(tmp_path / "map.toml")
    assert refused.value.exit_code == 2


def test_a_missing_map_file_is_refused(tmp_path):
    (tmp_path / "map.toml").touch()
    with pytest.raises(CartwheelError, match=r'Did you mean "map\.toml"'):
        load_map(tmp_path / "mpa.toml")
