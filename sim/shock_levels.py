"""How far the market is from its usual self on a day: what all shocks that are on make of each size.

Serves the office, which writes it into the market record, and the arrival of newcomers. Multipliers of shocks that
overlap multiply; shares of orders come together as independent accidents do.
"""

from __future__ import annotations

from memberlab.scenarios import Scenario, Shock, span_of

from .calendar import Calendar


class ShockLevels:
    """The shocks of a scenario by day; days count from the start of the warm-up."""

    def __init__(self, scenario: Scenario, calendar: Calendar) -> None:
        """Work out when each shock is on."""
        self._calendar = calendar
        months = scenario.horizon.months
        self._shocks = tuple((shock, span_of(shock, scenario.start, months)) for shock in scenario.shocks)
        self._day = -1  # the one that was asked for last, and what is on
        self._today: tuple[tuple[Shock, float], ...] = ()

    def change_days(self) -> tuple[int, ...]:
        """Return the days on which any shock changes, in order; those after the horizon are left out."""
        opening = self._calendar.start
        days = {(change - opening).days for _, span in self._shocks for change in span.changes()}
        return tuple(sorted(day for day in days if day <= self._calendar.end))

    def times(self, size: str, day: int, usual: float = 1.0) -> float:
        """Return `usual` times the multipliers of this size that are on."""
        for shock, part in self._on(day):
            whole = getattr(shock, size) / 100
            usual *= whole if part == 1.0 else 1.0 + part * (whole - 1.0)
        return usual

    def share(self, size: str, day: int, usual: float = 0.0) -> float:
        """Return the share of orders that meet an accident of this kind, `usual` of which do anyway (0 to 1)."""
        for shock, part in self._on(day):
            if (more := part * getattr(shock, size) / 10_000) > 0.0:
                usual = 1.0 - (1.0 - usual) * (1.0 - more)
        return usual

    def _on(self, day: int) -> tuple[tuple[Shock, float], ...]:
        """Return the shocks that are on and how much of each, in the order of the scenario."""
        if day != self._day:
            date = self._calendar.date_of(day)
            parts = ((shock, span.size_on(date)) for shock, span in self._shocks)
            self._day, self._today = day, tuple((shock, part) for shock, part in parts if part > 0.0)
        return self._today
