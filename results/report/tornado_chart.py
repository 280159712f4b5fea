"""The tornado: how far each uncertain figure moves a key figure at its lower and its higher setting.

Serves finance. The longest bar is on top; a pattern tells the lower setting from the higher without colour.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .figure_style import COLOURS, figure, zero_line
from .parts import Cell, Chart, DataTable
from .wording import Wording

ROW_HEIGHT = 64


def tornado_chart(own: pd.DataFrame, wording: Wording, name: str, title: str) -> Chart:
    """Return the bars of one key figure; `own` has two rows a figure, its lower setting first, in cents."""
    swings = own.groupby("title", sort=False)["difference"].agg(lambda ends: max(*ends, 0.0) - min(*ends, 0.0))
    order = [str(one) for one in swings.sort_values(ascending=False).index]
    places = {one: place for place, one in enumerate(order)}
    traces: list[dict[str, Any]] = []
    for number, (words, colour, pattern) in enumerate(
        ((wording.text("lower setting"), COLOURS[0], "/"), (wording.text("higher setting"), COLOURS[4], ""))
    ):
        rows = own.groupby("title", sort=False).nth(number)
        difference = rows["difference"] / 100
        traces.append({
            "type": "bar", "orientation": "h", "name": words,
            "marker": {"color": colour, "pattern": {"shape": pattern}},
            "x": [float(one) for one in difference], "y": [places[str(one)] for one in rows["title"]], "width": 0.42,
            "error_x": {"type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
                        "array": [float(one) for one in rows["high"] / 100 - difference],
                        "arrayminus": [float(one) for one in difference - rows["low"] / 100]},
            "text": [f"{one['title']} {one['setting']}: {wording.difference(float(one['difference']), 'money')}"
                     for _, one in rows.iterrows()],
            "textposition": "none", "hovertemplate": "%{text}<extra></extra>",
        })  # fmt: skip
    settings = own.groupby("title", sort=False)["setting"].agg(list)
    words_above = [
        {"xref": "paper", "x": 0, "xanchor": "left", "y": place - 0.38, "yanchor": "middle", "showarrow": False,
         "text": wording.text("{figure}: {own}, to {settings}", figure=one,
                              own=own.loc[own["title"] == one, "own"].iloc[0],
                              settings=wording.text(" or ").join(str(each) for each in settings[one])),
         "font": {"size": 12}}
        for one, place in places.items()
    ]  # fmt: skip
    longest = own[own["title"] == order[0]]
    return Chart(
        name, title,
        wording.text("Bars from the figure's own value to a lower and a higher setting, one figure at a time, the "
                     "longest on top, with 95 % intervals. {figure} moves it most: {changes}.", figure=order[0],
                     changes=wording.text(", ").join(
                         f"{one['setting']} {wording.difference(float(one['difference']), 'money')}"
                         for _, one in longest.iterrows())),
        figure(traces, x=wording.text("change, {currency}", currency=wording.currency),
               height=ROW_HEIGHT * len(order) + 120, barmode="overlay", annotations=words_above,
               yaxis={"visible": False, "range": [len(order) - 0.4, -0.7]}, margin={"l": 8, "r": 16},
               shapes=[zero_line(upright=True)]),
        table=tornado_table(own, wording, title),
    )  # fmt: skip


def tornado_table(own: pd.DataFrame, wording: Wording, title: str) -> DataTable:
    """Return the same figures as a table."""
    rows = [
        [Cell(str(one["title"]), is_number=False), Cell(str(one["own"])), Cell(str(one["setting"])),
         Cell(wording.figure(float(one["value"]), "money")),
         Cell(wording.difference(float(one["difference"]), "money")),
         Cell(wording.text("exactly") if one["low"] == one["high"]
              else wording.interval(float(one["low"]), float(one["high"]), "money"))]
        for _, one in own.iterrows()
    ]  # fmt: skip
    heads = [wording.text("Figure"), wording.text("From its own value"), wording.text("to"), wording.text("Becomes"),
             wording.text("Change"), wording.text("95 % interval")]  # fmt: skip
    return DataTable(title, heads, rows)
