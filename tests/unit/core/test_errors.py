"""The error tree: every error answers people and programs."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import cartwheel
from cartwheel.core.errors import CartwheelError, did_you_mean, nearest
from conftest import ROOT


def all_errors() -> Iterator[type[CartwheelError]]:
    for module in pkgutil.walk_packages(cartwheel.__path__, "cartwheel."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = [CartwheelError]
    while waiting:
        error = waiting.pop()
        yield error
        waiting.extend(error.__subclasses__())


def test_every_error_has_its_own_code_a_status_an_exit_code_and_a_line_in_the_docs() -> None:
    errors = list(all_errors())
    codes = [error.code for error in errors]
    assert len(codes) == len(set(codes))
    documented = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    for error in errors:
        assert error.__name__.endswith("Error")
        assert 400 <= error.status < 600
        assert 1 <= error.exit_code < 126
        assert (error.__doc__ or "").strip()
        assert f"`{error.code}`" in documented


def test_an_error_carries_its_message_and_details() -> None:
    error = CartwheelError("no", table="orders")
    assert (str(error), error.message, error.details) == ("no", "no", {"table": "orders"})


def test_the_nearest_name_is_offered_only_when_it_is_near() -> None:
    assert nearest("custmer_id", ["customer_id", "order_id"]) == "customer_id"
    assert nearest("ORDER_ID", ["customer_id", "order_id"]) == "order_id"
    assert did_you_mean("zzz", ["customer_id"]) == ""
    assert did_you_mean("x", []) == ""
    assert did_you_mean("nope", ["competitor_prices", "touches"]) == ""
    assert did_you_mean("pr-nothing", ["pr-3ae7a282cf965a6f2deb"]) == ""
