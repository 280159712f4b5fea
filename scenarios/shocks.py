"""Shocks: months in which the market is not itself, as in a recession or a strike of the carriers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import ValidationInfo, field_validator

from memberlab.policies import CountNotation, Label, Multiplier, MultiplierNotation, Section, fault

HorizonMonth = Annotated[int, CountNotation("month of the horizon", minimum=1, maximum=120)]
"""A month counted from the start of the horizon; the first is 1."""


class Shock(Section):
    """A disturbance that multiplies what drives the market for some months."""

    name: Label
    """What messages and charts call it."""
    from_month: HorizonMonth
    """First month of the shock; 1 = the first month of the horizon."""
    until_month: HorizonMonth | None = None
    """Last month of the shock; left out, it lasts to the end of the horizon."""
    visits: Multiplier = 100
    """Rate of visits, times the usual. In code: percent."""
    baskets: Multiplier = 100
    """Value of baskets, times the usual. In code: percent."""
    prices: Annotated[int, MultiplierNotation(minimum=1)] = 100
    """List prices of the whole market, times the usual; what goods cost the shop stays. In code: percent."""
    price_sensitivity: Multiplier = 100
    """Response to prices, times the usual. In code: percent."""
    shipping_cost: Multiplier = 100
    """The shop's cost of delivery, times the usual. In code: percent."""

    @field_validator("until_month")
    @classmethod
    def _is_not_before_the_start(cls, until_month: int | None, info: ValidationInfo) -> int | None:
        start = info.data.get("from_month")
        if until_month is not None and start is not None and until_month < start:
            raise fault(f"{until_month} is before from_month, {start}; write {start} or a later month")
        return until_month


def shock_faults(written: object, horizon_months: int | None) -> dict[tuple[str | int, ...], str]:
    """Return what is wrong with shocks among themselves and against the horizon, by path below `shocks`."""
    faults: dict[tuple[str | int, ...], str] = {}
    names: set[object] = set()
    for position, shock in enumerate(written if isinstance(written, list | tuple) else ()):
        name = part(shock, "name")
        if isinstance(name, str) and name in names:
            faults[position, "name"] = f"'{name}' names an earlier shock; give each its own name"
        names.add(name if isinstance(name, str) else None)
        for key in ("from_month", "until_month"):
            if message := after_horizon(part(shock, key), horizon_months):
                faults[position, key] = message
    return faults


def after_horizon(month: object, horizon_months: int | None) -> str | None:
    """Return what is wrong with a written *month* that lies after the horizon; None if that cannot be said."""
    if isinstance(month, int) and horizon_months is not None and month > horizon_months:
        return f"{month} is after the last month of the horizon; write {horizon_months} or less"
    return None


def part(section: object, key: str) -> object:
    """Return a value of a section that may be written as a mapping or be a model already; None if it is absent."""
    return section.get(key) if isinstance(section, Mapping) else getattr(section, key, None)
