"""What the procurement stage plans and how suppliers did."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract
from cartwheel.tables.finding import MethodScores

PLAN_STATES = ["planned", "top_up", "below_minimum", "over_budget"]


@contract(
    "purchase_plan", key=("supplier_id", "warehouse_id", "product_id"), area="procurement",
    title=("Purchase plan", "采购计划"),
)  # fmt: skip
class PurchasePlan(Table):
    """What to order from whom: one row a supplier, warehouse and product."""

    supplier_id: str = column('supplier; "unknown" when the shop names none')
    warehouse_id: str = column("where it is delivered")
    product_id: str = column("product")
    order_key: str = column("lines with the same key go into one purchase order")
    state: str = column(
        "planned; top_up: ordered early to reach the supplier's minimum; or why it is not ordered: below_minimum, over_budget",
        isin=PLAN_STATES,
    )
    needed: int = column("units the replenishment plan buys", unit="units", ge=0)
    quantity: int = column(
        "units to order: packs, minimum and price break kept", unit="units", gt=0
    )
    unit_cost_minor: int = column("price of one unit at this quantity", unit="minor", ge=0)
    line_cost_minor: int = column("price of the line", unit="minor", ge=0)
    currency: str = column("ISO 4217 code")
    promised_at: Instant = column("delivery as the supplier promises it", optional=True)
    expected_on: Day = column("delivery as the supplier's record lets expect it")
    is_assumed: bool = column("true when there is no offer and supplier or price are assumed")
    why: str = column("why this supplier and quantity, in English")
    why_zh: str = column("the same in simplified Chinese")


@contract(
    "supplier_scorecards", key=("supplier_id",), area="procurement",
    title=("Supplier scorecards", "供应商评分卡"),
)  # fmt: skip
class SupplierScorecards(Table):
    """How a supplier delivered in the last year, with 90 % intervals."""

    supplier_id: str = column("supplier")
    name: str = column("name", optional=True)
    lines: int = column("order lines due or received", ge=0)
    deliveries: int = column("purchase orders among them; intervals count these", ge=0)
    overdue: int = column("open lines past their promise", ge=0)
    is_reliable: bool = column("true when there are enough deliveries to judge")
    on_time: float = column(
        "share of lines received by the promised day", optional=True, ge=0, le=1
    )
    on_time_low: float = column(
        "lower end of its 90 % interval (Wilson)", optional=True, ge=0, le=1
    )
    on_time_high: float = column(
        "upper end of its 90 % interval (Wilson)", optional=True, ge=0, le=1
    )
    delay_days: float = column(
        "mean days after the promise, early days negative", unit="days", optional=True
    )
    lead_time_days: float = column(
        "mean days from order to receipt", unit="days", optional=True, ge=0
    )
    lead_time_low: float = column(
        "lower end of its 90 % interval (bootstrap)", unit="days", optional=True
    )
    lead_time_high: float = column(
        "upper end of its 90 % interval (bootstrap)", unit="days", optional=True
    )
    lead_time_sd_days: float = column(
        "standard deviation of days from order to receipt", unit="days", optional=True, ge=0
    )
    lead_time_p90_days: float = column(
        "days within which nine of ten lines came", unit="days", optional=True, ge=0
    )
    rejected: float = column("share of received units refused", optional=True, ge=0, le=1)
    rejected_low: float = column(
        "lower end of its 90 % interval (Wilson)", optional=True, ge=0, le=1
    )
    rejected_high: float = column(
        "upper end of its 90 % interval (Wilson)", optional=True, ge=0, le=1
    )
    full: float = column(
        "share of lines received in exactly the quantity ordered", optional=True, ge=0, le=1
    )
    full_low: float = column("lower end of its 90 % interval (Wilson)", optional=True, ge=0, le=1)
    full_high: float = column("upper end of its 90 % interval (Wilson)", optional=True, ge=0, le=1)
    price_index: float = column(
        "its prices over those of other suppliers of the same products", optional=True, ge=0
    )
    price_index_low: float = column(
        "lower end of its 90 % interval (bootstrap)", optional=True, ge=0
    )
    price_index_high: float = column(
        "upper end of its 90 % interval (bootstrap)", optional=True, ge=0
    )
    compared_products: int = column("products it shares with other suppliers", ge=0)


@contract(
    "procurement_scores", key=("stage", "method", "slice", "measure"), area="procurement",
    title=("Procurement scores", "采购方法评分"),
)  # fmt: skip
class ProcurementScores(MethodScores):
    """How well deliveries were foretold on a time split, beside the suppliers' promises."""
