"""The report of a cohort's validation: new customers, by purchase model, against what they did after the fit.

Serves the strategist; its frame is validation_report.py.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from babel import numbers

from .figure_style import COLOURS, figure
from .parts import Cell, Chart, DataTable, Section
from .row_chart import band
from .stored_run import StoredRun
from .validation_words import written_words
from .wording import Wording, with_minus

DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up")


def cohort_verdict(record: dict[str, Any], wording: Wording) -> list[str]:
    """Return how many marks the judged model meets, and why it is judged."""
    against = (
        wording.text("chance and simple rules")
        if record["against"] == "chance"
        else wording.text("published figures of CDNOW")
    )
    return [
        wording.text("Simulated new customers do what the real ones did later on {passed} of {all} counts, held "
                     "against {against}.", passed=record["passed"], all=record["of"], against=against),
        _missed(record, wording),
    ]  # fmt: skip


def _missed(record: dict[str, Any], wording: Wording) -> str:
    """Return on which counts they do not."""
    missed = [written_words(str(one["words"]), wording) for one in record["marks"].get(record["judged"], [])
              if not one["passes"]]  # fmt: skip
    if not missed:
        return wording.text("There is no count on which they do not.")
    return wording.text("They do not on: {missed}.", missed=wording.text("; ").join(missed))


def cohort_sections(run: StoredRun, record: dict[str, Any], wording: Wording) -> list[Section]:
    """Return the marks, repeat purchases by week and customers by repeats."""
    found = []
    marks = run.table("marks")
    if marks is not None:
        judged = wording.text("Judged is the purchase model {model}, {why}.", model=record["judged"],
                              why=written_words(str(record["why"]), wording))  # fmt: skip
        found.append(Section("marks", wording.text("Marks"), [judged], [_marks(marks, str(record["judged"]), wording)]))
    charts = []
    path = run.table("repeat-purchases")
    if path is not None:
        charts.append(_path(path, run.manifest.get("window_weeks"), wording))
    repeats = run.table("customers-by-repeats")
    if repeats is not None:
        charts.append(_repeats(repeats, wording))
    if charts:
        found.append(Section("purchases", wording.text("Repeat purchases"), (), charts))
    return found


def _marks(table: pd.DataFrame, judged: str, wording: Wording) -> DataTable:
    """Return a row a measure: its mark, each model's value, and the verdict on the judged one."""
    models = list(dict.fromkeys(table["model"]))
    rows = []
    for words in dict.fromkeys(table["words"]):
        own = table[table["words"] == words].set_index("model")
        line: Any = own.loc[judged]
        mark = _number(float(line["mark"]), wording)
        asked = (
            wording.text("at least {mark}", mark=mark)
            if line["at_least"]
            else wording.text("at most {mark}", mark=mark)
        )
        rows.append([
            Cell(written_words(str(words), wording), is_number=False), Cell(asked),
            *(Cell(_number(float(own.loc[model, "value"]), wording)) for model in models),
            Cell(wording.text("within") if line["passes"] else wording.text("missed"), "" if line["passes"] else "bad",
                 is_number=False),
        ])  # fmt: skip
    heads = [wording.text("Measure"), wording.text("Mark"), *(str(model) for model in models),
             wording.text("Verdict on {model}", model=judged)]  # fmt: skip
    return DataTable(wording.text("Measures of each purchase model"), heads, rows)


def _path(path: pd.DataFrame, window_weeks: int | None, wording: Wording) -> Chart:
    """Return cumulative repeat purchases by week, real and by model."""
    names = [str(name) for name in path.columns if name != "week"]
    told = {name: wording.text("real") if name == "real" else name for name in names}
    traces = [
        {"type": "scatter", "mode": "lines", "name": told[name], "x": [int(week) for week in path["week"]],
         "y": [float(value) for value in path[name]],
         "line": {"color": COLOURS[place % len(COLOURS)], "dash": DASHES[place % len(DASHES)],
                  "width": 3.5 if name == "real" else 2}}
        for place, name in enumerate(names)
    ]  # fmt: skip
    last = int(path["week"].max())
    shapes = [] if window_weeks is None else [band(window_weeks, last)]
    ends = wording.text(", ").join(f"{told[name]} {float(path[name].iloc[-1]):,.0f}" for name in names)
    return Chart(
        "repeat-purchases", wording.text("Repeat purchases, added up"),
        wording.text("Lines by week; the shaded weeks were not seen by the fit. At the end: {ends}.", ends=ends),
        figure(traces, x=wording.text("week"), y=wording.text("repeat purchases so far"), shapes=shapes,
               yaxis={"rangemode": "tozero"}),
    )  # fmt: skip


def _repeats(table: pd.DataFrame, wording: Wording) -> Chart:
    """Return customers by their repeats in the calibration window, real and by model."""
    names = [str(name) for name in table.columns if name != "repeats"]
    places = [str(int(one)) for one in table["repeats"]]
    places[-1] += "+"
    traces: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        values = [float(value) for value in table[name]]
        if name == "real":
            traces.append({"type": "bar", "name": wording.text("real"), "x": places, "y": values,
                           "marker": {"color": COLOURS[0], "opacity": 0.55}})  # fmt: skip
        else:
            traces.append({"type": "scatter", "mode": "markers", "name": name, "x": places, "y": values,
                           "marker": {"color": COLOURS[place % len(COLOURS)], "size": 9,
                                      "symbol": SYMBOLS[place % len(SYMBOLS)]}})  # fmt: skip
    return Chart(
        "customers-by-repeats", wording.text("Customers by repeat purchases in the calibration window"),
        wording.text("Bars are the real customers, marks the models. {none} customers did not come back in the window.",
                     none=f"{float(table[names[0]].iloc[0]):,.0f}"),
        figure(traces, x=wording.text("repeat purchases in the calibration window"), y=wording.text("customers"),
               xaxis={"type": "category"}),
    )  # fmt: skip


def _number(value: float, wording: Wording) -> str:
    return with_minus(numbers.format_decimal(float(f"{value:.3g}"), format="#,##0.######", locale=wording.locale))
