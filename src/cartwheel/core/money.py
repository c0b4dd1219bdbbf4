"""Money as integer minor units of an ISO 4217 currency. Never float at rest.

Rounding is half-even, which keeps sums unbiased. Source of the exponents: ISO 4217:2015 table A.1;
currencies not listed here have two decimals.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from cartwheel.core.errors import InputError

_WITHOUT_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"}
    | {"VUV", "XAF", "XOF", "XPF"}
)
_WITH_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "BRL": "R$", "INR": "₹"}


def exponent(currency: str) -> int:
    """Return the number of decimals of ``currency`` (USD 2, JPY 0, KWD 3)."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise InputError(f'"{currency}" is not an ISO 4217 currency code such as "EUR".')
    if currency in _WITHOUT_DECIMALS:
        return 0
    return 3 if currency in _WITH_THREE_DECIMALS else 2


def to_minor(amount: Decimal | str | float, currency: str) -> int:
    """Convert an amount in major units to minor units, half-even.

    Examples
    --------
    >>> to_minor("19.90", "EUR"), to_minor(1200, "JPY")
    (1990, 1200)
    """
    scaled = Decimal(str(amount)).scaleb(exponent(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def to_major(minor: float, currency: str) -> float:
    """Convert minor units to major units, for people and charts only."""
    return float(minor) / float(10 ** exponent(currency))


def format_money(minor: float, currency: str, *, decimals: int | None = None) -> str:
    """Write money as people do: sign, thousands separators, the currency's decimals.

    Examples
    --------
    >>> format_money(-123456, "GBP"), format_money(5000000, "EUR", decimals=0)
    ('-£1,234.56', '€50,000')
    """
    places = exponent(currency) if decimals is None else decimals
    value = to_major(minor, currency)
    text = f"{abs(value):,.{places}f}"
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"-{sign}{text}" if round(value, places) < 0 else f"{sign}{text}"
