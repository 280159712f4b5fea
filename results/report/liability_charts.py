"""The points liability of every policy: month by month, its roll-forward, and when the points outstanding expire.

Serves finance. Figures are those of the statements `points` and `ageing`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .figure_style import colour, figure, line_of, mark_of
from .parts import Cell, Chart, DataTable
from .wording import Wording

Statements = Mapping[str, pd.DataFrame]


def liability_chart(own: Mapping[str, Statements], wording: Wording, name: str) -> Chart | None:
    """Return the points liability month by month under every policy; None where nobody owes points."""
    held = {arm: tables["points"] for arm, tables in own.items() if tables["points"]["closing_value"].abs().sum()}
    if not held:
        return None
    places = {arm: place for place, arm in enumerate(own)}
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "name": arm, "marker": mark_of(places[arm], 6),
            "line": line_of(places[arm]), "x": [f"{month:%Y-%m}" for month in table["month"]],
            "y": [float(cents) / 100 for cents in table["closing_value"]],
            "customdata": [wording.figure(float(cents), "money") for cents in table["closing_value"]],
            "hovertemplate": "%{x}: %{customdata}<extra>" + arm + "</extra>",
        }
        for arm, table in held.items()
    ]  # fmt: skip
    ends = wording.text(", ").join(
        f"{arm} {wording.figure(float(table['closing_value'].iloc[-1]), 'money')}" for arm, table in held.items()
    )
    columns = {arm: dict(zip(table["month"], table["closing_value"], strict=True)) for arm, table in held.items()}
    months = next(iter(held.values()))["month"]
    rows = [
        [Cell(f"{month:%Y-%m}", is_number=False),
         *(Cell(wording.figure(float(values[month]), "money")) for values in columns.values())]
        for month in months
    ]  # fmt: skip
    title = wording.text("What outstanding points are expected to cost")
    return Chart(name, title, wording.text("Lines by month end. At the end: {ends}.", ends=ends),
                 figure(traces, y=wording.currency, yaxis={"rangemode": "tozero"}, xaxis={"type": "date"},
                        showlegend=len(held) > 1),
                 table=DataTable(title, [wording.text("Month"), *columns], rows))  # fmt: skip


def roll_forward(points: pd.DataFrame, wording: Wording, arm: str) -> DataTable:
    """Return the roll-forward of the points and of their expected cost over the whole run."""
    rows = []
    for title, column, sign in (
        (wording.text("Opening"), "opening", 1), (wording.text("Issued"), "issued", 1),
        (wording.text("Given back for returns"), "given_back", 1), (wording.text("Redeemed"), "redeemed", -1),
        (wording.text("Expired"), "expired", -1), (wording.text("Clawed back"), "clawed_back", -1),
        (wording.text("Converted at cut-over"), "converted", 1), (wording.text("Remeasured"), "remeasured", 1),
        (wording.text("Devalued"), "devalued", -1), (wording.text("Closing"), "closing", 1),
    ):  # fmt: skip
        count = _whole(points[column], column) if column in points else None
        cents = _whole(points[f"{column}_value"], column)
        if column in ("opening", "closing") or count or cents:
            tone = "total" if column == "closing" else ""
            rows.append([Cell(title, tone, is_number=False),
                         Cell("" if count is None else wording.figure(float(sign * count), "count"), tone),
                         Cell(wording.figure(float(sign * cents), "money"), tone)])  # fmt: skip
    heads = [wording.text("Movement"), wording.text("Points"), wording.text("Expected cost")]
    return DataTable(wording.text("Points roll-forward under {policy}", policy=arm), heads, rows)


def ageing_chart(own: Mapping[str, Statements], wording: Wording, name: str) -> Chart | None:
    """Return when the points outstanding at the end expire, by month, under every policy; None where there are none."""
    other = {
        "later": wording.text("later"), "never": wording.text("never"), "undated": wording.text("not dated"),
        "pending": wording.text("pending"), "debt": wording.text("debt"),
    }  # fmt: skip
    places = {arm: place for place, arm in enumerate(own)}
    held: dict[str, dict[str, float]] = {}
    for arm, tables in own.items():
        ageing = tables["ageing"]
        last = ageing[ageing["month"] == ageing["month"].max()]
        if last["value"].abs().sum():
            labels = [
                f"{row.last_month:%Y-%m}" if row.kind == "dated" else other.get(str(row.kind), str(row.kind))
                for row in last.itertuples()
            ]
            held[arm] = last.assign(label=labels).groupby("label", sort=False)["value"].sum().to_dict()
    if not held:
        return None
    found = {label for values in held.values() for label in values}
    labels = sorted(found - set(other.values())) + [label for label in other.values() if label in found]
    traces = [
        {
            "type": "bar", "name": arm, "marker": {"color": colour(places[arm])}, "x": labels,
            "y": [float(values.get(label, 0)) / 100 for label in labels],
            "customdata": [wording.figure(float(values.get(label, 0)), "money") for label in labels],
            "hovertemplate": "%{x}: %{customdata}<extra>" + arm + "</extra>",
        }
        for arm, values in held.items()
    ]  # fmt: skip
    peaks = wording.text(", ").join(
        f"{arm} {max((cents, label) for label, cents in values.items())[1]}" for arm, values in held.items()
    )
    title = wording.text("When the points outstanding at the end expire")
    rows = [
        [Cell(label, is_number=False),
         *(Cell(wording.figure(float(values.get(label, 0)), "money")) for values in held.values())]
        for label in labels
    ]  # fmt: skip
    return Chart(name, title,
                 wording.text("Bars by the month of the points' last day, at their expected cost; most go in: {peaks}.",
                              peaks=peaks),
                 figure(traces, y=wording.currency, xaxis={"type": "category"}, barmode="group",
                        showlegend=len(held) > 1),
                 table=DataTable(title, [wording.text("Last month of use"), *held], rows))  # fmt: skip


def _whole(by_month: pd.Series, column: str) -> float:
    """Return a movement of the whole run: balances of its first or last month, sums of all others."""
    return float({"opening": by_month.iloc[0], "closing": by_month.iloc[-1]}.get(column, by_month.sum()))
