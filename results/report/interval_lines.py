"""Lines with a band for the 95 % interval: a figure along a lever, a fee, weeks or an assumption.

Serves the reports of sweeps, fees, pilots and rollouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .figure_style import colour, figure, line_of, mark_of, zero_line

MOST_MARKS = 40
"""Places up to which each has a mark of its own."""


@dataclass(frozen=True, slots=True)
class IntervalLine:
    """One line: its words, places along x, and the figure with its interval at each; `told` is for the pointer.

    Where `low` is empty the line has no band.
    """

    words: str
    places: Sequence[float | str]
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    told: Sequence[str] = ()


def interval_lines(
    lines: Sequence[IntervalLine], *, x: str, y: str, zero: bool = True, first_colour: int = 0, **layout: Any
) -> dict[str, Any]:  # fmt: skip
    """Return the figure of `lines`; `zero` draws the line on which nothing changes."""
    traces: list[dict[str, Any]] = []
    for place, line in enumerate(lines, start=first_colour):
        places = list(line.places)
        if len(line.low):
            traces.append({
                "type": "scatter", "mode": "lines", "x": [*places, *places[::-1]],
                "y": [*map(float, line.high), *(float(value) for value in reversed(line.low))], "fill": "toself",
                "fillcolor": f"{colour(place)}26", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False,
                "name": line.words,
            })  # fmt: skip
        traces.append({
            "type": "scatter", "mode": "lines+markers" if len(places) <= MOST_MARKS else "lines", "name": line.words,
            "line": line_of(place),
            "marker": mark_of(place), "x": places, "y": [float(value) for value in line.values],
            "customdata": list(line.told), "hovertemplate": "%{customdata}<extra></extra>" if line.told else None,
        })  # fmt: skip
    shapes = [*([zero_line()] if zero else []), *layout.pop("shapes", [])]
    return figure(traces, x=x, y=y, shapes=shapes, showlegend=len(lines) > 1,
                  margin={"t": 40 if len(lines) > 1 else 12}, **layout)  # fmt: skip
