"""Contradictions between the sections of a policy: what each section alone allows and both together do not.

Serves the loading of a policy, which names them with file and line. A benefit that speaks of another section adds its
check to the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .campaign_checks import campaign_contradictions
from .categories import category_contradictions
from .contact import contact_contradictions
from .coupons import coupon_contradictions
from .devaluation import devaluation_contradictions
from .membership import membership_contradictions
from .migration import migration_contradictions
from .qualification import qualification_contradictions
from .rewards import reward_contradictions
from .yaml_reader import Path

if TYPE_CHECKING:
    from .policy import Policy

CHECKS: tuple[Callable[[Policy], Iterator[tuple[Path, str]]], ...] = (
    coupon_contradictions,
    reward_contradictions,
    category_contradictions,
    membership_contradictions,
    qualification_contradictions,
    campaign_contradictions,
    contact_contradictions,
    migration_contradictions,
    devaluation_contradictions,
)
"""Every check: from a policy whose sections are sound to paths and messages."""


def contradictions(policy: Policy) -> dict[Path, str]:
    """Return what is wrong between the sections of *policy*, by path."""
    return {path: message for check in CHECKS for path, message in check(policy)}
