"""Facts: what each group of key figures is computed from, made small once."""

from __future__ import annotations

from cartwheel.core.wording import Text
from cartwheel.stages.monitor.facts.contact import contact_facts
from cartwheel.stages.monitor.facts.sales import sales_facts
from cartwheel.stages.monitor.facts.service import service_facts
from cartwheel.stages.monitor.facts.source import Fact, Read, Shop
from cartwheel.stages.monitor.facts.stock import stock_facts

__all__ = ["NEEDS", "Fact", "Read", "Shop", "gather_facts"]

NEEDS: dict[str, Text] = {
    "revenue": Text("order lines or sales with prices", "带价格的订单明细或销量"),
    "units": Text("order lines or sales", "订单明细或销量"),
    "orders": Text("order lines", "订单明细"),
    "margins": Text(
        "order lines with prices and products with a cost", "带价格的订单明细和带成本的商品"
    ),
    "promotions": Text("order lines that say whether a promotion ran", "注明是否促销的订单明细"),
    "statuses": Text("orders with a status", "带状态的订单"),
    "returns": Text("returns", "退货"),
    "refunds": Text("returns with refunds", "带退款金额的退货"),
    "stock": Text("stock levels or movements", "库存水平或库存流水"),
    "availability": Text(
        "stock levels or movements, or sales that say whether stock was there",
        "库存水平或库存流水，或注明是否有货的销量",
    ),
    "stock_value": Text("stock and products with a cost", "库存和带成本的商品"),
    "dead_stock": Text(
        "stock, order lines and products with a cost", "库存、订单明细和带成本的商品"
    ),
    "forecast_error": Text(
        "a weighted RMSSE among the demand scores", "需求预测评分中的加权 RMSSE"
    ),
    "forecast_coverage": Text(
        "a coverage of 90 % intervals among the demand scores", "需求预测评分中的 90% 区间覆盖率"
    ),
    "supply_promises": Text("purchase order lines with promised dates", "带承诺日期的采购订单明细"),
    "receipts": Text("purchase order lines with receipts", "已到货的采购订单明细"),
    "delivery_promises": Text("shipments with promised dates", "带承诺日期的发货单"),
    "deliveries": Text("shipments that arrived", "已送达的发货单"),
    "dispatches": Text("shipments and their orders", "发货单及其订单"),
    "shipping_costs": Text("shipments with costs", "带运费的发货单"),
    "tickets": Text("tickets", "工单"),
    "closings": Text("closed tickets", "已关闭的工单"),
    "ratings": Text("tickets rated by customers", "客户评分的工单"),
    "reviews": Text("reviews with stars", "带星级的评价"),
    "sessions": Text("browsing events", "浏览事件"),
    "conversions": Text("browsing events that show purchases", "包含购买的浏览事件"),
    "carts": Text("browsing events that show carts and purchases", "包含加购和购买的浏览事件"),
    "ad_spend": Text("advertising spend", "广告花费"),
    "touches": Text("marketing messages", "营销触达"),
}


def gather_facts(read: Read, shop: Shop) -> dict[str, Fact]:
    """Return every fact the shop's tables allow; the others are simply not there."""
    stock = stock_facts(read, shop)
    sales = sales_facts(read, shop)
    return sales | stock | service_facts(read, shop) | contact_facts(read, shop)
