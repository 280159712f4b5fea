"""Launch morning alone: the office's business with everybody on the day of a launch, and no visit.

Serves whoever asks what a cut-over does before anything is simulated forward. The work is that of any other run, by the
same compiled rules, so that its figures are those of the day when it is lived; only nobody comes to the shop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy

from .membership_term import YEAR
from .outcome import Outcome
from .shopper import MEMBER, NEVER
from .snapshot import Snapshot
from .world import World


def launch_morning(snapshot: Snapshot, policy: Policy | None = None) -> Outcome:
    """Return what the office does on the morning of a launch-day `snapshot` when `policy` takes over; left out, under
    the policy of before.

    Raises DocumentError when both policies do not fit, IdentityError when the books do not tie out.
    """
    world = World.resume(snapshot, policy)
    world.shoppers["next_visit"] = NEVER
    world.cards["prompted_day"] = NEVER
    return world.run(world.day + 1)


def fees_not_earned(shoppers: NDArray[np.void], cards: NDArray[np.void], day: int) -> NDArray[np.int64]:
    """Return the cents of each shopper's running fee that are not yet earned on the morning of `day` (shape:
    shoppers).
    """
    noted = cards["term_days"].astype(np.int64) if len(cards) == len(shoppers) else np.zeros(len(shoppers), np.int64)
    days = np.where(noted > 0, noted, YEAR)
    fee, term_end = shoppers["fee_paid"].astype(np.int64), shoppers["term_end"].astype(np.int64)
    passed = np.clip(day - (term_end - days), 0, days)
    return np.asarray(np.where(shoppers["status"] & MEMBER, fee - fee * passed // days, 0))
