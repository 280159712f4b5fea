"""Ways to pay later: trial before buying, and interest-free instalments; each costs the shop something at every use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from .model import Section
from .names import Label
from .number import CountNotation
from .quantities import Money, Percent
from .yaml_reader import Path


class PayLater(Section):
    """Who may pay later, and for which orders; without `from_tier` and `members` everybody who has ordered once."""

    from_tier: Label | None = None
    """Lowest tier that may; left out, no tier gives it, or all do if paid members do not have it to themselves."""
    members: bool = False
    """Whether paid members may in any tier."""
    minimum_order: Money = 0
    """Value of goods from which an order qualifies. In code: cents."""


class TrialBeforeBuy(PayLater):
    """Goods are tried at home and paid afterwards."""

    cost: Money
    """Cost of one use, such as freight of goods that come back, on the average of all uses. In code: cents."""


class Instalments(PayLater):
    """An order is paid month by month without interest, which the shop pays."""

    months: Annotated[int, CountNotation("months", minimum=2, maximum=36)]
    """Months over which an order is paid."""
    monthly_cost: Percent
    """What a month's delay costs the shop, as a share of the amount. In code: basis points."""


def pay_later_faults(option: object, tiers: object, has_membership: bool) -> dict[Path, str]:
    """Return what is wrong with whom a way to pay later is for, by path below its section."""
    faults: dict[Path, str] = {}
    tier, members = _part(option, "from_tier"), _part(option, "members")
    if isinstance(tier, str) and isinstance(tiers, Mapping) and tier not in tiers:
        known = ", ".join(tiers) or "none"
        faults[("from_tier",)] = f"there is no tier '{tier}'; write one of the policy's tiers ({known})"
    if members is True and not has_membership:
        faults[("members",)] = "there is no paid membership; write a membership section, or leave members out"
    return faults


def _part(section: object, key: str) -> object:
    return section.get(key) if isinstance(section, Mapping) else getattr(section, key, None)


def may_pay_later(option: PayLater, tiers: list[str], level: int, *, is_member: bool) -> bool:
    """Return whether an enrolled shopper in the tier of `level` may, with or without the paid membership."""
    if option.from_tier is None and not option.members:
        return True
    if option.members and is_member:
        return True
    return option.from_tier is not None and level >= tiers.index(option.from_tier)
