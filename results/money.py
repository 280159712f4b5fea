"""How amounts are written for people: cents to currency units, with thousands separators and a scale for axes.

Serves tables and pictures.
"""

from __future__ import annotations

from .kpis import Kpi, Unit


def axis_scale(largest: float, currency: str) -> tuple[float, str]:
    """Return the cents in one unit of the axis and the unit's name, for amounts up to `largest` cents."""
    if abs(largest) >= 2e8:
        return 1e8, f"million {currency}"
    if abs(largest) >= 2e5:
        return 1e5, f"thousand {currency}"
    return 1e2, currency


def written(value: float, unit: Unit, *, sign: bool = False) -> str:
    """Return a KPI's value as people write it: money in currency units, counts whole, shares in percent."""
    plus = "+" if sign else ""
    if unit == "money":
        digits = 2 if abs(value) < 1e6 else 0
        return f"{value / 100:{plus},.{digits}f}"
    if unit == "share":
        return f"{value * 100:{plus}.2f} %"
    return f"{value:{plus},.0f}"


def written_difference(kpi: Kpi, difference: float) -> str:
    """Return a difference of a KPI with its sign; shares differ in percentage points."""
    if difference == 0:
        return "0"
    if kpi.unit == "share":
        return f"{difference * 100:+.2f} pp"
    return written(difference, kpi.unit, sign=True)


def lift_told(lift: float | None) -> str:
    """Return a relative difference as people write it: 0.2 is `+20.0 %`, 1.5 is `+150 %`; None is `-`."""
    if lift is None:
        return "-"
    if lift == 0:
        return "0"
    if abs(lift) < 0.0005:
        return "0.0 %"
    return f"{100 * lift:+,.0f} %" if abs(lift) >= 0.995 else f"{100 * lift:+.1f} %"
