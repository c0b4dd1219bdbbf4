"""The command that shows the quality of a shop's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartwheel.cli.options import AsJson, Lang, Shop
from cartwheel.cli.printing import console, print_json, print_rows
from cartwheel.core.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from cartwheel.core.wording import Language
    from cartwheel.stages.monitor.quality import QualityReport

_TITLE = Text(
    "Data quality: cells filled, and the lowest share that passes, in %",
    "数据质量：填充率与最低合格率（%）",
)
_TABLE, _ALERTS = Text("table", "表"), Text("alerts", "预警")
_DIMENSIONS = {
    "completeness": Text("complete", "完整性"),
    "uniqueness": Text("unique", "唯一性"),
    "validity": Text("valid", "有效性"),
    "consistency": Text("consistent", "一致性"),
    "timeliness": Text("timely", "及时性"),
}
_GOOD = Text("No quality fell and no check fails.", "没有质量下降，也没有检查不合格。")


def quality(shop: Shop, as_json: AsJson = False, lang: Lang = None) -> None:
    """Show completeness, uniqueness, validity, consistency and timeliness of every table.

    Example: cartwheel quality myshop --json
    """
    from cartwheel.wiring import open_workspace

    workspace = open_workspace(shop)
    report = workspace.quality()
    if as_json:
        print_json({"measures": report.measures.to_dicts(), "missing": list(report.missing)})
    else:
        _print_quality(report, lang or workspace.settings.shop.language)


def _print_quality(report: QualityReport, language: Language) -> None:
    summary = report.summary()
    headings = [_TABLE.to(language), *(text.to(language) for text in _DIMENSIONS.values())]
    rows = [
        (row["table"], *(_share(row.get(name)) for name in _DIMENSIONS), row["alerts"] or "")
        for row in summary.iter_rows(named=True)
    ]
    print_rows(_TITLE.to(language), [*headings, _ALERTS.to(language)], rows, range(1, 7))
    if report.alerts.is_empty():
        console().print(_GOOD.to(language))
    column = "reason_zh" if language == "zh" else "reason"
    for table, measure, said in _alert_rows(report.alerts, column):
        console().print(f"! {table}.{measure}: {said}", soft_wrap=True, markup=False)


def _alert_rows(alerts: pl.DataFrame, column: str) -> list[tuple[str, str, str]]:
    return alerts.select("table", "measure", column).rows()


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"
