"""Who bought what, when, and what came back."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract

ORDER_STATUSES = [
    "received", "confirmed", "picked", "packed", "shipped", "delivered",
    "cancelled", "held", "returned", "refunded",
]  # fmt: skip


@contract(
    "customers", key=("customer_id",), area="orders", title=("Customers", "客户"),
    known="registered_at",
)  # fmt: skip
class Customers(Table):
    """One row a customer; a row without ``registered_at`` is always known."""

    customer_id: str = column("key of the customer")
    registered_at: Instant = column("when the account was made", optional=True)
    country: str = column("country as the shop writes it", optional=True)
    region: str = column("state or province", optional=True)
    city: str = column("city", optional=True)
    postal_code: str = column("postal code or its prefix", optional=True)
    birth_year: int = column("year of birth", optional=True, ge=1900, le=2100)
    gender: str = column("as the shop writes it", optional=True)
    language: str = column("ISO 639-1 code", optional=True)
    channel: str = column("channel that brought the customer", optional=True)
    is_contactable: bool = column("consented to marketing", optional=True)


@contract(
    "orders", key=("order_id",), area="orders", title=("Orders", "订单"), known="ordered_at",
    revealed={"status_at": ("status_at", "status")},
)  # fmt: skip
class Orders(Table):
    """One row an order, as last known."""

    order_id: str = column("key of the order")
    customer_id: str = column("who ordered; null for anonymous", optional=True)
    ordered_at: Instant = column("when it was placed")
    promised_at: Instant = column("delivery promised to the customer", optional=True)
    status: str = column("last known status", optional=True, isin=ORDER_STATUSES)
    status_at: Instant = column("when the status was reached", optional=True)
    channel: str = column("sales channel or shop", optional=True)
    country: str = column("country of delivery", optional=True)
    region: str = column("state or province of delivery", optional=True)
    postal_code: str = column("postal code of delivery", optional=True)
    payment_kind: str = column("means of payment", optional=True)
    shipping_minor: int = column("shipping the customer paid", unit="minor", optional=True)
    currency: str = column("ISO 4217 code", optional=True)


@contract(
    "order_lines", key=("order_id", "line_no"), area="orders", title=("Order lines", "订单明细"),
    known="ordered_at",
)  # fmt: skip
class OrderLines(Table):
    """One row a product in an order: the fact most of the house lives on."""

    order_id: str = column("order")
    line_no: int = column("number of the line in its order", ge=1)
    ordered_at: Instant = column("when the order was placed")
    customer_id: str = column("who ordered; null for anonymous", optional=True)
    product_id: str = column("product")
    quantity: int = column("units ordered", unit="units", gt=0)
    unit_price_minor: int = column(
        "price paid for one unit, discounts taken off", unit="minor", optional=True, ge=0
    )
    currency: str = column("ISO 4217 code", optional=True)
    warehouse_id: str = column("warehouse that serves the line", optional=True)
    supplier_id: str = column("seller, on a marketplace", optional=True)
    channel: str = column("sales channel or shop", optional=True)
    is_promotion: bool = column("sold under a promotion", optional=True)


@contract(
    "order_charges", key=("order_id", "charge_no"), area="orders",
    title=("Order charges", "订单附加费"), known="charged_at",
)  # fmt: skip
class OrderCharges(Table):
    """Money on an order that is no product: postage, fees, discounts, corrections."""

    order_id: str = column("order")
    charge_no: int = column("number of the charge in its order", ge=1)
    charged_at: Instant = column("when it was charged")
    kind: str = column(
        "what it is", isin=["postage", "fee", "discount", "gift", "correction", "other"]
    )
    code: str = column("the shop's own code", optional=True)
    amount_minor: int = column("amount; negative in the customer's favour", unit="minor")
    currency: str = column("ISO 4217 code", optional=True)


@contract(
    "order_events", key=("event_id",), area="orders", title=("Order events", "订单事件"),
    known="happened_at",
)  # fmt: skip
class OrderEvents(Table):
    """A change of an order's status."""

    event_id: str = column("key of the event")
    order_id: str = column("order")
    happened_at: Instant = column("when")
    status: str = column("status reached", isin=ORDER_STATUSES)
    actor: str = column("who or what", optional=True)
    reason: str = column("why", optional=True)


@contract(
    "returns", key=("return_id",), area="orders", title=("Returns", "退货"), known="returned_at"
)
class Returns(Table):
    """Units that came back, or an order line that was cancelled after the sale."""

    return_id: str = column("key of the return")
    order_id: str = column("order they came from; null when unknown", optional=True)
    product_id: str = column("product")
    customer_id: str = column("customer; null for anonymous", optional=True)
    returned_at: Instant = column("when")
    quantity: int = column("units", unit="units", gt=0)
    refund_minor: int = column("money given back in all", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)
    reason: str = column("why", optional=True)


@contract(
    "sales", key=("product_id", "warehouse_id", "starts_on"), area="orders",
    title=("Period sales", "周期销量"), known="ends_on",
)  # fmt: skip
class Sales(Table):
    """Units sold in a period, for shops that export totals instead of order lines."""

    product_id: str = column("product")
    warehouse_id: str = column('warehouse or store; "all" when not split')
    starts_on: Day = column("first day of the period")
    ends_on: Day = column("last day of the period")
    quantity: int = column("units sold", unit="units", ge=0)
    revenue_minor: int = column("money taken", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)
    is_stocked: bool = column("false when out of stock in the period", optional=True)
