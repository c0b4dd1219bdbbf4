"""The HTML report: safe, whole, self-contained, small, in both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import polars as pl
import pytest

from cartwheel.report import render_report
from cartwheel.report.data import ReportData
from unit.report.report_shop import HOSTILE, conformed, empty_data, proposal, report_data

VOID = {"meta", "link", "input", "br", "img", "hr", "polyline", "circle"}


class Page(HTMLParser):
    """Elements with their attributes, and the text outside of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        kept = {"script": self.scripts, "style": self.styles}.get(inside, self.texts)
        kept.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def data() -> ReportData:
    return report_data()


@pytest.fixture(scope="module")
def page(data: ReportData) -> Page:
    return Page(render_report(data, "en"))


def test_hostile_names_stay_text(data: ReportData, page: Page) -> None:
    html = render_report(data, "en")
    assert "<script>alert" not in html
    assert HOSTILE in "".join(page.texts)
    assert len(page.all("script")) == 3
    assert not [1 for _, attributes in page.elements if any(a.startswith("on") for a in attributes)]
    assert "49" not in [text.strip() for text in page.texts]  # {{ 7 * 7 }} is not run


def test_data_for_charts_cannot_leave_their_element() -> None:
    hostile = report_data(
        segments=conformed(
            "segments",
            [
                {
                    "method": "rfm_rules", "segment": "s", "name": HOSTILE, "name_zh": HOSTILE,
                    "customers": 1, "customer_share": 1.0, "revenue_share": 1.0,
                    "recency_days": 1.0, "orders": 1.0, "net_minor": 1.0,
                }
            ],
        )
    )  # fmt: skip
    page = Page(render_report(hostile, "en"))
    specs = json.loads(page.scripts[0])
    assert specs["segments"]["y"] == [HOSTILE]
    assert "<" not in page.scripts[0]
    assert len(page.all("script")) == 3


def test_the_policy_names_every_script_and_style_and_no_other_source(page: Page) -> None:
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    for text in [*page.scripts[1:], *page.styles]:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy


def test_nothing_is_loaded_from_anywhere(page: Page) -> None:
    for tag, attributes in page.elements:
        assert "src" not in attributes, tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert "url(" not in "".join(page.styles)
    assert "@import" not in "".join(page.styles)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(", page.scripts[2])


def test_headings_tables_and_charts_are_there_for_everyone(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == 1
    assert len(page.all("caption")) == len(page.all("table"))
    charts = [a for a in page.all("div") if a.get("class") == "chart"]
    assert charts
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    assert len(page.all("figure")) == len(charts)
    scrolls = [a for a in page.all("div") if a.get("class") == "scroll"]
    assert all(box["tabindex"] == "0" and box["aria-label"] for box in scrolls)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_columns_sort_by_a_button_so_that_keys_reach_them(page: Page) -> None:
    sorting = [a for a in page.all("table") if a.get("class") == "sorts"]
    assert sorting
    keys = [a.get("data-key") for a in page.all("td") if "data-key" in a]
    assert "inf" not in keys
    assert "aria-sort" in page.scripts[2]


def test_charts_have_a_specification_and_a_place(page: Page) -> None:
    specs = json.loads(page.scripts[0])
    places = {a["id"] for a in page.all("div") if a.get("class") == "chart"}
    assert set(specs) == places == {"weekly-revenue", "demand-fan", "coverage"}
    assert specs["demand-fan"]["mean"] == [50.0] * 4
    assert len(specs["demand-fan"]["range"]) == 4


def test_chinese_is_declared_and_spoken(data: ReportData) -> None:
    page = Page(render_report(data, "zh"))
    assert page.all("html")[0]["lang"] == "zh-Hans"
    text = "".join(page.texts)
    assert "最有价值的十项提案" in text
    assert "理由30" in text
    assert "客户太少。" in text
    assert "一条说明。" in text


def test_no_english_sentence_is_left_in_the_chinese_report() -> None:
    plain = report_data(
        products=conformed("products", pl.DataFrame({"product_id": ["p0"], "name": ["杯"]}))
    )
    page = Page(render_report(plain, "zh"))
    given = ("Shop", "Europe/London", "Out of memory.", HOSTILE)
    text = "\n".join(page.texts)
    for known in given:
        text = text.replace(known, "")
    sentences = re.findall(r"(?:[A-Za-z]{2,}[ ,]+){3,}[A-Za-z]+", text)
    assert sentences == []


def test_an_empty_shop_gets_a_report_that_says_why(page: Page) -> None:
    for language in ("en", "zh"):
        empty = Page(render_report(empty_data(), language))
        missing = [a for a in empty.all("p") if "missing" in (a.get("class") or "")]
        assert len(missing) == len(empty.all("section")) - 1  # "needs attention" is calm


@pytest.mark.parametrize("absent", sorted(report_data().tables))
def test_every_table_may_be_absent(absent: str) -> None:
    data = report_data()
    fewer = {name: frame for name, frame in data.tables.items() if name != absent}
    html = render_report(
        ReportData(
            data.shop, data.currency, data.time_zone, data.turn, data.steps, data.proposals, fewer
        ),
        "en",
    )
    assert html.rstrip().endswith("</html>")


def test_a_hundred_thousand_products_stay_under_three_megabytes() -> None:
    rows = pl.DataFrame([proposal(1)]).with_columns(pl.lit(1).alias("i"))
    many = pl.int_range(1, 50_001, eager=True)
    frame = (
        rows.drop("proposal_id", "fingerprint")
        .join(pl.DataFrame({"n": many}), how="cross")
        .drop("i")
    )
    frame = frame.with_columns(
        proposal_id=pl.format("pr-{}", "n"), fingerprint=pl.format("fp-{}", "n"),
        effect=pl.col("n").cast(pl.Float64),
        kind=pl.Series(["reorder", "transfer", "markdown", "campaign", "alert"]).gather(many % 5),
    ).drop("n")  # fmt: skip
    data = report_data(count=100_000, proposals=0)
    big = ReportData(
        data.shop, data.currency, data.time_zone, data.turn, data.steps,
        conformed("proposals", frame), data.tables,
    )  # fmt: skip
    html = render_report(big, "en")
    assert len(html.encode()) < 3_000_000
    assert "100,000" in html
    assert "50,000" in html


def test_the_same_data_give_the_same_file(data: ReportData) -> None:
    assert render_report(data, "en") == render_report(data, "en")


def test_echarts_keeps_its_licence(page: Page) -> None:
    assert "Licensed to the Apache Software Foundation" in page.scripts[1][:400]
