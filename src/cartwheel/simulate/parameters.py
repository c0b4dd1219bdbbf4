"""How large the simulated shop is and where it lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cartwheel.core.errors import InputError
from cartwheel.core.money import exponent
from cartwheel.core.time import zone

_LIMITS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**63),
    "products": (1, 200_000),
    "customers": (1, 10_000_000),
    "months": (1, 60),
    "warehouses": (1, 12),
    "suppliers": (1, 10_000),
    "lines_per_customer": (0.1, 1_000),
    "promotions_per_product": (0, 20),
    "sessions_per_order": (0, 20),
    "chinese_share": (0, 1),
    "horizon_days": (0, 366),
    "snapshot_days": (1, 366),
}
_WHOLE = (
    "seed", "products", "customers", "months", "warehouses", "suppliers", "horizon_days",
    "snapshot_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopParameters:
    """Sizes and place of a simulated shop; the same parameters give the same shop, byte by byte."""

    seed: int = 0
    products: int = 2_000
    customers: int = 20_000
    months: int = 12  # of history, ending on `until`
    warehouses: int = 3
    suppliers: int = 40
    until: date = date(2026, 6, 30)  # last day of the history
    currency: str = "GBP"
    time_zone: str = "Europe/London"  # days are cut there
    lines_per_customer: float = 9.5  # order lines wanted a customer and year, all customers' mean
    promotions_per_product: float = 3.0  # mean number a year
    sessions_per_order: float = 3.0  # sessions without a purchase for one with
    chinese_share: float = 0.2  # of customers write Chinese
    horizon_days: int = 56  # days after `until` for which true means are kept
    snapshot_days: int = 1  # days between two counts of the whole stock

    def __post_init__(self) -> None:
        """Name all parameters that are out of range together."""
        wrong = [
            f"{name} must be from {low:g} to {high:g}, not {getattr(self, name)!r}"
            for name, (low, high) in _LIMITS.items()
            if not low <= getattr(self, name) <= high
        ]
        wrong += [
            f"{name} must be a whole number, not {getattr(self, name)!r}"
            for name in _WHOLE
            if not isinstance(getattr(self, name), int)
        ]
        if not 1990 <= self.until.year <= 2100:
            wrong.append(f"until must lie in the years 1990 to 2100, not {self.until}")
        if wrong:
            raise InputError(f"The shop cannot be simulated: {'; '.join(wrong)}.")
        exponent(self.currency)
        zone(self.time_zone)
