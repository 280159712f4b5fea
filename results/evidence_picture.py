"""The picture of the evidence: where each simulated quantity lies in the band of its fact.

Serves whoever asks how far the shoppers can be believed. Bands differ in unit, so each is drawn from 0 to 1; where only
a sign is published, the second panel shows how clearly it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .picture_style import BAND, COLOURS, FACE, SMALL
from .pictures import head, legend_below, new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FARTHEST = 1.6
"""Bands beyond the edge at which a point is drawn at the rim of the panel."""

MOST_T = 12.0


@dataclass(frozen=True, slots=True)
class EvidencePoint:
    """One quantity: words, use (C or H), mean and interval in bands (0 to 1 is inside), or t of the published sign."""

    says: str
    use: str
    is_in_band: bool
    place: float
    interval: tuple[float, float] | None
    """None where only a sign is published: then `place` is t, positive for the published sign."""


def evidence_picture(points: Sequence[EvidencePoint], path: Path, title: str, least_t: float) -> None:
    """Draw the quantities from top to bottom to a PNG file: those with a band above, signs below."""
    bands = [point for point in points if point.interval is not None]
    signs = [point for point in points if point.interval is None]
    heights = [0.22 * max(len(points), 2) + 0.9 for points in (bands, signs)]
    figure, (left, right) = new_figure(2, height=0, heights=heights, share_rows=False, rows=2)
    left.axvspan(0, 1, color=BAND, zorder=0)
    right.axvspan(least_t, MOST_T + 1, color=BAND, zorder=0)
    for row, point in enumerate(bands):
        _draw(left, row, point, -FARTHEST, 1 + FARTHEST)
    for row, point in enumerate(signs):
        _draw(right, row, point, -MOST_T, MOST_T)
    _finish(left, bands, "place in the band (0 and 1 are its ends)", (-FARTHEST - 0.1, 1.1 + FARTHEST))
    _finish(right, signs, f"t of the published sign (band: above {least_t:g})", (-MOST_T - 1, MOST_T + 1))
    for use, marker in (("C", "o"), ("H", "s")):
        words = "tuned on (C)" if use == "C" else "held out (H)"
        left.scatter([], [], s=42, marker=marker, color=COLOURS["total"], label=words)
    left.scatter([], [], s=42, color=COLOURS["up"], label="in band")
    left.scatter([], [], s=42, facecolors=FACE, edgecolors=COLOURS["down"], linewidths=1.8, label="missed (hollow)")
    head(figure, title)
    figure.tight_layout()
    legend_below(figure, left, columns=4)
    save_picture(figure, path)


def _draw(axis: Axes, row: int, point: EvidencePoint, low: float, high: float) -> None:
    colour = COLOURS["up"] if point.is_in_band else COLOURS["down"]
    if point.interval is not None:
        ends = [min(max(end, low), high) for end in point.interval]
        axis.plot(ends, [row, row], color=colour, linewidth=2, zorder=2, solid_capstyle="butt")
    place = min(max(point.place, low), high)
    face = colour if point.is_in_band else FACE
    axis.scatter([place], [row], s=42, marker="o" if point.use == "C" else "s", facecolors=face, edgecolors=colour,
                 linewidths=1.8, zorder=3)  # fmt: skip


def _finish(axis: Axes, points: Sequence[EvidencePoint], label: str, limits: tuple[float, float]) -> None:
    axis.set_yticks(range(len(points)), [point.says for point in points], fontsize=SMALL)
    axis.set_ylim(max(len(points), 1) - 0.5, -0.5)
    axis.set_xlim(*limits)
    axis.set_xlabel(label)
    axis.grid(axis="y", visible=False)
