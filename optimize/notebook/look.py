"""One look for the charts of notebooks: colours that the colour-blind tell apart, and no background of their own.

Serves the charts of this folder.
"""

from __future__ import annotations

from typing import Any

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999")
"""Okabe and Ito (2008)."""

GAIN, LOSS, TOTAL = "#0072B2", "#D55E00", "#7f7f7f"


def layout(title: str, *, height: int, **more: Any) -> dict[str, Any]:
    """Return the layout of a chart; grid and text are grey enough for a light and a dark page."""
    grey = {"gridcolor": "rgba(128,128,128,.3)", "zerolinecolor": "rgba(128,128,128,.8)", "automargin": True}
    own: dict[str, Any] = {
        "title": {"text": title, "font": {"size": 15}}, "height": height, "colorway": list(COLOURS),
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": "#767676"},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "#767676", "activecolor": COLOURS[0]},
        "margin": {"l": 10, "r": 20, "t": 50, "b": 50}, "legend": {"orientation": "h", "y": -0.2},
        "xaxis": dict(grey), "yaxis": dict(grey),
    }  # fmt: skip
    for key, value in more.items():
        own[key] = {**own[key], **value} if isinstance(value, dict) and key in own else value
    return own
