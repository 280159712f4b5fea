"""What a utility is made of, by asking the rule itself again with one pull switched off.

Serves the trace. No formula is written twice: the part of a pull is what the rule's result loses without it. The
buying utility is a sum of these pulls, so the parts add up to it; a pull that is missing here leaves a rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .buying import buying_utility
from .plain import changed_copy, listening


class Pull(NamedTuple):
    """One pull on the buying utility: its name, and the field of a record without which there is none of it."""

    name: str
    record: str
    field: str


PULLS = (
    Pull("usual inclination", "s", "base_logit"),
    Pull("goodwill", "s", "goodwill"),
    Pull("felt price", "b", "price_response"),
    Pull("against the usual price", "b", "reference_response"),
    Pull("next tier", "b", "tier_pressure"),
    Pull("first points in reach", "b", "goal_gradient"),
    Pull("spend goal", "o", "challenge_pull"),
    Pull("task", "b", "task_pull"),
    Pull("fee already paid", "b", "sunk_cost"),
    Pull("paying later", "p", "lets_pay_later"),
    Pull("rival's programme", "b", "rival_pull"),
)
"""All that moves the log odds of an order."""


def parts_of_buying_utility(call: Mapping[str, Any], utility: float) -> dict[str, float]:
    """Return the part of each pull that is not zero in the `utility` of a call of the rule; log odds."""
    parts = {pull.name: utility - without(buying_utility, call, pull.record, pull.field) for pull in PULLS}
    return {name: part for name, part in parts.items() if part != 0.0}


def parts_of_membership_utility(
    rule: Callable[..., float], call: Mapping[str, Any], utility: float
) -> dict[str, float]:
    """Return what worth and fee have in the utility of joining or staying, and the inclination left without them."""
    inclination = without(rule, call, "b", "fee_sensitivity")
    return {"worth against fee": utility - inclination, "usual inclination": inclination}


def without(rule: Callable[..., float], call: Mapping[str, Any], record: str, field: str) -> float:
    """Return what a rule would have answered with 0 in one field of one record."""
    with listening({}):
        return rule(*{**call, record: changed_copy(call[record], field, 0)}.values())
