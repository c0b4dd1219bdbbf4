"""A linear program in columns, solved by HiGHS; no answer is a value with its reason.

Built from whole arrays of columns at a time, so that a million columns cost no Python loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cartwheel.core.spread import Floats

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Solution:
    """The best values found, and what one unit more of each row's bound would be worth."""

    status: str  # "optimal", or what HiGHS says
    values: Floats
    prices: Floats  # dual values, at least 0, one a row
    objective: float


@dataclass(slots=True)
class Maximum:
    """Max c x subject to rows Σ a x <= bound (or = bound) and 0 <= x <= upper."""

    _costs: list[Floats] = field(default_factory=list)
    _uppers: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Index, Index, Floats]] = field(default_factory=list)
    _lows: list[Floats] = field(default_factory=list)
    _highs: list[Floats] = field(default_factory=list)

    def add_rows(self, bound: Floats, *, is_equal: bool = False) -> Index:
        """Add rows and return their numbers."""
        start = sum(len(part) for part in self._highs)
        self._highs.append(bound)
        self._lows.append(bound if is_equal else np.full(len(bound), -np.inf))
        return np.arange(start, start + len(bound))

    def add_columns(self, worth: Floats, upper: Floats) -> Index:
        """Add columns and return their numbers."""
        start = sum(len(part) for part in self._costs)
        self._costs.append(worth)
        self._uppers.append(upper)
        return np.arange(start, start + len(worth))

    def put(self, rows: Index, columns: Index, factor: Floats | float) -> None:
        """Set coefficients; each pair of row and column at most once."""
        self._entries.append((rows, columns, np.broadcast_to(np.float64(factor), rows.shape)))

    def solve(self) -> Solution:
        """Solve with one thread, so that equal programs have equal answers."""
        import highspy

        costs, uppers = np.concatenate(self._costs), np.concatenate(self._uppers)
        lows, highs = np.concatenate(self._lows), np.concatenate(self._highs)
        if not len(costs):
            return Solution("optimal", costs, np.zeros(len(highs)), 0.0)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(costs), len(highs)
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_, program.col_upper_ = costs, uppers
        program.col_lower_ = np.zeros(len(costs))
        program.row_lower_, program.row_upper_ = lows, highs
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        starts, rows, factors = self._columnwise(len(costs))
        program.a_matrix_.start_, program.a_matrix_.index_ = starts, rows
        program.a_matrix_.value_ = factors
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("presolve", "off")  # took 80 times as long as the simplex itself
        solver.passModel(program)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            said = solver.modelStatusToString(status)
            return Solution(said, np.zeros(len(costs)), np.zeros(len(highs)), 0.0)
        found = solver.getSolution()
        return Solution(
            "optimal",
            np.asarray(found.col_value),
            np.abs(np.asarray(found.row_dual)),
            float(solver.getInfo().objective_function_value),
        )

    def _columnwise(self, columns: int) -> tuple[Index, Index, Floats]:
        row = np.concatenate([part[0] for part in self._entries] or [np.empty(0, np.int64)])
        column = np.concatenate([part[1] for part in self._entries] or [np.empty(0, np.int64)])
        factor = np.concatenate([part[2] for part in self._entries] or [np.empty(0)])
        order = np.argsort(column, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=columns))])
        return starts.astype(np.int64), row[order], factor[order]
