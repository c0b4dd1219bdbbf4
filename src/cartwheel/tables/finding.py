"""What a turn has to say about its own methods: one line a fact, for the report."""

from cartwheel.tables.contract import Table, column, contract


@contract(
    "method_scores", key=("stage", "method", "slice", "measure"), area="finding",
    title=("Method scores", "方法评分"),
)  # fmt: skip
class MethodScores(Table):
    """How a method did on the shop's own data, on a time split, beside its simple baseline."""

    stage: str = column("stage the method belongs to")
    method: str = column("method")
    slice: str = column('what it was measured on: "all", a place, a demand class …')
    measure: str = column("recall@10, RMSSE, pinball, coverage 90 % …")
    value: float = column("measured value", optional=True)
    low: float = column("lower end of its 90 % interval", optional=True)
    high: float = column("upper end of its 90 % interval", optional=True)
    is_lower_better: bool = column("true for errors")
    is_baseline: bool = column("true for the simple method to beat")
    is_used: bool = column("true when the method serves, for the slice")
    cases: int = column("customers, series … it was measured on", ge=0)
    tested_from: str = column("first day of the test period, ISO date", optional=True)
    tested_to: str = column("last day of the test period, ISO date", optional=True)
