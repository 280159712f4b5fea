"""Categories of goods: how much of the baskets each is, for policies that treat a part of the assortment apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from memberlab.policies import Label, PercentNotation, Section, fault


class Category(Section):
    """One category of the assortment."""

    share: Annotated[int, PercentNotation(minimum=1, maximum=9_900)]
    """Share of the list value of all baskets that is of this category; shoppers differ around it. In code: basis
    points."""


def check_shares(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read categories and refuse shares that come to more than whole baskets."""
    categories = read(written)
    total = sum(category.share for category in categories.values())
    if total > 10_000:
        raise fault(f"the shares of the categories come to {total / 100:g} %; write at most 100 % together")
    return categories


Categories = Annotated[Mapping[Label, Category], WrapValidator(check_shares)]
"""Categories by name."""
