"""The margin by attrition effect: from which value of the decisive assumption on a policy pays.

Serves everybody who reads a margin. How far a programme slows attrition cannot be learnt from an order log.
"""

from __future__ import annotations

import pandas as pd

from .by_scenario import by_scenario
from .figure_style import colour, figure, line_of, mark_of, zero_line
from .parts import Cell, Chart, DataTable, Section
from .verdict import where_it_pays
from .wording import Wording

EFFECT = "attrition_effect"


def break_even_section(
    margins: pd.DataFrame | None, turns: pd.DataFrame | None, wording: Wording, scenarios: list[str]
) -> list[Section]:
    """Return the section, empty where no break-even was asked for (`--no-break-even`)."""
    if margins is None or turns is None or not len(margins):
        return []
    parts = {}
    for scenario in scenarios:
        own = margins[margins["scenario"] == scenario]
        ends = turns[turns["scenario"] == scenario]
        parts[scenario] = [] if own.empty else [_chart(own, ends, wording, f"break-even-{scenario}")]
    said = wording.text(
        "Most margins hang on one assumption: the attrition effect, how far the programme slows the attrition of those "
        "it gives something to. No order log can tell it; 0 to 0.85 are plausible, and only an experiment narrows it."
    )
    return [
        Section("break-even", wording.text("From which attrition effect on it pays"), [said],
                by_scenario(parts, wording))
    ]  # fmt: skip


def _chart(margins: pd.DataFrame, turns: pd.DataFrame, wording: Wording, name: str) -> Chart:
    traces, told = [], []
    policies = {str(policy): rows for policy, rows in margins.groupby("policy", sort=False)}
    for place, (policy, rows) in enumerate(policies.items(), start=1):
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": policy, "line": line_of(place),
            "marker": mark_of(place), "x": [float(value) for value in rows[EFFECT]],
            "y": [float(cents) / 100 for cents in rows["difference"]],
            "error_y": {"type": "data", "symmetric": False, "color": colour(place), "thickness": 1.2,
                        "array": [float(cents) / 100 for cents in rows["high"] - rows["difference"]],
                        "arrayminus": [float(cents) / 100 for cents in rows["difference"] - rows["low"]]},
            "customdata": [wording.difference(float(cents), "money") for cents in rows["difference"]],
            "hovertemplate": "%{x}: %{customdata}<extra>" + policy + "</extra>",
        })  # fmt: skip
        told.append(wording.text("{policy} pays {where}", policy=policy,
                                 where=where_it_pays(turns[turns["policy"] == policy], wording)))  # fmt: skip
    title = wording.text("Difference of the contribution margin by attrition effect")
    return Chart(
        name, title,
        wording.text("Lines of the margin's difference to the first policy at several attrition effects, with 95 % "
                     "intervals. {told}.", told=wording.text("; ").join(told)),
        figure(traces, x=wording.text("Attrition effect"), y=wording.currency, showlegend=len(traces) > 1,
               shapes=[zero_line()]),
        table=_table(policies, turns, wording, title),
    )  # fmt: skip


def _table(policies: dict[str, pd.DataFrame], turns: pd.DataFrame, wording: Wording, title: str) -> DataTable:
    first = next(iter(policies.values()))
    rows = []
    for place, (effect, is_own) in enumerate(zip(first[EFFECT], first["is_own"], strict=True)):
        head = wording.text("{value} (assumed here)", value=f"{effect:g}") if is_own else f"{effect:g}"
        cells = [Cell(head, "total" if is_own else "", is_number=False)]
        for own in policies.values():
            row = own.iloc[place]
            cells.append(Cell(f"{wording.difference(float(row['difference']), 'money')}\n"
                              f"{wording.interval(float(row['low']), float(row['high']), 'money')}"))  # fmt: skip
        rows.append(cells)
    ends = [Cell(wording.text("Break-even"), "total", is_number=False)]
    for policy in policies:
        own = turns[turns["policy"] == policy]
        ends.append(Cell(wording.text(", ").join(_turn(row, wording) for row in own.itertuples()), "total"))
    rows.append(ends)
    return DataTable(title, [wording.text("Attrition effect"), *policies], rows)


def _turn(row: object, wording: Wording) -> str:
    value, low, high = (getattr(row, name) for name in ("break_even", "low", "high"))
    if pd.isna(value):
        return wording.text("none from 0 to 0.85")
    start = wording.text("below 0") if pd.isna(low) else f"{low:.2f}"
    end = wording.text("above 0.85") if pd.isna(high) else f"{high:.2f}"
    return wording.text("{value} ({low} to {high})", value=f"{value:.2f}", low=start, high=end)
