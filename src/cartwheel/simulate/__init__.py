"""A shop to try policies on: customers, sessions, orders, lead times, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cartwheel.simulate.parameters import ShopParameters

if TYPE_CHECKING:
    from cartwheel.simulate.shop import SimulatedShop, simulate_shop
    from cartwheel.simulate.writing import write_shop

__all__ = ["ShopParameters", "SimulatedShop", "simulate_shop", "write_shop"]

_LATER = {"SimulatedShop": "shop", "simulate_shop": "shop", "write_shop": "writing"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"cartwheel.simulate.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
