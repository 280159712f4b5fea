"""Pictures of an imported log: its weeks, its customers and its baskets, for the data report.

Serves whoever wants to see what a log holds before anything is fitted to it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .money import axis_scale
from .picture_style import COLOURS, FACE, GUIDE, NOTE
from .pictures import new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from memberlab.scenarios import LogFacts

MOST_GAP = 35
"""Days up to which gaps are drawn."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def log_pictures(facts: LogFacts, currency: str, folder: Path) -> list[Path]:
    """Draw `weeks.png`, `customers.png` and `baskets.png` into a folder, and return their paths.

    A log without a known customer has no second picture.
    """
    paths = [_weeks(facts, currency, folder / "weeks.png")]
    if facts.customers:
        paths.append(_customers(facts, folder / "customers.png"))
    paths.append(_baskets(facts, currency, folder / "baskets.png"))
    return paths


def _weeks(facts: LogFacts, currency: str, path: Path) -> Path:
    """Draw sales and receipts by week; weeks with a day without sales are marked, a part of a week is left out."""
    whole = [week for week in facts.weeks if week.days == 7] or list(facts.weeks)
    first = np.array([week.first for week in whole], dtype="datetime64[D]")
    factor, unit = axis_scale(max((week.net for week in whole), default=1), currency)
    figure, (sales, trips) = new_figure(2, height=3.6, share_rows=False)
    sales.plot(first, [week.net / factor for week in whole], color=COLOURS["up"], linewidth=1.8, label="sales")
    if facts.returned:
        returned = [week.returned / factor for week in whole]
        sales.plot(first, returned, color=COLOURS["down"], linewidth=1.5, label="returns")
    trips.plot(first, [week.trips for week in whole], color=COLOURS["up"], linewidth=1.8, label="receipts")
    if any(week.anonymous for week in whole):
        nameless = [week.anonymous for week in whole]
        trips.plot(first, nameless, color=COLOURS["total"], linewidth=1.5, label="of them anonymous")
    gaps = np.array([week.days_without_sales > 0 for week in whole])
    for axis, values in ((sales, [week.net / factor for week in whole]), (trips, [week.trips for week in whole])):
        if 0 < gaps.sum() < len(whole) / 2:
            axis.scatter(
                first[gaps], np.array(values)[gaps], s=42, facecolors=FACE,
                edgecolors=COLOURS["down"], linewidths=1.6, zorder=4, label="with a day without sales",
            )  # fmt: skip
        axis.set_ylim(bottom=0)
        axis.margins(x=0.02)
        _thin_dates(axis)
    sales.set_title(f"Sales a week, {unit}")
    trips.set_title("Receipts a week")
    for axis in (sales, trips):
        if len(axis.get_legend_handles_labels()[1]) > 1:
            axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3)
    figure.tight_layout()
    save_picture(figure, path)
    return path


def _thin_dates(axis: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4, maxticks=8)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _customers(facts: LogFacts, path: Path) -> Path:
    """Draw visits a customer, gaps between visits, and how sales are spread over customers."""
    figure, (visits, gaps, lorenz) = new_figure(3, height=3.7, share_rows=False)
    _draw_visits(visits, facts)
    _draw_gaps(gaps, facts)
    _draw_lorenz(lorenz, facts)
    figure.tight_layout()
    save_picture(figure, path)
    return path


def _draw_visits(axis: Axes, facts: LogFacts) -> None:
    """Draw customers by visits in bins that double: 1, 2, 3-4, 5-8, ..."""
    bins: dict[int, int] = {}
    for visits, customers in facts.visits_a_customer.items():
        step = math.ceil(math.log2(visits))
        bins[step] = bins.get(step, 0) + customers
    steps = range(max(bins) + 1)
    names = [str(2**step) if step < 2 else f"{2 ** (step - 1) + 1}-{2**step}" for step in steps]
    shares = [100 * bins.get(step, 0) / facts.customers for step in steps]
    axis.bar(names, shares, color=COLOURS["up"], width=0.8)
    axis.set_title("Customers by visits, %")
    axis.set_xlabel("days with a purchase")
    axis.tick_params(axis="x", rotation=40)
    axis.grid(axis="x", visible=False)


def _draw_gaps(axis: Axes, facts: LogFacts) -> None:
    """Draw gaps by day, whole weeks in another colour; where most gaps are longer, by month."""
    total = sum(facts.gaps.values())
    axis.set_title("Time between visits, % of gaps")
    axis.grid(axis="x", visible=False)
    if not total:
        axis.text(0.5, 0.5, "nobody came twice", transform=axis.transAxes, ha="center", color=COLOURS["total"])
        axis.set_xticks([])
        return
    width = 1 if (facts.median_gap or 0) <= MOST_GAP / 2 else 7
    counts = [0] * MOST_GAP
    for gap, count in facts.gaps.items():
        place = (gap - 1) // width
        if place < MOST_GAP:
            counts[place] += count
    shares = [100 * count / total for count in counts]
    at = np.arange(1, MOST_GAP + 1)
    weekly = width == 1
    colours = [COLOURS["total"] if weekly and day % 7 == 0 else COLOURS["up"] for day in at]
    axis.bar(at, shares, color=colours, width=0.85)
    longer = 100 - sum(shares)
    axis.set_xlabel("days; whole weeks dark" if weekly else "weeks")
    if weekly:
        axis.set_xticks([1, *range(7, MOST_GAP + 1, 7)])
    axis.text(0.97, 0.93, f"longer: {longer:.0f} %", transform=axis.transAxes, ha="right", va="top", fontsize=NOTE,
        bbox={"facecolor": FACE, "edgecolor": "none", "pad": 1.5})  # fmt: skip


def _draw_lorenz(axis: Axes, facts: LogFacts) -> None:
    """Draw the Lorenz curve of sales over customers."""
    shares = [100 * share for share in facts.lorenz]
    people = np.linspace(0, 100, len(shares))
    axis.plot([0, 100], [0, 100], color=GUIDE, linewidth=1, linestyle="--")
    axis.plot(people, shares, color=COLOURS["up"], linewidth=2)
    axis.fill_between(people, shares, people, color=COLOURS["up"], alpha=0.12)
    if len(shares) == 101:
        top = 100 - shares[80]
        axis.plot([80, 80], [0, shares[80]], color=COLOURS["down"], linewidth=1.2)
        axis.text(4, 90, f"the top 20 %\nhave {top:.0f} %", fontsize=NOTE, va="center", backgroundcolor=FACE)
    axis.set_xlim(0, 100)
    axis.set_ylim(0, 100)
    axis.set_title("Sales over customers, %")
    axis.set_xlabel("% of customers, lightest first")


def _baskets(facts: LogFacts, currency: str, path: Path) -> Path:
    """Draw amounts, weekdays, and hours where the log has them."""
    figure, axes = new_figure(3 if facts.hours else 2, height=3.5, share_rows=False)
    _draw_amounts(axes[0], facts, currency)
    total = max(facts.trips, 1)
    axes[1].bar(WEEKDAYS, [100 * count / total for count in facts.weekdays], color=COLOURS["up"], width=0.75)
    axes[1].set_title("Receipts by weekday, %")
    if facts.hours:
        axes[2].bar(range(24), [100 * count / total for count in facts.hours], color=COLOURS["up"], width=0.85)
        axes[2].set_title("Receipts by hour, %")
        axes[2].set_xticks(range(0, 25, 4))
    for axis in axes:
        axis.grid(axis="x", visible=False)
    figure.tight_layout()
    save_picture(figure, path)
    return path


def _draw_amounts(axis: Axes, facts: LogFacts, currency: str) -> None:
    """Draw amounts on a logarithmic axis in ten steps a power of ten, with median and 90th percentile."""
    axis.set_title(f"Receipts by amount, % ({currency})")
    if not facts.amounts:
        axis.text(0.5, 0.5, "no sale above 0", transform=axis.transAxes, ha="center", color=COLOURS["total"])
        return
    keys = range(min(facts.amounts), max(facts.amounts) + 1)
    edges = np.array([10 ** (key / 10) / 100 for key in [*keys, keys[-1] + 1]])
    total = sum(facts.amounts.values())
    shares = [100 * facts.amounts.get(key, 0) / total for key in keys]
    axis.bar(edges[:-1], shares, width=0.92 * np.diff(edges), align="edge", color=COLOURS["up"])
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    _, half, high, _ = facts.amount_quantiles
    seen = np.cumsum(shares)
    low = edges[int(np.searchsorted(seen, 0.05))]
    axis.set_xlim(low / 1.3, edges[int(np.searchsorted(seen, 99.98, side="left").clip(0, len(edges) - 2)) + 1] * 1.3)
    for value in (half, high):
        axis.axvline(value / 100, color=COLOURS["down"], linewidth=1.2)
    axis.set_xlabel(f"median {half / 100:,.2f}, one in ten above {high / 100:,.2f}")
