from dataclasses import replace
from datetime import date

import pytest

from cartwheel.core.errors import InputError
from cartwheel.simulate import ShopParameters


def test_all_wrong_parameters_are_named_together():
    with pytest.raises(InputError) as caught:
        ShopParameters(products=0, warehouses=13, until=date(1850, 1, 1))
    assert "products must be from 1 to 200000, not 0" in caught.value.message
    assert "warehouses must be from 1 to 12, not 13" in caught.value.message
    assert "until must lie in the years 1990 to 2100" in caught.value.message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customers", 0),
        ("months", 61),
        ("suppliers", 0),
        ("chinese_share", 1.5),
        ("promotions_per_product", -1.0),
        ("snapshot_days", 0),
        ("seed", -1),
    ],
)
def test_a_parameter_out_of_range_is_refused(field, value):
    with pytest.raises(InputError, match=field):
        replace(ShopParameters(), **{field: value})


def test_a_fraction_of_a_product_is_refused():
    with pytest.raises(InputError, match="products must be a whole number"):
        ShopParameters(products=2.5)


def test_an_unknown_time_zone_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match='Did you mean "Europe/London"'):
        ShopParameters(time_zone="Europe/Londn")


def test_a_word_that_is_no_currency_is_refused():
    with pytest.raises(InputError, match="ISO 4217"):
        ShopParameters(currency="pounds")
