"""The picture of a recommendation under what nobody knows: each policy's smallest gain along it, and who is taken.

Serves whoever decides. The zero line is the incumbent: where no line is above it, the incumbent is kept. Colours stay
apart for colour-blind readers, and each policy has a marker of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .picture_style import COLOURS, EDGE, QUIET, SERIES
from .pictures import head, legend_below, new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NAMED = len(SERIES)
"""Policies drawn in a colour of their own; the others are grey."""


@dataclass(frozen=True, slots=True)
class AlongValues:
    """One thing that nobody knows: its name, the values tried, the study's own, and who is recommended at each."""

    title: str
    values: Sequence[float]
    own: float | None
    gains: Mapping[str, Sequence[float]]
    """Smallest gain over the objectives in percent of the incumbent's figure, by policy, at each value."""
    taken: Sequence[str | None]
    """The policy recommended at each value; None where the incumbent is kept."""


def recommendation_picture(
    panels: Sequence[AlongValues], path: Path, title: str, *, notes: Sequence[str] = ()
) -> None:  # fmt: skip
    """Draw a panel for each thing that nobody knows."""
    figure, axes = new_figure(len(panels), height=4.4)
    taken = {name for panel in panels for name in panel.taken}
    best: dict[str, float] = {}
    for panel in panels:
        for name, gains in panel.gains.items():
            best[name] = max(best.get(name, gains[0]), *gains)
    order = sorted(best, key=lambda name: (name not in taken, -best[name]))
    for axis, panel in zip(axes, panels, strict=True):
        _draw(axis, panel, order)
    axes[0].set_ylabel("smallest gain over the objectives,\n% of the incumbent's figure")
    head(figure, title)
    figure.tight_layout()
    legend_below(figure, axes[0], columns=3, notes=notes)
    save_picture(figure, path)


def _draw(axis: Axes, panel: AlongValues, order: Sequence[str]) -> None:
    """Draw one panel; the first policies of `order` have a colour of their own."""
    for place, name in enumerate(order):
        named = place < MOST_NAMED
        axis.plot(
            panel.values, panel.gains[name], marker=SERIES[place].marker if named else ".", zorder=3,
            color=SERIES[place].colour if named else QUIET, linewidth=1.6 if named else 1,
            linestyle=SERIES[place].line if named else "-",
            label=name if named else "others" if place == MOST_NAMED else None,
        )  # fmt: skip
    axis.axhline(0, color=COLOURS["total"], linewidth=1.6, zorder=2, label="incumbent")
    heights = [0.0 if name is None else panel.gains[name][place] for place, name in enumerate(panel.taken)]
    axis.scatter(list(panel.values), heights, marker="*", s=260, facecolors="none", edgecolors=EDGE,
                 linewidths=1.3, zorder=5, label="recommended at this value")  # fmt: skip
    if panel.own is not None:
        axis.axvline(panel.own, color=COLOURS["total"], linewidth=1, linestyle="--", zorder=1, label="assumed here")
    axis.set_xticks(list(panel.values), [f"{value:g}" for value in panel.values])
    axis.set_xlabel(panel.title)
