"""The command line on terminals and pipes of all kinds: no trace, and JSON that can be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from cartwheel.loop.settings import ShopSettings
from cartwheel.tables import table_contract
from cartwheel.wiring import init_workspace

pytestmark = pytest.mark.slow

NAME = "杯子店"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal") / "shop"
    workspace = init_workspace(folder, ShopSettings(name=NAME, language="zh"))
    suppliers = pl.DataFrame({"supplier_id": [NAME], "name": [NAME]})
    workspace.lake.merge("suppliers", table_contract("suppliers").conform(suppliers))
    return folder


def run(*arguments: object, encoding: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cartwheel", *map(str, arguments)],
        capture_output=True, check=False, timeout=120,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip


@pytest.mark.parametrize(("encoding", "seen"), [("gb18030", NAME), ("ascii", "?")])
def test_a_terminal_without_chinese_shows_marks_instead_of_a_trace(shop, encoding, seen):
    ended = run("status", shop, encoding=encoding)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert seen in ended.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_json_is_whole_in_every_encoding(shop, tmp_path, encoding):
    path = tmp_path / "供应商.csv"
    path.write_text(f"supplier_id,name\nS1,{NAME}\n", encoding="utf-8")
    ended = run("import", shop, path, "--dry-run", "--json", encoding=encoding)
    assert ended.returncode == 0
    found = json.loads(ended.stdout.decode(encoding))
    assert found["files"][0]["name"] == "供应商.csv"


def test_a_reader_that_has_enough_ends_the_command_quietly():
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "cartwheel", "tables", "--json"]
    try:
        ended = subprocess.run(
            command, stdout=writes, stderr=subprocess.PIPE, check=False, timeout=120
        )
    finally:
        os.close(writes)
    assert (ended.returncode, ended.stderr) == (0, b"")
