"""The referral rewards as flat numbers.

Serves `programme_table.py`, whose record it fills in. Amounts are cents.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, Reward

REGISTRATION, FIRST_PURCHASE, EVERY_PURCHASE = 1, 2, 3
DEEDS = {"registration": REGISTRATION, "first-purchase": FIRST_PURCHASE, "every-purchase": EVERY_PURCHASE}
"""The deeds of a friend that can be rewarded, by their names in a policy."""


def write_referral(policy: Policy, programme: NDArray[np.void]) -> None:
    """Fill in the referral's fields of `programme` (shape: 1)."""
    referral = policy.referral
    if referral is None:
        return
    rewarded = DEEDS[referral.rewarded]
    programme["referral_deed"] = rewarded
    programme["referral_orders"] = 0 if rewarded == REGISTRATION else referral.purchases
    programme["referral_minimum"] = referral.minimum_order
    programme["referral_days"] = referral.pending_days
    programme["referral_cap"] = referral.yearly_cap or 0
    programme["referral_worth"] = reward_worth(policy, referral.referrer)
    for side, reward in (("referrer", referral.referrer), ("friend", referral.friend)):
        programme[f"{side}_credit"], programme[f"{side}_points"] = reward.credit, reward.points


def reward_worth(policy: Policy, reward: Reward) -> int:
    """Return what a reward is worth in cents, points at face value."""
    points = policy.points
    face = 0 if points is None else reward.points * points.redeem.value // points.redeem.points
    return reward.credit + face
