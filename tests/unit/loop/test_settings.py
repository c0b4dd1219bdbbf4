"""Settings: checked, explained, and written so that they can be read back."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cartwheel.core.errors import ConflictError, InputError, NotFoundError
from cartwheel.core.time import FixedClock
from cartwheel.loop.settings import ShopSettings, read_settings, settings_text
from cartwheel.storage.workspace import FORMAT, create_workspace, open_folders
from cartwheel.wiring import init_workspace, open_workspace
from shops import SilentWatcher, order_lines


def test_what_is_written_for_a_new_shop_is_read_back() -> None:
    shop = ShopSettings(
        name='Ann "A" \\ 店', currency="CNY", time_zone="Asia/Shanghai", language="zh"
    )
    found = tomllib.loads(settings_text(shop, FORMAT))
    assert found.pop("format") == FORMAT
    assert read_settings(found, "cartwheel.toml").shop == shop


def test_the_choices_explained_to_a_new_shop_are_ones_that_work(tmp_path: Path) -> None:
    made = init_workspace(tmp_path / "shop", ShopSettings())
    written = made.folders.settings.read_text(encoding="utf-8")
    choices = re.sub(r"^# (?=\[|\w+ = )", "", written, flags=re.MULTILINE)
    assert choices.count("\n[") == written.count("\n[") + 2
    made.folders.settings.write_text(choices, encoding="utf-8")
    workspace = open_workspace(tmp_path / "shop")
    assert len(workspace.steps()) == 6
    assert workspace.settings.approve[0].kind == "reorder"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"shop": {"curency": "EUR"}}, 'Did you mean "currency"'),
        ({"shopp": {}}, 'Did you mean "shop"'),
        ({"shop": {"currency": "euro"}}, "ISO 4217"),
        ({"shop": {"time_zone": "Europe/Londn"}}, 'Did you mean "Europe/London"'),
        ({"shop": {"language": "fr"}}, "'en' or 'zh'"),
        ({"turn": {"engine": "sparc"}}, "'duckdb' or 'spark'"),
        ({"approve": [{"kind": "reodr", "limit": 1}]}, 'Did you mean "reorder"'),
        ({"approve": [{"kind": "reorder", "limit": -1}]}, "greater than or equal to 0"),
    ],
)
def test_a_wrong_setting_is_named_with_the_right_one(found: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_settings(found, "cartwheel.toml")
    assert caught.value.message.startswith("cartwheel.toml: ")


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cartwheel init"):
        open_workspace(tmp_path)


def test_a_workspace_is_not_made_over_another_or_over_other_files(tmp_path: Path) -> None:
    init_workspace(tmp_path / "shop", ShopSettings())
    with pytest.raises(ConflictError, match="already"):
        init_workspace(tmp_path / "shop", ShopSettings())
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(ConflictError, match="not empty"):
        create_workspace(tmp_path / "full", "")


@pytest.mark.parametrize("name", ["a[1]", "100%25"])
def test_a_folder_the_lake_could_not_be_read_from_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="Name another folder"):
        init_workspace(tmp_path / name, ShopSettings())
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [("format = 99", "newer Cartwheel"), ("x = 1", "is missing"), ("format =", "Invalid")],
)
def test_settings_of_another_version_or_none_are_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "cartwheel.toml").write_text(text)
    with pytest.raises(InputError, match=said):
        open_folders(tmp_path)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"budget_minor": "plenty"}, r'"stages.inventory.budget_minor": .*integer.*found \'plenty'),
        ({"review_days": "x", "transfers": 3}, r"review_days.*; .*transfers"),
        ({"budget": 5}, 'Did you mean "budget_minor"'),
    ],
)
def test_a_stage_setting_of_the_wrong_kind_is_named(
    tmp_path: Path, section: dict[str, object], said: str
) -> None:
    workspace = init_workspace(tmp_path / "shop", ShopSettings())
    settings = workspace.settings.model_copy(update={"stages": {"inventory": section}})
    with pytest.raises(InputError, match=said):
        replace(workspace, settings=settings).steps()


@pytest.mark.parametrize("day", [date(2024, 2, 28), date(2025, 3, 2)])
def test_a_turn_of_a_day_of_which_nothing_can_be_known_is_refused(
    tmp_path: Path, day: date
) -> None:
    clock = FixedClock(datetime(2025, 3, 1, 12, tzinfo=UTC))
    workspace = init_workspace(tmp_path / "shop", ShopSettings(), clock)
    workspace.lake.merge("order_lines", order_lines(days=20, start=date(2024, 2, 29)))
    with pytest.raises(InputError, match=f"on {day}: the data are of 2024-02-29 to 2024-03-19"):
        workspace.turn(on=day, watcher=SilentWatcher())
    assert workspace.turn_log.all().is_empty()
