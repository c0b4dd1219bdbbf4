"""What a manager wants first: how sales go, against the weeks before."""

from __future__ import annotations

from cartwheel.core.money import format_money, to_major
from cartwheel.report.blocks import Block, Cell, Chart, Grid, Heading, Section, Spark, Tile, Tiles
from cartwheel.report.data import ReportData
from cartwheel.report.figures import HEADLINE_KPIS, KpiLine, StockFacts, kpi_lines, stock_facts
from cartwheel.report.speech import Speech

_WEEKS_SHOWN = 53


def overview(data: ReportData, speech: Speech) -> Section:
    """Return tiles of the main key figures and the chart of weekly revenue."""
    lines = {line.definition["kpi"]: line for line in kpi_lines(data)}
    told = [lines[kpi] for kpi in HEADLINE_KPIS if kpi in lines]
    title = speech.say("overview")
    if not told:
        return Section(id="overview", title=title, missing=speech.say("no_kpis"))
    blocks: list[Block] = [Tiles([kpi_tile(line, speech) for line in told])]
    facts = stock_facts(data)
    if facts is not None:
        blocks.append(Tiles(stock_tiles(facts, speech)))
    chart = _revenue_chart(data, speech)
    if chart is not None:
        blocks.append(chart)
    week = speech.day(told[0].starts_on)
    lead = speech.say("overview_lead", week=week)
    if "revenue" in lines:
        lead = speech.join(_sales_sentence(lines["revenue"], speech), lead)
    return Section(id="overview", title=title, lead=lead, blocks=blocks)


def change_text(line: KpiLine, speech: Speech) -> str:
    """Write a change with its sign: relative, or in points for percentages."""
    if line.change is None:
        return ""
    arrow = "▲" if line.change > 0 else "▼" if line.change < 0 else "■"
    if line.definition["unit"] == "%":
        return speech.say("points", arrow=arrow, points=f"{abs(line.change):.1f}")
    return f"{arrow}\u00a0{speech.percent(abs(line.change), 1)}"


def kpi_tile(line: KpiLine, speech: Speech) -> Tile:
    """Return the tile of a key figure."""
    definition = line.definition
    name = speech.pick(dict(definition), "name")
    return Tile(
        label=name,
        value=speech.figure(line.value, definition["unit"]),
        change=change_text(line, speech),
        tone="plain" if line.is_good is None else "good" if line.is_good else "bad",
        note=speech.say("before", value=speech.figure(line.before, definition["unit"])),
        spark=Spark(values=line.history, label=speech.say("spark", name=name)),
    )


def stock_tiles(facts: StockFacts, speech: Speech) -> list[Tile]:
    """Return the tiles of what is most pressing in stock."""
    places = speech.say("of_places", places=speech.number(facts.places))
    units = speech.say("units")
    told: list[tuple[str, str, str]] = [
        ("out_of_stock", speech.number(facts.out), places),
        ("likely_out", speech.number(facts.likely_out), speech.say("likely_out_note")),
        ("shortage", speech.money(facts.shortage_minor), speech.say("shortage_note")),
        ("to_buy", speech.number(facts.buy_units), units),
        ("to_move", speech.number(facts.move_units), units),
        ("unmet", speech.number(facts.unmet_units), speech.say("unmet_note")),
    ]
    return [Tile(label=speech.say(key), value=value, note=note) for key, value, note in told]


def _sales_sentence(line: KpiLine, speech: Speech) -> str:
    value, before = speech.money(line.value), speech.money(line.before)
    if line.change is None:
        return speech.say("sales_only", value=value)
    if abs(line.change) < 0.02:
        return speech.say("sales_steady", value=value, before=before)
    key = "sales_up" if line.change > 0 else "sales_down"
    return speech.say(key, value=value, before=before, change=speech.percent(abs(line.change)))


def _revenue_chart(data: ReportData, speech: Speech) -> Chart | None:
    kpis = data.table("kpis", "kpi", "period", "starts_on", "value", "is_partial")
    if kpis is None:
        return None
    weeks = kpis.filter(kpi="revenue", period="week").sort("starts_on").tail(_WEEKS_SHOWN)
    if weeks.height < 2:
        return None
    days = [speech.day(day) for day in weeks["starts_on"]]
    values = [to_major(value or 0.0, data.currency) for value in weeks["value"]]
    partial = weeks["is_partial"].to_list()
    flag = speech.say("partial")
    rows = [
        [Cell(day), speech.money_cell(value), Cell(flag if is_partial else "")]
        for day, value, is_partial in zip(days, weeks["value"], partial, strict=True)
    ]
    return Chart(
        id="weekly-revenue",
        title=speech.say("weekly_revenue"),
        spec={
            "kind": "columns",
            "x": days,
            "series": [{"name": speech.say("revenue"), "values": values}],
            "muted": [place for place, is_partial in enumerate(partial) if is_partial],
            "sign": format_money(0, data.currency, decimals=0).removesuffix("0"),
        },
        alt=speech.say("weekly_revenue_alt", first=days[0], last=days[-1]),
        grid=Grid(
            caption=speech.say("weekly_revenue"),
            headings=[
                Heading(speech.say("week_from")),
                Heading(speech.say("revenue"), is_number=True),
                Heading(speech.say("remark")),
            ],
            rows=rows,
        ),
        note=speech.say("partial_note") if any(partial) else "",
    )
