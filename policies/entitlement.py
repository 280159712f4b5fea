"""Whom a promise is for: everybody who has ordered once, a tier and those above it, paid members, or both of these.

Serves the sections that are promised this way (paying later, instant refunds), their checks and the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping

from .model import Section
from .names import Label
from .yaml_reader import Path


class Entitlement(Section):
    """A promise for some; without `from_tier` and `members` it is for everybody who has ordered once."""

    from_tier: Label | None = None
    """Lowest tier that has it; left out, no tier has, or all have if paid members do not have it to themselves."""
    members: bool = False
    """Whether paid members have it in any tier."""


def entitlement_faults(promise: object, tiers: object, has_membership: bool) -> dict[Path, str]:
    """Return what is wrong with whom a written promise is for, by path below its section.

    `tiers` are the names that the policy has, None if they could not be read.
    """
    faults: dict[Path, str] = {}
    tier, members = _part(promise, "from_tier"), _part(promise, "members")
    if isinstance(tier, str) and isinstance(tiers, Mapping) and tier not in tiers:
        mend = f"write one of the policy's tiers ({', '.join(tiers)})"
        mend = mend if tiers else "the policy has none; write a tiers section, or leave from_tier out"
        faults[("from_tier",)] = f"there is no tier '{tier}'; {mend}"
    if members is True and not has_membership:
        faults[("members",)] = "there is no paid membership; write a membership section, or leave members out"
    return faults


def _part(section: object, key: str) -> object:
    return section.get(key) if isinstance(section, Mapping) else getattr(section, key, None)


def is_entitled(promise: Entitlement, tiers: list[str], level: int, *, is_member: bool) -> bool:
    """Return whether an enrolled shopper in the tier of `level` is, with or without the paid membership."""
    if promise.from_tier is None and not promise.members:
        return True
    if promise.members and is_member:
        return True
    return promise.from_tier is not None and level >= tiers.index(promise.from_tier)


def holders(promise: Entitlement) -> str:
    """Return whom a promise is for, in words: `gold and above and paid members`."""
    told = [f"{promise.from_tier} and above"] if promise.from_tier else []
    told += ["paid members"] if promise.members else []
    return " and ".join(told) or "whoever has ordered once"
