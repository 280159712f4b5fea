"""The picture of a cut-over: who goes from which tier to which, and by how much the give-back changes.

Serves whoever decides on a launch. Left a matrix of tiers, right a histogram of the change.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..finance.rows import rows_of
from ..picture_style import COLOURS, FACE, GUIDE, NOTE, SMALL
from ..pictures import head, new_figure, save_picture, write_notes
from .report import BlastRadius

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

MOVED = {"down": COLOURS["down"], "same": GUIDE, "up": COLOURS["up"]}


def cutover_picture(found: BlastRadius, path: Path) -> None:
    """Draw the tier flows and the change of the give-back to `path` (PNG)."""
    old, new = list(found.incumbent.tiers) or ["-"], list(found.candidate.tiers) or ["-"]
    figure, axes = new_figure(2, height=max(3.8, 0.75 * len(old) + 2.0), share_rows=False)
    _draw_flows(axes[0], found, old, new)
    _draw_changes(axes[1], found)
    head(figure, f"Launch morning: from {found.incumbent.name} to {found.candidate.name} ({found.scenario.name})")
    figure.tight_layout()
    write_notes(figure, found.verdict)
    save_picture(figure, path)


def _draw_flows(axis: Axes, found: BlastRadius, old: list[str], new: list[str]) -> None:
    """Draw a cell for each old and new tier: its colour says up or down, its strength the share of the old tier."""
    for row in rows_of(found.frames["tier_flows"]):
        place = new.index(row.new_tier), old.index(row.old_tier)
        axis.add_patch(_cell(place, MOVED[row.move], 0.15 + 0.6 * row.share))
        axis.text(*place, f"{row.members:,}\n{_share_told(row.share)}", ha="center", va="center", fontsize=NOTE)
    axis.set_xlim(-0.5, len(new) - 0.5)
    axis.set_ylim(len(old) - 0.5, -0.5)
    axis.set_xticks(range(len(new)), new)
    axis.set_yticks(range(len(old)), old)
    axis.set_xticks(np.arange(len(new) + 1) - 0.5, minor=True)
    axis.set_yticks(np.arange(len(old) + 1) - 0.5, minor=True)
    axis.grid(visible=False)
    axis.grid(which="minor", color=FACE, linewidth=2)
    axis.set_xlabel("tier after launch morning")
    axis.set_ylabel("tier on the evening before")
    axis.set_title("Members by tier, share of the row\n(orange down, blue up)")


def _share_told(share: float) -> str:
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def _cell(place: tuple[int, int], colour: str, strength: float) -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((place[0] - 0.5, place[1] - 0.5), 1, 1, color=colour, alpha=strength, linewidth=0)


def _draw_changes(axis: Axes, found: BlastRadius) -> None:
    """Draw how many members' give-back changes by how much; beyond the threshold in the colour of a loss."""
    table = found.frames["changes"]
    labels = []
    for place, row in enumerate(rows_of(table)):
        is_lost = row.to_share <= -found.threshold + 1e-9
        colour = COLOURS["down"] if is_lost else MOVED["same"] if row.from_share < 0.02 else COLOURS["up"]
        axis.bar(place, row.members, color=colour, width=0.85)
        if row.members:
            axis.annotate(f"{row.members:,}", (place, row.members), xytext=(0, 3), textcoords="offset points",
                          ha="center", fontsize=SMALL)  # fmt: skip
        labels.append(_step_told(row.from_share, row.to_share))
    axis.set_xticks(range(len(labels)), labels, rotation=60, ha="right", fontsize=SMALL)
    axis.margins(y=0.12)
    axis.yaxis.set_major_formatter("{x:,.0f}")
    axis.grid(axis="x", visible=False)
    axis.set_xlabel("change of what the year's orders give back")
    axis.set_ylabel("members")
    axis.set_title(f"Give-back a year\n(orange: falls by more than {found.threshold:.0%})")


def _step_told(low: float, high: float) -> str:
    if (low, high) == (-0.02, 0.02):
        return "about the same"
    if high == float("inf"):
        return f"{low:+.0%} and more"
    return f"{low:+.0%} to {high:+.0%}"
