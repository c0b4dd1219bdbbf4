"""Units of weight, volume and duration, from the heading, the value or the map file.

Factors are exact by definition (pound: international yard and pound agreement of 1959).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from cartwheel.core.errors import InputError

_SIZES: dict[str, dict[Decimal, str]] = {
    "g": {
        Decimal(1): "g gram grams 克",
        Decimal(1000): "kg kgs kilogram kilograms 千克 公斤",
        Decimal(500): "斤",
        Decimal("0.001"): "mg 毫克",
        Decimal("453.59237"): "lb lbs pound pounds 磅",
        Decimal("28.349523125"): "oz ounce ounces 盎司",
    },
    "cm³": {
        Decimal(1): "cm3 cm³ ccm ml 毫升 立方厘米",
        Decimal(1000): "l dm3 dm³ litre liter litres liters 升 立方分米",
        Decimal(1_000_000): "m3 m³ cbm 立方米",
    },
    "days": {
        Decimal(1): "d day days 天 日",
        Decimal(7): "week weeks wk 周",
        Decimal(1) / Decimal(24): "h hour hours 小时",
    },
    "minor": {
        Decimal(1): "minor cent cents pence 分",
        Decimal(100): "major 元",
    },
}
FACTORS: dict[str, dict[str, Decimal]] = {
    unit: {word: factor for factor, words in sizes.items() for word in words.split()}
    for unit, sizes in _SIZES.items()
}
_IN_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]+)[)\]）】]\s*$")


def factor(unit: str, given: str) -> Decimal:
    """Return how many ``unit`` one ``given`` is.

    Examples
    --------
    >>> factor("g", "kg")
    Decimal('1000')
    """
    try:
        return FACTORS[unit][given.strip().lower()]
    except KeyError as error:
        known = ", ".join(FACTORS.get(unit, {}))
        raise InputError(f'"{given}" is no unit that turns into {unit}. Known: {known}.') from error


def unit_in_heading(heading: str, unit: str) -> str | None:
    """Return the unit a column name states, as in "weight (kg)", "weight_kg" or "重量（克）"."""
    plain = unicodedata.normalize("NFKC", heading).strip().lower()
    stated = _IN_BRACKETS.search(plain)
    words = [stated.group(1)] if stated else re.split(r"[\s_]+", plain)[1:][-1:]
    return next((w for w in words if w.strip() in FACTORS.get(unit, {})), None)


def without_unit(heading: str) -> str:
    """Return a column name without the bracket that states its unit or a remark."""
    return _IN_BRACKETS.sub("", unicodedata.normalize("NFKC", heading)).strip() or heading
