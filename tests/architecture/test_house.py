"""The house keeps its shape: layers hold, break when broken, and nothing heavy loads early."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]


def run_lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        LINT, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_as_it_stands_keeps_its_rules(house: Path) -> None:
    found = run_lint(house)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("core/ids.py", "import cartwheel.tables"),
        ("tables/contract.py", "import cartwheel.storage.workspace"),
        ("storage/lake/lake.py", "import cartwheel.stages.demand"),
        ("stages/demand/__init__.py", "import cartwheel.stages.inventory.step"),
        ("stages/demand/__init__.py", "import cartwheel.loop.turn"),
        ("stages/inventory/target.py", "import cartwheel.storage.lake.lake"),
        ("sources/__init__.py", "import cartwheel.storage.lake.lake"),
        ("loop/turn.py", "import cartwheel.wiring"),
        ("wiring.py", "import cartwheel.cli.app"),
        ("report/__init__.py", "import cartwheel.storage.lake.lake"),
        ("core/errors.py", "import cartwheel.core.money"),  # money imports errors: a cycle
        ("loop/outbox.py", "import cartwheel.loop.carry_out"),
        ("stages/demand/history.py", "import cartwheel.stages.demand.step"),
    ],
)
def test_a_broken_rule_is_found(house: Path, room: str, line: str) -> None:
    file = house / "src" / "cartwheel" / room
    file.write_text(file.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    found = run_lint(house)
    assert found.returncode != 0
    assert "BROKEN" in found.stdout


def test_a_room_without_a_layer_fails_the_build(house: Path) -> None:
    (house / "src" / "cartwheel" / "attic.py").write_text('"""Nobody knows."""\n')
    assert run_lint(house).returncode != 0


def test_importing_cartwheel_loads_nothing_heavy() -> None:
    heavy = ["polars", "pandas", "numpy", "ibis", "duckdb", "pandera", "sklearn", "lightgbm"]
    code = f"import sys, cartwheel; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    heavy = ["polars", "pandas", "numpy", "ibis", "duckdb", "pandera", "sklearn", "sqlalchemy"]
    code = f"import sys, cartwheel.cli.app; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
