"""What the inventory stage finds and plans."""

from cartwheel.tables.contract import Day, Table, column, contract
from cartwheel.tables.finding import MethodScores


@contract(
    "stock_targets", key=("product_id", "warehouse_id"), area="inventory",
    title=("Stock targets", "库存目标"),
)  # fmt: skip
class StockTargets(Table):
    """When to order a product again in a warehouse and up to which level."""

    product_id: str = column("product")
    warehouse_id: str = column("warehouse")
    lead_time_days: float = column("expected days from order to receipt", unit="days", ge=0)
    lead_time_sd_days: float = column("standard deviation of it", unit="days", ge=0)
    lead_time_source: str = column(
        "measured from receipts, promised by the offer, or assumed",
        isin=["measured", "promised", "assumed"],
    )
    review_days: float = column("days between two orders", unit="days", ge=0)
    service: float = column("aimed probability of no stock-out in a cycle", ge=0, le=1)
    demand_mean: float = column("demand over lead time and review", unit="units", ge=0)
    demand_sd: float = column("standard deviation of it", unit="units", ge=0)
    safety_stock: int = column("stock held against chance", unit="units", ge=0)
    reorder_point: int = column("order when the position falls to this", unit="units", ge=0)
    order_up_to: int = column("order so that the position reaches this", unit="units", ge=0)


@contract(
    "replenishment", key=("product_id", "warehouse_id"), area="inventory",
    title=("Replenishment needs", "补货需求"),
)  # fmt: skip
class Replenishment(Table):
    """What each warehouse needs of a product, and where the plan takes it from."""

    product_id: str = column("product")
    warehouse_id: str = column("warehouse in need")
    on_hand: int = column("units there", unit="units")
    on_order: int = column("units on their way to it", unit="units", ge=0)
    needed: int = column("units up to the target", unit="units", ge=0)
    transfer_in: int = column("units the plan moves in from other warehouses", unit="units", ge=0)
    buy: int = column("units the plan buys", unit="units", ge=0)
    unmet: int = column("units the plan cannot serve", unit="units", ge=0)
    binding: str = column("constraint that binds: none, budget, capacity, no_offer …")
    shortage_value_minor: int = column("expected margin lost without the plan", unit="minor", ge=0)
    stockout_probability: float = column(
        "chance of a stock-out before a new order arrives", ge=0, le=1
    )


STOCK_STATES = ["healthy", "out", "under", "over", "slow", "dead", "selling", "unknown"]


@contract(
    "inventory_health", key=("product_id", "warehouse_id"), area="inventory",
    title=("Inventory health", "库存健康"),
)  # fmt: skip
class InventoryHealth(Table):
    """How the stock of a product in a warehouse does; without stock data only how it sells."""

    product_id: str = column("product")
    warehouse_id: str = column('warehouse; "all" when the shop has one or does not say')
    on_hand: int = column("units there", unit="units", optional=True)
    on_order: int = column("units on their way to it", unit="units", optional=True, ge=0)
    units_a_day: float = column("units sold a day of late", unit="units", ge=0)
    last_sold_on: Day = column("last day with a sale; null when none is known", optional=True)
    days_of_cover: float = column(
        "days the stock lasts; null when nothing sells", unit="days", optional=True, ge=0
    )
    turnover: float = column("units sold in a year over mean units in stock", optional=True, ge=0)
    stock_value_minor: int = column("stock at purchase cost", unit="minor", optional=True, ge=0)
    excess_units: int = column("units above what is needed", unit="units", optional=True, ge=0)
    excess_value_minor: int = column("these at purchase cost", unit="minor", optional=True, ge=0)
    abc: str = column(
        "A: the products that earn the first 80 %, B: up to 95 %, C: the rest", isin=["A", "B", "C"]
    )
    xyz: str = column(
        "steadiness of weekly demand, sd over mean: X below 0.5, Y below 1, Z", isin=["X", "Y", "Z"]
    )
    state: str = column(
        "out, under (order now), over, slow (lasts very long), dead (sells no more), healthy; without stock: selling, dead; unknown: no sale, no stock",
        isin=STOCK_STATES,
    )


@contract(
    "inventory_scores", key=("stage", "method", "slice", "measure"), area="inventory",
    title=("Inventory scores", "库存方法评分"),
)  # fmt: skip
class InventoryScores(MethodScores):
    """How the reorder policy did in a replay of past demand, beside simple rules."""
