"""The picture of a planned pilot: what it would find, how its power grows with shoppers, and what it sees of attrition.

Serves whoever decides on the pilot: estimates scatter around the truth, and a pilot that is too small shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .picture_style import COLOURS, GUIDE, SMALL, series
from .pictures import head, new_figure, save_picture, write_notes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FloatArray = NDArray[np.float64]

BINS = 45


@dataclass(frozen=True, slots=True)
class ReplayedPilot:
    """What the replays of one pilot found, in the unit of the axis; `title` names the figure with its unit."""

    title: str
    estimates: FloatArray
    placebos: FloatArray
    truth: float
    seen: float
    """Share of the estimates that are called different from zero."""
    alarms: float
    """The same of the placebos."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of one line by its label; `dashed` for the reading without adjustment."""

    label: str
    x: FloatArray
    y: FloatArray
    dashed: bool = False


def pilot_picture(
    path: Path,
    replayed: ReplayedPilot,
    power: Sequence[Curve],
    wanted: float,
    planned: float,
    attrition: Sequence[Curve],
    title: str,
    *,
    notes: Sequence[str] = (),
) -> None:
    """Draw the estimates, the power by shoppers with the `planned` number and the power `wanted`, and by attrition
    effect where `attrition` has lines. `notes` stand under the picture, a line each.
    """
    figure, axes = new_figure(3 if attrition else 2, height=4.2, share_rows=False, rows=2 if attrition else 1)
    _draw_replays(axes[0], replayed)
    _draw_power(axes[1], power, wanted, planned)
    if attrition:
        _draw_attrition(axes[2], attrition, wanted)
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)


def _draw_replays(axis: Axes, replayed: ReplayedPilot) -> None:
    """Draw both histograms over the same bins, with zero and the truth."""
    both = np.concatenate([replayed.estimates, replayed.placebos])
    edges = np.linspace(float(both.min()) - 1e-9, float(both.max()) + 1e-9, BINS + 1).tolist()
    for values, colour, label in (
        (replayed.placebos, GUIDE, f"placebo: {100 * replayed.alarms:.1f} % raise a false alarm"),
        (replayed.estimates, COLOURS["up"], f"candidate: {100 * replayed.seen:.1f} % see a difference"),
    ):
        axis.hist(values, bins=edges, color=colour, alpha=0.55, label=label)
    axis.axvline(0, color=COLOURS["total"], linewidth=1)
    axis.axvline(replayed.truth, color=COLOURS["down"], linewidth=2, label="truth")
    axis.set_title("What the pilot finds")
    axis.set_xlabel(f"Estimated difference in {replayed.title}")
    axis.set_ylabel("Replays")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))  # below: lines would cross it
    axis.grid(axis="x", visible=False)


def _draw_power(axis: Axes, curves: Sequence[Curve], wanted: float, planned: float) -> None:
    _draw_curves(axis, curves)
    axis.axhline(wanted, color=COLOURS["total"], linewidth=1, linestyle=":")
    axis.axvline(planned, color=COLOURS["down"], linewidth=1.5)
    axis.annotate("planned", (planned, 0.02), xytext=(4, 0), textcoords="offset points", fontsize=SMALL,
                  color=COLOURS["down"])  # fmt: skip
    axis.set_xscale("log")
    axis.set_title("Power by size")
    axis.set_xlabel("Shoppers in both arms")
    axis.set_ylabel("Power")


def _draw_attrition(axis: Axes, curves: Sequence[Curve], wanted: float) -> None:
    _draw_curves(axis, curves)
    axis.axhline(wanted, color=COLOURS["total"], linewidth=1, linestyle=":")
    axis.set_title("Power to tell attrition_effect from 0")
    axis.set_xlabel("attrition_effect")


def _draw_curves(axis: Axes, curves: Sequence[Curve]) -> None:
    """Draw lines, those of the same label in the same colour and with the same marker; hollow ones are dashed."""
    looks = {label: series(place) for place, label in enumerate(dict.fromkeys(one.label for one in curves))}
    for one in curves:
        look = looks[one.label]
        axis.plot(one.x, one.y, color=look.colour, marker=look.marker, markevery=max(1, len(one.x) // 7),
                  linestyle="--" if one.dashed else "-", fillstyle="none" if one.dashed else "full",
                  linewidth=1.3, label=None if one.dashed else one.label)  # fmt: skip
    if any(one.dashed for one in curves):
        axis.plot([], [], color=GUIDE, linestyle="--", marker="o", fillstyle="none", label="without adjustment")
    axis.set_ylim(0, 1.03)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
