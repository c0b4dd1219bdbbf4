"""Why this supplier, this quantity, and what stands in the way: sentences for a buyer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cartwheel.core.money import format_money
from cartwheel.core.wording import Text
from cartwheel.stages.procurement.offer import UNKNOWN

Row = Mapping[str, Any]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BINDING = {
    "budget": Text("the budget binds", "受预算限制"),
    "capacity": Text("warehouse space binds", "受仓库容量限制"),
    "rounding": Text("whole units bind", "受整件数量限制"),
}


def why(row: Row, currency: str) -> Text:
    """Return why the line has this supplier, quantity and state."""
    parts = [_choice(row), _quantity(row, currency), _state(row, currency)]
    said = [part for part in parts if part is not None]
    return Text("; ".join(part.en for part in said), "；".join(part.zh for part in said))


def reason(row: Row, currency: str, stockout: date | None) -> Text:
    """Return the sentence of a reorder proposal."""
    name = f"{row['product_id']} ({row['name']})" if row["name"] else str(row["product_id"])
    name_zh = row["name_zh"] or row["name"]
    named_zh = f"{row['product_id']}（{name_zh}）" if name_zh else str(row["product_id"])
    supplier = "an unknown supplier" if row["supplier_id"] == UNKNOWN else row["supplier_id"]
    supplier_zh = "未知供应商" if row["supplier_id"] == UNKNOWN else row["supplier_id"]
    place = "" if row["warehouse_id"] == "all" else f" for {row['warehouse_id']}"
    place_zh = "" if row["warehouse_id"] == "all" else f"，送至 {row['warehouse_id']}"
    risk, bound, because = _risk(row, stockout), _bound(row), why(row, currency)
    money = _money(row)
    return Text(
        f"Order {row['quantity']} of {name} from {supplier}{place}: {row['on_hand']} left, "
        f"{row['on_order']} on order, {risk.en}; {because.en}{bound.en}{money.en}.",
        f"向 {supplier_zh} 订购 {row['quantity']} 件 {named_zh}{place_zh}："
        f"现存 {row['on_hand']} 件，在途 {row['on_order']} 件，{risk.zh}；"
        f"{because.zh}{bound.zh}{money.zh}。",
    )


def _risk(row: Row, stockout: date | None) -> Text:
    chance = f"{row['stockout_probability']:.0%}"
    if row["state"] == "top_up":
        return Text("not due yet", "尚未到补货点")
    if row["on_hand"] <= 0 and row["on_order"] <= 0:
        return Text(
            f"out of stock, {chance} chance of missed sales before an order arrives",
            f"已缺货，新货到达前损失销售的概率 {chance}",
        )
    if stockout is None:
        return Text(
            f"{chance} chance of a stock-out before an order arrives",
            f"新货到达前缺货概率 {chance}",
        )
    return Text(
        f"stock-out expected on {stockout.day} {_MONTHS[stockout.month - 1]}, with {chance} chance "
        "before an order arrives",
        f"预计 {stockout.month}月{stockout.day}日 缺货，新货到达前缺货概率 {chance}",
    )


def _choice(row: Row) -> Text:
    if row["is_assumed"] and row["supplier_id"] == UNKNOWN:
        return Text("no supplier or offer is known", "没有供应商或报价信息")
    if row["is_assumed"]:
        return Text("no offer: supplier of the last purchase", "无报价，沿用上次采购的供应商")
    if row["rivals"] == 1:
        return Text("the only offer", "唯一报价")
    return Text(
        f"least cost of {row['rivals']} suppliers with lead time and quality",
        f"计入交期与质量后，{row['rivals']} 家供应商中成本最低",
    )


def _quantity(row: Row, currency: str) -> Text | None:
    needed, quantity = row["needed"], row["quantity"]
    if quantity > row["sourced"]:
        return Text(
            f"{needed} needed, raised to {quantity} so that the order reaches the supplier's "
            "minimum",
            f"需求 {needed} 件，为达到供应商最低订单金额增至 {quantity} 件",
        )
    if quantity > row["base_quantity"]:
        price = format_money(row["unit_cost"], currency)
        return Text(
            f"{needed} needed, raised to {quantity}, where one costs only {price}",
            f"需求 {needed} 件，增至 {quantity} 件可享阶梯价每件 {price}",
        )
    if quantity > needed:
        return Text(
            f"{needed} needed, {quantity} by the least quantity {row['minimum']} "
            f"and packs of {row['pack']}",
            f"需求 {needed} 件，按起订量 {row['minimum']} 件、每箱 {row['pack']} 件取整为 "
            f"{quantity} 件",
        )
    return None


def _state(row: Row, currency: str) -> Text | None:
    least = format_money(row["minimum_order"] or 0, currency)
    if row["state"] == "top_up":
        return Text(
            f"ordered early so that the order reaches the supplier's minimum of {least}",
            f"提前订购，使订单达到供应商最低金额 {least}",
        )
    if row["state"] == "below_minimum":
        return Text(
            f"not ordered: the order stays below the supplier's minimum of {least}",
            f"未下单：订单未达供应商最低金额 {least}",
        )
    if row["state"] == "over_budget":
        return Text("not ordered: the budget is used up", "未下单：预算已用完")
    return None


def _bound(row: Row) -> Text:
    binding = _BINDING.get(row["binding"])
    if binding is None or row["unmet"] <= 0:
        return Text("", "")
    return Text(
        f"; {binding.en}: {row['unmet']} fewer than the target",
        f"；{binding.zh}，比目标少 {row['unmet']} 件",
    )


def _money(row: Row) -> Text:
    if row["unit_cost"] <= 0:
        return Text("; its cost is unknown and counted as 0", "；成本未知，按 0 计")
    if not row["is_price_known"]:
        return Text("; its price is unknown and assumed from the cost", "；售价未知，按成本估算")
    return Text("", "")
