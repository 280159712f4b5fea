"""The margin bridge of every policy in one scenario, from list value to contribution margin.

Serves finance and strategists.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .figure_style import COLOURS, figure
from .parts import Cell, Chart, DataTable
from .wording import Wording

START = ("list_value",)


def bridge_of(statement: pd.DataFrame) -> pd.DataFrame:
    """Return the bridge of a whole run from the bridge by month: line, title, amount (cents), is_total."""
    lines = statement.groupby("line", sort=False).agg({"title": "first", "amount": "sum", "is_total": "first"})
    return lines.reset_index()


def bridge_chart(bridges: Mapping[str, pd.DataFrame], wording: Wording, name: str) -> Chart:
    """Return what each step of the bridge adds or takes under each policy, as bars from one line to the next."""
    moved = _moved(bridges)
    traces = []
    for number, (policy, bridge) in enumerate(bridges.items()):
        own = bridge[bridge["line"].isin(moved)]
        traces.append({
            "type": "bar", "orientation": "h", "name": policy, "marker": {"color": COLOURS[number % len(COLOURS)]},
            "y": [wording.text(title) for title in own["title"]], "x": [amount / 100 for amount in own["amount"]],
            "customdata": [wording.figure(amount, "money") for amount in own["amount"]],
            "hovertemplate": "%{y}: %{customdata}<extra>" + policy + "</extra>",
        })  # fmt: skip
    ends = ", ".join(
        f"{policy} {wording.figure(float(bridge.loc[bridge['line'] == 'margin', 'amount'].iloc[0]), 'money')}"
        for policy, bridge in bridges.items()
    )
    return Chart(
        name, wording.text("From list value to contribution margin"),
        wording.text("Bars for every step from the list value of goods to the contribution margin. It ends at: {ends}.",
                     ends=ends),
        figure(traces, x=wording.currency, height=120 + 26 * len(moved) * max(1, len(bridges)) // 2 + 60,
               yaxis={"autorange": "reversed"}, barmode="group"),
    )  # fmt: skip


def bridge_table(bridges: Mapping[str, pd.DataFrame], wording: Wording) -> DataTable:
    """Return the same as a table; totals are those lines that must not be added."""
    moved = _moved(bridges)
    first = next(iter(bridges.values()))
    amounts = {policy: dict(zip(bridge["line"], bridge["amount"], strict=True)) for policy, bridge in bridges.items()}
    rows = []
    for line, title, is_total in zip(first["line"], first["title"], first["is_total"], strict=True):
        if line in moved:
            tone = "total" if is_total else ""
            cells = [Cell(wording.figure(float(amounts[policy][line]), "money"), tone) for policy in bridges]
            rows.append([Cell(wording.text(title), tone, is_number=False), *cells])
    return DataTable(wording.text("Margin bridge"), [wording.text("Line"), *bridges], rows)


def _moved(bridges: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the totals and the lines that moved under any policy."""
    first = next(iter(bridges.values()))
    moved = {
        line for bridge in bridges.values()
        for line, amount, is_total in zip(bridge["line"], bridge["amount"], bridge["is_total"], strict=True)
        if amount or is_total
    }  # fmt: skip
    return [line for line in first["line"] if line in moved]
