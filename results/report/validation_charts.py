"""The charts of a validation: held-out customers beside simulated ones, and forecasts against what came.

Serves whoever would rather look than read; they show distributions and totals only.
"""

from __future__ import annotations

import pandas as pd

from .figure_style import COLOURS, MUTED, figure
from .parts import Chart
from .stored_run import StoredRun
from .validation_words import written_words
from .wording import Wording

REAL, SIMULATED = COLOURS[0], COLOURS[1]


def calibration_chart(table: pd.DataFrame, wording: Wording) -> Chart:
    """Return mean forecast against mean visits by tenths of customers, the model's own forecast first."""
    names = list(dict.fromkeys(table["forecast"]))
    order = [names[-1], *names[:-1]]
    top = 1.05 * float(table[["expected", "came"]].max().max())
    symbols = ("circle", "square-open", "diamond-open", "triangle-up-open", "x-thin-open")
    traces = [
        {"type": "scatter", "mode": "lines+markers" if not place else "markers", "name": written_words(str(name),
                                                                                                       wording),
         "x": _floats(own["expected"]), "y": _floats(own["came"]),
         "marker": {"symbol": symbols[place % len(symbols)], "size": 9, "color": COLOURS[place % len(COLOURS)]},
         "visible": True if place < 2 else "legendonly"}
        for place, name in enumerate(order) for own in [table[table["forecast"] == name]]
    ]  # fmt: skip
    own = table[table["forecast"] == order[0]]
    last = own.iloc[-1]
    return Chart(
        "calibration", wording.text("Visits forecast against visits that came"),
        wording.text("A point for each tenth of customers, by {forecast}; on the line both are the same. The tenth of "
                     "which most was expected, {expected}, came {came} times.", forecast=written_words(str(order[0]),
                                                                                                       wording),
                     expected=f"{last['expected']:.1f}", came=f"{last['came']:.1f}"),
        figure(traces, x=wording.text("visits forecast"), y=wording.text("visits that came"), height=460,
               shapes=[{"type": "line", "x0": 0, "y0": 0, "x1": top, "y1": top,
                        "line": {"color": MUTED, "width": 1.5}}],
               xaxis={"range": [0, top]}, yaxis={"range": [0, top]}),
        wording.text("Simple rules can be switched on in the legend."),
    )  # fmt: skip


def distribution_charts(run: StoredRun, wording: Wording) -> list[Chart]:
    """Return visits a customer, gaps between visits and weekly totals."""
    found = []
    visits = run.table("visits")
    if visits is not None:
        middle = (visits["from"] + visits["below"] - 1) / 2
        found.append(Chart(
            "visits-a-customer", wording.text("Visits a customer"),
            wording.text("Bars are held-out customers, the line simulated ones; the last bar holds all above."),
            figure(_pair(middle, 100 * visits["held_out"], 100 * visits["simulated"], wording),
                   x=wording.text("visits in the window"), y=wording.text("% of customers")),
        ))  # fmt: skip
    gaps = run.table("gaps")
    if gaps is not None:
        longest = gaps.iloc[int(gaps["held_out"].argmax())]
        found.append(Chart(
            "gaps", wording.text("Gaps between visits"),
            wording.text("Bars are held-out customers, the line simulated ones. Most often {days} days pass: {real} of "
                         "gaps, simulated {made}.", days=int(longest["days"]),
                         real=wording.figure(float(longest["held_out"]), "share"),
                         made=wording.figure(float(longest["simulated"]), "share")),
            figure(_pair(gaps["days"], 100 * gaps["held_out"], 100 * gaps["simulated"], wording),
                   x=wording.text("days since the last visit"), y=wording.text("% of gaps"), xaxis={"dtick": 7}),
        ))  # fmt: skip
    return found


def spend_charts(run: StoredRun, wording: Wording) -> list[Chart]:
    """Return amounts by percentile, concentration of spend and weekly totals."""
    found = []
    amounts = run.table("amounts")
    if amounts is not None:
        half = amounts.iloc[int((amounts["percentile"] - 50).abs().argmin())]
        unit = wording.currency if wording.currency != "XXX" else wording.text("currency units")
        ends = [float(amounts["held_out"].min()), float(amounts["held_out"].max())]
        found.append(Chart(
            "amounts", wording.text("Amount of a visit, by percentile"),
            wording.text("A point for each percentile; on the line both are the same. The median is {real}, "
                         "simulated {made}.",
                         real=f"{half['held_out']:,.2f}", made=f"{half['simulated']:,.2f}"),
            figure([
                {"type": "scatter", "mode": "lines", "name": wording.text("the same"), "x": ends, "y": ends,
                 "line": {"color": MUTED, "width": 1.5}, "hoverinfo": "skip"},
                {"type": "scatter", "mode": "markers", "name": wording.text("percentiles"),
                 "x": _floats(amounts["held_out"]), "y": _floats(amounts["simulated"]),
                 "text": [f"{one:g} %" for one in amounts["percentile"]],
                 "hovertemplate": "%{text}: %{x:,.2f}, %{y:,.2f}<extra></extra>", "marker": {"color": REAL, "size": 6}},
            ], x=wording.text("held out, {unit}", unit=unit), y=wording.text("simulated, {unit}", unit=unit),
                xaxis={"type": "log"}, yaxis={"type": "log"}),
        ))  # fmt: skip
    share = run.table("concentration")
    if share is not None:
        at = share.iloc[int((share["customers"] - 0.8).abs().argmin())]
        found.append(Chart(
            "concentration", wording.text("Concentration of spend (Lorenz)"),
            wording.text("The share of spend of those customers who spend least. The top fifth has {real}, "
                         "simulated {made}.",
                         real=wording.figure(1 - float(at["held_out"]), "share"),
                         made=wording.figure(1 - float(at["simulated"]), "share")),
            figure(_lines(100 * share["customers"], {
                wording.text("held out"): 100 * share["held_out"], wording.text("simulated"): 100 * share["simulated"],
            }), x=wording.text("% of customers, those who spend least first"), y=wording.text("% of spend")),
        ))  # fmt: skip
    weeks = run.table("weeks")
    if weeks is not None:
        found.append(_weeks(weeks, wording))
    return found


def _weeks(weeks: pd.DataFrame, wording: Wording) -> Chart:
    inside = int(((weeks["held_out"] >= weeks["low"]) & (weeks["held_out"] <= weeks["high"])).sum())
    x = [int(week) for week in weeks["week"]]
    hidden = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    traces: list[dict[str, object]] = [
        {**hidden, "x": x, "y": _floats(100 * weeks["high"]), "showlegend": False},
        {**hidden, "x": x, "y": _floats(100 * weeks["low"]), "fill": "tonexty", "fillcolor": "rgba(213,94,0,0.2)",
         "name": wording.text("simulated, lowest to highest")},
        *_lines(weeks["week"], {wording.text("held out"): 100 * weeks["held_out"],
                                wording.text("simulated, mean"): 100 * weeks["simulated"]}),
    ]  # fmt: skip
    return Chart(
        "weeks", wording.text("Weekly totals"),
        wording.text("Spend of each week, the mean week being 100. {inside} of {all} weeks lie between the lowest and "
                     "the highest simulated market.", inside=inside, all=len(weeks)),
        figure(traces, x=wording.text("week of the window"), y=wording.text("spend, mean week = 100"),
               yaxis={"rangemode": "tozero"}),
    )  # fmt: skip


def _pair(x: pd.Series, real: pd.Series, made: pd.Series, wording: Wording) -> list[dict[str, object]]:
    """Return bars of held-out customers and a line with marks of simulated ones."""
    return [
        {"type": "bar", "name": wording.text("held out"), "x": _floats(x), "y": _floats(real),
         "marker": {"color": REAL, "opacity": 0.55}},
        {"type": "scatter", "mode": "lines+markers", "name": wording.text("simulated"), "x": _floats(x),
         "y": _floats(made), "line": {"color": SIMULATED}, "marker": {"symbol": "diamond", "size": 7}},
    ]  # fmt: skip


def _lines(x: pd.Series, named: dict[str, pd.Series]) -> list[dict[str, object]]:
    """Return lines that are told apart by their dashes as well."""
    return [
        {"type": "scatter", "mode": "lines", "name": name, "x": _floats(x), "y": _floats(values),
         "line": {"color": COLOURS[place], "width": 2.5, "dash": "solid" if not place else "dash"}}
        for place, (name, values) in enumerate(named.items())
    ]  # fmt: skip


def _floats(values: pd.Series) -> list[float]:
    return [float(value) for value in values]
