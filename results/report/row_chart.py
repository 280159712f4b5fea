"""Rows of intervals with their words above each, so that a phone has the whole width for the figures.

Serves the charts of evidence, sensitivity and every list of figures with intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .figure_style import COLOURS, MUTED, figure

ROW_HEIGHT = 46
MOST_LETTERS = 64


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row: its words, the place of its point and of its interval's ends on the axis, and what a pointer is told."""

    words: str
    place: float
    low: float
    high: float
    group: int
    told: str


def row_chart(
    rows: Sequence[IntervalRow], groups: Sequence[tuple[str, str]], *, x: str, shapes: Sequence[dict[str, Any]] = (),
    low: float, high: float, height_of_row: int = ROW_HEIGHT,
) -> dict[str, Any]:  # fmt: skip
    """Return the figure of `rows` from top to bottom; `groups` are the legend's words with a symbol each.

    What lies outside `low` to `high` is drawn at that end of the axis. A row without words belongs to the one above.
    """

    def inside(value: float) -> float:
        return min(max(value, low), high)

    traces = []
    for number, (words, symbol) in enumerate(groups):
        own = [(place, row) for place, row in enumerate(rows) if row.group == number]
        if own:
            traces.append({
                "type": "scatter", "mode": "markers", "name": words,
                "x": [inside(row.place) for _, row in own], "y": [place for place, _ in own],
                "marker": {"symbol": symbol, "size": 11, "color": COLOURS[number % len(COLOURS)]},
                "error_x": {"type": "data", "symmetric": False, "thickness": 2, "width": 0,
                            "array": [inside(row.high) - inside(row.place) for _, row in own],
                            "arrayminus": [inside(row.place) - inside(row.low) for _, row in own]},
                "text": [row.told for _, row in own], "hovertemplate": "%{text}<extra></extra>",
            })  # fmt: skip
    labels = [
        {"xref": "paper", "x": 0, "xanchor": "left", "y": place - 0.36, "yanchor": "middle", "showarrow": False,
         "text": _short(row.words), "font": {"size": 12}}
        for place, row in enumerate(rows) if row.words
    ]  # fmt: skip
    room = 0.05 * (high - low)
    return figure(
        traces, x=x, height=height_of_row * len(rows) + 120, shapes=list(shapes), annotations=labels,
        xaxis={"range": [low - room, high + room]},
        yaxis={"visible": False, "range": [len(rows) - 0.4, -0.7], "fixedrange": True},
        margin={"l": 8, "r": 8}, showlegend=True,
    )  # fmt: skip


def band(low: float, high: float) -> dict[str, Any]:
    """Return a shaded band over all rows from `low` to `high` on the axis."""
    return {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": low, "x1": high, "line": {"width": 0},
            "fillcolor": MUTED, "opacity": 0.22, "layer": "below"}  # fmt: skip


def _short(words: str) -> str:
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1].rstrip()}…"
