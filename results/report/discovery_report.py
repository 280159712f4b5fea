"""The report of `memberlab discover`: where a policy loses, as a rule of a few limits, and what is at stake.

Serves whoever has to say under which circumstances a programme is a mistake.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..kpis import KPIS, Unit
from .cards import Card
from .figure_style import COLOURS, figure
from .figures_told import FACTOR, axis_title, in_sentence, number
from .parts import Cell, Chart, DataTable, Fragment, Part, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .uncertain_worlds import all_worlds, factors_of, worths_chart
from .wording import Wording


def discovery_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab discover`."""
    cases, rule, worlds = run.table("cases"), run.table("rule"), run.table("worlds")
    if cases is None or rule is None or worlds is None:
        raise refusal(run.folder, "lacks cases.parquet, rule.parquet or worlds.parquet; write the discovery again")
    wording = Wording(language, str(run.fact("currency")))
    names, kpi = run.fact("names"), str(run.fact("kpi"))
    unit = KPIS[kpi].unit
    worths = [tuple(one) for one in run.manifest.get("worth_of_knowing", [])]
    parts: list[Part] = [_cases_chart(cases, rule, worths, kpi, wording)]
    if len(rule):
        parts.append(_limits(rule, wording))
    sections = [
        Section("stakes", wording.text("What is at stake"), (),
                [_cards(worlds, unit, wording), _worlds(worlds, unit, wording)]),
        Section("rule", wording.text("Where it loses"),
                [wording.text("Half of the cases teach the rule, half judge it; a case is one world drawn from what is "
                              "plausible, lived under both policies by the same shoppers.")], parts),
    ]  # fmt: skip
    if worths:
        sections.append(Section("worth", wording.text("What would be worth most to know"), (),
                                [worths_chart(worths, unit, wording)]))  # fmt: skip
    return Report(
        wording.text("Where {policy} loses", policy=names["policy"]),
        wording.text("{cases} cases drawn from {set}, against {against}", cases=len(cases), set=names["set"],
                     against=names["against"]),
        _verdict(run, cases, rule, worlds, wording), [*sections, provenance(run, wording)],
    )  # fmt: skip


def _verdict(
    run: StoredRun, cases: pd.DataFrame, rule: pd.DataFrame, worlds: pd.DataFrame, wording: Wording
) -> list[str]:  # fmt: skip
    """Return in how many cases it loses, and the rule that tells them from the others."""
    names, kpi = run.fact("names"), str(run.fact("kpi"))
    losing, unit = int(cases["loses"].sum()), KPIS[kpi].unit
    every = all_worlds(worlds)
    gaps: dict[str, Any] = {"policy": names["policy"], "against": names["against"], "kpi": in_sentence(kpi, wording),
                            "losing": losing, "all": len(cases)}  # fmt: skip
    gaps["mean"] = wording.difference(float(every["mean"]), unit)
    first = (
        wording.text("{policy} never has less {kpi} than {against} in the {all} worlds tried; on average {mean}.",
                     **gaps)
        if not losing else
        wording.text("{policy} has less {kpi} than {against} in {losing} of the {all} worlds tried; on average {mean}.",
                     **gaps)
    )  # fmt: skip
    held = (run.manifest.get("scores") or {}).get("held_out")
    if losing in (0, len(cases)):
        worst = wording.difference(float(every["worst"]), unit)
        return [first, wording.text("In the worst of them the difference is {worst}.", worst=worst)]
    if not len(rule) or held is None:
        return [first, wording.text("No rule of a few limits tells these worlds from the others.")]
    limits = wording.text(" and ").join(str(one) for one in rule["limit"])
    return [first, wording.text(
        "It loses where {limits}: of the losing worlds that the rule has not seen it covers {coverage}, and {density} "
        "of "
        "those inside lose.", limits=limits, coverage=wording.figure(float(held["coverage"] or 0), "share"),
        density=wording.figure(float(held["density"] or 0), "share"))]  # fmt: skip


def _cards(worlds: pd.DataFrame, unit: Unit, wording: Wording) -> Fragment:
    every = all_worlds(worlds)
    cards = [
        Card(wording.text("Worlds in which it loses"), wording.figure(float(every["loses"]), "share"),
             wording.text("of {cases}", cases=int(every["cases"]))),
        Card(wording.text("Mean difference"), wording.difference(float(every["mean"]), unit),
             wording.text("one world in twenty is below {amount}",
                          amount=wording.difference(float(every["quantile_5"]), unit))),
        Card(wording.text("Regret of adopting"), wording.figure(float(every["regret_of_adopting"]), unit),
             wording.text("mean loss, 0 where there is none")),
        Card(wording.text("Regret of not adopting"), wording.figure(float(every["regret_of_not_adopting"]), unit),
             wording.text("mean gain, 0 where there is none")),
    ]  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text("Over all worlds")})


def _worlds(worlds: pd.DataFrame, unit: Unit, wording: Wording) -> DataTable:
    rows = [
        [Cell(wording.text("all") if row["world"] == "all" else str(row["world"]), is_number=False),
         Cell(wording.figure(float(row["weight"]), "share")), Cell(str(int(row["cases"]))),
         Cell("–" if pd.isna(row["loses"]) else wording.figure(float(row["loses"]), "share")),
         *(Cell("–" if pd.isna(row[one]) else wording.difference(float(row[one]), unit))
           for one in ("mean", "quantile_5", "worst")),
         *(Cell("–" if pd.isna(row[one]) else wording.figure(float(row[one]), unit))
           for one in ("regret_of_adopting", "regret_of_not_adopting"))]
        for _, row in worlds.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("World"), wording.text("Probability"), wording.text("Cases"), wording.text("Lose"),
        wording.text("Mean"), wording.text("5 % quantile"), wording.text("Worst"), wording.text("Regret of adopting"),
        wording.text("Regret of not adopting"),
    ]  # fmt: skip
    return DataTable(wording.text("By world"), heads, rows)


def _limits(rule: pd.DataFrame, wording: Wording) -> DataTable:
    rows = [[Cell(str(row["limit"]), is_number=False),
             Cell(number(float(row["quasi_p_learning"]), wording, 2)),
             Cell(number(float(row["quasi_p_held_out"]), wording, 2))] for _, row in rule.iterrows()]  # fmt: skip
    heads = [wording.text("Limit"), wording.text("By chance alone, half that teaches"),
             wording.text("By chance alone, half that judges")]  # fmt: skip
    return DataTable(wording.text("The rule: it loses where all of this holds"), heads, rows)


def _cases_chart(
    cases: pd.DataFrame, rule: pd.DataFrame, worths: list[Any], kpi: str, wording: Wording
) -> Chart:  # fmt: skip
    """Return the cases along the figure that the rule names first, or that is worth most to know."""
    columns = factors_of(cases)
    named = [str(one) for one in rule["address"]] + [str(one[0]) for one in sorted(worths, key=lambda one: -one[1])]
    along = next((one for one in named if one in columns), columns[0])
    unit = KPIS[kpi].unit
    traces = []
    for place, (loses, words, symbol) in enumerate(
        ((False, wording.text("does not lose"), "circle"), (True, wording.text("loses"), "x"))
    ):
        own = cases[cases["loses"] == loses]
        if not len(own):
            continue
        at = own[along]
        traces.append({
            "type": "scatter", "mode": "markers", "name": words,
            "x": [float(one) if isinstance(one, int | float) else str(one) for one in at],
            "y": [float(one) * FACTOR[unit] for one in own["difference"]],
            "marker": {"symbol": symbol, "size": 8, "color": COLOURS[place], "opacity": 0.8},
            "hovertemplate": "%{x}: %{y:,.0f}<extra>" + words + "</extra>",
        })  # fmt: skip
    limits = rule[rule["address"] == along]
    shapes = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": float(edge), "x1": float(edge), "y0": 0, "y1": 1,
         "line": {"dash": "dash", "width": 1.5, "color": "#999999"}}
        for _, row in limits.iterrows() for edge in (row["low"], row["high"])
        if pd.notna(edge) and abs(float(edge)) != float("inf")
    ]  # fmt: skip
    title = wording.text("Every world by {figure}", figure=along)
    return Chart(
        "cases", title,
        wording.text("A point for each world: {losing} of {all} lose. Dashed lines are the limits of the rule, where "
                     "it "
                     "names this figure.", losing=int(cases["loses"].sum()), all=len(cases)),
        figure(traces, x=along, y=axis_title(unit, wording), shapes=[*shapes], showlegend=len(traces) > 1),
    )  # fmt: skip
