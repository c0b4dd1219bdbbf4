"""``cartwheel quality``: the same measures on the screen and as JSON, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cartwheel.cli.app import app
from cartwheel.core.time import FixedClock
from cartwheel.loop.settings import ShopSettings
from cartwheel.tables import table_contract
from cartwheel.wiring import init_workspace

FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "shop", ShopSettings(), FixedClock(FIRST))
    lines = pl.DataFrame({"n": range(300)}).select(
        order_id=pl.format("o{}", "n"),
        line_no=pl.lit(1),
        ordered_at=pl.lit(FIRST) + pl.lit(timedelta(days=1)) * (pl.col("n") // 3),
        product_id=pl.format("p{}", pl.col("n") % 5),
        quantity=pl.lit(1),
        unit_price_minor=pl.lit(500),
    )
    products = pl.DataFrame({"product_id": ["p0", "p1", "p2", "p3"]})
    for name, frame in {"order_lines": lines, "products": products}.items():
        workspace.lake.merge(name, table_contract(name).conform(frame))
    return workspace.folders.settings.parent


def test_the_screen_names_what_fails(shop: Path) -> None:
    found = CliRunner().invoke(app, ["quality", str(shop)])
    assert found.exit_code == 0, found.output
    assert "! order_lines.product_id in products" in found.output
    assert "60 of 300 fail" in found.output


def test_chinese_is_spoken(shop: Path) -> None:
    found = CliRunner().invoke(app, ["quality", str(shop), "--lang", "zh"])
    assert "一致性" in found.output
    assert "300 条中有 60 条不合格" in found.output


def test_json_holds_every_measure(shop: Path) -> None:
    found = json.loads(CliRunner().invoke(app, ["quality", str(shop), "--json"]).output)
    rows = [r for r in found["measures"] if r["is_alert"]]
    assert [(r["table"], r["value"]) for r in rows] == [("order_lines", 0.8)]
    assert "tickets" in found["missing"]
