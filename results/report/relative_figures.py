"""Changes as a search tells them: percent of today's figure, or percentage points for a share, to two digits.

Serves the reports of searches, whose differences are too small for one digit.
"""

from __future__ import annotations

from babel import numbers

from ..kpis import KPIS
from ..pareto_picture import relative_change
from .wording import Wording, with_minus

NO_BREAK = "\u00a0"
PATTERN = "+#,##0.00;-#,##0.00"


def change_told(wording: Wording, kpi: str, difference: float, baseline: float) -> str:
    """Return for example `+1.73%`, or `+0.66 pp` for a share."""
    return _told(wording, kpi, relative_change(kpi, difference, baseline))


def interval_told(wording: Wording, kpi: str, low: float, high: float, baseline: float) -> str:
    """Return the ends of a difference's interval as changes."""
    ends = [change_told(wording, kpi, end, baseline) for end in (low, high)]
    return wording.text("{low} to {high}", low=ends[0], high=ends[1]).replace(" ", NO_BREAK)


def gain_told(wording: Wording, share: float) -> str:
    """Return a gain that is a share of today's figure, of several KPIs together, in percent."""
    pattern = "+#,##0.00%;-#,##0.00%"
    return with_minus(numbers.format_percent(_no_minus_zero(share, 4), format=pattern, locale=wording.locale))


def figure_told(wording: Wording, kpi: str, value: float) -> str:
    """Return a figure itself; shares to two digits, because limits on them are narrow."""
    unit = KPIS[kpi].unit
    if unit == "share":
        return with_minus(numbers.format_percent(value, format="#,##0.00%", locale=wording.locale))
    return wording.figure(value, unit)


def plain_told(wording: Wording, value: float, digits: int = 2) -> str:
    """Return a number without a unit, such as an assumption's value."""
    return with_minus(numbers.format_decimal(value, format=f"#,##0.{'#' * digits}", locale=wording.locale))


def title_of(wording: Wording, kpi: str) -> str:
    """Return a KPI's title."""
    return wording.text(KPIS[kpi].title)


def unit_of(wording: Wording, kpi: str) -> str:
    """Return the unit of a KPI's changes."""
    return wording.text("percentage points") if KPIS[kpi].unit == "share" else "%"


def _told(wording: Wording, kpi: str, change: float) -> str:
    if KPIS[kpi].unit != "share":
        return gain_told(wording, change / 100)
    points = numbers.format_decimal(_no_minus_zero(change, 2), format=PATTERN, locale=wording.locale)
    return wording.text("{points} pp", points=with_minus(points)).replace(" ", NO_BREAK)


def _no_minus_zero(value: float, digits: int) -> float:
    return round(value, digits) + 0.0
