"""The list of published facts, from the files of their families. The uses, calibration or hold-out, are frozen.

Serves everybody who runs the suite.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import base_purchases, delivery, goals, points, prices, status
from .fact import Fact

FACTS: tuple[Fact, ...] = tuple(
    sorted(
        (fact for family in (base_purchases, prices, goals, status, points, delivery) for fact in family.FACTS),
        key=lambda fact: fact.number,
    )
)
"""All facts by number."""

_BY_NUMBER: Mapping[int, Fact] = {fact.number: fact for fact in FACTS}


def fact_of(number: int) -> Fact:
    """Return a fact by its number in the behaviour reference. Raises KeyError for one that is not tried."""
    return _BY_NUMBER[number]
