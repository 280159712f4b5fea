"""Launch day as three pictures of the same members: the evening before, the old policy's morning, and the new one's.

Serves the frames of a cut-over. What the old policy would have done on that morning anyway (points that come of age,
its own review) is told apart by it. Money is cents, points are points, levels count from 0, the lowest tier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, tier_counterparts
from memberlab.scenarios import Scenario
from memberlab.sim import ENROLLED, MEMBER, Outcome, fees_not_earned, points_owed

FATES = ("none", "runs on", "converted", "refunded", "ends that day", "renews that day", "begins that day")
"""What becomes of a paid membership on launch morning."""


@dataclass(frozen=True)
class YearOrders:
    """The orders of the 12 calendar months before launch, by date: the place of the shopper among all, the month (0 the
    first of the 12) and cents of goods.

    `are_estimated` says that only the spend of each month is known, and that orders were made of it.
    """

    shopper: NDArray[np.int64]
    month: NDArray[np.int64]
    goods: NDArray[np.int64]
    are_estimated: bool


@dataclass(frozen=True)
class LaunchDay:
    """Everybody on launch day (places are the same throughout): `shoppers` and `cards` on the evening before, what the
    `usual` morning of the old policy does to them, and what that of the new one does (`launched`).
    """

    incumbent: Policy
    candidate: Policy
    scenario: Scenario
    day: int
    shoppers: NDArray[np.void]
    cards: NDArray[np.void]
    usual: Outcome
    launched: Outcome
    orders: YearOrders

    @property
    def members(self) -> NDArray[np.int64]:
        """Return the places of the members on file: everybody who has ever ordered."""
        return np.flatnonzero(self.shoppers["status"] & ENROLLED)

    def level(self, moment: str) -> NDArray[np.int64]:
        """Return the tier of each member by level: `before`, in the `usual` morning, or `launched`."""
        return self._at(moment)["tier"][self.members].astype(np.int64)

    def is_paid(self, moment: str) -> NDArray[np.bool_]:
        """Return whether each member has a paid membership."""
        return np.asarray(self._at(moment)["status"][self.members] & MEMBER != 0)

    def points(self, moment: str) -> NDArray[np.int64]:
        """Return the points that each member is owed: balance and pending points less debts."""
        cards = {"before": self.cards, "usual": self.usual.cards, "launched": self.launched.cards}[moment]
        return points_owed(self._at(moment), cards)[self.members]

    def deferred(self, moment: str) -> NDArray[np.int64]:
        """Return the cents of each member's fee that are not yet earned."""
        cards = {"before": self.cards, "launched": self.launched.cards}[moment]
        return fees_not_earned(self._at(moment), cards, self.day)[self.members]

    def counterpart(self) -> NDArray[np.int64]:
        """Return for each member the level of the new ladder that stands for the old tier: by map, name or level."""
        highest = max(0, len(self.candidate.tiers) - 1)
        stands_for = np.minimum(np.arange(8), highest)
        for level, found in enumerate(tier_counterparts(self.candidate, self.incumbent)):
            stands_for[level] = min(level, highest) if found is None else found
        return np.asarray(stands_for[self.level("before")], np.int64)

    def fate(self) -> NDArray[np.object_]:
        """Return what becomes of each member's paid membership, one of FATES."""
        before, after = self.is_paid("before"), self.is_paid("launched")
        ends_today = self.shoppers["term_end"][self.members] <= self.day
        migration = None if self.candidate.migration is None else self.candidate.migration.memberships
        goes_on = "converted" if migration is not None and migration.rule == "convert" else "runs on"
        fate = np.full(len(before), "none", object)
        fate[before & after] = goes_on
        fate[before & ~after] = "refunded"
        fate[before & ends_today] = "ends that day"
        fate[before & after & ends_today] = "renews that day"
        fate[~before & after] = "begins that day"
        return fate

    def _at(self, moment: str) -> NDArray[np.void]:
        return {"before": self.shoppers, "usual": self.usual.shoppers, "launched": self.launched.shoppers}[moment]


def names_of(policy: Policy, levels: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the names of tiers by level; `-` without tiers."""
    names = list(policy.tiers) or ["-"]
    return np.array(names, object)[np.minimum(levels, len(names) - 1)]
