"""The picture of a campaign's answers: from the naive figure to the controlled one, with the same on a fake date.

Serves strategists. A figure beyond the frame stands at its edge with an arrow; what was found on a fake date has a
hollow diamond, so that it can be held against the answer above it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memberlab.scenarios import response

from ..picture_style import BAND, COLOURS, FACE, GUIDE, NOTE, SMALL
from ..pictures import head, new_figure, save_picture, write_notes
from .rows import LiftRow, RowKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST, NARROWEST = 0.4, 0.08
"""Ends of the frame, as shares: never farther out, never nearer. An estimate beyond the former stands at the edge."""
LINE_LENGTH = 46
LOOKS: dict[RowKind, tuple[str, str, bool, str]] = {
    "trial": (COLOURS["up"], "o", True, "trial with controls: a lift"),
    "unsound": (COLOURS["down"], "X", True, "trial whose arms were not alike"),
    "naive": (GUIDE, "s", True, "comparison that targeting can make: no lift"),
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
    ends = _ends([estimate for _, estimate in shown])
    figure, (axis,) = new_figure(1, height=0.5 * len(shown) + 1.6)
    axis.axvline(0.0, color=COLOURS["total"], linewidth=1)
    for place, (row, estimate) in enumerate(shown):
        _draw(axis, place, row, estimate, ends)
    axis.set_yticks(range(len(shown)), [textwrap.fill(row.says, LINE_LENGTH) for row, _ in shown], fontsize=SMALL)
    axis.set_ylim(len(shown) - 0.4, -0.6)
    axis.set_xlim(*ends)
    axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:+.0f} %" if abs(value) > 1e-9 else "0")
    axis.set_xlabel(f"change of {outcome} (95 % interval)")
    axis.grid(axis="y", visible=False)
    for kind, (colour, marker, filled, words) in LOOKS.items():
        if any(row.kind == kind for row, _ in shown):
            face = colour if filled else FACE
            axis.scatter([], [], s=45, marker=marker, edgecolors=colour, facecolors=face, label=words)
    if any(row.kind == "own" for row, _ in shown):
        low, high = response.PRIOR_LIFT
        label = f"prior that is kept without a trial: {100 * low:.0f} to {100 * high:.0f} %"
        axis.axvspan(low, high, color=BAND, zorder=0, label=label)
    head(figure, title)
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower left", ncols=2)
    height = figure.get_size_inches()[1]
    figure.tight_layout(rect=(0, (0.12 + 0.22 * ((len(labels) + 1) // 2)) / height, 1, 1))
    write_notes(figure, notes)
    save_picture(figure, path)


def _ends(estimates: Sequence[response.Estimate]) -> tuple[float, float]:
    """Return where the frame begins and ends: it holds the interval of every estimate that is not far out."""
    near = [one for one in estimates if abs(one.value) <= WIDEST]
    low = min([-NARROWEST, *(one.low for one in near)])
    high = max([NARROWEST, *(one.high for one in near)])
    room = 0.06 * (high - low)
    return max(low, -1.5 * WIDEST) - room, min(high, 1.5 * WIDEST) + room


def _draw(axis: Axes, place: int, row: LiftRow, estimate: response.Estimate, ends: tuple[float, float]) -> None:
    colour, marker, filled, _ = LOOKS[row.kind]
    room = 0.03 * (ends[1] - ends[0])
    low, value, high = (
        min(max(end, ends[0] + room), ends[1] - room) for end in (estimate.low, estimate.value, estimate.high)
    )
    axis.plot([low, high], [place, place], color=colour, linewidth=2.2, zorder=2, solid_capstyle="butt")
    if value != estimate.value:
        marker, filled = (">" if estimate.value > 0 else "<"), True
    face = colour if filled else FACE
    axis.scatter([value], [place], s=58, marker=marker, facecolors=face, edgecolors=colour, linewidths=1.8, zorder=3)
    told = f"{100 * estimate.value + 0.0:+.1f} %".replace("-0.0 %", "0.0 %").replace("+0.0 %", "0.0 %")
    axis.annotate(
        told, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=NOTE, color=colour,
        annotation_clip=False,
        fontweight="bold" if row.kind in ("own", "trial") else "normal",
    )  # fmt: skip
