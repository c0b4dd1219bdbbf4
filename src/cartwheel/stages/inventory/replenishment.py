"""What to buy and what to move, for all products and warehouses in one linear program.

    max  Σ worth of pieces filled + Σ worth of early pieces - Σ (cost - relief) moved
    s.t. pieces filled = bought + moved in            a needing row
         early pieces <= moved in                     a needing row (a move arrives before an order)
         moved out <= shelf stock above own target    a giving row
         Σ unit cost x bought <= budget
         Σ (bought + moved in - moved out) <= free capacity    a warehouse

Pieces (``need.py``) have falling worth, so the program fills them in order and needs no integer
variable. All bounds are whole and all rows but budget and capacity form a network, so at most
1 + warehouses ways are cut in a vertex solution; they are rounded down, then filled up again in
order of worth while budget and capacity last. The result is below the program's optimum by at most
the worth of those few units. The duals of budget and capacity name the constraint that binds.

Time grows with due rows; 30,000 due rows solve in seconds (``benchmarks/inventory.py --speed``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.spread import Spread
from cartwheel.stages.inventory.need import PIECES, Pieces, pieces_up, shortage_costs
from cartwheel.stages.inventory.program import Index, Maximum, Solution
from cartwheel.stages.inventory.transfer import TransferPolicy, ways

_CLOSE = 1e-6
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one turn may use; None is no limit."""

    budget_minor: float | None = None

    def __post_init__(self) -> None:
        if self.budget_minor is not None and self.budget_minor < 0:
            raise InputError("budget_minor must not be negative", got=self.budget_minor)


@dataclass(frozen=True, slots=True)
class ReplenishmentPlan:
    """What the program found, row by row of its input."""

    status: str  # "optimal", or why there is no plan
    buy: Counts
    moves: pl.DataFrame  # from_row, to_row, quantity, km; cost and relief (minor a unit)
    binding: list[str]
    budget_price: float  # worth of one minor unit more of budget
    capacity_prices: dict[str, float]  # worth of one unit more of space
    bound: float  # the program's optimum, minor; no plan is worth more


@dataclass(frozen=True, slots=True)
class _Columns:
    pieces: Index
    moved: Index
    budget: Index
    capacity: Index


@dataclass(frozen=True, slots=True)
class _Problem:
    rows: pl.DataFrame
    due: Index  # rows in need
    pieces: Pieces
    early: Pieces
    paths: pl.DataFrame
    free: pl.DataFrame  # warehouse_id, free
    budget: float | None


def replenish(
    rows: pl.DataFrame,
    demand: tuple[Spread, Spread],
    warehouses: pl.DataFrame,
    limits: Limits,
    transfers: TransferPolicy,
) -> ReplenishmentPlan:
    """Plan purchases and moves.

    Parameters
    ----------
    rows
        ``product_id, warehouse_id, position, available, on_hand, reorder_point, order_up_to,
        needed, daily, lead_mean, service, margin, cost, holding_day, holding_cycle, refusal``
        (why it cannot be bought, or null).
    demand
        Demand of each row over the lead time, and over lead time and review.
    warehouses
        Contract ``warehouses``.
    """
    problem = _problem(rows, demand, warehouses, limits, transfers)
    program, columns = _program(problem)
    solution = program.solve()
    if solution.status != "optimal":
        nothing = np.zeros(rows.height, np.int64)
        moves = _moves(problem, np.zeros(problem.paths.height, np.int64))
        return ReplenishmentPlan(
            solution.status, nothing, moves, ["no_plan"] * rows.height, 0.0, {}, 0.0
        )
    bought, moved = _whole(problem, solution, columns)
    buy = np.zeros(rows.height, np.int64)
    buy[problem.due] = bought
    prices = solution.prices
    budget_price = float(prices[columns.budget].sum())
    capacity = dict(
        zip(problem.free["warehouse_id"], prices[columns.capacity].tolist(), strict=True)
    )
    binding = _binding(problem, buy, moved, budget_price, capacity)
    return ReplenishmentPlan(
        "optimal", buy, _moves(problem, moved), binding, budget_price, capacity, solution.objective
    )


def _problem(
    rows: pl.DataFrame,
    demand: tuple[Spread, Spread],
    warehouses: pl.DataFrame,
    limits: Limits,
    transfers: TransferPolicy,
) -> _Problem:
    paths = ways(rows, warehouses, transfers)
    due = np.flatnonzero(rows["needed"].to_numpy() > 0)
    some = rows[due]
    shortage, start = shortage_costs(some), some["position"].to_numpy().astype(float)
    needed = some["needed"].to_numpy().astype(float)
    over_lead, over_cycle = demand[0].take(due), demand[1].take(due)
    holding = some["holding_cycle"].to_numpy()
    pieces = pieces_up(over_cycle, start, needed, shortage=shortage, holding=holding)
    soon = np.ceil(over_lead.quantile(some["service"].to_numpy())) - start
    reachable = np.isin(due, paths["to_row"].to_numpy())
    soon = np.where(reachable, np.clip(soon, 0.0, needed), 0.0)
    early = pieces_up(over_lead, start, soon, shortage=shortage, holding=np.zeros(len(due)))
    arriving = (pl.col("position") - pl.col("lead_mean")).clip(lower_bound=0.0)
    filled = rows.group_by("warehouse_id").agg(arriving.sum().alias("filled"))
    free = (
        warehouses.filter(pl.col("capacity_units").is_not_null())
        .join(filled, on="warehouse_id", how="left")
        .select(
            "warehouse_id",
            (pl.col("capacity_units") - pl.col("filled").fill_null(0.0))
            .clip(lower_bound=0.0)
            .floor()
            .alias("free"),
        )
        .sort("warehouse_id")
    )
    return _Problem(rows, due, pieces, early, paths, free, limits.budget_minor)


def _program(problem: _Problem) -> tuple[Maximum, _Columns]:
    """Build the program with purchases written as pieces filled less units moved in."""
    program = Maximum()
    some, paths = problem.rows[problem.due], problem.paths
    taker = np.searchsorted(problem.due, paths["to_row"].to_numpy())
    is_reached = np.isin(np.arange(some.height), taker)
    can_buy = some["refusal"].is_null().to_numpy()
    open_pieces = problem.pieces.sizes * (can_buy | is_reached)[:, None]
    pieces = program.add_columns(problem.pieces.worth.ravel(), open_pieces.ravel())
    gain = paths["relief"].to_numpy() - paths["cost"].to_numpy()
    moved = program.add_columns(gain, paths["surplus"].to_numpy().astype(float))
    if paths.height:
        _path_rows(program, problem, taker, pieces, moved)
    of_piece = np.repeat(np.arange(some.height), PIECES)
    budget = program.add_rows(np.array([] if problem.budget is None else [problem.budget], float))
    if problem.budget is not None:
        cost = np.where(can_buy, some["cost"].to_numpy(), 0.0)
        program.put(np.repeat(budget, len(pieces)), pieces, cost[of_piece])
        program.put(np.repeat(budget, len(moved)), moved, -cost[taker])
    capacity = program.add_rows(problem.free["free"].to_numpy().astype(float))
    place = _places(problem)
    givers = place[paths["from_row"].to_numpy()]
    takers = place[problem.due][of_piece]
    program.put(capacity[takers[takers >= 0]], pieces[takers >= 0], 1.0)
    program.put(capacity[givers[givers >= 0]], moved[givers >= 0], -1.0)
    return program, _Columns(pieces, moved, budget, capacity)


def _path_rows(
    program: Maximum, problem: _Problem, taker: Index, pieces: Index, moved: Index
) -> None:
    """Add what ties moves together: what a row takes in, what it gains early, what is given."""
    reached, inward = np.unique(taker, return_inverse=True)
    own = pieces.reshape(-1, PIECES)[reached].ravel()
    can_buy = problem.rows["refusal"].is_null().to_numpy()[problem.due[reached]]
    for rows, is_equal in ((can_buy, False), (~can_buy, True)):
        number = np.full(len(reached), -1)
        number[rows] = program.add_rows(np.zeros(rows.sum()), is_equal=is_equal)
        filled = np.repeat(number, PIECES)
        program.put(filled[filled >= 0], own[filled >= 0], -1.0)
        program.put(number[inward][rows[inward]], moved[rows[inward]], 1.0)
    early = problem.early
    soon = program.add_columns(early.worth[reached].ravel(), early.sizes[reached].ravel())
    served = program.add_rows(np.zeros(len(reached)))
    program.put(np.repeat(served, PIECES), soon, 1.0)
    program.put(served[inward], moved, -1.0)
    first, outward = np.unique(
        problem.paths["from_row"].to_numpy(), return_index=True, return_inverse=True
    )[1:]
    surplus = program.add_rows(problem.paths["surplus"].to_numpy()[first].astype(float))
    program.put(surplus[outward], moved, 1.0)


def _places(problem: _Problem) -> Index:
    """Return each row's number among the warehouses of limited capacity, or -1."""
    numbers = {name: number for number, name in enumerate(problem.free["warehouse_id"])}
    return (
        problem.rows["warehouse_id"]
        .replace_strict(numbers, default=-1, return_dtype=pl.Int64)
        .to_numpy()
    )


def _whole(problem: _Problem, solution: Solution, columns: _Columns) -> tuple[Counts, Counts]:
    """Round down, then give the cut units back while need, stock, budget and space last."""
    taker = np.searchsorted(problem.due, problem.paths["to_row"].to_numpy())
    sent = solution.values[columns.moved]
    filled = solution.values[columns.pieces].reshape(-1, PIECES).sum(axis=1)
    ordered = filled - np.bincount(taker, sent, len(problem.due))
    bought = np.floor(np.maximum(ordered, 0.0) + _CLOSE).astype(np.int64)
    moved = np.floor(sent + _CLOSE).astype(np.int64)
    left = _Left(problem, bought, moved)
    for path in np.flatnonzero(sent - moved > _CLOSE):
        moved[path] += left.take_move(int(path))
    worth = problem.pieces.worth[:, 0]
    is_short = left.needed > 0
    if problem.budget is None and not problem.free.height:
        return bought, moved
    cost = np.maximum(problem.rows["cost"].to_numpy()[problem.due], _CLOSE)
    for row in np.flatnonzero(is_short)[np.argsort(-(worth / cost)[is_short], kind="stable")]:
        bought[row] += left.take_buy(int(row))
    return bought, moved


class _Left:
    """What is left of need, surplus, budget and space once a whole plan is taken off."""

    def __init__(self, problem: _Problem, bought: Counts, moved: Counts) -> None:
        paths, due = problem.paths, problem.due
        self.taker = np.searchsorted(due, paths["to_row"].to_numpy())
        self.giver = paths["from_row"].to_numpy()
        self.place = _places(problem)
        self.due = due
        self.cost = problem.rows["cost"].to_numpy()[due]
        self.can_buy = problem.rows["refusal"].is_null().to_numpy()[due]
        moved_in = np.bincount(self.taker, moved, len(due)).astype(np.int64)
        self.needed = problem.rows["needed"].to_numpy()[due] - bought - moved_in
        self.surplus = dict(zip(self.giver.tolist(), paths["surplus"].to_list(), strict=True))
        for giver, units in zip(self.giver.tolist(), moved.tolist(), strict=True):
            self.surplus[giver] -= units
        unlimited = np.inf if problem.budget is None else problem.budget
        self.budget = unlimited - float((bought * self.cost).sum())
        self.space = np.append(problem.free["free"].to_numpy().astype(float), np.inf)
        np.subtract.at(self.space, self.place[due], bought)
        np.subtract.at(self.space, self.place[paths["to_row"].to_numpy()], moved)
        np.add.at(self.space, self.place[self.giver], moved)

    def take_move(self, path: int) -> int:
        """Take one unit more on a way when possible."""
        row, giver = self.taker[path], int(self.giver[path])
        to = self.place[self.due[row]]
        if self.needed[row] < 1 or self.surplus[giver] < 1 or self.space[to] < 1:
            return 0
        self.needed[row] -= 1
        self.surplus[giver] -= 1
        self.space[to] -= 1
        self.space[self.place[giver]] += 1
        return 1

    def take_buy(self, row: int) -> int:
        """Buy as many units more of a row as need, budget and space allow."""
        if not self.can_buy[row]:
            return 0
        place = self.place[self.due[row]]
        affordable = self.budget / self.cost[row] if self.cost[row] > 0 else np.inf
        units = int(max(0.0, min(self.needed[row], self.space[place], affordable + 1e-9)))
        self.needed[row] -= units
        self.budget -= units * self.cost[row]
        self.space[place] -= units
        return units


def _moves(problem: _Problem, moved: Counts) -> pl.DataFrame:
    paths = problem.paths.select("from_row", "to_row", "km", "cost", "relief")
    return paths.with_columns(pl.Series("quantity", moved, pl.Int64)).filter(pl.col("quantity") > 0)


def _binding(
    problem: _Problem,
    buy: Counts,
    moved: Counts,
    budget_price: float,
    capacity: dict[str, float],
) -> list[str]:
    moved_in = np.bincount(problem.paths["to_row"].to_numpy(), moved, problem.rows.height)
    costs = problem.rows["cost"] * budget_price
    space = problem.rows["warehouse_id"].replace_strict(
        capacity, default=0.0, return_dtype=pl.Float64
    )
    limited = problem.rows["warehouse_id"].is_in(problem.free["warehouse_id"].implode())
    tight = (
        pl.when(pl.col("space") > pl.col("costs")).then(pl.lit("capacity"))
        .when((pl.col("costs") > 0) | pl.lit(problem.budget is not None)).then(pl.lit("budget"))
        .when(pl.col("limited")).then(pl.lit("capacity"))
        .otherwise(pl.lit("rounding"))
    )  # fmt: skip
    short = pl.col("needed") - pl.col("buy") - pl.col("moved_in")
    return (
        problem.rows.with_columns(
            costs.alias("costs"), space.alias("space"), limited.alias("limited"),
            pl.Series("buy", buy), pl.Series("moved_in", moved_in),
        )
        .select(
            pl.when(pl.col("order_up_to") == 0).then(pl.lit("no_demand"))
            .when(pl.col("needed") == 0).then(pl.lit("enough_stock"))
            .when(short <= 0).then(pl.lit("none"))
            .when(pl.col("refusal").is_not_null()).then(pl.col("refusal"))
            .otherwise(tight)
        )
        .to_series().to_list()
    )  # fmt: skip
