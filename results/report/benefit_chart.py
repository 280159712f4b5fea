"""What every benefit costs, by tier.

Serves finance.
"""

from __future__ import annotations

import pandas as pd

from .figure_style import broken, colour, figure
from .parts import Cell, Chart, DataTable
from .tier_flow_chart import tier_named
from .wording import Wording


def costs_of(statement: pd.DataFrame) -> pd.DataFrame:
    """Return cents by benefit (rows) and tier (columns), the dearest first, from the statement `benefits`."""
    own = statement[statement["tier"] != "all"]
    costs = own.pivot_table(index="title", columns="tier", values="cost", aggfunc="sum", sort=False).fillna(0)
    costs = costs.loc[(costs != 0).any(axis=1)]
    return costs.loc[costs.sum(axis=1).sort_values(ascending=False).index]


def benefit_chart(costs: pd.DataFrame, wording: Wording, name: str, policy: str) -> Chart:
    """Return stacked bars, one a benefit."""
    labels = [broken(wording.text(str(title))) for title in costs.index]
    traces = []
    for place, tier in enumerate(costs.columns):
        label = tier_named(str(tier), wording)
        traces.append({
            "type": "bar", "orientation": "h", "name": label, "marker": {"color": colour(place)},
            "y": labels, "x": [float(cents) / 100 for cents in costs[tier]],
            "customdata": [wording.figure(float(cents), "money") for cents in costs[tier]],
            "hovertemplate": "%{y}: %{customdata}<extra>" + label + "</extra>",
        })  # fmt: skip
    dearest = costs.sum(axis=1)
    return Chart(
        name, wording.text("Benefit cost by tier under {policy}", policy=policy),
        wording.text("Stacked bars, the dearest benefit first: {benefit} costs {cost}.",
                     benefit=wording.text(str(dearest.index[0])), cost=wording.figure(float(dearest.iloc[0]), "money")),
        figure(traces, x=wording.currency, height=130 + 36 * len(costs), barmode="stack",
               yaxis={"autorange": "reversed"}),
        table=benefit_table(costs, wording, policy),
    )  # fmt: skip


def benefit_table(costs: pd.DataFrame, wording: Wording, policy: str) -> DataTable:
    """Return the same as a table with its sums."""
    rows = [
        [Cell(wording.text(str(title)), is_number=False),
         *(Cell(wording.figure(float(cents), "money")) for cents in row),
         Cell(wording.figure(float(row.sum()), "money"), "total")]
        for title, row in zip(costs.index, costs.to_numpy(), strict=True)
    ]  # fmt: skip
    sums = [*costs.sum(axis=0), costs.to_numpy().sum()]
    rows.append([Cell(wording.text("Total"), "total", is_number=False),
                 *(Cell(wording.figure(float(cents), "money"), "total") for cents in sums)])  # fmt: skip
    heads = [
        wording.text("Benefit"),
        *(tier_named(str(tier), wording) for tier in costs.columns),
        wording.text("Total"),
    ]
    return DataTable(wording.text("Benefit cost under {policy}", policy=policy), heads, rows)
