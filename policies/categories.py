"""Categories: member prices and extra points on a part of the assortment, such as slow brands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from .model import Section
from .names import Label
from .quantities import Discount, Multiplier

if TYPE_CHECKING:
    from .policy import Policy
    from .yaml_reader import Path

MOST_CATEGORIES = 4
"""Categories that a scenario or a policy can name."""


class CategoryTerms(Section):
    """What members get on the goods of one category; the scenario says how much of the baskets it is."""

    discount: Discount = 0
    """Member price: discount on the list prices of the category. In code: basis points."""
    earn_multiplier: Multiplier = 100
    """Points on the category, as a multiple of the member's own rate. In code: percent."""
    tiers: Annotated[tuple[Label, ...], Field(strict=False)] = ()
    """Tiers whose members get it; empty = every member."""
    paid_members_only: bool = False
    """Whether only paid members get it."""


Categories = Annotated[Mapping[Label, CategoryTerms], Field(max_length=MOST_CATEGORIES)]
"""Terms by category, at most four."""


def category_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield categories for tiers or members that do not exist, that promise nothing, or points without a scheme."""
    for name, category in policy.categories.items():
        here: Path = ("categories", name)
        for place, tier in enumerate(category.tiers):
            if tier not in policy.tiers:
                yield (*here, "tiers", place), f"there is no tier '{tier}'; write one of {', '.join(policy.tiers)}"
        if category.paid_members_only and policy.membership is None:
            yield (*here, "paid_members_only"), "there is no paid membership; add membership: ... or write false"
        if category.earn_multiplier != 100 and policy.points is None:
            yield (*here, "earn_multiplier"), "there are no points to multiply; add points: ... or leave it out"
        if category.discount == 0 and category.earn_multiplier == 100:
            yield here, "promises nothing; write a discount or an earn_multiplier, or drop the category"
