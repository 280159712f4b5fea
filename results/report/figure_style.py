"""One look for all charts of a report: colours that the colour-blind tell apart, and room for a phone.

Serves the charts. The page sets text and grid colours for its light and dark theme when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
"""Okabe and Ito (2008)."""
GAIN, LOSS, TOTAL, MUTED = "#009E73", "#D55E00", "#0072B2", "#999999"


def figure(
    traces: Sequence[dict[str, Any]], *, x: str = "", y: str = "", height: int = 420, **layout: Any
) -> dict[str, Any]:
    """Return a figure of Plotly's as plain data; `x` and `y` name the axes with their units."""
    own: dict[str, Any] = {
        "height": height, "autosize": True, "margin": {"l": 60, "r": 16, "t": 16, "b": 56},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "colorway": list(COLOURS),
        "legend": {"orientation": "h", "y": -0.22}, "hovermode": "closest",
        "xaxis": {"title": {"text": x}, "automargin": True, "zeroline": False},
        "yaxis": {"title": {"text": y}, "automargin": True},
    }  # fmt: skip
    for key, value in layout.items():
        own[key] = {**own[key], **value} if isinstance(value, dict) and key in own else value
    return {"data": list(traces), "layout": own}
