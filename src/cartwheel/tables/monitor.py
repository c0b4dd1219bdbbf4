"""What the monitor stage computes: key figures, alerts, data quality, and how well it watches."""

from cartwheel.tables.contract import Day, Table, column, contract
from cartwheel.tables.finding import MethodScores

PERIODS = ["day", "week", "month"]
KPI_UNITS = ["minor", "%", "units", "days", "count", "stars"]
QUALITY_DIMENSIONS = ["completeness", "uniqueness", "validity", "consistency", "timeliness"]


@contract(
    "kpis", key=("kpi", "period", "starts_on"), area="monitor", title=("Key figures", "关键指标")
)
class Kpis(Table):
    """The value of a key figure in a day, a week (from Monday) or a month."""

    kpi: str = column("key figure")
    period: str = column("length of the period", isin=PERIODS)
    starts_on: Day = column("first day of the period")
    value: float = column(
        "value; null where it is not defined, as a rate of nothing", optional=True
    )
    unit: str = column("unit of the value", isin=KPI_UNITS)
    is_partial: bool = column("true when the data do not cover the whole period: do not compare")


@contract(
    "kpi_definitions", key=("kpi",), area="monitor", title=("Key figure definitions", "指标定义")
)
class KpiDefinitions(Table):
    """What each key figure means, and why it is left out where it is."""

    kpi: str = column("key figure")
    position: int = column("place in lists, from 1", ge=1)
    name: str = column("name in English")
    name_zh: str = column("name in simplified Chinese")
    formula: str = column("formula in words, in English")
    formula_zh: str = column("the same in simplified Chinese")
    unit: str = column("unit of the value", isin=KPI_UNITS)
    is_higher_better: bool = column("direction; null when neither is better", optional=True)
    is_computed: bool = column("false when the shop lacks its tables")
    reason: str = column("why it is left out, in English", optional=True)
    reason_zh: str = column("the same in simplified Chinese", optional=True)


@contract("alerts", key=("kpi", "period", "starts_on"), area="monitor", title=("Alerts", "预警"))
class Alerts(Table):
    """A recent key figure outside of what its own past led to expect."""

    kpi: str = column("key figure")
    period: str = column("length of the period", isin=PERIODS)
    starts_on: Day = column("first day of the period")
    value: float = column("value found")
    expected: float = column("value expected from its past")
    low: float = column("lower end of the interval of no alert")
    high: float = column("upper end of the interval of no alert")
    score: float = column("distance from the expected value in robust standard deviations")
    is_bad: bool = column(
        "true when it went the worse way; null when neither is worse", optional=True
    )
    unit: str = column("unit of the value", isin=KPI_UNITS)
    driver_kind: str = column("what the likely driver is: category, country …", optional=True)
    driver: str = column("part of the shop that contributed most", optional=True)
    driver_share: float = column("its share of the deviation", optional=True)
    reason: str = column("one sentence in English")
    reason_zh: str = column("the same in simplified Chinese")


@contract(
    "monitor_scores", key=("stage", "method", "slice", "measure"), area="monitor",
    title=("Monitor scores", "监控评分"),
)  # fmt: skip
class MonitorScores(MethodScores):
    """How well alerts are raised on the shop's own figures, beside the 3-sigma rule."""


@contract(
    "quality", key=("table", "dimension", "measure", "period", "starts_on"), area="monitor",
    title=("Data quality", "数据质量"),
)  # fmt: skip
class Quality(Table):
    """A quality of a table, whole or by week, as the share of cases that pass."""

    table: str = column("table it is about")
    dimension: str = column("kind of quality", isin=QUALITY_DIMENSIONS)
    measure: str = column('what was checked: a column, a rule, or "all"')
    period: str = column("whole table, or a week from Monday", isin=["all", "week"])
    starts_on: Day = column("first day of the week; for a whole table the day of the turn")
    value: float = column("share of cases that pass", ge=0, le=1)
    cases: int = column("cases checked", ge=0)
    failed: int = column("cases that fail", ge=0)
    is_alert: bool = column("true when it fell below its own past, or fails outright")
    reason: str = column("what is the matter, in English", optional=True)
    reason_zh: str = column("the same in simplified Chinese", optional=True)
