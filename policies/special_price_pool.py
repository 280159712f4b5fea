"""The special-price pool: a limited number of units a month at a special price, to higher tiers first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from .model import Section
from .names import Label
from .number import CountNotation
from .quantities import MoneyNotation, PercentNotation
from .yaml_reader import Path

MOST_DAYS_EARLY = 27


class SpecialPricePool(Section):
    """Units of sought-after goods that are sold below their price while stock lasts, anew each month."""

    units: Annotated[int, CountNotation("units", minimum=1, maximum=100_000_000)]
    """Units on sale each month, in all regions of the scenario together."""
    price: Annotated[int, MoneyNotation(minimum=1, maximum=2_000_000_000)]
    """List price of a unit. In code: cents."""
    discount: Annotated[int, PercentNotation(minimum=1, maximum=9_999)]
    """Off the list price of a unit, in place of the standing discount where that is smaller. In code: basis points."""
    opens: Annotated[int, CountNotation("day of the month", minimum=1, maximum=28)] = 1
    """Day of the month on which everybody may buy; what is unsold when the month ends is withdrawn."""
    early_access: Mapping[Label, Annotated[int, CountNotation("days", minimum=1, maximum=MOST_DAYS_EARLY)]] = Field(
        default_factory=dict[str, int]
    )
    """Days before `opens` from which a tier may buy, by the tier's name; within the same month."""
    each: Annotated[int, CountNotation("units", minimum=1, maximum=1_000)] = 1
    """Most units that one member gets in a month; one an order."""


def pool_faults(pool: object, tiers: object) -> dict[Path, str]:
    """Return what is wrong with early access, by path below `special_price_pool`."""
    faults: dict[Path, str] = {}
    early, opens = _part(pool, "early_access"), _part(pool, "opens", 1)
    for name, days in early.items() if isinstance(early, Mapping) else ():
        if isinstance(tiers, Mapping) and name not in tiers:
            known = ", ".join(tiers) or "none"
            faults["early_access", name] = f"there is no tier '{name}'; write one of the policy's tiers ({known})"
        elif isinstance(days, int) and isinstance(opens, int) and days >= opens:
            mend = f"write {opens - 1} or less" if opens > 1 else "write a later day for opens"
            faults["early_access", name] = f"{days} days before day {opens} lie in the month before; {mend}"
    return faults


def _part(section: object, key: str, default: object = None) -> object:
    return section.get(key, default) if isinstance(section, Mapping) else getattr(section, key, default)
