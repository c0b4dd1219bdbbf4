"""All key figures, defined once: what is computed, shown and documented follows from this list.

Money is in minor units of the shop's currency, rates in percent. ``is_higher_better`` is None where
a figure informs but neither way is better.
"""

from __future__ import annotations

import polars as pl

from cartwheel.core.wording import Text
from cartwheel.stages.monitor.kpi import Kpi, Measure, average, latest, total

_ORDERS = Measure("orders", pl.len())
_UNITS = total("units", "units")
_REVENUE = total("revenue", "revenue")
_BUYERS = Measure("orders", pl.col("customer_id").drop_nulls().n_unique())
_NEW = Measure(
    "orders", pl.col("customer_id").filter(pl.col("is_first_day")).drop_nulls().n_unique()
)

_SALES = (
    Kpi(
        id="revenue", name=Text("Revenue", "销售额"), unit="minor", is_higher_better=True,
        formula=Text(
            "quantity × unit price over all order lines, cancelled orders left out",
            "所有订单行的数量 × 单价之和，不含已取消订单",
        ),
        of=_REVENUE,
    ),
    Kpi(
        id="gross_margin", name=Text("Gross margin", "毛利"), unit="minor", is_higher_better=True,
        formula=Text(
            "quantity × (unit price − cost) over the order lines whose product has a cost",
            "有成本记录的商品：数量 ×（单价 − 成本）之和",
        ),
        of=total("margins", "margin"),
    ),
    Kpi(
        id="margin_rate", name=Text("Margin rate", "毛利率"), unit="%", is_higher_better=True,
        formula=Text(
            "gross margin ÷ revenue of the same lines",
            "毛利 ÷ 同一批订单行的销售额",
        ),
        of=total("margins", "margin"), per=total("margins", "revenue"), scale=100,
    ),
    Kpi(
        id="orders", name=Text("Orders", "订单数"), unit="count", is_higher_better=True,
        formula=Text("orders placed, cancelled ones left out", "下单数，不含已取消订单"),
        of=_ORDERS,
    ),
    Kpi(
        id="units", name=Text("Units sold", "销售件数"), unit="units", is_higher_better=True,
        formula=Text("units over all order lines", "所有订单行的件数之和"),
        of=_UNITS,
    ),
    Kpi(
        id="average_order_value", name=Text("Average order value", "客单价"), unit="minor",
        is_higher_better=True, formula=Text("revenue ÷ orders", "销售额 ÷ 订单数"),
        of=_REVENUE, per=_ORDERS,
    ),
    Kpi(
        id="items_per_order", name=Text("Units per order", "每单件数"), unit="units",
        is_higher_better=True, formula=Text("units ÷ orders", "件数 ÷ 订单数"),
        of=_UNITS, per=_ORDERS,
    ),
    Kpi(
        id="promotion_share", name=Text("Promotion share", "促销销售占比"), unit="%",
        is_higher_better=None,
        formula=Text(
            "revenue of lines sold under a promotion ÷ revenue of lines where that is known",
            "促销订单行的销售额 ÷ 已知是否促销的订单行销售额",
        ),
        of=total("promotions", "promoted"), per=total("promotions", "revenue"), scale=100,
    ),
    Kpi(
        id="cancellation_rate", name=Text("Cancellation rate", "取消率"), unit="%",
        is_higher_better=False,
        formula=Text(
            "orders with status cancelled ÷ all orders placed in the period",
            "已取消订单 ÷ 当期全部下单数",
        ),
        of=total("statuses", "cancelled"), per=total("statuses", "placed"), scale=100,
    ),
)  # fmt: skip

_CUSTOMERS = (
    Kpi(
        id="customers", name=Text("Customers buying", "购买客户数"), unit="count",
        is_higher_better=True,
        formula=Text("different known customers who ordered", "下单的不同已知客户数"),
        of=_BUYERS,
    ),
    Kpi(
        id="new_customers", name=Text("New customers", "新客户数"), unit="count",
        is_higher_better=True,
        formula=Text(
            "customers whose first order in the data falls in the period",
            "数据中首次下单落在当期的客户数",
        ),
        of=_NEW,
    ),
    Kpi(
        id="repeat_rate", name=Text("Repeat rate", "复购率"), unit="%", is_higher_better=True,
        formula=Text(
            "orders of customers who had ordered on an earlier day ÷ orders of known customers",
            "此前已下过单的客户的订单数 ÷ 已知客户的订单数",
        ),
        of=total("orders", "is_repeat"), per=total("orders", "is_known"), scale=100,
    ),
    Kpi(
        id="return_rate", name=Text("Return rate", "退货率"), unit="%", is_higher_better=False,
        formula=Text(
            "units returned in the period ÷ units sold in the period",
            "当期退回件数 ÷ 当期销售件数",
        ),
        of=total("returns", "units"), per=_UNITS, scale=100,
    ),
    Kpi(
        id="refunds", name=Text("Refunds", "退款额"), unit="minor", is_higher_better=False,
        formula=Text("money given back for returns", "因退货退还的金额"),
        of=total("refunds", "refund"),
    ),
    Kpi(
        id="review_rating", name=Text("Review rating", "评价评分"), unit="stars",
        is_higher_better=True, formula=Text("mean stars of reviews", "评价星级的平均值"),
        of=average("reviews", "rating"),
    ),
    Kpi(
        id="low_review_share", name=Text("Low reviews", "差评率"), unit="%",
        is_higher_better=False,
        formula=Text(
            "reviews of 1 or 2 stars ÷ reviews with stars", "1 至 2 星评价 ÷ 有星级的评价"
        ),
        of=total("reviews", "is_low"), per=total("reviews", "is_rated"), scale=100,
    ),
)  # fmt: skip

_STOCK = (
    Kpi(
        id="stock_value", name=Text("Stock value", "库存金额"), unit="minor",
        is_higher_better=None,
        formula=Text(
            "units on hand × cost at the end of the period, products with a cost",
            "期末库存件数 × 成本（有成本记录的商品）",
        ),
        of=latest("stock_value", "value"),
    ),
    Kpi(
        id="stock_units", name=Text("Stock units", "库存件数"), unit="units",
        is_higher_better=None,
        formula=Text("units on hand at the end of the period", "期末库存件数"),
        of=latest("stock", "units"),
    ),
    Kpi(
        id="stock_cover", name=Text("Stock cover", "库存可销天数"), unit="days",
        is_higher_better=None,
        formula=Text(
            "mean units on hand ÷ mean units sold a day, over the days of the period",
            "当期日均库存件数 ÷ 日均销售件数",
        ),
        of=total("stock", "units"), per=_UNITS,
    ),
    Kpi(
        id="stock_turnover", name=Text("Stock turnover a year", "年库存周转次数"), unit="count",
        is_higher_better=True,
        formula=Text(
            "cost of units sold ÷ mean stock value, brought to a year of 365 days",
            "销售成本 ÷ 平均库存金额，折算为 365 天",
        ),
        of=total("margins", "cost"), per=total("stock_value", "value"), scale=365,
    ),
    Kpi(
        id="service_level", name=Text("Service level", "现货率"), unit="%",
        is_higher_better=True,
        formula=Text(
            "product-warehouse days with stock ÷ all product-warehouse days watched",
            "有货的（商品×仓库）天数 ÷ 全部观测的（商品×仓库）天数",
        ),
        of=total("availability", "in_stock"), per=total("availability", "tracked"), scale=100,
    ),
    Kpi(
        id="dead_stock_share", name=Text("Dead stock share", "呆滞库存占比"), unit="%",
        is_higher_better=False,
        formula=Text(
            "value of stock of products not sold for 90 days ÷ stock value, at the period's end",
            "90 天未售出商品的期末库存金额 ÷ 期末库存金额",
        ),
        of=latest("dead_stock", "dead"), per=latest("dead_stock", "value"), scale=100,
    ),
)  # fmt: skip

_SUPPLY = (
    Kpi(
        id="forecast_error", name=Text("Forecast error", "预测误差"), unit="count",
        is_higher_better=False,
        formula=Text(
            "root mean squared error ÷ the series' own naive change, weighted by units "
            "(weighted RMSSE), on periods no choice had seen",
            "均方根误差 ÷ 序列自身的朴素变化，按件数加权（加权 RMSSE），在未参与选择的时期上",
        ),
        of=latest("forecast_error", "value"),
    ),
    Kpi(
        id="forecast_coverage", name=Text("Forecast coverage", "预测区间覆盖率"), unit="%",
        is_higher_better=None,
        formula=Text(
            "share of held-out periods inside the 90 % interval; 90 % is right",
            "留出期实际值落入 90% 区间的比例；以 90% 为准",
        ),
        of=latest("forecast_coverage", "value"), scale=100,
    ),
    Kpi(
        id="late_supplier_share", name=Text("Late supplier lines", "供应商延迟率"), unit="%",
        is_higher_better=False,
        formula=Text(
            "purchase lines promised in the period and received later or not yet ÷ all promised",
            "当期承诺到货的采购行中迟到或未到的 ÷ 全部承诺到货的采购行",
        ),
        of=total("supply_promises", "late"), per=total("supply_promises", "due"), scale=100,
    ),
    Kpi(
        id="supplier_lead_days", name=Text("Supplier lead time", "供应商交货天数"), unit="days",
        is_higher_better=False,
        formula=Text(
            "mean days from purchase order to receipt, lines received in the period",
            "当期到货采购行从下单到入库的平均天数",
        ),
        of=average("receipts", "days"),
    ),
)  # fmt: skip

_DELIVERY = (
    Kpi(
        id="on_time_delivery", name=Text("On-time delivery", "准时送达率"), unit="%",
        is_higher_better=True,
        formula=Text(
            "shipments promised in the period and delivered by the promised day ÷ all promised",
            "当期承诺送达的包裹中按时送达的 ÷ 全部承诺送达的包裹",
        ),
        of=total("delivery_promises", "on_time"), per=total("delivery_promises", "due"), scale=100,
    ),
    Kpi(
        id="delivery_days", name=Text("Delivery time", "配送天数"), unit="days",
        is_higher_better=False,
        formula=Text(
            "mean days from hand-over to delivery, shipments delivered in the period",
            "当期送达包裹从交运到签收的平均天数",
        ),
        of=average("deliveries", "days"),
    ),
    Kpi(
        id="dispatch_days", name=Text("Dispatch time", "发货天数"), unit="days",
        is_higher_better=False,
        formula=Text(
            "mean days from order to hand-over, shipments sent in the period",
            "当期发出包裹从下单到交运的平均天数",
        ),
        of=average("dispatches", "days"),
    ),
    Kpi(
        id="shipping_cost", name=Text("Shipping cost a parcel", "单件运费"), unit="minor",
        is_higher_better=False,
        formula=Text("mean price paid to the carrier", "支付给承运商的平均运费"),
        of=average("shipping_costs", "cost"),
    ),
)  # fmt: skip

_CARE_AND_TRAFFIC = (
    Kpi(
        id="contact_rate", name=Text("Contact rate", "咨询率"), unit="%", is_higher_better=False,
        formula=Text("tickets opened ÷ orders placed", "新开工单数 ÷ 订单数"),
        of=total("tickets", "opened"), per=_ORDERS, scale=100,
    ),
    Kpi(
        id="satisfaction", name=Text("Satisfaction", "客户满意度"), unit="stars",
        is_higher_better=True,
        formula=Text("mean rating of tickets closed, 1 to 5", "已关闭工单的平均评分（1 至 5）"),
        of=average("ratings", "satisfaction"),
    ),
    Kpi(
        id="resolution_days", name=Text("Resolution time", "工单处理天数"), unit="days",
        is_higher_better=False,
        formula=Text("mean days from opening to closing a ticket", "工单从创建到关闭的平均天数"),
        of=average("closings", "days"),
    ),
    Kpi(
        id="sessions", name=Text("Sessions", "会话数"), unit="count", is_higher_better=True,
        formula=Text(
            "runs of events of a visitor without a break of 30 minutes",
            "同一访客间隔不超过 30 分钟的连续浏览次数",
        ),
        of=total("sessions", "sessions"),
    ),
    Kpi(
        id="conversion", name=Text("Conversion", "转化率"), unit="%", is_higher_better=True,
        formula=Text("sessions with a purchase ÷ sessions", "有购买的会话 ÷ 会话数"),
        of=total("conversions", "bought"), per=total("conversions", "sessions"), scale=100,
    ),
    Kpi(
        id="cart_abandonment", name=Text("Cart abandonment", "购物车放弃率"), unit="%",
        is_higher_better=False,
        formula=Text(
            "sessions that put something into the cart and bought nothing ÷ sessions with a cart",
            "加购后未购买的会话 ÷ 有加购的会话",
        ),
        of=total("carts", "abandoned"), per=total("carts", "carted"), scale=100,
    ),
    Kpi(
        id="marketing_spend", name=Text("Marketing spend", "营销花费"), unit="minor",
        is_higher_better=None, formula=Text("money spent on advertising", "广告支出金额"),
        of=total("ad_spend", "amount"),
    ),
    Kpi(
        id="cost_per_order", name=Text("Marketing cost an order", "每单营销成本"), unit="minor",
        is_higher_better=False,
        formula=Text("marketing spend ÷ all orders", "营销花费 ÷ 全部订单数"),
        of=total("ad_spend", "amount"), per=_ORDERS,
    ),
    Kpi(
        id="message_open_rate", name=Text("Message open rate", "消息打开率"), unit="%",
        is_higher_better=True,
        formula=Text(
            "messages opened in the period ÷ messages sent in it",
            "当期打开的消息 ÷ 当期发送的消息",
        ),
        of=total("touches", "opened"), per=total("touches", "sent"), scale=100,
    ),
)  # fmt: skip

KPIS: tuple[Kpi, ...] = (*_SALES, *_CUSTOMERS, *_STOCK, *_SUPPLY, *_DELIVERY, *_CARE_AND_TRAFFIC)
