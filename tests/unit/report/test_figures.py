"""Figures of report and summary: exact, ranked, and the same in both."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from cartwheel.core.wording import Language
from cartwheel.report import render_report, render_summary
from cartwheel.report.blocks import Spark
from cartwheel.report.figures import kpi_lines, ranked_proposals, stock_facts
from cartwheel.report.sections.customers import path_text
from cartwheel.report.sections.proposals import subject_text
from cartwheel.report.sections.quality import check_text
from cartwheel.report.speech import Speech
from unit.report.report_shop import conformed, empty_data, proposal, report_data


def test_a_week_compares_with_the_mean_of_the_four_before() -> None:
    revenue = next(line for line in kpi_lines(report_data()) if line.definition["kpi"] == "revenue")
    assert revenue.starts_on == date(2026, 6, 22)
    assert (revenue.value, revenue.before) == (pytest.approx(110_000), 100_000)
    assert revenue.change == pytest.approx(0.1)
    assert revenue.is_good is True


def test_percentages_change_in_points_and_a_rise_may_be_worse() -> None:
    lines = {line.definition["kpi"]: line for line in kpi_lines(report_data())}
    assert lines["return_rate"].change == pytest.approx(0.4)
    assert lines["return_rate"].is_good is False


def test_the_most_valuable_proposals_come_first_and_money_before_other_units() -> None:
    rows = [
        proposal(1, effect=10.0),
        proposal(2, effect=99_999.0, kpi="orders"),
        proposal(3, effect=500.0),
        proposal(4, effect=9_000.0, status="rejected"),
        proposal(5, effect=200.0, status="approved"),
    ]
    data = report_data(proposals=0)
    ranked = ranked_proposals(type(data)(
        data.shop, data.currency, data.time_zone, data.turn, data.steps,
        conformed("proposals", rows), data.tables,
    ))  # fmt: skip
    assert ranked["proposal_id"].to_list() == ["pr-3", "pr-5", "pr-1", "pr-2"]


def test_stock_facts_add_up() -> None:
    facts = stock_facts(report_data())
    assert facts is not None
    assert (facts.places, facts.out, facts.likely_out) == (5, 1, 5)
    assert (facts.buy_units, facts.move_units, facts.unmet_units) == (35, 5, 5)
    assert facts.shortage_minor == 20_000


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_says_what_the_report_says(language) -> None:
    data = report_data()
    summary, html = render_summary(data, language), render_report(data, language)
    assert summary.sales in html
    assert len(summary.proposals) == 10
    for figure in (*summary.figures, *summary.stock_figures):
        assert f">{figure['value']}<" in html
    for told in summary.proposals:
        assert told["why"] in html
    assert len(summary.skipped) == 2
    json.dumps(summary.as_dict())


def test_the_summary_of_an_empty_shop_gives_reasons() -> None:
    summary = render_summary(empty_data(), "en")
    assert summary.sales == "The monitor stage wrote no key figures in this turn."
    assert summary.proposals == summary.skipped == ()
    assert summary.proposals_lead == "No proposal is open."


def test_money_and_percent_are_written_for_the_reader() -> None:
    english, chinese = Speech("en", "GBP"), Speech("zh", "GBP")
    assert (english.money(123_456_78), english.money(1_50), english.money(0)) == (
        "£123,457", "£1.50", "£0",
    )  # fmt: skip
    assert (english.percent(0.256, 1), chinese.percent(0.256, 1)) == ("25.6\u00a0%", "25.6%")
    assert english.money(None) == english.number(float("nan")) == english.percent(None) == "–"


def test_a_spark_leaves_gaps_open() -> None:
    runs = Spark(values=[1.0, 2.0, None, 3.0], label="x").points()
    assert [len(run) for run in runs] == [2, 1]
    assert Spark(values=[1.0], label="x").points() == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Win back: At risk"), ("zh", "召回：流失风险客户")]
)
def test_a_campaign_is_titled_by_the_name_of_its_segment(language: Language, title: str) -> None:
    segments = pl.DataFrame(
        {"segment": ["at_risk"], "name": ["At risk"], "name_zh": ["流失风险客户"]}
    )
    data = report_data(segments=segments)
    assert subject_text("winback:at_risk", data, Speech(language, "EUR")) == title
    assert subject_text("winback:gone", data, Speech("en", "EUR")) == "Win back: gone"
    assert subject_text("sku:7@w1", data, Speech(language, "EUR")) == "sku:7 @ w1"


def test_names_of_checks_and_paths_are_words_of_the_language() -> None:
    chinese, english = Speech("zh", "EUR"), Speech("en", "EUR")
    assert check_text("customer_id in customers", chinese) == "customer_id 存在于“客户”"
    assert check_text("shipped_at before delivered_at", chinese) == "shipped_at 早于 delivered_at"
    assert check_text("postal_code", english) == "postal_code"
    assert path_text("{search, view} > add_to_cart?", chinese) == "{搜索, 浏览} > 加入购物车?"
    assert path_text("quiz > purchase", english) == "quiz > purchase"
