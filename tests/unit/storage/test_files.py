"""Files handed out are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartwheel.core.errors import DiskFullError, NotFoundError, UnavailableError
from cartwheel.storage.files import write_text


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def sync(_: int) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr("cartwheel.storage.files.os.fsync", sync)


@pytest.mark.parametrize(("number", "error"), [(28, DiskFullError), (5, UnavailableError)])
def test_a_disk_that_refuses_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    path = tmp_path / "report.html"
    write_text(path, "old 报告")
    refuse(monkeypatch, number)
    with pytest.raises(error, match=r"report\.html"):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old 报告"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_writer_killed_on_the_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.json"
    write_text(path, "old")

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("cartwheel.storage.files.os.fsync", killed)
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    write_text(path, "newer")
    assert [file.name for file in tmp_path.iterdir()] == ["out.json"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        write_text(tmp_path / "nowhere" / "r.html", "x")
