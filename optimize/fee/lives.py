"""One policy lived for the fee finder: each shopper's measures, the fees earned, and whose membership has paid off.

Serves `fee_finder.py`. The work is that of `arms.py`, from the same warm-ups; what it brings home besides is about the
paid membership alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import shopper_measures
from memberlab.sim import MEMBER, Outcome, World

from ..lives import WarmUp, kept_snapshot

FEWEST_DAYS = 90
"""Days that a term must have run before it is asked whether it has paid off."""
YEAR = 365


@dataclass(frozen=True, slots=True)
class FeeLife:
    """One arm of one replication."""

    measures: NDArray[np.float64]
    """As of `shopper_measures` (shape: shoppers x columns)."""
    fees_earned: int
    """Fees earned over the horizon, in cents."""
    judged: int
    """Members at the end whose term has run for 90 days or more."""
    gaining: int
    """Those of them who have saved more by the membership in this term than the part of the fee earned so far."""


def submit_fee_life(executor: Executor, warm_up: WarmUp, policy: Policy) -> list[Future[FeeLife]]:
    """Submit a policy for every region of a replication, in order."""
    return [executor.submit(live_fee, path, policy) for path in warm_up.snapshots]


def live_fee(path: Path, policy: Policy) -> FeeLife:
    """Live the horizon under `policy` from the snapshot in `path`."""
    snapshot = kept_snapshot(path)
    world = World.resume(snapshot, policy)
    outcome = world.run(world.end)
    judged, gaining = members_judged(outcome)
    return FeeLife(shopper_measures(outcome, snapshot.policy), outcome.total("fees_earned"), judged, gaining)


def members_judged(outcome: Outcome) -> tuple[int, int]:
    """Return how many memberships can be judged at the end, and how many of them have saved more than they cost.

    What is saved are discounts, shipping and points of the membership; perks and partners' content count nothing.
    """
    shoppers, cards = outcome.shoppers, outcome.cards
    kept = cards["term_days"].astype(np.int64) if len(cards) == len(shoppers) else np.zeros(len(shoppers), np.int64)
    days = np.where(kept > 0, kept, YEAR)
    passed = np.clip(outcome.last_day - (shoppers["term_end"].astype(np.int64) - days), 0, days)
    asked = ((shoppers["status"] & MEMBER) != 0) & (passed >= np.minimum(FEWEST_DAYS, days))
    paid = shoppers["fee_paid"].astype(np.int64) * passed // days
    return int(asked.sum()), int((asked & (shoppers["term_saving"] > paid)).sum())


def merge_fee_lives(parts: Sequence[FeeLife]) -> FeeLife:
    """Return one life for all regions of a replication, in their order."""
    return FeeLife(
        np.concatenate([part.measures for part in parts]),
        sum(part.fees_earned for part in parts),
        sum(part.judged for part in parts),
        sum(part.gaining for part in parts),
    )
