# ruff: noqa: SIM905 - lists of words read better without quotation marks
"""Currencies by their signs and codes, and amounts as integer minor units."""

from __future__ import annotations

import polars as pl

from cartwheel.core.money import exponent
from cartwheel.sources.number import EXACT

_CODES = frozenset(
    "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR"
    " ISK JOD JPY KES KRW KWD KZT LKR MAD MOP MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD"
    " RUB SAR SEK SGD THB TND TRY TWD UAH UGX USD UYU VND XAF XOF ZAR".split()
)
_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND", "฿": "THB",
    "₴": "UAH", "₪": "ILS", "₦": "NGN", "₱": "PHP", "R$": "BRL", "US$": "USD", "A$": "AUD",
    "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "S$": "SGD", "NZ$": "NZD", "NT$": "TWD",
    "元": "CNY", "圆": "CNY", "人民币": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR",
    "英镑": "GBP", "日元": "JPY", "港币": "HKD", "POUND": "GBP", "EURO": "EUR", "DOLLAR": "USD",
    "YUAN": "CNY", "YEN": "JPY",
}  # fmt: skip
_SHARED = {
    "$": ("USD", frozenset("USD AUD CAD HKD SGD NZD TWD MXN ARS CLP COP".split())),
    "¥": ("CNY", frozenset({"CNY", "JPY"})),
}
_MARK = r"([A-Za-z]{1,3}\$|\p{Sc}|人民币|[元圆]|\b[A-Za-z]{3}\b)"


def currency_of(text: pl.Expr, shop: str) -> pl.Expr:
    """Return the ISO code that a currency, its sign or its name stands for; null when unknown.

    "$" and "¥" are several currencies': they are the shop's when it has one of them.
    """
    shared = {
        sign: shop if shop in several else usual for sign, (usual, several) in _SHARED.items()
    }
    known = {code: code for code in _CODES} | _SIGNS | shared
    return (
        text.str.strip_chars()
        .str.to_uppercase()
        .str.replace("￥", "¥", literal=True)
        .replace_strict(known, default=None, return_dtype=pl.String)
    )


def currency_in(text: pl.Expr, shop: str) -> pl.Expr:
    """Return the currency whose sign or code stands beside an amount; null when there is none."""
    return currency_of(text.str.replace("￥", "¥", literal=True).str.extract(_MARK, 1), shop)


def minor_units(amount: pl.Expr, currency: pl.Expr, codes: list[str]) -> pl.Expr:
    """Turn exact amounts in major units into minor units, half-even; ``codes`` are those met."""
    scale = currency.replace_strict(
        {code: str(10 ** exponent(code)) for code in codes}, default="100", return_dtype=pl.String
    ).cast(pl.Decimal(38, 0))
    return (amount.cast(EXACT) * scale).cast(EXACT).round(0).cast(pl.Int64, strict=False)
