"""Tiers: the ladder of member levels, what reaches each and what each promises."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any

from pydantic import ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from .coupons import CouponsAMonth
from .model import Section
from .names import Label
from .notation import shown
from .quantities import Discount, Money, MoneyNotation, Multiplier
from .validation import read_with_faults
from .yaml_reader import Path

MOST_TIERS = 8


class Tier(Section):
    """One level of the ladder, reviewed at the start of each month."""

    threshold: Money
    """Spend in the last 12 calendar months that reaches the tier; the first tier has 0. In code: cents."""
    discount: Discount = 0
    """Discount on list prices for members of the tier. In code: basis points."""
    earn_multiplier: Multiplier = 100
    """Points earned, as a multiple of the base rate. In code: percent."""
    free_shipping: bool = False
    """Whether orders of members of the tier are delivered free of charge."""
    coupons_a_month: CouponsAMonth = 0
    """Coupons a month for members of the tier, beside everybody's."""


def ladder_faults(thresholds: Mapping[str, int | None]) -> dict[Path, str]:
    """Return what is wrong with a ladder of *thresholds* (cents, in the order of the file), by path below `tiers`.

    The first threshold must be 0 and each must be above the one before it. None stands for one that cannot be read.
    """
    faults: dict[Path, str] = {}
    first = next(iter(thresholds), "")
    if floor_of_all := thresholds.get(first):
        faults[first, "threshold"] = f"{_money(floor_of_all)} is not 0; the first tier is everybody's, write 0"
    readable = [(name, cents) for name, cents in thresholds.items() if cents is not None]
    for (lower, floor), (name, cents) in pairwise(readable):
        if cents <= floor:
            wrong = "is equal to" if cents == floor else "is below"
            mend = f"write more than {_money(floor)}, or put the tiers in rising order"
            faults[name, "threshold"] = f"{_money(cents)} {wrong} {lower}'s {_money(floor)}; {mend}"
    return faults


def check_ladder(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read tiers and report the faults of the ladder together with those of each tier."""
    if not isinstance(written, Mapping):
        return read(written)
    faults = ladder_faults(_readable_thresholds(written))
    if len(written) == 1 or len(written) > MOST_TIERS:
        count = "1 tier is" if len(written) == 1 else f"{len(written)} tiers are"
        faults[()] = f"{count} no ladder; write 2 to {MOST_TIERS} tiers, or none"
    return read_with_faults(written, read, faults)


Ladder = Annotated[Mapping[Label, Tier], WrapValidator(check_ladder)]
"""Tiers by name, lowest first: none, or 2 to 8."""


def _readable_thresholds(written: Mapping[Any, object]) -> dict[str, int | None]:
    """Return the thresholds that can be read, so that the order is checked even where a tier has other faults."""
    return {name: _readable_threshold(tier) for name, tier in written.items()}


def _readable_threshold(tier: object) -> int | None:
    if isinstance(tier, Tier):
        return tier.threshold
    try:
        return MoneyNotation().read(tier["threshold"]) if isinstance(tier, Mapping) and "threshold" in tier else None
    except PydanticCustomError:
        return None


def _money(cents: int) -> str:
    return shown(MoneyNotation().write(cents))
