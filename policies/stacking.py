"""Stacking: which reductions of an order's price come together, in which order, and how much they may be in all."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidatorFunctionWrapHandler, field_validator

from .model import Section
from .notation import OrNever, fault
from .quantities import PercentNotation
from .validation import read_with_faults
from .yaml_reader import Path

Offer = Literal["standing", "category", "campaign", "coupon"]
"""A kind of reduction: the standing discount of member, tier or membership (the largest of the three), member prices
on a category, the campaign that is on, and a coupon."""

OFFERS: tuple[Offer, ...] = get_args(Offer)
"""Every kind, in the order in which they apply unless the policy says otherwise."""


class Stacking(Section):
    """How the reductions of one order come together; each takes its share of what those before it have left."""

    order: Annotated[tuple[Offer, ...], Field(strict=False)] = OFFERS
    """Order of application; kinds that are left out follow in the order standing, category, campaign, coupon."""
    exclusive: Annotated[tuple[Annotated[tuple[Offer, ...], Field(strict=False)], ...], Field(strict=False)] = ()
    """Groups of kinds that exclude each other: of a group only the one that takes off most applies."""
    most: Annotated[int | None, OrNever(PercentNotation(minimum=1, maximum=9_999))] = None
    """Largest share of the list value that all reductions together may take off an order, never = no such limit; what
    comes last in the order of application is cut first. In code: basis points."""

    @field_validator("order")
    @classmethod
    def _names_no_kind_twice(cls, order: tuple[Offer, ...]) -> tuple[Offer, ...]:
        if twice := [kind for kind in dict.fromkeys(order) if order.count(kind) > 1]:
            raise fault(f"{', '.join(twice)} stands there twice; write each kind once")
        return order

    @field_validator("exclusive", mode="wrap")
    @classmethod
    def _share_no_kind(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        return read_with_faults(written, read, overlaps(written))

    def sequence(self) -> tuple[Offer, ...]:
        """Return every kind in the order of application."""
        return (*self.order, *(kind for kind in OFFERS if kind not in self.order))


def overlaps(written: object) -> dict[Path, str]:
    """Return the faults of exclusive groups: one kind alone excludes nothing, and no kind may stand in two groups."""
    if not isinstance(written, list | tuple):
        return {}
    faults: dict[Path, str] = {}
    seen: dict[object, int] = {}
    for place, group in enumerate(written):
        if not isinstance(group, list | tuple):
            continue
        if len(group) < 2:
            faults[(place,)] = "a group of one excludes nothing; write two kinds or more, such as [standing, coupon]"
        for kind in group:
            if isinstance(kind, str) and kind in seen:
                other = "twice in this group" if seen[kind] == place else f"in group {seen[kind] + 1} already"
                faults[(place,)] = f"'{kind}' stands {other}; groups may not overlap, join them"
            elif isinstance(kind, str):
                seen[kind] = place
    return faults
