"""What a difference is made of: each mechanism's part in it, where a comparison was asked for it.

Serves the strategist who asks why a policy does what it does.
"""

from __future__ import annotations

import math

import pandas as pd

from ..kpis import KPIS
from .figure_style import broken, colour, figure, zero_line
from .parts import Cell, Chart, DataTable
from .wording import Wording

TOLD = ("margin", "gmv", "retention")
"""KPIs of the table; the chart has the first."""


def attribution_chart(table: pd.DataFrame, wording: Wording, name: str, policy: str, place: int) -> Chart:
    """Return the parts of the margin's difference as bars, the largest first; `table` holds one policy and scenario."""
    own = table[table["kpi"] == TOLD[0]]
    own = own.loc[own["effect"].abs().sort_values(ascending=False, kind="stable").index]
    labels = {str(one): _named(str(one), wording) for one in own["mechanism"]}
    trace = {
        "type": "bar", "orientation": "h", "name": policy, "marker": {"color": colour(place)},
        "y": [broken(labels[str(one)]) for one in own["mechanism"]],
        "x": [float(cents) / 100 for cents in own["effect"]],
        "error_x": {"type": "data", "color": "#999999", "thickness": 1.2, "array": [
            0.0 if _is_missing(value) else 1.96 * float(value) / 100 for value in own["deviation"]]},
        "customdata": [wording.difference(float(cents), "money") for cents in own["effect"]],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }  # fmt: skip
    largest = own.iloc[0]
    today = str(own["baseline"].iloc[0])
    return Chart(
        name, wording.text("What the margin's difference of {policy} is made of", policy=policy),
        wording.text("Bars for each mechanism, which add up to the whole difference; the largest is {mechanism}: "
                     "{amount}.", mechanism=labels[str(largest["mechanism"])],
                     amount=wording.difference(float(largest["effect"]), "money")),
        figure([trace], x=wording.text("{currency} against {today}", currency=wording.currency, today=today),
               height=110 + 36 * len(own), yaxis={"autorange": "reversed"}, shapes=[zero_line(upright=True)]),
        wording.text("Shapley values over worlds in which a mechanism is switched off or on (Shapley, 1953); lines are "
                     "95 % intervals of the mean over replications."),
        _table(table, labels, wording, policy),
    )  # fmt: skip


def _table(table: pd.DataFrame, labels: dict[str, str], wording: Wording, policy: str) -> DataTable:
    """Return the parts in margin, GMV and retention, with their sums."""
    kpis = [kpi for kpi in TOLD if (table["kpi"] == kpi).any()]
    effects = {kpi: table[table["kpi"] == kpi].set_index("mechanism")["effect"] for kpi in kpis}
    rows = [
        [Cell(label, is_number=False),
         *(Cell(wording.difference(float(effects[kpi].get(one, 0.0)), KPIS[kpi].unit)) for kpi in kpis)]
        for one, label in labels.items()
    ]  # fmt: skip
    sums = [Cell(wording.difference(float(effects[kpi].sum()), KPIS[kpi].unit), "total") for kpi in kpis]
    rows.append([Cell(wording.text("Total"), "total", is_number=False), *sums])
    return DataTable(wording.text("Differences of {policy} by mechanism", policy=policy),
                     [wording.text("Mechanism"), *(wording.text(KPIS[kpi].title) for kpi in kpis)], rows)  # fmt: skip


def _named(mechanism: str, wording: Wording) -> str:
    return {
        "no reaction": wording.text("The benefits, if nobody reacted"), "price": wording.text("Prices"),
        "points pressure": wording.text("Points pressure"), "goal": wording.text("Goals within reach"),
        "tier": wording.text("Tiers"), "goodwill": wording.text("Goodwill"),
        "attrition effect": wording.text("Slower attrition"), "sunk cost": wording.text("The fee already paid"),
        "top-up": wording.text("Topping up to free delivery"), "contact": wording.text("Messages"),
    }.get(mechanism, mechanism)  # fmt: skip


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))
