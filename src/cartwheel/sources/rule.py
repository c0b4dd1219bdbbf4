"""What a table contract asks of each row, as expressions, and how to say that a row breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.tables import TableContract

# pandera's name of a check: when a value breaks it, and how to say so
_COMPARISONS: dict[str, tuple[Callable[[pl.Expr, Any], pl.Expr], str, str]] = {
    "greater_than": (pl.Expr.le, "the value must be above {}", "值必须大于 {}"),
    "greater_than_or_equal_to": (pl.Expr.lt, "the value must be {} or more", "值不得小于 {}"),
    "less_than": (pl.Expr.ge, "the value must be below {}", "值必须小于 {}"),
    "less_than_or_equal_to": (pl.Expr.gt, "the value must be {} or less", "值不得大于 {}"),
    "not_equal_to": (pl.Expr.eq, "the value must not be {}", "值不得为 {}"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on one column; ``breaks`` is true in the rows that break it."""

    column: str
    breaks: pl.Expr
    reason: Text


def rules_of(contract: TableContract) -> Iterator[Rule]:
    """Yield every rule of a contract: no nulls where a value is required, and all checks."""
    for name, column in contract.columns.items():
        if column.is_required:
            yield Rule(name, pl.col(name).is_null(), Text("the value is missing", "缺少数值"))
    for name, declared in contract.model.to_schema().columns.items():
        for check in declared.checks:
            yield _rule(name, str(check.name), dict(check.statistics))


def _rule(name: str, check: str, said: dict[str, Any]) -> Rule:
    value = pl.col(name)
    if check == "isin":
        allowed = list(said["allowed_values"])
        words = ", ".join(allowed)
        reason = Text(f"the value must be one of: {words}", f"值必须是以下之一：{words}")
        return Rule(name, ~value.is_in(allowed), reason)
    bound = next(iter(said.values()))
    compared, en, zh = _COMPARISONS[check]  # a check not yet known here: KeyError says so
    return Rule(name, compared(value, bound), Text(en.format(bound), zh.format(bound)))
