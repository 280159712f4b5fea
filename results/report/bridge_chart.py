"""The margin bridge: from list value to contribution margin step by step, and what another policy changes in each step.

Serves finance and strategists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..bridge import margin_bridge
from .figure_style import GAIN, LOSS, TOTAL, broken, figure, with_room
from .parts import Cell, Chart, DataTable
from .wording import Wording

MARGIN = "margin"


def bridge_of(statement: pd.DataFrame) -> pd.DataFrame:
    """Return the bridge of a whole run from the bridge by month: line, title, amount (cents), is_total."""
    lines = statement.groupby("line", sort=False).agg({"title": "first", "amount": "sum", "is_total": "first"})
    return lines.reset_index()


def bridge_of_totals(totals: Mapping[str, int]) -> pd.DataFrame:
    """Return the same from the amounts by measure, as a run's manifest holds them."""
    return pd.DataFrame([
        {"line": line.name, "title": line.title, "amount": line.amount, "is_total": line.is_total}
        for line in margin_bridge(totals)
    ])  # fmt: skip


def bridge_chart(bridges: Mapping[str, pd.DataFrame], wording: Wording, name: str) -> Chart:
    """Return the bridge of the only policy, or what the last one changes against the first."""
    *_, last = bridges
    if len(bridges) == 1:
        return waterfall_chart(bridges[last], wording, name, last)
    return difference_chart(bridges, wording, name, last)


def waterfall_chart(bridge: pd.DataFrame, wording: Wording, name: str, policy: str) -> Chart:
    """Return the steps of one policy's bridge as a waterfall."""
    own = bridge[(bridge["amount"] != 0) | bridge["is_total"]]
    ends = own.set_index("line")["amount"]
    return Chart(
        name, wording.text("From list value to contribution margin under {policy}", policy=policy),
        wording.text("A waterfall with a bar for each step from the list value of goods ({start}) over GMV ({gmv}) to "
                     "the contribution margin ({margin}).",
                     start=wording.figure(float(own["amount"].iloc[0]), "money"),
                     gmv=wording.figure(float(ends["gmv"]), "money"),
                     margin=wording.figure(float(ends[MARGIN]), "money")),
        _waterfall(own, wording),
        table=bridge_table({policy: bridge}, wording),
    )  # fmt: skip


def difference_chart(bridges: Mapping[str, pd.DataFrame], wording: Wording, name: str, policy: str) -> Chart:
    """Return what a policy adds or takes in each step against the first of `bridges`, down to the margin's."""
    today = next(iter(bridges))
    steps = bridges[policy].copy()
    steps["amount"] = bridges[policy]["amount"] - bridges[today]["amount"]
    own = steps[((steps["amount"] != 0) & ~steps["is_total"]) | (steps["line"] == MARGIN)]
    parts = own[own["line"] != MARGIN]
    largest = parts.iloc[int(parts["amount"].abs().argmax())] if len(parts) else None
    total = float(own.loc[own["line"] == MARGIN, "amount"].iloc[0])
    said = wording.text("A waterfall of what {policy} changes in each step of the bridge against {today}; it ends at "
                        "{total} of contribution margin.", policy=policy, today=today,
                        total=wording.difference(total, "money"))  # fmt: skip
    if largest is not None:
        said += " " + wording.text("The largest step is {step}: {amount}.", step=wording.text(str(largest["title"])),
                                   amount=wording.difference(float(largest["amount"]), "money"))  # fmt: skip
    return Chart(
        name, wording.text("Where the margin of {policy} differs from that of {today}", policy=policy, today=today),
        said, _waterfall(own, wording),
        table=bridge_table({today: bridges[today], policy: bridges[policy]}, wording),
    )  # fmt: skip


def bridge_table(bridges: Mapping[str, pd.DataFrame], wording: Wording) -> DataTable:
    """Return the bridges as a table, with the difference where there are two; totals must not be added."""
    first, *others = bridges.values()
    heads = [wording.text("Line"), *bridges]
    if len(others) == 1:
        heads.append(wording.text("Difference"))
    rows = []
    for place, (title, is_total) in enumerate(zip(first["title"], first["is_total"], strict=True)):
        amounts = [float(bridge["amount"].iloc[place]) for bridge in bridges.values()]
        if not any(amounts) and not is_total:
            continue
        tone = "total" if is_total else ""
        cells = [Cell(wording.figure(amount, "money"), tone) for amount in amounts]
        if len(others) == 1:
            cells.append(Cell(wording.difference(amounts[1] - amounts[0], "money"), tone))
        rows.append([Cell(wording.text(str(title)), tone, is_number=False), *cells])
    return DataTable(wording.text("Margin bridge"), heads, rows)


def _waterfall(own: pd.DataFrame, wording: Wording) -> dict[str, Any]:
    kinds = ["total" if is_total else "relative" for is_total in own["is_total"]]
    trace = {
        "type": "waterfall", "orientation": "h", "measure": kinds,
        "y": [broken(wording.text(str(title))) for title in own["title"]],
        "x": [float(cents) / 100 for cents in own["amount"]],
        "text": [
            wording.short(float(cents), sign=not is_total)
            for cents, is_total in zip(own["amount"], own["is_total"], strict=True)
        ],
        "textposition": "outside",
        "cliponaxis": False, "constraintext": "none",
        "customdata": [wording.figure(float(cents), "money") for cents in own["amount"]],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "increasing": {"marker": {"color": GAIN}}, "decreasing": {"marker": {"color": LOSS}},
        "totals": {"marker": {"color": TOTAL}}, "connector": {"line": {"width": 1, "color": "#999999"}},
    }  # fmt: skip
    running, reached = 0.0, [0.0]
    falls: list[float] = []
    for amount, is_total in zip(own["amount"], own["is_total"], strict=True):
        running = float(amount) if is_total else running + float(amount)
        reached.append(running)
        if amount < 0:
            falls.append(running)
    low, high = with_room(min(reached) / 100, max(reached) / 100, 0.2)
    if falls:  # a fall's amount stands to the left of its bar, where the names of the lines are near
        low = min(low, min(falls) / 100 - 0.17 * (high - low))
    return figure([trace], x=wording.currency, height=90 + 34 * len(own), yaxis={"autorange": "reversed"},
                  xaxis={"range": [low, high]})  # fmt: skip
