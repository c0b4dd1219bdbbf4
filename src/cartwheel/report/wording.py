"""Every word of the report in English and Chinese, by section; codes of tables by kind."""

# ruff: noqa: E501 - a sentence stays on its line

from __future__ import annotations

from collections.abc import Mapping

from cartwheel.core.wording import Text

_PAGE = {  # the page around the sections
    "title": Text("{shop}: report of {day}", "{shop}：{day} 报告"),
    "report": Text("Shop report", "店铺运营报告"),
    "known_to": Text(
        "What was known at the end of {day} ({zone})", "截至 {day} 结束时已知的数据（{zone}）"
    ),
    "contents": Text("Contents", "目录"),
    "skip_link": Text("Skip to the report", "跳到正文"),
    "theme": Text("Light or dark", "浅色/深色"),
    "print": Text("Print", "打印"),
    "made_by": Text(
        "Written by Cartwheel. The file needs no network; nothing in it leaves your machine.",
        "由 Cartwheel 生成。本文件无需联网，内容不会离开您的电脑。",
    ),
    "missing": Text("Not in this report", "本报告未包含"),
    "data_table": Text("Show the figures as a table", "以表格查看数据"),
    "sort_by": Text("Sort by this column", "按此列排序"),
    "show_kind": Text("Show", "显示"),
    "all_kinds": Text("All", "全部"),
    "search": Text("Search", "搜索"),
    "rows_shown": Text("{shown} of {count} rows", "{count} 行中的 {shown} 行"),
    "no_script": Text(
        "Charts need JavaScript; their figures are in the tables below them.",
        "图表需要启用 JavaScript；数据见图表下方的表格。",
    ),
    "scroll": Text("Table that scrolls sideways: {caption}", "可横向滚动的表格：{caption}"),
}
_COMMON = {  # words of several sections
    "shown_of": Text(
        "Shown: {shown} of {count}; the rest is in the shop's tables.",
        "显示 {count} 条中的 {shown} 条；其余见店铺数据表。",
    ),
    "from_to": Text("{low} to {high}", "{low} 至 {high}"),
    "known_in": Text("{column} known in {table}", "{column} 存在于“{table}”"),
    "in_order": Text("{earlier} before {later}", "{earlier} 早于 {later}"),
    "of_segment": Text("{what}: {name}", "{what}：{name}"),
    "in_days": Text("{days} days", "{days} 天"),
    "points": Text("{arrow} {points} points", "{arrow} {points} 个百分点"),
    "range90": Text("90 % interval", "90% 区间"),
    "count": Text("Count", "数量"),
    "units": Text("Units", "件数"),
    "share": Text("Share", "占比"),
    "method": Text("Method", "方法"),
    "reason": Text("Reason", "原因"),
    "status": Text("Status", "状态"),
    "yes": Text("yes", "是"),
    "no": Text("no", "否"),
    "table": Text("Table", "表"),
    "remark": Text("Remark", "备注"),
    "cost": Text("Cost", "成本"),
    "kind": Text("Kind", "类型"),
    "value": Text("Value", "数值"),
    "key_figure": Text("Key figure", "指标"),
    "change": Text("Change", "变化"),
    "cases": Text("Cases", "样本数"),
}
_OVERVIEW = {  # sales and key figures
    "overview": Text("Overview", "概览"),
    "overview_lead": Text(
        "Figures are of the last whole week, from {week}; changes compare with the mean of the four weeks before.",
        "数据为最近一个完整周（自 {week} 起）；变化为与此前四周均值之比。",
    ),
    "no_kpis": Text(
        "The monitor stage wrote no key figures in this turn.", "本次运行中监控阶段没有产出指标。"
    ),
    "before": Text("4 weeks before: {value}", "此前四周：{value}"),
    "spark": Text("{name}, the last 26 whole periods", "{name}，最近 26 个完整周期"),
    "sales_only": Text(
        "Revenue of the last whole week was {value}.", "最近一个完整周销售额为 {value}。"
    ),
    "sales_steady": Text(
        "Revenue of the last whole week was {value}, about as in the four weeks before ({before}).",
        "最近一个完整周销售额为 {value}，与此前四周均值（{before}）基本持平。",
    ),
    "sales_up": Text(
        "Revenue of the last whole week was {value}, {change} above the mean of the four weeks before ({before}).",
        "最近一个完整周销售额为 {value}，比此前四周均值（{before}）高 {change}。",
    ),
    "sales_down": Text(
        "Revenue of the last whole week was {value}, {change} below the mean of the four weeks before ({before}).",
        "最近一个完整周销售额为 {value}，比此前四周均值（{before}）低 {change}。",
    ),
    "weekly_revenue": Text("Weekly revenue", "每周销售额"),
    "weekly_revenue_alt": Text(
        "Columns of weekly revenue from {first} to {last}.", "{first} 至 {last} 每周销售额柱状图。"
    ),
    "revenue": Text("Revenue", "销售额"),
    "week_from": Text("Week from", "周起始日"),
    "partial": Text("partial", "不完整"),
    "partial_note": Text(
        "Pale columns are weeks the data cover only in part: do not compare them.",
        "浅色柱为数据不完整的周，不宜比较。",
    ),
    "key_figures": Text("Key figures", "关键指标"),
    "key_figures_lead": Text(
        "Every figure with its formula. Changes are coloured only where one way is better.",
        "每个指标及其计算公式。仅在有优劣方向时标注颜色。",
    ),
    "last_week": Text("Last whole week", "最近完整周"),
    "four_before": Text("Mean of 4 weeks before", "此前四周均值"),
    "last_26": Text("Last 26 weeks", "最近 26 周"),
    "last_month": Text("Last whole month", "最近完整月"),
    "direction": Text("Better", "优劣方向"),
    "formula": Text("Formula", "公式"),
    "higher_better": Text("higher", "越高越好"),
    "lower_better": Text("lower", "越低越好"),
    "neither_better": Text("neither", "无优劣"),
    "left_out": Text(
        "Key figures left out for lack of data: {count}", "因缺少数据未计算的指标：{count} 个"
    ),
    "needs": Text("What is lacking", "所缺数据"),
}
_ATTENTION = {  # what needs a look
    "attention": Text("Needs attention", "需要关注"),
    "attention_lead": Text(
        "What went wrong in the turn, key figures far from what their own past led to expect, and data that got worse.",
        "运行中的问题、明显偏离自身历史预期的指标，以及变差的数据质量。",
    ),
    "all_calm": Text(
        "No step failed, no key figure is out of the ordinary and no data quality fell.",
        "没有步骤失败，没有指标异常，也没有数据质量下降。",
    ),
    "failed_step": Text("Failed step", "步骤失败"),
    "alert_bad": Text("Worse than expected", "差于预期"),
    "alert_seen": Text("Out of the ordinary", "异常波动"),
    "quality_alert": Text("Data quality", "数据质量"),
    "passes": Text("Passes", "合格率"),
    "more_alerts": Text(
        "and {count} more, in the tables alerts and quality.", "另有 {count} 条，见预警表和质量表。"
    ),
}
_PROPOSALS = {  # what is proposed
    "top_proposals": Text("Ten most valuable proposals", "最有价值的十项提案"),
    "top_proposals_lead": Text(
        "{count} proposals wait for a decision. These promise most; each says what it rests on.",
        "共有 {count} 项提案等待决定。以下各项预期价值最高，并说明依据。",
    ),
    "no_proposals": Text("No proposal is open.", "没有待处理的提案。"),
    "all_proposals": Text("All open proposals", "全部待处理提案"),
    "all_proposals_lead": Text(
        "The most valuable first. Sort by any column, show one kind, or search.",
        "按价值从高到低。可按任意列排序、按类型筛选或搜索。",
    ),
    "proposals_by_kind": Text("Open proposals by kind", "按类型汇总的待处理提案"),
    "effects_overlap": Text(
        "Effects of proposals overlap; their sum is an upper bound, not a forecast.",
        "各提案的效果会重叠；合计为上限，并非预测。",
    ),
    "effect_money": Text("Expected effect in money", "预期金额效果"),
    "effect": Text("Expected effect", "预期效果"),
    "rank": Text("Rank", "排名"),
    "what": Text("What", "对象"),
    "why": Text("Why", "理由"),
    "expected_of": Text("{name}, expected", "预期{name}"),
    "confidence": Text("Confidence", "把握"),
    "valid_until": Text("Valid until", "有效期至"),
    "id": Text("Id", "编号"),
}
_STOCK = {  # stock health
    "stock": Text("Stock health", "库存健康"),
    "no_stock": Text(
        "The inventory stage wrote no table in this turn: it needs stock levels or movements and forecasts. See the steps below.",
        "本次运行中库存阶段没有产出数据表：需要库存水平或流水以及需求预测。见下方步骤说明。",
    ),
    "stock_lead": Text(
        "{out} of {places} products in warehouses are out of stock; {likely} will probably run out before new goods can arrive. Margin at risk without the plan: {shortage}.",
        "{places} 个（商品×仓库）中 {out} 个缺货；{likely} 个在新货到达前很可能售罄。若不执行计划，预计损失毛利 {shortage}。",
    ),
    "out_of_stock": Text("Out of stock", "缺货"),
    "of_places": Text("of {places} products in warehouses", "共 {places} 个（商品×仓库）"),
    "likely_out": Text("Likely to run out", "可能售罄"),
    "likely_out_note": Text("before a new order arrives", "在新订单到货前"),
    "shortage": Text("Margin at risk", "面临损失的毛利"),
    "shortage_note": Text("expected loss without the plan", "不执行计划时的预期损失"),
    "to_buy": Text("To buy", "待采购"),
    "to_move": Text("To move", "待调拨"),
    "unmet": Text("Not served", "无法满足"),
    "unmet_note": Text("units no constraint leaves room for", "受约束无法安排的件数"),
    "plan_caption": Text(
        "The most pressing needs and where the plan serves them from", "最紧迫的补货需求及计划来源"
    ),
    "health_caption": Text("Products by value of their stock", "按库存金额排列的商品"),
    "by_health": Text("Stock by health", "按健康状况划分的库存"),
    "health": Text("Health", "健康状况"),
    "stock_value": Text("Stock value", "库存金额"),
    "abc_xyz": Text(
        "Products by revenue class (ABC) and steadiness of demand (XYZ)",
        "按销售额（ABC）与需求稳定性（XYZ）划分的商品",
    ),
    "abc_xyz_note": Text(
        "A, B, C: the products that bring the first 80 %, the next 15 % and the last 5 % of revenue. X, Y, Z: steady, varying and erratic demand. Darker means more products.",
        "A、B、C：依次贡献前 80%、其后 15% 和最后 5% 销售额的商品；X、Y、Z：需求稳定、波动、不规则。颜色越深商品越多。",
    ),
    "class": Text("Class", "类别"),
    "class_A": Text("A: most revenue", "A：主要销售额"),
    "class_B": Text("B: middle", "B：中等"),
    "class_C": Text("C: little revenue", "C：少量销售额"),
    "class_X": Text("X: steady", "X：稳定"),
    "class_Y": Text("Y: varying", "Y：波动"),
    "class_Z": Text("Z: erratic", "Z：不规则"),
    "excess": Text("Excess value", "多余金额"),
    "products_only": Text("{products} products", "{products} 个商品"),
    "products_value": Text("{products} products · {value}", "{products} 个商品 · {value}"),
}
_DEMAND = {  # forecasts
    "demand": Text("Demand forecast", "需求预测"),
    "no_forecasts": Text(
        "The demand stage wrote no forecasts in this turn: it needs order lines or period sales over enough weeks. See the steps below.",
        "本次运行中需求阶段没有产出预测：需要足够周数的订单明细或周期销量。见下方步骤说明。",
    ),
    "demand_lead": Text(
        "Units a period over all products, stock-outs taken out of the past. Every forecast is a range, not a number.",
        "全部商品每周期的件数，历史中已剔除缺货影响。每个预测都是一个区间而非单一数字。",
    ),
    "fan": Text("Demand: past and forecast", "需求：历史与预测"),
    "fan_alt": Text(
        "Line of past demand, then the expected demand with its range; {total} units expected over {periods} periods.",
        "历史需求折线及未来预期需求与区间；{periods} 个周期预计共 {total} 件。",
    ),
    "fan_past": Text("Past demand", "历史需求"),
    "fan_mean": Text("Expected", "预期"),
    "fan_range": Text("90 % range", "90% 区间"),
    "fan_note": Text(
        "The range of the sum follows from the ranges of the products and from how far they have moved together so far.",
        "合计区间由各商品的区间及其过去同向波动的程度得出。",
    ),
    "period_from": Text("Period from", "周期起始日"),
    "methods_chosen": Text("Methods chosen, by number of series", "选用的方法（按序列数）"),
    "series": Text("Series", "序列数"),
    "share_of_units": Text("Share of units", "件数占比"),
    "usual_class": Text("Most are", "多数属于"),
    "error_ratio": Text("Error ÷ baseline's", "误差 ÷ 基线误差"),
    "error_ratio_note": Text(
        "Median over the series of the chosen method's error by the baseline's, on the past that chose it; the test on periods that had no part in the choice is under Methods.",
        "各序列所选方法误差与基线误差之比的中位数（用于选择的历史期）；未参与选择的时期上的检验见“方法”。",
    ),
    "next_period": Text(
        "The largest forecasts for the period from {day}", "自 {day} 起周期的最大预测"
    ),
}
_CUSTOMERS = {  # customers
    "customers": Text("Customers", "客户"),
    "no_customers": Text(
        "The behaviour stage wrote no tables in this turn: it needs order lines with customers. See the steps below.",
        "本次运行中行为阶段没有产出数据表：需要带客户的订单明细。见下方步骤说明。",
    ),
    "customers_lead": Text(
        "{count} known customers have ordered.", "共有 {count} 位已知客户下过单。"
    ),
    "segments": Text(
        "Segments: share of customers and of revenue", "客户分群：客户占比与销售额占比"
    ),
    "segments_alt": Text(
        "Bars of customer share and revenue share by segment; {name} brings most revenue.",
        "各分群客户占比与销售额占比条形图；{name} 贡献销售额最多。",
    ),
    "segments_note": Text(
        "By recency, frequency and money (RFM).", "按最近购买、频次和金额（RFM）划分。"
    ),
    "segment": Text("Segment", "分群"),
    "share_of_customers": Text("Share of customers", "客户占比"),
    "share_of_revenue": Text("Share of revenue", "销售额占比"),
    "since_order": Text("Days since order", "距上次下单天数"),
    "orders_each": Text("Orders each", "人均订单"),
    "net_each": Text("Net revenue each", "人均净销售额"),
    "activity": Text("Orders by weekday and hour", "按星期与小时的订单数"),
    "weekday": Text("Weekday", "星期"),
    "activity_note": Text(
        "Busiest: {day}, {hour}:00 to {next}:00. Time zone {zone}. Darker means more orders.",
        "最繁忙时段：{day} {hour}:00 至 {next}:00。时区 {zone}。颜色越深订单越多。",
    ),
    "cohorts": Text(
        "Customers who order again, by month of first order", "按首次下单月份划分的复购比例"
    ),
    "cohorts_note": Text(
        "Share of the month's new customers with an order so many months later.",
        "当月新客户在若干个月后再次下单的比例。",
    ),
    "cohort": Text("{month} ({customers})", "{month}（{customers} 人）"),
    "first_order": Text("First order", "首次下单"),
    "months_later": Text("+{months}", "+{months} 月"),
    "funnel": Text("Path: {path}", "路径：{path}"),
    "step": Text("Step", "步骤"),
    "visitors": Text("Visitors", "访客"),
    "of_first": Text("Of the first step", "占第一步"),
    "of_before": Text("Of the step before", "占上一步"),
}
_RECOMMENDATIONS = {  # what to show
    "recommendations": Text("Recommendations", "商品推荐"),
    "recommendations_lead": Text(
        "Lists of products that can be bought now, by the method that did best on weeks it had not seen.",
        "推荐当前可购买的商品，所用方法在未见过的周上表现最好。",
    ),
    "no_lists": Text(
        "The recommend stage wrote no lists in this turn: it needs order lines of enough customers. See the steps below.",
        "本次运行中推荐阶段没有产出列表：需要足够多客户的订单明细。见下方步骤说明。",
    ),
    "places": Text("Lists by place", "各展示位的列表"),
    "place": Text("Place", "展示位"),
    "lists": Text("Lists", "列表数"),
    "products_shown": Text("Different products", "不同商品数"),
    "examples": Text("Examples", "示例"),
}
_SUPPLY = {  # suppliers
    "supply": Text("Suppliers and purchasing", "供应商与采购"),
    "supply_lead": Text(
        "What to order from whom, and how suppliers kept their word.",
        "向谁采购什么，以及供应商的履约表现。",
    ),
    "no_supply": Text(
        "The procurement stage wrote no tables in this turn: it needs supplier offers or purchase orders. See the steps below.",
        "本次运行中采购阶段没有产出数据表：需要供应商报价或采购订单。见下方步骤说明。",
    ),
    "purchase_plan": Text("Purchase plan", "采购计划"),
    "deliveries": Text("Deliveries", "交货次数"),
    "on_time": Text("On time", "准时率"),
    "lead_days": Text("Lead time, days", "交货期（天）"),
    "lead_p90": Text("9 of 10 within, days", "九成不超过（天）"),
    "refused": Text("Refused", "拒收率"),
    "in_full": Text("In full", "足量率"),
    "price_index": Text("Price index", "价格指数"),
    "overdue": Text("Overdue lines", "逾期行"),
    "enough_cases": Text("Enough cases", "样本足够"),
    "scorecards_note": Text(
        "Price index: prices beside the other suppliers of the same products; 1 is the same, lower is cheaper.",
        "价格指数：与同商品其他供应商的价格之比；1 为相同，越低越便宜。",
    ),
    "scorecards": Text("Supplier scorecards", "供应商评分卡"),
}
_METHODS = {  # methods beside baselines
    "methods": Text("Methods and how good they are", "方法及其效果"),
    "methods_lead": Text(
        "Each method was tested on the shop's own last periods, which it had not seen, beside a simple baseline. Where a baseline is better, the table says so.",
        "每种方法都在其未见过的店铺近期数据上检验，并与简单基线比较。基线更好时表中如实标明。",
    ),
    "no_scores": Text(
        "No stage measured a method in this turn.", "本次运行中没有阶段对方法进行测评。"
    ),
    "in_use": Text("Methods in use beside the best baseline", "使用中的方法与最佳基线对比"),
    "in_use_note": Text(
        "Only what was measured on the same cases; all methods and slices are in the tables below.",
        "仅列出在相同样本上测评的结果；全部方法与范围见下方各表。",
    ),
    "best_baseline": Text("Best baseline", "最佳基线"),
    "difference": Text("Difference", "差异"),
    "stage": Text("Stage", "阶段"),
    "methods_of": Text("{stage}: methods and baselines", "{stage}：方法与基线"),
    "slice": Text("Measured on", "测评范围"),
    "measure": Text("Measure", "测评指标"),
    "role": Text("Role", "角色"),
    "against_baseline": Text("Against the best baseline", "与最佳基线相比"),
    "tested": Text("Test period", "检验期"),
    "serves": Text("in use", "使用中"),
    "baseline": Text("baseline", "基线"),
    "better": Text("better", "更好"),
    "worse": Text("worse", "更差"),
    "coverage": Text(
        "Do 90 % intervals hold 90 % of what came?", "90% 区间是否覆盖了 90% 的实际值？"
    ),
    "coverage_alt": Text(
        "Bars of measured coverage beside the aim of 90 %; lowest {low}, highest {high}.",
        "实测覆盖率与 90% 目标对比；最低 {low}，最高 {high}。",
    ),
    "coverage_note": Text(
        "The line marks the aim. Below it, ranges are too narrow; above it, too wide.",
        "竖线为目标值：低于目标说明区间过窄，高于目标说明过宽。",
    ),
    "measured": Text("Measured", "实测"),
}
_QUALITY = {  # data quality
    "quality": Text("Data quality", "数据质量"),
    "quality_lead": Text(
        "The share of cells filled in columns that are used, and the lowest share of cases that pass any other check.",
        "已使用列的填充率，以及其他各类检查的最低合格率。",
    ),
    "no_quality": Text(
        "The monitor stage measured no data quality in this turn.",
        "本次运行中监控阶段没有测量数据质量。",
    ),
    "quality_heat": Text("Share that passes, by table", "各表合格率"),
    "quality_note": Text(
        "Darker means worse. Empty: nothing to check. A column that is never filled counts as not in use.",
        "颜色越深越差。空白：无可检查内容。从未填写的列视为未使用。",
    ),
    "checks": Text("Checks with failures", "存在不合格的检查"),
    "dimension": Text("Kind", "类别"),
    "check": Text("Check", "检查"),
    "fail": Text("Fail", "不合格"),
    "imports": Text("Files imported", "导入的文件"),
    "file": Text("File", "文件"),
    "rows_in": Text("Rows in", "读入行数"),
    "rows_accepted": Text("Accepted", "接收"),
    "rows_merged": Text("Merged", "合并"),
    "rows_quarantined": Text("Set aside", "隔离"),
    "imports_note": Text(
        "Every row is accounted for: rows in = accepted + merged + set aside.",
        "每一行都有去向：读入 = 接收 + 合并 + 隔离。",
    ),
}
_TURN = {  # the turn
    "turn": Text("This turn, step by step", "本次运行的各步骤"),
    "turn_lead": Text(
        "Turn {turn}, started {started} UTC, took {seconds} s on {engine}.",
        "运行 {turn}，开始于 {started}（UTC），在 {engine} 上用时 {seconds} 秒。",
    ),
    "no_steps": Text("No step is recorded.", "没有步骤记录。"),
    "steps": Text("Steps: what ran, what was skipped and why", "步骤：执行情况、跳过及原因"),
    "seconds": Text("Seconds", "秒"),
    "rows_read": Text("Rows read", "读取行数"),
    "rows_written": Text("Rows written", "写出行数"),
    "new_proposals": Text("New proposals", "新提案"),
    "memory": Text("Memory, MB", "内存（MB）"),
    "memory_note": Text(
        "Memory is the highest of the whole process up to the end of the step.",
        "内存为截至该步骤结束时整个进程的峰值。",
    ),
}
WORDS: Mapping[str, Text] = {
    **_PAGE,
    **_COMMON,
    **_OVERVIEW,
    **_ATTENTION,
    **_PROPOSALS,
    **_STOCK,
    **_DEMAND,
    **_CUSTOMERS,
    **_RECOMMENDATIONS,
    **_SUPPLY,
    **_METHODS,
    **_QUALITY,
    **_TURN,
}
