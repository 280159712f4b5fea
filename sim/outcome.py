"""What came of a run: the ledger by day and state, the shoppers at the end, and the identities that tie them together.

Serves results and experiments. Money is cents, points are points; regions of one world merge by adding integers.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, in_force
from memberlab.scenarios import Scenario

from .campaign_report import merge_reports
from .identities import Books, IdentityResult, check_identities
from .kept_books import KeptBooks, added, merge_books
from .ledger import LEDGER, total
from .position import Position, merge_positions
from .shopper import GUEST_STATE, STATES

if TYPE_CHECKING:
    import pandas as pd

OPENING = np.dtype([
    ("points_balance", "i8"), ("credit", "i8"), ("prior_spend", "i8"), ("last_order_day", "i2"), ("tier", "i1"),
    ("status", "i1"),
])  # fmt: skip
"""What is remembered of each shopper from the opening of the books; points are those owed, credits are cents.

`prior_spend` are cents of goods in the 12 calendar months before.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one arm: `ledger` (days x states), end states `shoppers` and `cards`, `opening` and `closing`.

    `opening_shoppers` (shape: shoppers) holds what each owned when the books were opened, `opened_under` is the
    policy that had promised the points brought forward.
    """

    policy: Policy
    scenario: Scenario
    seed: int
    first_day: int
    start: datetime.date
    ledger: NDArray[np.void]
    shoppers: NDArray[np.void]
    cards: NDArray[np.void]
    opening: Position
    closing: Position
    opening_shoppers: NDArray[np.void]
    opened_under: Policy
    campaigns: NDArray[np.void]
    """One row a campaign, in the order of the policy: see `CAMPAIGN_REPORT`."""
    books: KeptBooks | None = None
    """What finance needs beside the ledger, where the world was told to keep it."""
    brought_forward: int | None = None
    """Value in cents of points and credits brought forward, with those of shoppers who moved between the arms of a
    rollout; None where nobody did."""
    points_moved: Mapping[int, int] = field(default_factory=dict)
    """The points among these, by the day of the ledger on whose morning their owners moved."""

    @property
    def last_day(self) -> int:
        """Return the day after the run's last."""
        return self.first_day + len(self.ledger)

    @property
    def opening_liability(self) -> int:
        """Return the value in cents of points and credits brought forward, under the policy that promised them."""
        if self.brought_forward is not None:
            return self.brought_forward
        promised = in_force(self.opened_under, self.start - datetime.timedelta(days=1))
        return points_liability(promised, self.opening.points) + self.opening.credits

    @property
    def closing_liability(self) -> int:
        """Return the value in cents of the points and reward credits outstanding at the end."""
        return points_liability(self.promised_at_the_end, self.closing.points) + self.closing.credits

    @property
    def promised_at_the_end(self) -> Policy:
        """Return the policy with what its points buy on the run's last day."""
        return in_force(self.policy, self.start + datetime.timedelta(days=len(self.ledger) - 1))

    @property
    def liability_devalued(self) -> int:
        """Return by how many cents the liability fell on the morning of a devaluation: owed points at their old value
        less the same points at the new one; 0 without a devaluation in the time of the run.
        """
        points = self.total("points_devalued")
        if points == 0 or self.policy.points is None or self.policy.points.devaluation is None:
            return 0
        after = in_force(self.policy, self.policy.points.devaluation.on)
        return points_liability(self.policy, points) - points_liability(after, points)

    def total(self, measure: str) -> int:
        """Return the sum of a ledger measure, in cents, points or events."""
        return total(self.ledger, measure)

    def identities(self) -> tuple[IdentityResult, ...]:
        """Return every accounting identity with both sides."""
        ends = self.books.month_ends if self.books else None
        return check_identities(Books(self.opening, self.ledger, self.closing, ends, self.points_moved))

    def digest(self) -> str:
        """Return a hash of ledger and end state; equal digests are equal results, to the bit."""
        digest = hashlib.sha256(np.ascontiguousarray(self.ledger).tobytes())
        digest.update(np.ascontiguousarray(self.shoppers).tobytes())
        return digest.hexdigest()

    @property
    def daily(self) -> pd.DataFrame:
        """Return the ledger as a tidy table: date, tier, paid_membership, measure, value; empty cells are left out."""
        import pandas as pd  # here, because most runs need no table and pandas takes a while to load

        names = [*self.policy.tiers] or ["-"]
        pieces = []
        for measure in LEDGER.names or ():
            day, state = np.nonzero(self.ledger[measure])
            pieces.append(pd.DataFrame({"day": day, "state": state, "measure": measure,
                                        "value": self.ledger[measure][day, state]}))  # fmt: skip
        table = pd.concat(pieces, ignore_index=True)
        labels = ["guest" if s == GUEST_STATE else names[min(s // 2, len(names) - 1)] for s in range(STATES)]
        table.insert(0, "date", pd.Timestamp(self.start) + pd.to_timedelta(table.pop("day"), unit="D"))
        state = table.pop("state").to_numpy()
        table.insert(1, "tier", np.asarray(labels)[state])
        table.insert(2, "paid_membership", (state % 2 == 1) & (state != GUEST_STATE))
        return table


def points_liability(policy: Policy, points: int) -> int:
    """Return the expected cost in cents of `points` outstanding: face value at the policy's expected redemption."""
    if policy.points is None:
        return 0
    value, worth = policy.points.worth
    return points * value * policy.points.expected_redemption // (worth * 10_000)


def merge_regions(outcomes: Sequence[Outcome]) -> Outcome:
    """Return one outcome for all regions of a world, in the order given."""
    first = outcomes[0]
    ledger = added([outcome.ledger for outcome in outcomes])
    return Outcome(
        policy=first.policy,
        scenario=first.scenario,
        seed=first.seed,
        first_day=first.first_day,
        start=first.start,
        ledger=ledger,
        shoppers=np.concatenate([outcome.shoppers for outcome in outcomes]),
        cards=np.concatenate([outcome.cards for outcome in outcomes]),
        opening=merge_positions(outcome.opening for outcome in outcomes),
        closing=merge_positions(outcome.closing for outcome in outcomes),
        opening_shoppers=np.concatenate([outcome.opening_shoppers for outcome in outcomes]),
        opened_under=first.opened_under,
        campaigns=merge_reports([outcome.campaigns for outcome in outcomes]),
        books=merge_books([outcome.books for outcome in outcomes]),
        brought_forward=_merged_value([outcome.brought_forward for outcome in outcomes]),
        points_moved=_by_day([outcome.points_moved for outcome in outcomes]),
    )


def _merged_value(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _by_day(parts: Sequence[Mapping[int, int]]) -> dict[int, int]:
    summed: Counter[int] = Counter()
    for part in parts:
        summed.update(part)
    return dict(summed)
