"""What an experimenter sees of a rollout, beside what the lab knows: means a shopper in arm and hold-out, and twins.

Serves the rollout. A window runs from the morning of one day to that of another; what a shopper earned the shop in it
is a difference of the shopper's accounts. Sums and sums of squares add up over regions. Money is cents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import Policy
from memberlab.sim import credits_owed, points_owed

from .measures import liability_by_shopper
from .uplift import CONFIDENCE

FIGURES: Mapping[str, tuple[str, Literal["money", "count"]]] = {
    "margin": ("Margin", "money"),
    "gmv": ("GMV", "money"),
    "orders": ("Orders", "count"),
    "benefit_cost": ("Benefit cost", "money"),
}
"""What is told of each arm, a shopper: title and unit. Margin and benefit cost are after the rise in the points
liability."""


def shopper_accounts(
    shoppers: NDArray[np.void], cards: NDArray[np.void], lanes: NDArray[np.uint8], policies: Sequence[Policy]
) -> NDArray[np.float64]:
    """Return the accounts of each shopper as of now (shape: shoppers x figures), in the order of `FIGURES`.

    `lanes` says under which of `policies` each lives, and so what a point is worth; what points were worth on launch
    day is still in, and goes out with the difference of two days.
    """
    owed, liability = points_owed(shoppers, cards), credits_owed(shoppers, cards).astype(float)
    for number, policy in enumerate(policies):
        there = lanes == number
        liability[there] += liability_by_shopper(policy, owed[there])
    columns = (
        shoppers["margin"] - liability, shoppers["gmv"], shoppers["orders"], shoppers["benefit_cost"] + liability
    )  # fmt: skip
    return np.column_stack([np.asarray(column, float) for column in columns])


@dataclass(frozen=True, slots=True)
class Moments:
    """A group of shoppers: how many, the sums of each figure and of its square (shapes: figures)."""

    count: int
    sums: NDArray[np.float64]
    squares: NDArray[np.float64]

    @property
    def means(self) -> NDArray[np.float64]:
        """Return the mean of each figure; 0 for nobody."""
        return self.sums / max(1, self.count)

    @property
    def variances(self) -> NDArray[np.float64]:
        """Return the variance of each figure between shoppers; 0 for fewer than two."""
        if self.count < 2:
            return np.zeros_like(self.sums)
        return np.asarray(np.maximum(0.0, self.squares - self.sums**2 / self.count) / (self.count - 1))


def moments_of(table: NDArray[np.float64]) -> Moments:
    """Return the moments of a table (shape: shoppers x figures)."""
    return Moments(len(table), table.sum(axis=0), (table**2).sum(axis=0))


def added_moments(parts: Iterable[Moments]) -> Moments:
    """Return the moments of several groups together."""
    listed = list(parts)
    sums, squares = (sum(getattr(one, name) for one in listed) for name in ("sums", "squares"))
    return Moments(sum(one.count for one in listed), np.asarray(sums), np.asarray(squares))


@dataclass(frozen=True, slots=True)
class Sight:
    """One window of an arm: the moments of its shoppers and of the hold-out, and of what the arm's shoppers gained on
    the same shoppers under today's policy; `spill` is the same of the hold-out, and 0 where nothing is shared.
    """

    arm: Moments
    held: Moments
    gained: Moments
    spill: Moments

    def seen(self, confidence: float = CONFIDENCE) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the difference of the means a shopper, and half of its interval between shoppers (shapes: figures).

        Welch's interval (Welch, 1947), with Satterthwaite's degrees of freedom; without limit where a group has fewer
        than two shoppers.
        """
        difference = self.arm.means - self.held.means
        if min(self.arm.count, self.held.count) < 2:
            return difference, np.full_like(difference, np.inf)
        parts = [one.variances / one.count for one in (self.arm, self.held)]
        variance = parts[0] + parts[1]
        spread = parts[0] ** 2 / (self.arm.count - 1) + parts[1] ** 2 / (self.held.count - 1)
        freedom = np.divide(variance**2, spread, out=np.ones_like(variance), where=spread > 0)
        quantile = np.asarray(special.stdtrit(freedom, 0.5 + confidence / 2), np.float64)
        return difference, np.asarray(quantile * np.sqrt(variance), np.float64)


def added_sights(sights: Iterable[Sight]) -> Sight:
    """Return the same window of several regions as one."""
    listed = list(sights)
    return Sight(*(added_moments(getattr(one, name) for one in listed) for name in ("arm", "held", "gained", "spill")))
