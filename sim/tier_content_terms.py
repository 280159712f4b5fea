"""The partners' content of tiers as flat numbers, and what a paid membership adds to it.

Serves `programme_table.py`, whose records it fills in. Amounts are cents of one month, except where a year is named.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import MOST_PERKS, Policy, content_of_tier, value_added_by_membership

from .shopper import GUEST_STATE, STATES

CONTENT_PLACES = MOST_PERKS + 1
"""Places for content in the terms: the first for what has no limit of days, one for each number of days after it."""


def write_tier_content(policy: Policy, programme: NDArray[np.void], terms: NDArray[np.void]) -> None:
    """Fill in what each state has by its tier, who pays for it, and the worth of what the membership adds."""
    programme["has_tier_content"] = int(any(tier.perks for tier in policy.tiers.values()))
    for state, term in enumerate(terms[:STATES]):
        level = 0 if state == GUEST_STATE else state // 2
        term["perks_value"] = 12 * value_added_by_membership(policy, level)
        if state == GUEST_STATE:
            continue
        content = list(content_of_tier(policy, level, is_member=state % 2 == 1).values())
        limits = sorted({one.active_days for one in content if one.active_days is not None})
        for place, days in enumerate([None, *limits]):
            alike = [one for one in content if one.active_days == days]
            term["content_days"][place] = days or 0
            term["content_cost"][place] = sum(one.cost for one in alike)
            term["content_sponsored"][place] = sum(one.sponsored for one in alike)
            term["content_value"][place] = sum(one.value for one in alike if not one.by_membership)
