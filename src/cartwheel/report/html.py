"""The report as one HTML file that needs nothing else: scripts, styles and data are inside.

Nothing from the shop is trusted: Jinja escapes text, data for charts are JSON with every ``<``
written as an escape, and a Content-Security-Policy runs only the scripts whose hashes it names and
reaches no network.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cartwheel.core.wording import Language
from cartwheel.report.blocks import Chart, Section
from cartwheel.report.data import ReportData
from cartwheel.report.sections import all_sections
from cartwheel.report.speech import Speech

_SAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_HTML_LANGUAGE: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}


def render_report(data: ReportData, language: Language) -> str:
    """Write the report of a turn as one self-contained HTML file in ``language``."""
    speech = Speech(language, data.currency)
    sections = all_sections(data, speech)
    charts, script, style = _static("echarts.min.js"), _static("report.js"), _static("report.css")
    day = speech.day(data.turn.get("on_day"))
    return str(
        _template().render(
            sections=sections,
            say=speech.say,
            language=_HTML_LANGUAGE[language],
            title=speech.say("title", shop=data.shop, day=day),
            shop=data.shop,
            known_to=speech.say("known_to", day=day, zone=data.time_zone),
            policy=_policy(scripts=[charts, script], styles=[style]),
            charts_code=Markup(charts),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704
            style=Markup(style),  # noqa: S704
            chart_data=_embedded(_specs(sections)),
        )
    )


def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("cartwheel.report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("report.html.j2")


def _specs(sections: Sequence[Section]) -> dict[str, dict[str, Any]]:
    return {
        block.id: block.spec
        for section in sections
        for block in section.blocks
        if isinstance(block, Chart)
    }


def _embedded(value: object) -> Markup:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escape in _SAFE.items():
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - every "<" is escaped above


def _policy(*, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return the Content-Security-Policy: our own scripts and styles, and nothing from outside."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src-elem {_hashes(styles)}",
            "style-src-attr 'unsafe-inline'",  # bars, shades and the charts' tooltips
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hashes(texts: Sequence[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _static(name: str) -> str:
    return resources.files("cartwheel.report").joinpath("static", name).read_text("utf-8")
