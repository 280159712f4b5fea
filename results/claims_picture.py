"""The picture of claims: what is quoted, what a comparison of groups shows, what a label that does nothing shows, and
what the programme has changed.

Serves whoever shows slides. The axis is linear up to 10 % and logarithmic beyond, because comparisons of groups are
ten to a hundred times the effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .picture_style import BAND, COLOURS
from .pictures import head, new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINEAR_TO = 10.0
"""Percent up to which the axis is linear."""

TICKS = (-10, -5, 0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
ABOVE, BELOW = -0.17, 0.17
"""Places of the comparisons and of the effect in a claim's row."""


@dataclass(frozen=True, slots=True)
class ClaimPoint:
    """One claim: its words, and the lifts (0.2 is +20 %) quoted, shown by the comparison, by a placebo, and caused."""

    says: str
    quoted: float
    naive: float | None
    placebo: float | None
    causal: float | None
    interval: tuple[float, float] | None


def claims_picture(points: Sequence[ClaimPoint], path: Path, title: str) -> None:
    """Draw the claims from top to bottom to a PNG file."""
    figure, (axis,) = new_figure(1, height=0.5 * len(points) + 1.9)
    axis.set_xscale("symlog", linthresh=LINEAR_TO, linscale=0.8)
    for row, point in enumerate(points):
        _draw(axis, row, point)
    _write_legend(axis)
    low, high = _limits(points)
    axis.set_xlim(low, high)
    axis.set_xticks([tick for tick in TICKS if low <= tick <= high])
    axis.set_xticks([], minor=True)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:+,.0f}" if value else "0")
    axis.axvline(0, color=COLOURS["total"], linewidth=1.0, zorder=1)
    axis.set_yticks(range(len(points)), [point.says for point in points])
    axis.set_ylim(len(points) - 0.5, -0.5)
    axis.grid(axis="y", visible=False)
    for edge in range(1, len(points)):
        axis.axhline(edge - 0.5, color=BAND, linewidth=0.8, zorder=0)
    axis.set_xlabel("lift, % (linear up to 10 %, logarithmic beyond)")
    head(figure, title)
    figure.tight_layout()
    save_picture(figure, path)


def _draw(axis: Axes, row: int, point: ClaimPoint) -> None:
    if point.causal is not None:
        if point.interval is not None:
            ends = [100 * end for end in point.interval]
            axis.plot(ends, [row + BELOW] * 2, color=COLOURS["up"], linewidth=2, zorder=2, solid_capstyle="butt")
        axis.scatter([100 * point.causal], [row + BELOW], s=52, color=COLOURS["up"], zorder=4)
    if point.naive is not None:
        axis.scatter([100 * point.naive], [row + ABOVE], s=62, color=COLOURS["down"], zorder=3)
    if point.placebo is not None:
        axis.scatter(
            [100 * point.placebo], [row + ABOVE], s=130, facecolors="none", edgecolors=COLOURS["down"], linewidths=1.6,
            zorder=4,
        )  # fmt: skip
    axis.scatter([100 * point.quoted], [row], s=150, color=COLOURS["total"], marker="|", linewidths=2.6, zorder=3)


def _write_legend(axis: Axes) -> None:
    axis.scatter([], [], s=130, color=COLOURS["total"], marker="|", linewidths=2.6, label="quoted")
    axis.scatter([], [], s=62, color=COLOURS["down"], label="labelled against others")
    axis.scatter([], [], s=130, facecolors="none", edgecolors=COLOURS["down"], linewidths=1.6,
                 label="the same for a label that does nothing")  # fmt: skip
    axis.plot([], [], color=COLOURS["up"], linewidth=2, marker="o", label="caused by the programme, 95 % interval")
    axis.legend(loc="upper center", bbox_to_anchor=(0.35, -0.11), ncols=2)


def _limits(points: Sequence[ClaimPoint]) -> tuple[float, float]:
    """Return the ends of the axis in percent; an interval wider than the axis is cut."""
    shown = [value for point in points for value in (point.quoted, point.naive, point.placebo, point.causal)]
    values = [100 * value for value in shown if value is not None]
    lows = [100 * point.interval[0] for point in points if point.interval is not None]
    low = min([0.0, *values, *(max(-100.0, one) for one in lows)])
    return 1.3 * low - 1.5, 1.5 * max(values, default=100.0)
