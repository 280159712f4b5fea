"""How a test writes what difference it allows: as margins stand in `checks.yaml`, `0.5 %`, `1 pp`, or an amount.

Serves the assertions of `policy_check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .misuse import MisuseError

if TYPE_CHECKING:
    from memberlab.optimize import Tolerance
    from memberlab.results import Kpi


def margin_of(kpi: Kpi, given: str | float) -> Tolerance:
    """Return the margin that a test wrote; raise MisuseError with what would be right."""
    from memberlab.optimize import ToleranceNotation, never_missed, unit_fault

    try:
        margin = ToleranceNotation(above=0).read(given)
    except ValueError as fault:
        raise MisuseError(f"margin for {kpi.name}: {fault}") from None
    if wrong := unit_fault(kpi, margin) or never_missed(margin):
        raise MisuseError(f"margin for {kpi.name}: {wrong}")
    return margin


def width_of(kpi: Kpi, margin: Tolerance, level: float, where: str, *, below: bool) -> float:
    """Return the difference allowed, in the KPI's unit, for a figure of `level`.

    Raise MisuseError for a share of nothing, and for one that would let all of the figure go where a fall counts
    (`below`); a contribution margin can fall further than to zero.
    """
    from memberlab.results import written

    width = margin.size(kpi, level)
    if width <= 0:
        raise MisuseError(f"{kpi.name} is 0 {where}, and {margin} of that is nothing; write an amount")
    if below and kpi.name != "margin" and width >= level > 0:
        there = f"all there is to lose, {written(level, kpi.unit)} {where}"
        raise MisuseError(f"margin for {kpi.name}: {margin} is {there}; the check could hardly fail, write less")
    return width
