"""The docs say what the code does: references are generated, links lead somewhere, sizes hold."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_reference_is_what_the_code_gives() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_stays_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) < 200


def test_an_adr_has_at_most_45_lines() -> None:
    for page in (ROOT / "docs" / "adr").glob("*.md"):
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 45, page.name


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/guide/*.md"])
def test_commands_in_the_docs_exist(name: str) -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "cartwheel", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for page in ROOT.glob(name):
        text = page.read_text(encoding="utf-8")
        for command in re.findall(r"^\s*cartwheel ([a-z]+)", text, flags=re.MULTILINE):
            assert re.search(rf"\b{command}\b", help_text), f"{page.name}: cartwheel {command}"
