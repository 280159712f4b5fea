"""The tornado: how far each uncertain figure moves what is owed and what is earned, largest on top.

Serves finance. A bar goes from the lower to the higher setting of one figure, all others as they are; whiskers are 95 %
intervals of the paired differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .money import axis_scale
from .picture_style import COLOURS, NOTE
from .pictures import head, new_figure, save_picture, write_notes
from .uplift import Uplift

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOW, HIGH = COLOURS["up"], COLOURS["down"]


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """One figure: its title with its own value, the two settings in words, and the difference at each, in cents."""

    title: str
    low_told: str
    high_told: str
    low: Uplift
    high: Uplift

    @property
    def swing(self) -> float:
        """Return the length of the bar, in cents."""
        return max(self.low.difference, self.high.difference, 0.0) - min(self.low.difference, self.high.difference, 0.0)


def tornado_picture(
    panels: Mapping[str, tuple[float, Sequence[TornadoBar]]],
    path: Path,
    currency: str,
    title: str,
    *,
    notes: Sequence[str] = (),
) -> None:
    """Draw a panel for each key figure: its title to its own value in cents and the bars.

    `notes` stand under the picture, a line each.
    """
    rows = max(len(bars) for _, bars in panels.values())
    figure, axes = new_figure(len(panels), height=0.62 * rows + 1.2, share_rows=False, rows=len(panels))
    for axis, (name, (own, bars)) in zip(axes, panels.items(), strict=True):
        _draw(axis, sorted(bars, key=lambda bar: bar.swing), own, currency)
        axis.set_title(name)
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)


def _draw(axis: Axes, bars: Sequence[TornadoBar], own: float, currency: str) -> None:
    """Draw the bars of one panel from bottom to top, around the own value."""
    factor, unit = axis_scale(max(abs(own), *(abs(own + bar.high.difference) for bar in bars)), currency)
    centre = own / factor
    for row, bar in enumerate(bars):
        ends = [(bar.low, bar.low_told, LOW), (bar.high, bar.high_told, HIGH)]
        ends.sort(key=lambda end: end[0].difference)
        same_side = ends[0][0].difference * ends[1][0].difference > 0
        longest = max(abs(uplift.difference) for uplift, _, _ in ends)
        for place, (uplift, told, colour) in enumerate(ends):
            reach = uplift.difference / factor
            axis.barh(row, reach, left=centre, color=colour, height=0.55, alpha=0.6 if same_side else 0.9)
            if uplift.low < uplift.high:  # what follows by arithmetic has no error
                errors = [[(uplift.difference - uplift.low) / factor], [(uplift.high - uplift.difference) / factor]]
                axis.errorbar([centre + reach], [row], xerr=errors, fmt="none", ecolor=COLOURS["total"], capsize=3)
            if same_side and abs(uplift.difference) < longest:
                continue  # the label of the shorter of two bars on one side would stand within the longer
            outermost = centre + (uplift.low if place == 0 else uplift.high) / factor
            axis.annotate(
                told, (outermost, row), xytext=(-5, 0) if place == 0 else (5, 0), textcoords="offset points",
                va="center", ha="right" if place == 0 else "left", fontsize=NOTE, color=colour,
            )  # fmt: skip
    axis.axvline(centre, color=COLOURS["total"], linewidth=1)
    axis.set_yticks(range(len(bars)), [bar.title for bar in bars])
    low, high = axis.get_xlim()
    axis.set_xlim(low - 0.16 * (high - low), high + 0.16 * (high - low))
    axis.set_xlabel(unit)
    axis.grid(axis="y", visible=False)
