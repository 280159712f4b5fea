"""The pictures of a validation: real customers beside simulated ones, and how well each customer's visits were told.

Serves whoever would rather look than read. The pictures show distributions and totals only, nobody's own history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .picture_style import BAND, COLOURS, GUIDE, SERIES, SMALL, Series
from .pictures import new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Numbers = NDArray[np.float64]

REAL, SIMULATED = COLOURS["total"], COLOURS["down"]
MOST_GAP = 28
BARS = 25


@dataclass(frozen=True)
class LogShape:
    """What the pictures show of a log: visits a customer, shares of gaps of 1 to 28 days, amounts at percentiles
    (`percentiles` of 100), spend a customer, the index of each week (1 is the mean week), and its lowest and highest
    value where several logs are taken together.
    """

    visits: Numbers
    gaps: Numbers
    percentiles: Numbers
    amounts: Numbers
    spend: Numbers
    weeks: Numbers
    weeks_range: tuple[Numbers, Numbers]


def validation_pictures(
    real: LogShape, simulated: LogShape, forecast: Sequence[tuple[float, float]], unit: str, folder: Path, prefix: str
) -> tuple[str, str]:
    """Draw visits and spend of held-out and simulated customers to two PNG files in `folder`; return their names.

    `forecast` holds mean forecast and mean visits of customers by tenths of the forecast.
    """
    names = f"{prefix}-visits.png", f"{prefix}-spend.png"
    figure, (left, middle, right) = new_figure(3, height=3.9, share_rows=False)
    _visits(left, real, simulated)
    _gaps(middle, real, simulated)
    _calibration(right, forecast)
    figure.tight_layout()
    save_picture(figure, folder / names[0])
    figure, (left, middle, right) = new_figure(3, height=3.9, share_rows=False)
    _amounts(left, real, simulated, unit)
    _lorenz(middle, real, simulated)
    _weeks(right, real, simulated)
    figure.tight_layout()
    save_picture(figure, folder / names[1])
    return names


def cohort_picture(
    real: Numbers, simulated: Mapping[str, Numbers], histogram: Numbers, histograms: Mapping[str, Numbers],
    window_weeks: int, judged: str, path: Path,
) -> None:  # fmt: skip
    """Draw cumulative repeat purchases by week, and customers by repeats in the window, real and by model."""
    figure, (left, right) = new_figure(2, height=4.2, share_rows=False)
    weeks = np.arange(1, len(real) // 7 + 1)
    left.axvspan(window_weeks, weeks[-1], color=BAND, zorder=0)
    left.plot(weeks, real[weeks * 7 - 1], color=REAL, linewidth=2.4, label="real")
    looks = dict(zip(simulated, (Series(SIMULATED, "s", "-"), SERIES[0], SERIES[2]), strict=False))
    for name, look in looks.items():
        left.plot(weeks, simulated[name][weeks * 7 - 1], color=look.colour, marker=look.marker, markevery=9,
                  linestyle="-" if name == judged else "--", linewidth=1.6, label=name)  # fmt: skip
    left.set_xlabel("week (shaded: not seen by the fit)")
    left.set_ylabel("cumulative repeat purchases")
    _head(left, "Repeat purchases")
    left.set_ylim(bottom=0)
    place = np.arange(len(histogram))
    right.bar(place, histogram, color=REAL, alpha=0.35, width=0.8, label="real")
    for beside, (name, look) in zip((-0.22, 0.0, 0.22), looks.items(), strict=False):
        right.plot(place + beside, histograms[name], look.marker, color=look.colour, label=name)
    right.set_xticks(place, [*[str(one) for one in place[:-1]], f"{place[-1]}+"])
    right.set_xlabel("repeat purchases in the calibration window")
    right.set_ylabel("customers")
    _head(right, "Customers by repeats")
    figure.tight_layout()
    save_picture(figure, path)


def _visits(axis: Axes, real: LogShape, simulated: LogShape) -> None:
    top = float(np.quantile(real.visits, 0.99))
    edges = np.unique(np.round(np.linspace(0, max(top, 5), BARS + 1)))
    for shape, is_real in ((real, True), (simulated, False)):
        clipped = np.minimum(shape.visits, edges[-1] - 1e-9)
        share = np.histogram(clipped, edges)[0] / len(shape.visits) * 100
        if is_real:
            axis.bar(edges[:-1], share, np.diff(edges), align="edge", color=REAL, alpha=0.35, label="held out")
        else:
            axis.stairs(share, edges, color=SIMULATED, linewidth=1.8, label="simulated")
    axis.set_xlabel("visits in the window\n(the last bar holds all above)")
    axis.set_ylabel("% of customers")
    _head(axis, "Visits a customer")


def _gaps(axis: Axes, real: LogShape, simulated: LogShape) -> None:
    days = np.arange(1, MOST_GAP + 1)
    axis.bar(days, 100 * real.gaps, color=REAL, alpha=0.35, label="held out")
    axis.plot(days, 100 * simulated.gaps, "o-", color=SIMULATED, markersize=3.5, linewidth=1.4, label="simulated")
    axis.set_xticks(range(7, MOST_GAP + 1, 7))
    axis.set_xlabel("days since the last visit")
    axis.set_ylabel("% of gaps")
    _head(axis, "Gaps between visits")


def _calibration(axis: Axes, forecast: Sequence[tuple[float, float]]) -> None:
    expected, came = (np.asarray(column) for column in zip(*forecast, strict=True))
    top = 1.06 * float(max(expected.max(), came.max()))
    axis.plot([0, top], [0, top], color=GUIDE, linewidth=1)
    axis.plot(expected, came, "o", color=COLOURS["up"], markersize=6)
    axis.set_xlim(0, top)
    axis.set_ylim(0, top)
    axis.set_xlabel("visits forecast")
    axis.set_ylabel("visits that came")
    axis.set_title("Unseen weeks, by tenths")


def _amounts(axis: Axes, real: LogShape, simulated: LogShape, unit: str) -> None:
    low, high = real.amounts[real.amounts > 0].min(), max(real.amounts.max(), simulated.amounts.max())
    axis.plot([low, high], [low, high], color=GUIDE, linewidth=1)
    axis.plot(real.amounts, simulated.amounts, "o", color=COLOURS["up"], markersize=3.5)
    for percent, beside in ((10, (5, -11)), (50, (5, -11)), (90, (5, -11)), (99, (-6, 2))):
        place = int(np.argmin(np.abs(real.percentiles - percent)))
        axis.annotate(
            f"{percent} %", (real.amounts[place], simulated.amounts[place]), xytext=beside,
            textcoords="offset points", fontsize=SMALL, ha="left" if beside[0] > 0 else "right",
        )  # fmt: skip
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel(f"held out, {unit}")
    axis.set_ylabel(f"simulated, {unit}")
    axis.set_title("Amount of a visit")


def _lorenz(axis: Axes, real: LogShape, simulated: LogShape) -> None:
    for shape, colour, label, line in ((real, REAL, "held out", "-"), (simulated, SIMULATED, "simulated", "--")):
        spend = np.sort(shape.spend)
        share = np.concatenate([[0.0], np.cumsum(spend) / spend.sum()]) * 100
        axis.plot(np.linspace(0, 100, len(share)), share, color=colour, linestyle=line, linewidth=1.8, label=label)
    axis.plot([0, 100], [0, 100], color=GUIDE, linewidth=1)
    axis.set_xlabel("% of customers, least spend first")
    axis.set_ylabel("% of spend")
    _head(axis, "Concentration of spend")


def _weeks(axis: Axes, real: LogShape, simulated: LogShape) -> None:
    place = np.arange(1, len(real.weeks) + 1)
    low, high = (100 * end for end in simulated.weeks_range)
    axis.fill_between(place, low, high, color=SIMULATED, alpha=0.2, linewidth=0, label="simulated, range")
    axis.plot(place, 100 * simulated.weeks, color=SIMULATED, linewidth=1.6, label="simulated, mean")
    axis.plot(place, 100 * real.weeks, color=REAL, linewidth=1.6, label="held out")
    axis.set_xlabel("week of the window")
    axis.set_ylabel("spend, mean week = 100")
    axis.set_ylim(bottom=0)
    _head(axis, "Weekly totals")


def _head(axis: Axes, title: str) -> None:
    axis.set_title(title)
    axis.legend()
