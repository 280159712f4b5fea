"""The picture of a search: what each confirmed policy changes against the incumbent, with intervals, on one page.

Serves strategists. Two key figures span the picture and colour is a third; small dots are what the search tried within
the limits. All colours stay apart for colour-blind readers (cividis), and every sign has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from .kpis import KPIS
from .picture_style import COLOURS, EDGE, FACE, GUIDE, NOTE, ORDERED, QUIET
from .pictures import head, new_figure, save_picture
from .uplift import Uplift

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Role = Literal["incumbent", "recommended", "front", "other", "infeasible"]
"""What a confirmed policy is: `front` where no other beats it, `infeasible` where it breaks a limit."""
LEGEND: dict[Role, tuple[str, float, str]] = {
    "incumbent": ("X", 130, "incumbent"),
    "recommended": ("*", 340, "recommended"),
    "front": ("o", 75, "on the Pareto front"),
    "other": ("s", 55, "beaten by another"),
    "infeasible": ("v", 65, "breaks a limit"),
}
"""Marker, size and legend of each role."""
PLAIN = COLOURS["total"]
LABEL_POINTS = NOTE
SIDES = [
    (across * (7 + far), up * (7 + far), far)
    for far in (0, 9, 20, 33)
    for across, up in ((1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))
]
"""Places of a label beside its point, nearest first: across, up and how far off, in typographic points. A label that
is off is tied to its point by a line."""
Box = tuple[float, float, float, float]
ON_LABEL, ON_POINT, ON_INTERVAL, OUTSIDE = 8, 4, 2, 12
"""What a label's covering of a dot of the page costs."""


@dataclass(frozen=True, slots=True)
class ParetoPoint:
    """One confirmed policy: its label, its role, and its uplifts against the incumbent by KPI."""

    label: str
    role: Role
    uplifts: Mapping[str, Uplift]


def pareto_picture(
    points: Sequence[ParetoPoint], tried: Sequence[Mapping[str, float]], kpis: Sequence[str], path: Path, title: str
) -> None:
    """Draw `points` on fresh seeds, and the search's estimates of what kept the limits (as of `relative_change`).

    Of one to three `kpis`, money and counts go on the axes before shares; what is left is the colour.
    """
    order = sorted(kpis, key=lambda kpi: KPIS[kpi].unit == "share")
    figure, (axis,) = new_figure(1, height=6.2)
    across, up = order[0], order[1] if len(order) > 1 else None
    colour = order[2] if len(order) > 2 else None
    if up is not None:
        axis.scatter(
            [one[across] for one in tried], [one[up] for one in tried], s=7, color=QUIET, linewidths=0, zorder=1
        )
        axis.scatter([], [], s=20, color=QUIET, label=f"tried in the search, within the limits ({len(tried)})")
    _draw_points(axis, points, across, up, colour)
    axis.axvline(0, color=GUIDE, linewidth=0.8, zorder=0)
    axis.set_xlabel(_label(across))
    if up is not None:
        axis.axhline(0, color=GUIDE, linewidth=0.8, zorder=0)
        axis.set_ylabel(_label(up))
    else:
        axis.set_yticks([])
    _zoom(axis, points, across, up)
    head(figure, title)
    figure.tight_layout()
    _write_labels(axis, points, across, up)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=3)
    save_picture(figure, path)


def relative_change(kpi: str, difference: float, baseline: float) -> float:
    """Return a difference as the picture shows it: percentage points for a share, else percent of the baseline."""
    return 100 * difference if KPIS[kpi].unit == "share" else 100 * difference / (abs(baseline) or 1.0)


def _label(kpi: str) -> str:
    unit = "percentage points" if KPIS[kpi].unit == "share" else "%"
    return f"{KPIS[kpi].title}: change against the incumbent, {unit}"


def _at(point: ParetoPoint, kpi: str | None, row: int) -> tuple[float, float, float]:
    """Return where a point stands and its interval; its row where there is no second figure."""
    if kpi is None:
        return float(row), float(row), float(row)
    uplift = point.uplifts[kpi]
    middle, low, high = (
        relative_change(kpi, value, uplift.baseline) for value in (uplift.difference, uplift.low, uplift.high)
    )
    return middle, low, high


def _draw_points(axis: Axes, points: Sequence[ParetoPoint], across: str, up: str | None, colour: str | None) -> None:
    """Draw every point with its interval; the recommended one last, on top."""
    from matplotlib import pyplot as plt
    from matplotlib.colors import Normalize

    shades = [0.0 if colour is None else _at(point, colour, 0)[0] for point in points]
    scale = Normalize(min(shades), max(shades) if max(shades) > min(shades) else min(shades) + 1)
    for row, point in sorted(enumerate(points), key=lambda pair: pair[1].role == "recommended"):
        x, left, right = _at(point, across, row)
        y, bottom, top = _at(point, up, row)
        axis.plot([left, right], [y, y], color=GUIDE, linewidth=1, zorder=2)
        axis.plot([x, x], [bottom, top], color=GUIDE, linewidth=1, zorder=2)
        marker, size, _ = LEGEND[point.role]
        face = PLAIN if colour is None else plt.get_cmap(ORDERED)(scale(shades[row]))
        axis.scatter([x], [y], s=size, marker=marker, color=[face], edgecolors=EDGE, linewidths=0.8, zorder=4)
    for role in dict.fromkeys(point.role for point in points):
        marker, size, text = LEGEND[role]
        axis.scatter([], [], s=min(size, 160), marker=marker, color=FACE, edgecolors=EDGE, label=text)
    if colour is not None:
        bar = axis.figure.colorbar(plt.cm.ScalarMappable(scale, ORDERED), ax=axis, pad=0.02)
        bar.set_label(_label(colour))


def _zoom(axis: Axes, points: Sequence[ParetoPoint], across: str, up: str | None) -> None:
    """Show all confirmed policies with room around them; dots of the search that lie far off may fall outside."""
    for kpi, limit in ((across, axis.set_xlim), (up, axis.set_ylim)):
        ends = np.array([_at(point, kpi, row)[1:] for row, point in enumerate(points)]).ravel()
        ends = ends[np.isfinite(ends)]
        low, high = (float(ends.min()), float(ends.max())) if len(ends) else (-1.0, 1.0)
        room = 0.14 * (high - low) or 1.0
        limit(low - room, high + room)


def _write_labels(axis: Axes, points: Sequence[ParetoPoint], across: str, up: str | None) -> None:
    """Write each label where it covers least of other labels, points, intervals and the frame; nearest where several
    cover nothing.
    """
    on_page, taken = _taken(axis, points, across, up)
    frame, dots = axis.get_window_extent(), axis.figure.dpi / 72
    named = ("recommended", "incumbent")
    for row in sorted(range(len(points)), key=lambda row: points[row].role not in named):
        text, (x, y) = points[row].label, on_page[row]
        stands = _at(points[row], across, row)[0], _at(points[row], up, row)[0]
        boxes = [_label_box(text, x, y, side, dots) for side in SIDES]
        costs = [
            sum(weight * _overlap(box, other) for other, weight in taken)
            + OUTSIDE * _outside(box, (frame.x0, frame.y0, frame.x1, frame.y1)) + far
            for box, (_, _, far) in zip(boxes, SIDES, strict=True)
        ]  # fmt: skip
        best = costs.index(min(costs))
        taken.append((boxes[best], ON_LABEL))
        right, above, far = SIDES[best]
        axis.annotate(
            text, stands, xytext=(right, above), textcoords="offset points",
            fontsize=LABEL_POINTS, zorder=6, fontweight="bold" if points[row].role in named else "normal",
            horizontalalignment="left" if right > 0 else "right" if right < 0 else "center",
            verticalalignment="bottom" if above > 0 else "top" if above < 0 else "center",
            arrowprops={"arrowstyle": "-", "color": GUIDE, "linewidth": 0.8, "shrinkB": 5} if far else None,
        )  # fmt: skip


def _taken(
    axis: Axes, points: Sequence[ParetoPoint], across: str, up: str | None
) -> tuple[list[tuple[float, float]], list[tuple[Box, float]]]:
    """Return where points stand on the page, in dots, and boxes of points and intervals with what covering costs."""
    dots, on_page, taken = axis.figure.dpi / 72, [], []
    for row, point in enumerate(points):
        (middle, left, right), (height, bottom, top) = _at(point, across, row), _at(point, up, row)
        ends = axis.transData.transform([(left, bottom), (middle, height), (right, top)])
        (x0, y0), (x, y), (x1, y1) = ((float(one), float(other)) for one, other in ends)
        on_page.append((x, y))
        taken += [
            ((x - 6 * dots, y - 6 * dots, x + 6 * dots, y + 6 * dots), float(ON_POINT)),
            ((x0, y - dots, x1, y + dots), float(ON_INTERVAL)), ((x - dots, y0, x + dots, y1), float(ON_INTERVAL)),
        ]  # fmt: skip
    return on_page, taken


def _label_box(text: str, x: float, y: float, side: tuple[int, int, int], dots: float) -> Box:
    """Return about where a label would stand, in dots on the page."""
    width, height = 0.66 * LABEL_POINTS * len(text) * dots, 1.2 * LABEL_POINTS * dots
    right, above, _ = side
    left = x + right * dots - (0 if right > 0 else width if right < 0 else width / 2)
    bottom = y + above * dots - (0 if above > 0 else height if above < 0 else height / 2)
    return left, bottom, left + width, bottom + height


def _overlap(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _outside(box: Box, frame: Box) -> float:
    """Return the area of a box outside the frame."""
    return (box[2] - box[0]) * (box[3] - box[1]) - _overlap(box, frame)
