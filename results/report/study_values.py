"""What a search would recommend under other values of what nobody knows, and what its policy earns there.

Serves whoever decides: attrition effects cannot be learnt from an order log, and a rival may answer or not.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from .figure_style import COLOURS, MUTED, figure
from .parts import Cell, Chart, DataTable, Section
from .relative_figures import change_told, gain_told, interval_told, plain_told, title_of
from .stored_study import StoredStudy
from .wording import Wording

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "bowtie")


def values_section(study: StoredStudy, wording: Wording) -> Section | None:
    """Return the recommendation at every value that was tried, and the margin by attrition effect."""
    table = study.table("recommendation-by-value")
    if not len(table):
        return None
    names = {
        "attrition_effect": wording.text("attrition effect"),
        "rival_reaction": wording.text("share of our give-back that the rival matches"),
    }
    parts: list[Chart | DataTable] = []
    sentences = []
    for assumption in dict.fromkeys(table["assumption"]):
        own = table[table["assumption"] == assumption]
        title = names.get(str(assumption), str(assumption))
        sentences.append(_flips(study, own, title, wording))
        parts += [_gains_chart(study, own, title, str(assumption), wording), _table(study, own, title, wording)]
    return Section("values", wording.text("If what nobody knows were otherwise"), sentences, parts)


def _taken(study: StoredStudy, own: pd.DataFrame) -> dict[float, str]:
    """Return the policy that is recommended at each value; the incumbent's name where it is kept."""
    taken = own[own["is_recommended"]].drop_duplicates("value")
    return {
        float(row["value"]): study.today if row["verdict"] == "keep" else str(row["policy"])
        for _, row in taken.iterrows()
    }


def _flips(study: StoredStudy, own: pd.DataFrame, title: str, wording: Wording) -> str:
    """Return at which values the recommendation changes."""
    taken = _taken(study, own)
    values = list(taken)
    steps = [
        wording.text("between {low} and {high} from {before} to {after}", low=plain_told(wording, low),
                     high=plain_told(wording, high), before=taken[low], after=taken[high])
        for low, high in pairwise(values) if taken[low] != taken[high]
    ]  # fmt: skip
    if not steps:
        return wording.text("The recommendation is the same at every {assumption} tried: {policy}.", assumption=title,
                            policy=next(iter(taken.values())))  # fmt: skip
    return wording.text("The recommendation changes with the {assumption}: {steps}.", assumption=title,
                        steps=wording.text("; ").join(steps))  # fmt: skip


def _gains_chart(study: StoredStudy, own: pd.DataFrame, title: str, name: str, wording: Wording) -> Chart:
    """Return each policy's smallest gain along the values; zero is today's policy."""
    first = own.drop_duplicates(["policy", "value"])
    taken = _taken(study, own)
    order = [policy for policy in dict.fromkeys([study.shown, *taken.values(), *study.others])
             if policy is not None and policy != study.today]  # fmt: skip
    traces = []
    for place, policy in enumerate(order):
        rows = first[first["policy"] == policy].sort_values("value")
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": policy,
            "x": [float(value) for value in rows["value"]], "y": [100 * float(gain) for gain in rows["least_gain"]],
            "line": {"color": COLOURS[place % len(COLOURS)], "width": 3 if policy == study.shown else 1.5},
            "marker": {"size": 8, "symbol": [SYMBOLS[place % len(SYMBOLS)] + ("" if kept else "-open")
                                             for kept in rows["feasible"]]},
            "hovertemplate": "%{x}: %{y:.2f} %<extra>" + policy + "</extra>",
        })  # fmt: skip
    heights = {
        value: 0.0 if policy == study.today else 100 * float(
            first.loc[(first["policy"] == policy) & (first["value"] == value), "least_gain"].iloc[0])
        for value, policy in taken.items()
    }  # fmt: skip
    traces.append({
        "type": "scatter", "mode": "markers", "name": wording.text("recommended at this value"),
        "x": list(heights), "y": list(heights.values()), "hoverinfo": "skip",
        "marker": {"symbol": "circle-open", "size": 22, "color": MUTED, "line": {"width": 3}},
    })  # fmt: skip
    assumed = own.loc[own["is_own"], "value"]
    shapes = [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
               "line": {"width": 2, "color": MUTED}}]  # fmt: skip
    if len(assumed):
        shapes.append({"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": float(assumed.iloc[0]),
                       "x1": float(assumed.iloc[0]),
                       "line": {"width": 1.5, "dash": "dash", "color": MUTED}})  # fmt: skip
    told = wording.text("; ").join(f"{plain_told(wording, value)}: {policy}" for value, policy in taken.items())
    return Chart(
        f"values-{name}", wording.text("Smallest gain over the objectives, by {assumption}", assumption=title),
        wording.text("A line for each policy; the zero line is today's policy, rings mark what is recommended, hollow "
                     "marks a limit that is broken there. By value: {told}. Dashed: what the study assumes.",
                     told=told),
        figure(traces, x=title, y=wording.text("% of today's figure"), shapes=shapes, height=460,
               xaxis={"tickvals": sorted(heights)}, margin={"t": 96}),
    )  # fmt: skip


def _table(study: StoredStudy, own: pd.DataFrame, title: str, wording: Wording) -> DataTable:
    """Return a row a value: what is recommended, and what the policy of the report brings there."""
    words = {"certain": wording.text("certain"), "likely": wording.text("likely"), "keep": ""}
    verdicts = own[own["is_recommended"]].drop_duplicates("value").set_index("value")["verdict"]
    rows = []
    for value, policy in _taken(study, own).items():
        at = plain_told(wording, value)
        is_own = bool(own.loc[own["value"] == value, "is_own"].iloc[0])
        chosen = wording.text("keep {policy}", policy=policy) if policy == study.today else policy
        cells = [Cell(wording.text("{value} (assumed)", value=at) if is_own else at), Cell(chosen, is_number=False),
                 Cell(words.get(str(verdicts[value]), ""), is_number=False)]  # fmt: skip
        lines = own[(own["value"] == value) & (own["policy"] == study.shown)].set_index("kpi")
        for kpi in study.objectives:
            if kpi not in lines.index:
                cells.append(Cell(""))
                continue
            line: Any = lines.loc[kpi]
            base = float(line["baseline"])
            change = change_told(wording, kpi, float(line["difference"]), base)
            cells.append(
                Cell(f"{change}\n{interval_told(wording, kpi, float(line['low']), float(line['high']), base)}")
            )
        there = lines.iloc[0] if len(lines) else None
        kept = "" if there is None else wording.text("yes") if there["feasible"] else wording.text("no")
        cells += [Cell("" if there is None else gain_told(wording, float(there["least_gain"]))),
                  Cell(kept, is_number=False)]  # fmt: skip
        rows.append(cells)
    heads = [title, wording.text("Recommended"), wording.text("How sure"),
             *(title_of(wording, kpi) for kpi in study.objectives), wording.text("Smallest gain"),
             wording.text("Keeps the limits there")]  # fmt: skip
    caption = wording.text("What would be recommended, and what {policy} brings there, by {assumption}",
                           policy=study.shown or study.today, assumption=title)  # fmt: skip
    return DataTable(caption, heads, rows)
