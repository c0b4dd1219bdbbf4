"""A shop that speaks Chinese is answered in Chinese, by every command of a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cartwheel.cli.app import app
from cartwheel.cli.printing import code_word
from cartwheel.loop.settings import ShopSettings
from cartwheel.wiring import init_workspace, open_workspace
from shops import MONDAY, drafts, reorder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "shop", ShopSettings(language="zh"))
    rows = drafts(reorder("p1", 5), reorder("p2", 6))
    at = datetime(2026, 6, 1, tzinfo=UTC)
    workspace.book.enter(rows, stage="procurement", turn_id="t", on=MONDAY, at=at)
    return tmp_path / "shop"


def say(*arguments: object) -> str:
    ended = CliRunner().invoke(app, [str(word) for word in arguments])
    assert ended.exit_code == 0, ended.output
    return ended.stdout.replace("\n", "")


def test_a_chinese_shop_is_made_and_shown_in_chinese(tmp_path: Path) -> None:
    said = say("init", tmp_path / "店", "--lang", "zh")
    assert "已创建" in said
    assert "下一步" in said
    assert "最近的运行" in say("status", tmp_path / "店")


def test_proposals_are_decided_and_carried_out_in_chinese(shop: Path, tmp_path: Path) -> None:
    listed = say("proposals", shop)
    assert "补货" in listed
    assert "reorder" not in listed
    assert "已将 2 项提案写入" in say("proposals", shop, "--csv", tmp_path / "p.csv")
    first, second = open_workspace(shop).book.find()["proposal_id"].to_list()
    assert say("reject", shop, first) == "已拒绝 1 项提案。"
    assert say("approve", shop, second) == "已批准 1 项提案。"
    said = say("apply", shop)
    assert "已执行 1 项提案：采购单 1 张，调拨 0 项，输出文件 1 个。" in said
    assert str(shop / "out") in said


def test_a_code_without_a_word_stays() -> None:
    assert code_word("status", "skipped", "zh") == "跳过"
    assert code_word("status", "odd", "zh") == "odd"
