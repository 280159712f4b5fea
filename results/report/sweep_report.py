"""The report of `memberlab sweep`: what one or two levers do to a policy's key figures, value by value.

Serves strategists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..kpis import KPIS, Unit
from .figure_style import MUTED, figure
from .figures_told import FACTOR, axis_title, change_card, change_told, end_told, in_sentence, number
from .interval_lines import IntervalLine, interval_lines
from .parts import Cell, Chart, DataTable, Fragment, Group, Part, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .wording import Wording

SHOWN = ("margin", "gmv", "retention", "benefit_cost")
"""Key figures that have a card and a chart, unless the sweep says others."""
FIGURES = ("kpi", "unit", "baseline", "value", "difference", "low", "high", "refusal")
"""Columns of the table that are no lever."""


def sweep_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab sweep`."""
    table = run.table("sweep")
    if table is None:
        raise refusal(run.folder, "holds no sweep.parquet; write the sweep again")
    wording = Wording(language, str(run.fact("currency")))
    names = run.fact("names")
    table = table.rename(columns={lever: f"{lever} (%)" for lever in run.manifest.get("percent", [])})
    levers = [str(column) for column in table.columns if column not in FIGURES]
    kpis = [kpi for kpi in run.manifest.get("kpis", SHOWN) if kpi in KPIS]
    lived = table[table["refusal"] == ""]
    refused = table[table["refusal"] != ""]
    top = _best(lived, kpis[0])
    charts = [
        _lines(lived, levers[0], kpi, wording) if len(levers) == 1 else _map(lived, levers, kpi, wording)
        for kpi in kpis
    ]  # fmt: skip
    sections = [
        Section("figures", wording.text("The best value"), (),
                [_cards(lived, levers, top, kpis, wording, str(names["against"]))]),
        Section("values", wording.text("Value by value"),
                [wording.text("Differences to {against}, paired by shopper, with their 95 % intervals; every value is "
                              "lived by the same shoppers with the same chances.", against=names["against"])],
                [*charts, _table(lived, levers, wording)]),
    ]  # fmt: skip
    if len(refused):
        listed = [f"{_place(row, levers, wording)}: {row['refusal']}" for _, row in refused.iterrows()]
        said = wording.text("The policy's own checks refuse these values:")
        sections.append(Section("refused", wording.text("Values that cannot be promised"), [said], (), listed))
    return Report(
        wording.text("{policy} by {levers}", policy=names["policy"], levers=wording.text(" and ").join(levers)),
        wording.text("in {scenario}, against {against}, {replications} replications", scenario=names["scenario"],
                     against=names["against"], replications=run.manifest["replications"]),
        _verdict(run, lived, levers, top, kpis[0], wording), [*sections, provenance(run, wording)],
    )  # fmt: skip


def _best(lived: pd.DataFrame, kpi: str) -> pd.Series:
    own = lived[lived["kpi"] == kpi]
    return own.iloc[int(own["difference"].argmax())]


def _verdict(
    run: StoredRun, lived: pd.DataFrame, levers: Sequence[str], top: pd.Series, kpi: str, wording: Wording
) -> list[str]:
    """Return at which value the first key figure is highest, and where it is that of today's policy."""
    own, unit = lived[lived["kpi"] == kpi], KPIS[kpi].unit
    against = str(run.fact("names")["against"])
    gaps = {"count": len(own), "kpi": in_sentence(kpi, wording), "against": against,
            "place": _place(top, levers, wording), "size": wording.difference(float(top["difference"]), unit),
            "interval": wording.interval(float(top["low"]), float(top["high"]), unit)}  # fmt: skip
    if top["low"] > 0:
        first = wording.text("Of {count} values tried, {place} does most for {kpi}: {size} against {against} (95 %: "
                             "{interval}).", **gaps)  # fmt: skip
    else:
        first = wording.text("No value of the {count} tried certainly raises {kpi} above that of {against}; the "
                             "highest "
                             "is {place}: {size} (95 %: {interval}).", **gaps)  # fmt: skip
    near = int((own["high"] >= top["low"]).sum()) - 1
    second = (wording.text("{near} of the other values may be as good: their intervals reach it.", near=near) if near
              else wording.text("No other value's interval reaches it."))  # fmt: skip
    for one in run.manifest.get("turns", []):
        about = {"kpi": wording.text(KPIS[kpi].title), "against": against, "value": number(one["value"], wording),
                 "low": end_told(one["low"], wording), "high": end_told(one["high"], wording)}  # fmt: skip
        second = wording.joined(second, (
            wording.text("{kpi} is above that of {against} from about {value} on ({low} to {high}).", **about)
            if one["rising"] else
            wording.text("{kpi} is above that of {against} up to about {value} ({low} to {high}).", **about)
        ))  # fmt: skip
    return [first, second]


def _cards(
    lived: pd.DataFrame, levers: Sequence[str], top: pd.Series, kpis: Sequence[str], wording: Wording, against: str
) -> Fragment:
    at = (lived[list(levers)] == top[list(levers)]).all(axis=1)
    cards = []
    for kpi in dict.fromkeys([*kpis, *SHOWN]):
        row = lived[at & (lived["kpi"] == kpi)].iloc[0]
        cards.append(change_card(wording.text(KPIS[kpi].title), *_ends(row), KPIS[kpi].unit,
                                 wording))  # fmt: skip
    title = wording.text("{place}, against {against}", place=_place(top, levers, wording), against=against)
    return Fragment("cards.html.j2", {"cards": cards[:6], "title": title})


def _lines(lived: pd.DataFrame, lever: str, kpi: str, wording: Wording) -> Chart:
    """Return a key figure's difference along one lever."""
    own = lived[lived["kpi"] == kpi]
    unit = KPIS[kpi].unit
    factor = FACTOR[unit]
    places = [float(one) if isinstance(one, int | float) else str(one) for one in own[lever]]
    told = [f"{_place(row, [lever], wording)}: {_change(row, unit, wording)}" for _, row in own.iterrows()]
    line = IntervalLine(
        wording.text(KPIS[kpi].title), places, list(own["difference"] * factor), list(own["low"] * factor),
        list(own["high"] * factor), told,
    )  # fmt: skip
    best, worst = own.iloc[int(own["difference"].argmax())], own.iloc[int(own["difference"].argmin())]
    return Chart(
        f"sweep-{kpi}", wording.text(KPIS[kpi].title),
        wording.text("The difference at each value with its 95 % interval, from {least} at {worst} to {most} at "
                     "{best}.",
                     least=wording.difference(float(worst["difference"]), unit), worst=_place(worst, [lever], wording),
                     most=wording.difference(float(best["difference"]), unit), best=_place(best, [lever], wording)),
        interval_lines([line], x=lever, y=axis_title(unit, wording)),
    )  # fmt: skip


def _map(lived: pd.DataFrame, levers: Sequence[str], kpi: str, wording: Wording) -> Chart:
    """Return a key figure's difference over two levers; what is told apart from zero is bold."""
    own = lived[lived["kpi"] == kpi]
    unit = KPIS[kpi].unit
    factor = FACTOR[unit]
    x, y = levers
    grid = own.pivot_table(index=y, columns=x, values="difference", sort=True) * factor
    told = {(row[y], row[x]): row for _, row in own.iterrows()}
    words: list[list[str]] = [
        ["" if (down, across) not in told else _short(told[down, across], unit, wording) for across in grid.columns]
        for down in grid.index
    ]
    hover = [
        ["" if (down, across) not in told else
         f"{_place(told[down, across], levers, wording)}: {_change(told[down, across], unit, wording)}"
         for across in grid.columns] for down in grid.index
    ]  # fmt: skip
    most = max(float(own["difference"].abs().max()) * factor, 1e-9)
    trace: dict[str, Any] = {
        "type": "heatmap", "x": [_level(one, wording) for one in grid.columns],
        "y": [_level(one, wording) for one in grid.index],
        "z": [[None if pd.isna(one) else float(one) for one in row] for row in grid.to_numpy()],
        "text": words, "texttemplate": "%{text}", "customdata": hover, "hovertemplate": "%{customdata}<extra></extra>",
        "zmin": -most, "zmax": most, "colorscale": [[0, "#D55E00"], [0.5, "#F7F7F7"], [1, "#0072B2"]],
        "showscale": False, "xgap": 2, "ygap": 2,
    }  # fmt: skip
    best = own.iloc[int(own["difference"].argmax())]
    return Chart(
        f"sweep-{kpi}", wording.text(KPIS[kpi].title),
        wording.text("The difference over both levers in {unit}, blue above and orange below {zero}; in brackets: not "
                     "told apart from zero. Most at {best}: {most}.", unit=axis_title(unit, wording), zero=0,
                     best=_place(best, levers, wording), most=wording.difference(float(best["difference"]), unit)),
        figure([trace], x=x, y=y, height=120 + 52 * len(grid.index), xaxis={"type": "category"},
               yaxis={"type": "category"}, plot_bgcolor=f"{MUTED}40"),
    )  # fmt: skip


def _table(lived: pd.DataFrame, levers: Sequence[str], wording: Wording) -> Part:
    """Return every value with every key figure."""
    kpis = [kpi for kpi in KPIS if (lived["kpi"] == kpi).any()]
    rows = []
    for key, own in lived.groupby(list(levers), sort=False):
        parts = key if isinstance(key, tuple) else (key,)
        cells = [Cell(_level(one, wording)) for one in parts]
        cells += [Cell(_change(own[own["kpi"] == kpi].iloc[0], KPIS[kpi].unit, wording)) for kpi in kpis]
        rows.append(cells)
    title = wording.text("All key figures at every value")
    heads = [*levers, *(wording.text(KPIS[kpi].title) for kpi in kpis)]
    return Group(title, [DataTable(title, heads, rows)])


def _place(row: pd.Series, levers: Sequence[str], wording: Wording) -> str:
    return wording.text(", ").join(f"{lever} {_level(row[lever], wording)}" for lever in levers)


def _level(value: object, wording: Wording) -> str:
    return number(float(value), wording) if isinstance(value, int | float) else str(value)


def _ends(row: pd.Series) -> tuple[float, float, float]:
    return float(row["difference"]), float(row["low"]), float(row["high"])


def _change(row: pd.Series, unit: Unit, wording: Wording) -> str:
    return change_told(*_ends(row), unit, wording)


def _short(row: pd.Series, unit: Unit, wording: Wording) -> str:
    value = float(row["difference"])
    told = wording.short(value, sign=True) if unit == "money" else wording.difference(value, unit)
    return told if row["low"] > 0 or row["high"] < 0 else f"({told})"
