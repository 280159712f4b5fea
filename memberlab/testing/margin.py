"""How a test writes what difference it allows: `0.5 %` of the figure, `1 point` of a share, or an amount.

Serves the assertions of `policy_check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .misuse import MisuseError

if TYPE_CHECKING:
    from memberlab.results import Kpi

LOWER_IS_BETTER = ("benefit_cost", "benefit_cost_share", "points_liability")
"""KPIs of which more is worse; of all others less is."""

WAYS = "write a share of the figure ('0.5 %'), percentage points of a share ('1 point'), or an amount (500)"


@dataclass(frozen=True, slots=True)
class Margin:
    """An allowed difference: a part of the figure itself, or cents, pieces, or shares 0 to 1."""

    size: float
    is_relative: bool
    told: str

    def of(self, level: float) -> float:
        """Return the difference allowed for a figure of `level`, in the KPI's unit."""
        return abs(level) * self.size if self.is_relative else self.size


def margin_of(kpi: Kpi, given: str | float) -> Margin:
    """Return the margin that a test wrote; raise MisuseError with what would be right."""
    text = str(given).strip()
    number, _, unit = text.partition(" ")
    if text.endswith("%"):
        number, unit = text.removesuffix("%").strip(), "%"
    try:
        size = float(number.replace(",", ""))
    except ValueError:
        raise MisuseError(f"'{text}' is no margin; {WAYS}") from None
    if not 0 <= size < float("inf"):
        raise MisuseError(f"a margin of {text} is below 0 or endless; {WAYS}")
    if unit == "%":
        if size >= 100:
            raise MisuseError(f"a margin of {text} could never be left: the figure would have to fall below zero")
        return Margin(size / 100, True, text)
    if unit in ("point", "points", "pp"):
        if kpi.unit != "share":
            raise MisuseError(f"{kpi.name} is no share, so a margin in points says nothing; {WAYS}")
        return Margin(size / 100, False, text)
    if unit:
        raise MisuseError(f"'{text}' is no margin; {WAYS}")
    if kpi.unit == "share":
        raise MisuseError(f"{kpi.name} is a share: say whether {text} is of the figure ('{text} %') or '{text} points'")
    return Margin(size * (100 if kpi.unit == "money" else 1), False, text)
