"""Pictures of a sweep: a line with its band for one lever, a map with its zero line for two.

Serves the strategist. What the policy's own checks refuse is marked where it would be; colours stay apart for
colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .kpis import KPIS
from .money import axis_scale
from .picture_style import COLOURS, EDGE, FACE, GUIDE, SMALL, TWO_WAYS
from .pictures import head, new_figure, save_picture, write_notes
from .uplift import Uplift

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_TICKS = 12
LABELLED = 120
"""Cells up to which each is labelled with its figure."""


@dataclass(frozen=True, slots=True)
class SweepAxis:
    """An axis of a sweep: its name, the words of its values, where they lie, and the own value's place if it has one.

    Values lie at their numbers, words one after the other.
    """

    title: str
    told: Sequence[str]
    at: Sequence[float]
    own: float | None


def sweep_line_picture(
    axis: SweepAxis, points: Sequence[Mapping[str, Uplift] | None], kpis: Sequence[str], path: Path, currency: str,
    title: str, *, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw the difference of each of `kpis` along one axis, a panel each; None is a value that was refused."""
    figure, panels = new_figure(len(kpis), height=3.1, share_rows=False, rows=max(1, (len(kpis) + 1) // 2))
    for panel, kpi in zip(panels, kpis, strict=False):
        _draw_line(panel, axis, points, kpi, currency)
    if panels[0].get_legend_handles_labels()[1]:
        panels[0].legend(loc="best")
    for panel in panels[len(kpis) :]:
        panel.set_visible(False)
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)


def _draw_line(
    panel: Axes, axis: SweepAxis, points: Sequence[Mapping[str, Uplift] | None], kpi: str, currency: str
) -> None:
    known = [(at, point[kpi]) for at, point in zip(axis.at, points, strict=True) if point is not None]
    factor, unit = _scale(kpi, [one for _, one in known], currency)
    at = [place for place, _ in known]
    panel.fill_between(at, [one.low / factor for _, one in known], [one.high / factor for _, one in known],
                       color=COLOURS["up"], alpha=0.18, linewidth=0)  # fmt: skip
    panel.plot(at, [one.difference / factor for _, one in known], marker="o", markersize=4.5, color=COLOURS["up"])
    panel.axhline(0, color=COLOURS["total"], linewidth=1)
    gone = [place for place, point in zip(axis.at, points, strict=True) if point is None]
    if gone:
        panel.scatter(gone, [0.03] * len(gone), marker="x", color=COLOURS["down"], zorder=4, clip_on=False,
                      transform=panel.get_xaxis_transform(), label="refused")  # fmt: skip
    if axis.own is not None:
        panel.axvline(axis.own, color=COLOURS["total"], linewidth=1, linestyle="--", label="as it is")
    if len(axis.told) <= MOST_TICKS:
        panel.set_xticks(list(axis.at), list(axis.told), rotation=45 if max(map(len, axis.told)) > 6 else 0)
    panel.set_xlabel(axis.title)
    panel.set_ylabel(unit)
    panel.set_title(KPIS[kpi].title)


def sweep_map_picture(
    down: SweepAxis, across: SweepAxis, points: Sequence[Mapping[str, Uplift] | None], kpis: Sequence[str], path: Path,
    currency: str, title: str, *, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw the difference of each of `kpis` over two axes, a panel each; `points` row by row of `down`.

    The black line is where a difference is zero, read straight between values; a label in brackets is not told apart
    from zero; hatched cells were refused.
    """
    figure, panels = new_figure(len(kpis), height=0.46 * len(down.at) + 1.7, share_rows=False, rows=len(kpis))
    for panel, kpi in zip(panels, kpis, strict=True):
        _draw_map(panel, down, across, points, kpi, currency)
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)


def _draw_map(
    panel: Axes, down: SweepAxis, across: SweepAxis, points: Sequence[Mapping[str, Uplift] | None], kpi: str,
    currency: str,
) -> None:  # fmt: skip
    from matplotlib.patches import Rectangle

    rows, columns = len(down.at), len(across.at)
    known = [point[kpi] for point in points if point is not None]
    factor, unit = _scale(kpi, known, currency)
    grid: NDArray[np.float64] = np.full((rows, columns), np.nan)
    for place, point in enumerate(points):
        if point is not None:
            grid[divmod(place, columns)] = point[kpi].difference / factor
    largest = float(np.nanmax(np.abs(grid))) or 1.0
    image = panel.imshow(
        grid, cmap=TWO_WAYS, vmin=-largest, vmax=largest, aspect="auto", origin="lower", interpolation="nearest"
    )
    for place, point in enumerate(points):
        row, column = divmod(place, columns)
        if point is None:
            panel.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="///", linewidth=0,
                                      edgecolor=GUIDE))  # fmt: skip
        elif rows * columns <= LABELLED:
            one = point[kpi]
            size = one.difference / factor
            text = f"{size:+,.0f}" if abs(size) >= 100 else f"{size:+.3g}"
            dark = abs(one.difference / factor) > 0.6 * largest
            panel.text(column, row, f"({text})" if one.low <= 0 <= one.high and not one.is_zero else text, ha="center",
                       va="center", fontsize=SMALL, color=FACE if dark else EDGE)  # fmt: skip
    if min(rows, columns) > 1 and np.nanmin(grid) < 0 < np.nanmax(grid):
        panel.contour(np.ma.masked_invalid(grid), levels=[0.0], colors=EDGE, linewidths=1.6)
    panel.set_xticks(range(columns), list(across.told), rotation=45 if max(map(len, across.told)) > 6 else 0)
    panel.set_yticks(range(rows), list(down.told))
    panel.set_xlabel(across.title)
    panel.set_ylabel(down.title)
    panel.set_title(KPIS[kpi].title)
    panel.grid(visible=False)
    panel.figure.colorbar(image, ax=panel, label=unit)


def _scale(kpi: str, uplifts: Sequence[Uplift], currency: str) -> tuple[float, str]:
    """Return by what a KPI's difference is divided, and the unit of the axis."""
    if KPIS[kpi].unit == "share":
        return 0.01, "difference, percentage points"
    if KPIS[kpi].unit == "count":
        return 1.0, "difference"
    factor, unit = axis_scale(max(abs(one.difference) for one in uplifts), currency)
    return factor, f"difference, {unit}"
