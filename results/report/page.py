"""The page of a report: one file of HTML that needs no network.

Serves whoever reads or forwards a report. Plotly's script is embedded once, and read when the page stands; charts are
drawn in the reader's light or dark theme as they come into view.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from .parts import Chart, Fragment, Group, Report
from .wording import LANGUAGES, Wording

TEMPLATES = Path(__file__).parent / "templates"
CODE = re.compile("`([^`]+)`")


def page_of(report: Report, language: str) -> str:
    """Return the report as one page of HTML."""
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    charts = {chart.name: chart.figure for chart in report.charts}
    if len(charts) < sum(1 for _ in report.charts):
        raise ValueError("two charts of a report share a name, under which only one would be drawn")
    if charts.keys() & {section.anchor for section in report.sections}:
        raise ValueError("a chart has the name of a section, in whose place it would be drawn")
    environment.filters["prose"] = prose
    return environment.get_template("report.html.j2").render(
        report=report, language=LANGUAGES[language].replace("_", "-"), text=Wording(language).text,
        charts=as_json(charts), as_json=as_json, plotly=Markup(get_plotlyjs()),
        is_chart=lambda part: isinstance(part, Chart), is_fragment=lambda part: isinstance(part, Fragment),
        is_group=lambda part: isinstance(part, Group),
    )  # fmt: skip


def prose(text: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def as_json(value: object) -> Markup:
    """Return JSON that may stand inside a script element."""
    text = json.dumps(value, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
