"""What the demand stage foretells, and how well it did where the truth is known."""

from cartwheel.tables.contract import Day, Table, column, contract

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
