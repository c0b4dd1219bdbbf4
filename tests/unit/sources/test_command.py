"""``cartwheel import`` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cartwheel.cli.app import app
from cartwheel.core.errors import InputError

CHINESE = "订单号,下单时间,商品编码,数量,单价\nA1,2024年3月5日,P1,2,12.5\nA1,2024年3月5日,P1,-1,3\n合计,,,1,\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    assert CliRunner().invoke(app, ["init", str(tmp_path / "shop")]).exit_code == 0
    return tmp_path / "shop"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "订单.csv").write_bytes(CHINESE.encode("gb18030"))
    return tmp_path / "订单.csv"


def run(*words: object) -> str:
    found = CliRunner().invoke(app, ["import", *map(str, words)], env={"COLUMNS": "160"})
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.stdout


def test_the_account_is_told_in_english(shop, orders):
    said = run(shop, orders)
    for words in ("How the columns were understood: 订单.csv → order_lines", "│ quantity ", "a known word for it",
                  "the value must be above 0", "the line is a total", "Written to the lake"):  # fmt: skip
        assert words in said


def test_the_account_is_told_in_chinese(shop, orders):
    said = run(shop, orders, "--lang", "zh")
    for words in ("列的识别结果", "各行去向", "值必须大于 0", "该行是合计", "已写入"):
        assert words in said


def test_machines_get_json(shop, orders):
    said = json.loads(run(shop, orders, "--json", "--dry-run"))
    assert said["is_dry_run"] is True
    (tally,) = said["tallies"]
    assert (tally["rows_in"], tally["accepted"], tally["quarantined"]) == (3, 1, 2)


def test_again_nothing_changes(shop, orders):
    run(shop, orders)
    assert "nothing changed" in run(shop, orders)


def test_a_saved_map_gives_the_same_import(shop, orders, tmp_path):
    run(shop, orders, "--dry-run", "--save-map", tmp_path / "map.toml")
    assert 'quantity = "数量"' in (tmp_path / "map.toml").read_text(encoding="utf-8")
    first = json.loads(run(shop, orders, "--json", "--dry-run"))
    mapped = json.loads(run(shop, orders, "--json", "--dry-run", "--map", tmp_path / "map.toml"))
    assert mapped["tallies"] == first["tallies"]


def test_bad_input_ends_with_code_2_and_the_nearest_name(shop, orders, tmp_path):
    with pytest.raises(InputError, match=r"Did you mean \"订单\.csv\"") as refused:
        run(shop, tmp_path / "定单.csv")
    assert refused.value.exit_code == 2
