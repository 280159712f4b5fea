"""The list of published facts, from the files of their families. The uses, calibration or hold-out, are frozen.

Serves everybody who runs the suite.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    base_purchases,
    delivery,
    goals,
    offers_and_contact,
    paid_membership,
    points,
    prices,
    status,
    word_of_mouth,
)
from .fact import Fact

FAMILIES = (
    base_purchases, prices, offers_and_contact, goals, status, points, delivery, paid_membership, word_of_mouth,
)  # fmt: skip

FACTS: tuple[Fact, ...] = tuple(
    sorted((fact for family in FAMILIES for fact in family.FACTS), key=lambda fact: fact.number)
)
"""All facts by number; a fact that is tried in two ways stands there twice, under two titles."""

_BY_TITLE: Mapping[str, Fact] = {fact.title: fact for fact in FACTS}


def fact_titled(title: str) -> Fact:
    """Return a fact by its title. Raises KeyError for one that is not tried."""
    return _BY_TITLE[title]
