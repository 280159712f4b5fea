"""The picture of a search's levers: how much each decides each objective, and which way more of it moves the figure.

Serves strategists. A panel an objective, a bar a lever; bars within the grey band may be chance. Colours stay apart for
colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .picture_style import BAND, COLOURS, QUIET, SMALL
from .pictures import head, legend_below, new_figure, save_picture

NO_WAY = QUIET
MOST_BARS = 20
"""Levers drawn at most: those with the largest part in any objective."""


@dataclass(frozen=True, slots=True)
class LeverBar:
    """One lever in one objective: its part in percent, and what more of it does in words and direction."""

    lever: str
    share: float
    raises: bool | None
    """None where no direction is told from noise."""
    told: str
    """Such as `+2.1 %` over its range; empty where nothing is told."""


def importance_picture(
    panels: Mapping[str, tuple[float, Sequence[LeverBar]]], path: Path, title: str, *, notes: Sequence[str] = ()
) -> None:
    """Draw a panel for each objective: its title to the noise floor in percent and the bars, one for each lever."""
    most: dict[str, float] = {}
    for _, bars in panels.values():
        for bar in bars:
            most[bar.lever] = max(bar.share, most.get(bar.lever, 0.0))
    levers = sorted(most, key=lambda lever: most[lever])[-MOST_BARS:]
    figure, axes = new_figure(len(panels), height=0.36 * len(levers) + 1.9)
    for axis, (name, (floor, bars)) in zip(axes, panels.items(), strict=True):
        known = {bar.lever: bar for bar in bars}
        axis.axvspan(0, floor, color=BAND, zorder=0)
        for row, lever in enumerate(levers):
            bar = known[lever]
            colour = NO_WAY if bar.raises is None else COLOURS["up" if bar.raises else "down"]
            axis.barh(row, bar.share, color=colour, height=0.68, zorder=2)
            axis.annotate(
                bar.told, (bar.share, row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=SMALL,
                zorder=3,
            )  # fmt: skip
        axis.set_yticks(range(len(levers)), levers)
        axis.grid(axis="y", visible=False)
        axis.set_xlim(0, 1.3 * max([floor, *(bar.share for bar in bars), 1.0]))
        axis.set_xlabel("importance, %")
        axis.set_title(name)
    for colour, text in (
        (COLOURS["up"], "more of it raises the figure"), (COLOURS["down"], "more of it lowers the figure"),
        (NO_WAY, "no direction told from noise"), (BAND, "chance alone"),
    ):  # fmt: skip
        axes[0].bar(0, 0, color=colour, label=text)
    head(figure, title)
    figure.tight_layout()
    legend_below(figure, axes[0], columns=4, notes=notes)
    save_picture(figure, path)
