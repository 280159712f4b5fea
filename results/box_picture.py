"""The picture of a rule: every case by the two figures that decide, and the box in which the policy loses.

Serves the strategist and finance. Losing cases have a colour and a shape of their own; cases that taught the rule are
hollow, those that judge it are filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .picture_style import COLOURS
from .pictures import head, new_figure, save_picture, write_notes

JITTER = 0.16


@dataclass(frozen=True, slots=True)
class BoxAxis:
    """A figure of the cases: its name, each case's value, the box's limits, and the words of values that are codes."""

    title: str
    values: NDArray[np.float64]
    low: float | None
    high: float | None
    words: Sequence[str] = ()
    kept: tuple[float, ...] | None = None

    @property
    def reach(self) -> tuple[float, float]:
        """Return the ends of the axis."""
        if self.words:
            return -0.5, len(self.words) - 0.5
        room = 0.04 * (float(np.ptp(self.values)) or 1.0)
        return float(self.values.min()) - room, float(self.values.max()) + room

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Return the parts of the axis that lie in the box."""
        if self.kept is not None:
            return [(code - 0.5, code + 0.5) for code in self.kept]
        least, most = self.reach
        return [(least if self.low is None else self.low, most if self.high is None else self.high)]


def box_picture(
    across: BoxAxis, up: BoxAxis, loses: NDArray[np.bool_], learning: NDArray[np.bool_], path: Path, title: str, *,
    has_rule: bool, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw the cases over two figures, and the box's sides in them if there is a rule."""
    from matplotlib.patches import Rectangle

    figure, (axis,) = new_figure(1, height=5.6)
    generator = np.random.default_rng(0)  # only so that codes do not lie on each other
    places = [one.values + (generator.uniform(-JITTER, JITTER, len(loses)) if one.words else 0.0)
              for one in (across, up)]  # fmt: skip
    halves = ("learning half", "held out")
    kinds = ((~loses, COLOURS["up"], "o", "does not lose"), (loses, COLOURS["down"], "v", "loses"))
    for mask, colour, marker, word in kinds:
        for part, filled in ((learning, False), (~learning, True)):
            chosen = mask & part
            axis.scatter(places[0][chosen], places[1][chosen], s=34, marker=marker, linewidths=1.1, edgecolors=colour,
                         facecolors=colour if filled else "none", alpha=0.85,
                         label=f"{word}, {halves[filled]} ({int(chosen.sum())})")  # fmt: skip
    for left, right in across.spans if has_rule else ():
        for bottom, top in up.spans:
            axis.add_patch(Rectangle((left, bottom), right - left, top - bottom, facecolor=COLOURS["down"], alpha=0.10,
                                     edgecolor=COLOURS["total"], linewidth=1.6))  # fmt: skip
    for one, name in ((across, "x"), (up, "y")):
        getattr(axis, f"set_{name}lim")(*one.reach)
        getattr(axis, f"set_{name}label")(one.title)
        if one.words:
            getattr(axis, f"set_{name}ticks")(range(len(one.words)), list(one.words))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2)
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)
