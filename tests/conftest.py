"""Fixtures every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED_DATA = Path(os.environ.get("CARTWHEEL_SHARED_DATA", ROOT.parent / "shared" / "data"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let only tests of Spark, and those from end to end, open sockets."""
    for item in items:
        if "spark" in item.name or "e2e" in item.path.parts:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """Return a function from a data set's name to its path; skips the test where it is absent."""

    def path(name: str) -> Path:
        found = SHARED_DATA / name
        if not found.exists():
            pytest.skip(f"the data set {name} is not beside the project")
        return found

    return path
