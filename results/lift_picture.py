"""The picture of a campaign's answers: from the naive figure to the controlled one, with the same on a fake date.

Serves strategists. A figure beyond the frame stands at its edge with an arrow; what was found on a fake date has a
hollow diamond, so that it can be held against the answer above it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .lift_rows import LiftRow, RowKind
from .pictures import COLOURS, new_figure, save_picture, write_notes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from memberlab.scenarios.response import Estimate

WIDEST, NARROWEST = 0.4, 0.08
"""Ends of the frame, as shares: never farther out, never nearer."""
LINE_LENGTH = 46
LOOKS: dict[RowKind, tuple[str, str, bool, str]] = {
    "trial": (COLOURS["up"], "o", True, "trial with controls: a lift"),
    "unsound": (COLOURS["down"], "X", True, "trial whose arms were not alike"),
    "naive": ("#8a8f98", "s", True, "comparison that targeting can make: no lift"),
    "fake": (COLOURS["down"], "D", False, "the same on a fake date: nothing to find"),
    "own": (COLOURS["total"], "o", True, "customer and week effects around the first exposure"),
}
"""Colour, marker, whether it is filled, and the legend of each kind of row."""


def lift_picture(
    rows: Sequence[LiftRow], path: Path, title: str, *, outcome: str = "spend", notes: Sequence[str] = ()
) -> None:
    """Draw the effect on one outcome of each row, top to bottom, with 95 % intervals, to a PNG file.

    `notes` stand under the picture, a line each.
    """
    shown = [(row, row.effects[outcome]) for row in rows if row.effects[outcome].value == row.effects[outcome].value]
    edge = _edge([estimate for _, estimate in shown])
    figure, (axis,) = new_figure(1, height=0.62 * len(shown) + 1.7, width=10.5)
    axis.axvline(0.0, color="#33475b", linewidth=1)
    for place, (row, estimate) in enumerate(shown):
        _draw(axis, place, row, estimate, edge)
    axis.set_yticks(range(len(shown)), [textwrap.fill(row.says, LINE_LENGTH) for row, _ in shown], fontsize=8.5)
    axis.set_ylim(len(shown) - 0.4, -0.6)
    axis.set_xlim(-edge * 1.12, edge * 1.12)
    axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:+.0f} %" if abs(value) > 1e-9 else "0")
    axis.set_xlabel(f"change of {outcome} (95 % interval)")
    axis.grid(axis="y", visible=False)
    for kind, (colour, marker, filled, words) in LOOKS.items():
        if any(row.kind == kind for row, _ in shown):
            axis.scatter([], [], s=45, marker=marker, edgecolors=colour, facecolors=colour if filled else "white", label=words)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower left", ncols=2, frameon=False, fontsize=8.5)
    figure.tight_layout(rect=(0, 0.035 + 0.025 * ((len(labels) + 1) // 2), 1, 1))
    write_notes(figure, notes)
    save_picture(figure, path)


def _edge(estimates: Sequence[Estimate]) -> float:
    """Return where the frame ends: it holds every interval that is not far out."""
    ends = [abs(end) for estimate in estimates for end in (estimate.low, estimate.high)]
    within = [end for end in ends if end <= WIDEST]
    return min(max([*within, NARROWEST]) * 1.05, WIDEST)


def _draw(axis: Axes, place: int, row: LiftRow, estimate: Estimate, edge: float) -> None:
    colour, marker, filled, _ = LOOKS[row.kind]
    low, value, high = (min(max(end, -edge), edge) for end in (estimate.low, estimate.value, estimate.high))
    axis.plot([low, high], [place, place], color=colour, linewidth=2.2, zorder=2, solid_capstyle="butt")
    if abs(estimate.value) > edge:
        marker, filled = (">" if estimate.value > 0 else "<"), True
    face = colour if filled else "white"
    axis.scatter([value], [place], s=58, marker=marker, facecolors=face, edgecolors=colour, linewidths=1.8, zorder=3)
    told = f"{100 * estimate.value:+.1f} %"
    axis.annotate(
        told, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=9, color=colour, annotation_clip=False,
        fontweight="bold" if row.kind in ("own", "trial") else "normal",
    )  # fmt: skip
