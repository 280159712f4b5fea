"""What bonus-hunters cost: a line for each way of hunting, in all and for one hunter.

Serves whoever writes caps and claw-backs. Figures come from the ledger, where the rules post them as they happen; they
are parts of other lines of the bridge, not beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from memberlab.sim import ENROLLED, Outcome, points_liability


@dataclass(frozen=True, slots=True)
class HunterLine:
    """One way of hunting; amounts are cents."""

    name: str
    title: str
    times: int
    """Orders more, returns, or activities beyond the usual."""
    cost: int
    """Delivery, payments, lost goods and handling that it caused; negative where delivery fees paid for more."""
    points: int
    """Points that it earned beyond what others would have had, or kept for goods that went back."""
    points_cost: int
    """These points at expected cost, by what they buy on the last day."""

    @property
    def total(self) -> int:
        """Return all that it cost."""
        return self.cost + self.points_cost


WAYS = (
    ("splitting", "Orders split", "orders_split", "hunter_split_cost", "hunter_split_points"),
    ("returning", "Goods returned after a bonus", "hunter_returns", "hunter_return_cost", "hunter_kept_points"),
    ("farming", "Activities farmed", "farmed", None, "hunter_farmed_points"),
)


def hunters_in(outcome: Outcome) -> int:
    """Return how many hunters are in the programme at the end."""
    if outcome.scenario.bonus_hunters is None:
        return 0
    is_here = outcome.shoppers["status"] & ENROLLED != 0
    return int(np.count_nonzero((outcome.cards["hunts"] != 0) & is_here))


def hunter_lines(outcome: Outcome) -> tuple[HunterLine, ...]:
    """Return what hunters cost by the way of hunting; empty in a scenario without them."""
    if outcome.scenario.bonus_hunters is None:
        return ()
    lines = []
    for name, title, times, cost, points in WAYS:
        earned = outcome.total(points)
        sign = 1 if earned >= 0 else -1
        worth = sign * points_liability(outcome.promised_at_the_end, abs(earned))
        cents = outcome.total(cost) if cost is not None else 0
        lines.append(HunterLine(name, title, outcome.total(times), cents, earned, worth))
    return tuple(lines)
