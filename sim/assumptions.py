"""The registry of assumptions: every behavioural parameter by name, and the flat record that the rules read.

Serves the rules, the strategist who overrides an assumption or swaps a whole set, and whoever asks where a number
comes from. "Fact" in a source is a number of the behaviour reference's table.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

from .assumed_attrition import ATTRITION
from .assumed_contact import CONTACT
from .assumed_membership import MEMBERSHIP
from .assumed_points import POINTS
from .assumed_price import PRICE
from .assumed_referral import REFERRAL
from .assumed_rival import RIVAL
from .assumed_service import SERVICE
from .assumed_tiers import TIERS
from .assumption import MECHANISMS, Assumption

FAMILIES: Mapping[str, tuple[Assumption, ...]] = {
    "Attrition and goodwill": ATTRITION,
    "Prices, delivery and coupons": PRICE,
    "Points and goals": POINTS,
    "Tiers": TIERS,
    "Paid membership": MEMBERSHIP,
    "Service": SERVICE,
    "Word of mouth": REFERRAL,
    "Campaigns and contact": CONTACT,
    "A rival": RIVAL,
}
"""Assumptions by what they are about, in the order of the reference page."""

ASSUMPTIONS: tuple[Assumption, ...] = tuple(one for family in FAMILIES.values() for one in family)
"""Every behavioural parameter."""

BY_NAME: Mapping[str, Assumption] = {assumption.name: assumption for assumption in ASSUMPTIONS}


class Behaviour(Protocol):
    """The assumptions as the rules read them, by name."""

    def __getattr__(self, assumption: str) -> float: ...


BEHAVIOUR = np.dtype([(assumption.name, "f8") for assumption in ASSUMPTIONS])


def behaviour_record(overrides: Mapping[str, Any] | None = None, *, file: str = "assumptions") -> NDArray[np.void]:
    """Return the assumptions as one record (shape: 1), with `overrides` by name in place of defaults.

    Raises DocumentError for a name that does not exist and for a value outside the assumption's range.
    """
    faults = assumption_faults(overrides or {})
    if faults:
        raise DocumentError(tuple(Problem(file, None, f"assumptions.{name}", text) for name, text in faults.items()))
    record = np.zeros(1, BEHAVIOUR)
    for assumption in ASSUMPTIONS:
        record[assumption.name] = assumption.default
    for name, value in (overrides or {}).items():
        record[name] = float(value)
    return record


def assumption_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with `values` of assumptions, by name: names that do not exist, values out of range."""
    faults = {}
    for name, value in values.items():
        if name not in BY_NAME:
            close = difflib.get_close_matches(name, BY_NAME, n=1)
            hint = f", did you mean '{close[0]}'?" if close else f"; known are {', '.join(BY_NAME)}"
            faults[name] = f"unknown assumption '{name}'{hint}"
        elif not BY_NAME[name].is_plausible(float(value)):
            faults[name] = f"{value} is outside {BY_NAME[name].low:g} to {BY_NAME[name].high:g}"
    return faults


def switched_off(mechanisms: Iterable[str]) -> dict[str, float]:
    """Return the assumptions, all 0, without which shoppers do not react by way of `mechanisms`.

    Raises ValueError with the known names for a mechanism that does not exist.
    """
    chosen = set(mechanisms)
    if unknown := chosen - set(MECHANISMS):
        raise ValueError(f"unknown mechanism '{min(unknown)}'; known are {', '.join(MECHANISMS)}")
    return {assumption.name: 0.0 for assumption in ASSUMPTIONS if assumption.mechanism in chosen}
