"""How a difference with its interval is told, drawn and put on a card, whatever its unit.

Serves the reports of the commands that ask one question: sweep, fee, pilot, rollout and the like.
"""

from __future__ import annotations

from babel import numbers

from ..kpis import KPIS, Unit
from .cards import Card
from .wording import Wording

FACTOR: dict[Unit, float] = {"money": 0.01, "share": 100.0, "count": 1.0}
"""From a figure as it is stored to the one that is drawn: cents to currency units, shares to percentage points."""


def in_sentence(kpi: str, wording: Wording) -> str:
    """Return a key figure's name as it stands within a sentence."""
    title = wording.text(KPIS[kpi].title)
    return title if title.isupper() else title[0].lower() + title[1:]


def axis_title(unit: Unit, wording: Wording) -> str:
    """Return what is drawn along an axis."""
    return {"money": wording.currency, "share": wording.text("percentage points"), "count": wording.text("count")}[unit]


def number(value: float, wording: Wording, digits: int = 4) -> str:
    """Return a plain number to so many digits."""
    return str(numbers.format_decimal(float(f"{value:.{digits}g}"), format="#,##0.######", locale=wording.locale))


def end_told(value: float | None, wording: Wording) -> str:
    """Return an end of an interval of a lever or fee; open where there is none."""
    return wording.text("open") if value is None else number(value, wording)


def change_told(value: float, low: float, high: float, unit: Unit, wording: Wording) -> str:
    """Return a difference with its interval below it."""
    return f"{_difference(value, unit, wording)}\n{_interval(low, high, unit, wording)}"


def change_card(
    title: str, value: float, low: float, high: float, unit: Unit, wording: Wording, beside: str = ""
) -> Card:  # fmt: skip
    """Return the card of a difference with its interval, and what stands below it."""
    certainty = wording.text("95 %: {interval}", interval=_interval(low, high, unit, wording))
    return Card(title, _difference(value, unit, wording), "\n".join(one for one in (certainty, beside) if one))


def _difference(value: float, unit: Unit, wording: Wording) -> str:
    """Return a difference; counts a shopper keep their decimals."""
    if unit == "count" and value and abs(value) < 100:
        return ("+" if value > 0 else "") + number(value, wording, 3)
    return wording.difference(value, unit)


def _interval(low: float, high: float, unit: Unit, wording: Wording) -> str:
    ends = (_difference(one, unit, wording) for one in (low, high))
    return wording.text("{low} to {high}", **dict(zip(("low", "high"), ends, strict=True)))
