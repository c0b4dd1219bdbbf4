"""Where stock lies, who supplies it, and what is on its way."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract

MOVEMENT_KINDS = ["receipt", "sale", "return", "transfer_out", "transfer_in", "adjustment", "scrap"]


@contract("warehouses", key=("warehouse_id",), area="stock", title=("Warehouses", "仓库"))
class Warehouses(Table):
    """A place that holds stock; a shop with stores lists each store."""

    warehouse_id: str = column("key of the warehouse")
    name: str = column("name", optional=True)
    country: str = column("country", optional=True)
    region: str = column("state or province", optional=True)
    latitude: float = column("north", unit="degrees", optional=True, ge=-90, le=90)
    longitude: float = column("east", unit="degrees", optional=True, ge=-180, le=180)
    capacity_units: int = column("units it can hold", unit="units", optional=True, ge=0)


@contract(
    "stock_levels", key=("product_id", "warehouse_id", "counted_at"), area="stock",
    title=("Stock levels", "库存水平"), known="counted_at",
)  # fmt: skip
class StockLevels(Table):
    """Stock of a product in a warehouse at an instant; the newest row is the present stock."""

    product_id: str = column("product")
    warehouse_id: str = column("warehouse")
    counted_at: Instant = column("when this was the stock")
    on_hand: int = column(
        "units in the warehouse; below zero when sold before booked in", unit="units"
    )
    reserved: int = column("units promised to open orders", unit="units", optional=True, ge=0)


@contract(
    "stock_movements", key=("movement_id",), area="stock", title=("Stock movements", "库存流水"),
    known="moved_at",
)  # fmt: skip
class StockMovements(Table):
    """Units that entered (+) or left (-) a warehouse."""

    movement_id: str = column("key of the movement")
    moved_at: Instant = column("when")
    product_id: str = column("product")
    warehouse_id: str = column("warehouse", optional=True)
    quantity: int = column("units, negative when leaving", unit="units", ne=0)
    kind: str = column("why", isin=MOVEMENT_KINDS)
    reference_id: str = column("order, purchase order or proposal behind it", optional=True)
    note: str = column("remark", optional=True)


@contract("suppliers", key=("supplier_id",), area="stock", title=("Suppliers", "供应商"))
class Suppliers(Table):
    """Who delivers to the shop."""

    supplier_id: str = column("key of the supplier")
    name: str = column("name", optional=True)
    country: str = column("country", optional=True)
    city: str = column("city", optional=True)
    minimum_order_minor: int = column("least value of one order", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)


@contract(
    "supplier_offers", key=("supplier_id", "product_id", "from_quantity"), area="stock",
    title=("Supplier offers", "供应商报价"), known="valid_from",
)  # fmt: skip
class SupplierOffers(Table):
    """A supplier's price for a product from a quantity upwards (one row a price break)."""

    supplier_id: str = column("supplier")
    product_id: str = column("product")
    from_quantity: int = column("least quantity of this price break", unit="units", ge=1)
    unit_cost_minor: int = column("price of one unit", unit="minor", ge=0)
    currency: str = column("ISO 4217 code")
    minimum_quantity: int = column(
        "least quantity of one order line", unit="units", optional=True, ge=1
    )
    pack_quantity: int = column("order in multiples of", unit="units", optional=True, ge=1)
    lead_time_days: float = column(
        "days from order to receipt, promised", unit="days", optional=True, ge=0
    )
    valid_from: Day = column("first day; null means always", optional=True)


@contract(
    "purchase_orders", key=("purchase_order_id",), area="stock",
    title=("Purchase orders", "采购订单"), known="ordered_at",
)  # fmt: skip
class PurchaseOrders(Table):
    """An order of the shop to a supplier."""

    purchase_order_id: str = column("key of the purchase order")
    supplier_id: str = column("supplier")
    warehouse_id: str = column("where it is delivered")
    ordered_at: Instant = column("when it was sent")
    currency: str = column("ISO 4217 code", optional=True)
    note: str = column("remark, or the proposals behind it", optional=True)


@contract(
    "purchase_order_lines", key=("purchase_order_id", "line_no"), area="stock",
    title=("Purchase order lines", "采购订单明细"), known="ordered_at",
    revealed={"received_at": ("received_at", "received_quantity", "rejected_quantity")},
)  # fmt: skip
class PurchaseOrderLines(Table):
    """A product in a purchase order; open while ``received_at`` is null."""

    purchase_order_id: str = column("purchase order")
    line_no: int = column("number of the line", ge=1)
    ordered_at: Instant = column("when the order was sent")
    product_id: str = column("product")
    quantity: int = column("units ordered", unit="units", gt=0)
    unit_cost_minor: int = column("price of one unit", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)
    promised_at: Instant = column("delivery promised", optional=True)
    received_at: Instant = column("delivery booked in; null while open", optional=True)
    received_quantity: int = column("units booked in", unit="units", optional=True, ge=0)
    rejected_quantity: int = column("of these, units refused", unit="units", optional=True, ge=0)
