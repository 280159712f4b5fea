"""The ways to pay later as flat numbers.

Serves `programme_table.py`, whose records it fills in. Amounts are cents, shares basis points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, is_entitled

from .shopper import GUEST_STATE, STATES
from .states import level_of


def write_pay_later(
    policy: Policy, programme: NDArray[np.void], terms: NDArray[np.void], behaviour: NDArray[np.void], never: int
) -> None:
    """Fill in who may pay later from which value of goods on (`never`: at none), and what a use costs."""
    trial, instalments = policy.trial_before_buy, policy.instalments
    if trial is not None:
        programme["trial_cost"] = trial.cost
    if instalments is not None:
        programme["instalment_share"] = instalments.months * instalments.monthly_cost
    programme["lets_pay_later"] = int(trial is not None or instalments is not None)
    tiers = list(policy.tiers)
    for state, term in enumerate(terms[:STATES]):
        for option, field, pull in (
            (trial, "trial_from", "trial_pull"), (instalments, "instalments_from", "instalment_pull"),
        ):  # fmt: skip
            term[field] = never
            level = level_of(policy, state)
            if state != GUEST_STATE and option and is_entitled(option, tiers, level, is_member=state % 2 == 1):
                term[field] = option.minimum_order
                term["pay_later_pull"] += float(behaviour[pull][0])
