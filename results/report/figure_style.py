"""One look for all charts of a report: colours that the colour-blind tell apart, and room for a phone.

Serves the charts. The page sets text and grid colours for its light and dark theme when it draws, and makes margins and
letters smaller on a phone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
"""Okabe and Ito (2008)."""
GAIN, LOSS, TOTAL, MUTED = "#009E73", "#D55E00", "#0072B2", "#999999"
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")
"""Marks of the same order as the colours, for those who see none."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def colour(place: int) -> str:
    """Return the colour of a policy or tier by its place."""
    return COLOURS[place % len(COLOURS)]


def line_of(place: int, width: float = 2.5) -> dict[str, Any]:
    """Return the line of a policy by its place: a colour and dashes of its own."""
    return {"color": colour(place), "dash": DASHES[place % len(DASHES)], "width": width}


def mark_of(place: int, size: int = 8) -> dict[str, Any]:
    """Return the mark of a policy by its place: a colour and a shape of its own."""
    return {"color": colour(place), "symbol": SYMBOLS[place % len(SYMBOLS)], "size": size}


def broken(label: str, width: int = 26) -> str:
    """Return a label of an axis over several lines, so that it leaves room on a phone."""
    return "<br>".join(textwrap.wrap(label, width)) or label


def figure(
    traces: Sequence[dict[str, Any]], *, x: str = "", y: str = "", height: int = 400, **layout: Any
) -> dict[str, Any]:
    """Return a figure of Plotly's as plain data; `x` and `y` name the axes with their units."""
    own: dict[str, Any] = {
        "height": height, "autosize": True, "margin": {"l": 56, "r": 16, "t": 40, "b": 52},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "colorway": list(COLOURS),
        "legend": {"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"},
        "showlegend": len(traces) > 1, "hovermode": "closest", "dragmode": False,
        "xaxis": {"title": {"text": x}, "automargin": True, "zeroline": False, "fixedrange": True},
        "yaxis": {"title": {"text": y}, "automargin": True, "zeroline": False, "fixedrange": True},
    }  # fmt: skip
    if len(traces) <= 1:
        own["margin"]["t"] = 12
    for key, value in layout.items():
        own[key] = {**own[key], **value} if isinstance(value, dict) and key in own else value
    return {"data": list(traces), "layout": own}


def with_room(low: float, high: float, share: float = 0.16) -> list[float]:
    """Return the ends of an axis that leave room for the labels of bars from `low` to `high`, beside 0."""
    low, high = min(0.0, low), max(0.0, high)
    room = share * (high - low)
    return [low - (room if low < 0 else 0.0), high + (room if high > 0 else 0.0)]


def zero_line(*, upright: bool = False) -> dict[str, Any]:
    """Return the line on which nothing changes; `upright` where figures run along x."""
    ends = {"xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1} if upright else {
        "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": 0, "y1": 0}  # fmt: skip
    return {"type": "line", "line": {"width": 1.2, "color": MUTED}, **ends}
