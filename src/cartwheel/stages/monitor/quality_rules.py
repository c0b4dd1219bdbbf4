"""What tables must agree on: references, date orders and sums, declared once.

A rule looks at one table (and what it refers to) and counts the cases and the failures.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cartwheel.core.wording import Text


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values must exist in another table, where both are there."""

    table: str
    column: str
    to: str

    @property
    def measure(self) -> str:
        """Return the name of the check."""
        return f"{self.column} in {self.to}"


@dataclass(frozen=True, slots=True)
class RowRule:
    """A condition on one row; rows for which it is null are no cases."""

    table: str
    dimension: str
    measure: str
    passes: pl.Expr
    text: Text


REFERENCES = (
    Reference("order_lines", "product_id", "products"),
    Reference("order_lines", "order_id", "orders"),
    Reference("order_lines", "customer_id", "customers"),
    Reference("order_lines", "warehouse_id", "warehouses"),
    Reference("orders", "customer_id", "customers"),
    Reference("order_charges", "order_id", "orders"),
    Reference("order_events", "order_id", "orders"),
    Reference("returns", "order_id", "orders"),
    Reference("returns", "product_id", "products"),
    Reference("prices", "product_id", "products"),
    Reference("reviews", "product_id", "products"),
    Reference("events", "product_id", "products"),
    Reference("stock_levels", "product_id", "products"),
    Reference("stock_levels", "warehouse_id", "warehouses"),
    Reference("stock_movements", "product_id", "products"),
    Reference("stock_movements", "warehouse_id", "warehouses"),
    Reference("sales", "product_id", "products"),
    Reference("supplier_offers", "product_id", "products"),
    Reference("supplier_offers", "supplier_id", "suppliers"),
    Reference("purchase_orders", "supplier_id", "suppliers"),
    Reference("purchase_order_lines", "purchase_order_id", "purchase_orders"),
    Reference("purchase_order_lines", "product_id", "products"),
    Reference("shipments", "order_id", "orders"),
    Reference("shipments", "carrier_id", "carriers"),
    Reference("tracking_events", "shipment_id", "shipments"),
    Reference("tickets", "order_id", "orders"),
    Reference("messages", "ticket_id", "tickets"),
    Reference("touches", "customer_id", "customers"),
)


def _ordered(table: str, earlier: str, later: str, english: str, chinese: str) -> RowRule:
    passes = pl.col(later) >= pl.col(earlier)
    return RowRule(
        table, "consistency", f"{earlier} before {later}", passes, Text(english, chinese)
    )


ROW_RULES = (
    _ordered("shipments", "shipped_at", "delivered_at",
             "delivered before it was shipped", "送达早于发货"),
    _ordered("purchase_order_lines", "ordered_at", "received_at",
             "received before it was ordered", "入库早于下单"),
    _ordered("tickets", "opened_at", "closed_at",
             "closed before it was opened", "关闭早于创建"),
    _ordered("orders", "ordered_at", "status_at",
             "status reached before the order", "状态时间早于下单"),
    _ordered("sales", "starts_on", "ends_on", "ends before it starts", "结束早于开始"),
    RowRule("order_lines", "validity", "unit price above zero", pl.col("unit_price_minor") > 0,
            Text("sold at a price of zero", "售价为零")),
    RowRule("products", "validity", "cost above zero", pl.col("cost_minor") > 0,
            Text("cost of zero", "成本为零")),
    RowRule("prices", "validity", "price not above regular price",
            pl.col("price_minor") <= pl.col("regular_price_minor"),
            Text("price above the regular price", "价格高于原价")),
    RowRule("stock_levels", "validity", "stock not below zero", pl.col("on_hand") >= 0,
            Text("stock below zero", "库存为负")),
)  # fmt: skip
