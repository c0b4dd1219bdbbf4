"""One middling shop for all tests that only look."""

import pytest

from cartwheel.simulate import ShopParameters, SimulatedShop, simulate_shop


@pytest.fixture(scope="session")
def shop() -> SimulatedShop:
    return simulate_shop(ShopParameters(seed=7, products=300, customers=3_000))


def tiny(**changes: object) -> ShopParameters:
    """Return parameters of a shop that is made in a tenth of a second."""
    sizes = {"products": 12, "customers": 60, "months": 2, "suppliers": 4, "warehouses": 2}
    return ShopParameters(**(sizes | changes))
