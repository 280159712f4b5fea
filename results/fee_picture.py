"""The picture of a fee finder: margin against today by fee, members and what they pay, and who gets it back.

Serves the strategist who has to name a price, and whoever has to be convinced of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .money import axis_scale
from .picture_style import COLOURS
from .pictures import head, new_figure, save_picture, write_notes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class FeeDrawn:
    """One fee as it is drawn: margin and retention against today with their intervals, members, revenue, and the share
    of members who gain more than they pay (NaN: nobody to ask); money in cents, shares 0 to 1, the fee in currency
    units.
    """

    fee: float
    margin: tuple[float, float, float]
    retention: tuple[float, float, float]
    members: float
    fees_earned: float
    gaining: float


def fee_picture(
    fees: Sequence[FeeDrawn], path: Path, currency: str, title: str, *, best: float, as_good: tuple[float, float],
    own: float, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw four panels along the fee; the band marks fees within one standard error of the best, the dashed line the
    policy's own.
    """
    figure, panels = new_figure(4, height=3.2, share_rows=False, rows=2)
    at = [one.fee for one in fees]
    for panel in panels:
        if as_good[1] > as_good[0]:
            panel.axvspan(*as_good, color=COLOURS["down"], alpha=0.12, linewidth=0, label="within 1 standard error")
        panel.axvline(best, color=COLOURS["down"], linewidth=1.4, label="largest margin")
        panel.axvline(own, color=COLOURS["total"], linewidth=1, linestyle="--", label="the policy's own fee")
        panel.set_xlabel(f"Fee a term, {currency}")
    _draw_difference(panels[0], at, [one.margin for one in fees], "Contribution margin against today", currency)
    _draw_difference(panels[1], at, [one.retention for one in fees], "Retention against today", None)
    factor, unit = axis_scale(max((one.fees_earned for one in fees), default=0.0), currency)
    panels[2].plot(at, [one.fees_earned / factor for one in fees], marker="o", markersize=4, color=COLOURS["up"])
    panels[2].set_ylabel(unit)
    panels[2].set_ylim(bottom=0)
    panels[2].set_title("Fees earned over the horizon")
    panels[3].plot(at, [one.members for one in fees], marker="o", markersize=4, color=COLOURS["up"])
    panels[3].set_ylim(bottom=0)
    panels[3].set_ylabel("members at the end")
    panels[3].set_title("Members, and the share who gain")
    shares = panels[3].twinx()
    shares.plot(at, [100 * one.gaining for one in fees], marker="s", markersize=4, color=COLOURS["total"])
    shares.set_ylabel("% who gain (squares)", color=COLOURS["total"])
    shares.set_ylim(0, 100)
    shares.grid(visible=False)
    panels[0].legend(loc="best")
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)


def _draw_difference(
    panel: Axes, at: Sequence[float], values: Sequence[tuple[float, float, float]], title: str, currency: str | None
) -> None:
    factor, unit = 0.01, "percentage points"
    if currency is not None:
        factor, unit = axis_scale(max((abs(end) for one in values for end in one), default=0.0), currency)
    panel.fill_between(at, [low / factor for _, low, _ in values], [high / factor for _, _, high in values],
                       color=COLOURS["up"], alpha=0.18, linewidth=0)  # fmt: skip
    panel.plot(at, [middle / factor for middle, _, _ in values], marker="o", markersize=4, color=COLOURS["up"])
    panel.axhline(0, color=COLOURS["total"], linewidth=1)
    panel.set_ylabel(unit)
    panel.set_title(title)
