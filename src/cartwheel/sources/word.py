# ruff: noqa: SIM905 - lists of words read better without quotation marks
"""Words for yes and no, for nothing, and for the values that contracts allow."""

from __future__ import annotations

NOTHING = ("", "null", "NULL", "Null", "None", "none", "nan", "NaN", "NAN", "N/A", "n/a", "#N/A",
           "\\N", "NaT", "<NA>")  # fmt: skip
TOTALS = frozenset(
    "total totals sum grand total subtotal summe gesamt 合计 总计 小计 汇总 总和".split()
) | {"grand total"}  # fmt: skip

FLAGS = {
    **dict.fromkeys("true t yes y 1 1.0 x ✓ √ on 是 有 真 对".split(), True),
    **dict.fromkeys("false f no n 0 0.0 off ✗ × 否 无 假 不 没有".split(), False),
}

CHOICES: dict[str, dict[str, str]] = {
    "status": {
        **dict.fromkeys(
            "new created open placed pending 新建 待付款 待处理 已下单".split(), "received"
        ),
        **dict.fromkeys(
            "paid approved invoiced processing accepted 已付款 已支付 已确认 待发货 处理中".split(),
            "confirmed",
        ),
        **dict.fromkeys(
            "dispatched in_transit sent 已发货 运输中 待收货 配送中".split(), "shipped"
        ),
        **dict.fromkeys(
            "completed complete closed done fulfilled 已完成 已签收 交易成功 已收货".split(),
            "delivered",
        ),
        **dict.fromkeys(
            "canceled void voided unavailable 已取消 取消 交易关闭 已关闭".split(), "cancelled"
        ),
        **dict.fromkeys("hold on_hold review 挂起 审核中".split(), "held"),
        **dict.fromkeys("已退货 退货".split(), "returned"),
        **dict.fromkeys("refund 已退款 退款".split(), "refunded"),
        **dict.fromkeys("已拣货".split(), "picked"),
        **dict.fromkeys("已打包".split(), "packed"),
    },
    "author": {
        **dict.fromkeys("客户 顾客 买家 user buyer client".split(), "customer"),
        **dict.fromkeys("客服 坐席 staff employee".split(), "agent"),
        **dict.fromkeys("机器人 robot".split(), "bot"),
    },
    "kind": {
        **dict.fromkeys("入库 采购入库 in inbound received goods_in".split(), "receipt"),
        **dict.fromkeys("出库 销售出库 out outbound sold".split(), "sale"),
        **dict.fromkeys("退货入库 returned".split(), "return"),
        **dict.fromkeys("调拨出库 调出".split(), "transfer_out"),
        **dict.fromkeys("调拨入库 调入".split(), "transfer_in"),
        **dict.fromkeys(
            "盘点 调整 adjust correction_of_stock stocktake count".split(), "adjustment"
        ),
        **dict.fromkeys("报废 损耗 write_off damaged waste".split(), "scrap"),
        **dict.fromkeys("运费 邮费 shipping freight".split(), "postage"),
        **dict.fromkeys("手续费 费用 charge".split(), "fee"),
        **dict.fromkeys("折扣 优惠 coupon rebate".split(), "discount"),
        **dict.fromkeys("礼品 赠品 voucher".split(), "gift"),
        **dict.fromkeys("更正 调账".split(), "correction"),
        **dict.fromkeys("其他 misc".split(), "other"),
    },
}
