"""What the demand stage foretells, and how well it did where the truth is known."""

from cartwheel.tables.contract import Day, Table, column, contract
from cartwheel.tables.finding import MethodScores

DEMAND_CLASSES = ["smooth", "erratic", "intermittent", "lumpy", "new", "dormant"]

WEIGHTED_RMSSE, PINBALL = "weighted RMSSE", "pinball"
COVERAGES = {0.5: "coverage 50 %", 0.9: "coverage 90 %"}  # measure by the share intervals aim at

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
QUANTILE_COLUMNS = tuple(f"q{round(100 * q):02d}" for q in QUANTILES)


@contract(
    "forecasts", key=("product_id", "warehouse_id", "starts_on"), area="demand",
    title=("Forecasts", "需求预测"),
)  # fmt: skip
class Forecasts(Table):
    """Demand foretold for a product, a warehouse and a period; stock-outs taken out of the past."""

    product_id: str = column("product")
    warehouse_id: str = column('warehouse; "all" when the shop has one or does not say')
    starts_on: Day = column("first day of the period")
    days: int = column("length of the period", unit="days", ge=1)
    mean: float = column("expected demand in the period", unit="units", ge=0)
    q05: float = column("5 % quantile", unit="units", ge=0)
    q10: float = column("10 % quantile", unit="units", ge=0)
    q25: float = column("25 % quantile", unit="units", ge=0)
    q50: float = column("median", unit="units", ge=0)
    q75: float = column("75 % quantile", unit="units", ge=0)
    q90: float = column("90 % quantile", unit="units", ge=0)
    q95: float = column("95 % quantile", unit="units", ge=0)
    method: str = column("method chosen for the series")


@contract(
    "cumulative_forecasts", key=("product_id", "warehouse_id", "horizon_days"), area="demand",
    title=("Cumulative forecasts", "累计需求预测"),
)  # fmt: skip
class CumulativeForecasts(Table):
    """Demand foretold from the turn's next day over a horizon: what lead times need.

    Its quantiles come from errors of sums, not from sums of quantiles.
    """

    product_id: str = column("product")
    warehouse_id: str = column('warehouse; "all" when the shop has one or does not say')
    horizon_days: int = column("days from the turn's next day", unit="days", ge=1)
    mean: float = column("expected demand over the horizon", unit="units", ge=0)
    q05: float = column("5 % quantile", unit="units", ge=0)
    q10: float = column("10 % quantile", unit="units", ge=0)
    q25: float = column("25 % quantile", unit="units", ge=0)
    q50: float = column("median", unit="units", ge=0)
    q75: float = column("75 % quantile", unit="units", ge=0)
    q90: float = column("90 % quantile", unit="units", ge=0)
    q95: float = column("95 % quantile", unit="units", ge=0)


@contract(
    "demand_history", key=("product_id", "warehouse_id", "starts_on"), area="demand",
    title=("Demand history", "需求历史"),
)  # fmt: skip
class DemandHistory(Table):
    """What was sold in a period and what would have been sold, had there been stock throughout."""

    product_id: str = column("product")
    warehouse_id: str = column('warehouse; "all" when the shop has one or does not say')
    starts_on: Day = column("first day of the period")
    days: int = column("length of the period", unit="days", ge=1)
    sold: float = column("sold, less orders cancelled at once", unit="units", ge=0)
    demand: float = column("sold, and an estimate of what stock-outs cost", unit="units", ge=0)
    is_stocked: bool = column("false when out of stock on half of the period or more")


@contract(
    "demand_series", key=("product_id", "warehouse_id"), area="demand",
    title=("Demand series", "需求序列"),
)  # fmt: skip
class DemandSeries(Table):
    """One row a series: what kind of demand it is, which method serves it and why."""

    product_id: str = column("product")
    warehouse_id: str = column('warehouse; "all" when the shop has one or does not say')
    demand_class: str = column(
        "Syntetos-Boylan class; new: under three periods with demand; dormant: long without",
        isin=DEMAND_CLASSES,
    )
    method: str = column("method chosen")
    baseline: str = column("simple method it had to beat")
    periods: int = column("periods of history", ge=1)
    period_days: int = column("length of a period", unit="days", ge=1)
    mean_demand: float = column("mean demand of a period", unit="units", ge=0)
    demand_interval: float = column("mean periods between demands", unit="periods", optional=True)
    demand_variation: float = column("squared coefficient of variation of demands", optional=True)
    masked_share: float = column("share of periods out of stock", ge=0, le=1)
    chosen_error: float = column(
        "RMSSE of the chosen method over the series' own past origins", optional=True, ge=0
    )
    baseline_error: float = column("RMSSE of the baseline there", optional=True, ge=0)


@contract(
    "demand_scores", key=("stage", "method", "slice", "measure"), area="demand",
    title=("Demand scores", "需求预测评分"),
)  # fmt: skip
class DemandScores(MethodScores):
    """How the demand methods did on the last periods, which had no part in choosing them."""
