"""The pilot week by week: what an experimenter sees, with its interval, and what is true.

Serves the rollout's folder. One panel an arm; thin lines mark the stages, dotted ones the days of stops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .picture_style import COLOURS, GUIDE, SMALL
from .pictures import head, legend_below, new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class WeekPoint(NamedTuple):
    """A week of the horizon, the difference seen and half of its interval, the truth, and shoppers held out."""

    week: float
    seen: float
    half: float
    truth: float
    held: float


def rollout_picture(
    panels: Mapping[str, Sequence[WeekPoint]],
    path: Path,
    title: str,
    label: str,
    *,
    stages: Mapping[str, float],
    stops: Mapping[str, Sequence[float]],
    limit: float | None,
    scale: float,
) -> None:
    """Draw a panel for each arm; values are divided by `scale`, `limit` is that of the stop rule in the same unit."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = new_figure(len(panels), height=4.2, rows=-(-len(panels) // 2))
    for axis, (arm, points) in zip(axes, panels.items(), strict=True):
        _draw(axis, points, scale)
        axis.axhline(0, color=COLOURS["total"], linewidth=0.8)
        if limit is not None:
            axis.axhline(limit / scale, color=COLOURS["down"], linewidth=1, linestyle="--", label="stop rule's limit")
        for week in sorted(set(stops.get(arm, ()))):
            axis.axvline(week, color=COLOURS["down"], linewidth=1, linestyle=":")
        for stage, week in stages.items():
            axis.axvline(week, color=GUIDE, linewidth=0.6)
            axis.annotate(
                stage, (week, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -3), textcoords="offset points",
                rotation=90, va="top", fontsize=SMALL, color=COLOURS["total"],
            )  # fmt: skip
        axis.set_title(arm)
        axis.set_xlabel("Week of the horizon")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].set_ylabel(label)
    head(figure, title)
    figure.tight_layout()
    notes = ["Dotted: a replication in which the arm was stopped."] if any(stops.values()) else []
    legend_below(figure, axes[0], columns=4, notes=notes)
    save_picture(figure, path)


def _draw(axis: Axes, points: Sequence[WeekPoint], scale: float) -> None:
    compared = [point for point in points if point.held > 1]
    weeks = [point.week for point in compared]
    low, high = ([(point.seen + side * point.half) / scale for point in compared] for side in (-1, 1))
    axis.fill_between(weeks, low, high, color=COLOURS["up"], alpha=0.2, linewidth=0, label="95 % of one experiment")
    axis.plot(weeks, [point.seen / scale for point in compared], color=COLOURS["up"], label="seen, mean")
    axis.plot(
        [point.week for point in points], [point.truth / scale for point in points], color=COLOURS["total"],
        linewidth=2, label="truth",
    )  # fmt: skip
