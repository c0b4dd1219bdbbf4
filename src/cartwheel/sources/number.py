"""Numbers as people write them: decimal commas, thousands separators, signs, currency, units.

Whether "1,234" is a thousand or a fraction is decided over the whole column, then over the whole
file, never value by value. Decimals are kept exactly (no float) until they are rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

EXACT = pl.Decimal(38, 10)  # ten decimals: amounts times weights stay exact

# what shows that the dot, or the comma, is the decimal mark
_DOT = r"\.(\d{1,2}|\d{4,})$|,\d{3}\.|^-?0\.\d|\d,\d{3},\d{3}|\d,\d{2},\d{3}$"
_COMMA = r",(\d{1,2}|\d{4,})$|\.\d{3},|^-?0,\d|\d\.\d{3}\.\d{3}"
_OPEN = r"^-?[1-9]\d{0,2}[.,]\d{3}$"  # could be either
_GROUPED = r"^-?[1-9]\d{0,2}\.(\d\d[1-9]|\d[1-9]\d|[1-9]\d\d)$"  # "2.000" may be a plain 2
_NUMBER = {
    ".": r"^[+-]?(\d+|\d{1,3}([,G]\d{2,3})*[,G]\d{3})?(\.\d*)?([eE][+-]?\d{1,2})?$",
    ",": r"^[+-]?(\d+|\d{1,3}([.G]\d{3})+)?(,\d*)?([eE][+-]?\d{1,2})?$",
}
_GROUP_CLASS = " \u00a0\u2009\u202f'’_"  # what parts thousands beside the other mark


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberVotes:
    """How many distinct values speak for each decimal mark, and how many for neither."""

    dot: int = 0
    comma: int = 0
    open: int = 0
    grouped: int = 0  # of the open ones: by a dot, and not three noughts behind it

    def __add__(self, other: NumberVotes) -> NumberVotes:
        return NumberVotes(dot=self.dot + other.dot, comma=self.comma + other.comma)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """The decimal mark of a column, and whether its values prove it."""

    decimal: str = "."
    is_certain: bool = True


def bare(text: pl.Expr) -> pl.Expr:
    """Strip what stands around a number: currency, words of counting, brackets of a negative."""
    plain = text.str.strip_chars().str.replace_all("[\u2212\u2013]", "-").str.replace_all("％", "%")
    sign = (plain.str.contains(r"^\(.*\)$") | plain.str.contains(r"\d\s*-$")).fill_null(value=False)
    digits = plain.str.replace_all(
        r"^[(]|[)]$|(?i)[a-z]{1,3}\$|\p{Sc}|[元圆]|^[A-Za-z]{3}\b\.?|\b[A-Za-z]{3}$|-$", ""
    ).str.replace(r"\s*(件|个|只|箱|盒|套|台|条|双|瓶|包|pcs\.?|units?|pieces?|x)$", "")
    digits = digits.str.strip_chars().str.replace(r"^([+-])\s+", "$1")
    return (
        pl.when(sign)
        .then(pl.concat_str([pl.lit("-"), digits.str.strip_prefix("-")]))
        .otherwise(digits)
    )


def votes(distinct: pl.Series) -> NumberVotes:
    """Count the evidence in distinct values that went through ``bare``."""
    counts = distinct.to_frame("t").select(
        dot=pl.col("t").str.contains(_DOT).sum(),
        comma=pl.col("t").str.contains(_COMMA).sum(),
        open=pl.col("t").str.contains(_OPEN).sum(),
        grouped=pl.col("t").str.contains(_GROUPED).sum(),
    )
    return NumberVotes(**counts.row(0, named=True))


def style_of(own: NumberVotes, file: NumberVotes, *, is_whole: bool) -> NumberStyle:
    """Decide the decimal mark: by the column, else by its file, else by custom.

    Without proof a comma parts thousands; a dot parts thousands where only whole numbers make
    sense and decimals elsewhere. That is a guess, and the report says so.

    Examples
    --------
    >>> style_of(NumberVotes(comma=3), NumberVotes(), is_whole=False).decimal
    ','
    """
    for evidence in (own, file):
        if evidence.dot != evidence.comma:
            mark = "," if evidence.comma > evidence.dot else "."
            return NumberStyle(decimal=mark, is_certain=min(evidence.dot, evidence.comma) == 0)
    mark = "," if is_whole and own.grouped else "."
    return NumberStyle(decimal=mark, is_certain=own.open == 0 and own.dot == 0)


def numbers(text: pl.Expr, style: NumberStyle) -> pl.Expr:
    """Read text that went through ``bare`` as exact decimals; null where it is no number."""
    pattern = _NUMBER[style.decimal].replace("G", _GROUP_CLASS)
    thousands = rf"[{',' if style.decimal == '.' else '.'}{_GROUP_CLASS}]"
    plain = text.str.replace_all(thousands, "")
    if style.decimal == ",":
        plain = plain.str.replace(",", ".", literal=True)
    return (
        pl.when(text.str.contains(pattern) & text.str.contains(r"\d"))
        .then(plain)
        .cast(EXACT, strict=False)
    )
