"""What one arm leaves for its books: ledger, month ends and shoppers' own accounts, as integers that regions can add.

Serves the run store and comparisons, where regions are lived in other processes and come together here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, in_force
from memberlab.scenarios import Scenario
from memberlab.sim import (
    LEDGER,
    MEMBER,
    MONTH_END,
    IdentityResult,
    Outcome,
    calendar_of,
    credits_owed,
    points_liability,
    points_owed,
)

ACCOUNT = np.dtype([
    ("gmv", "i8"), ("margin", "i8"), ("benefit_cost", "i8"), ("prior_spend", "i8"),
    ("points_before", "i8"), ("points_after", "i8"), ("credit_before", "i8"), ("credit_after", "i8"),
    ("orders", "i4"), ("yearly_fee", "i4"), ("first_order_day", "i2"), ("last_order_before", "i2"),
    ("last_order_day", "i2"), ("tier_before", "i1"), ("status_before", "i1"), ("tier", "i1"), ("status", "i1"),
])  # fmt: skip
"""One shopper's account: money in cents and orders since the books were opened, points and credits owed then and now.

`yearly_fee` is what the running term of a paid member costs in 365 days, 0 for others.
"""


@dataclass(frozen=True, slots=True)
class LivedBooks:
    """The books of one arm and replication: `ledger` and `on_twin_days` (days x states), `month_ends`, `accounts`
    (shoppers).

    `opened_under` is the policy that had promised the points brought forward, by which the opening is valued.
    """

    policy: Policy
    scenario: Scenario
    seed: int
    first_day: int
    ledger: NDArray[np.void]
    on_twin_days: NDArray[np.void] | None
    month_ends: NDArray[np.void]
    accounts: NDArray[np.void]
    opened_under: Policy
    identities: tuple[IdentityResult, ...]

    @property
    def opening_liability(self) -> int:
        """Return the cents owed for points and credits at the opening."""
        before = self.accounts
        eve = calendar_of(self.scenario).date_of(self.first_day - 1)
        points = points_liability(in_force(self.opened_under, eve), int(before["points_before"].sum()))
        return points + int(before["credit_before"].sum())


def lived_books(outcome: Outcome) -> LivedBooks:
    """Return the books that an outcome leaves. Raises ValueError where the world was not told to keep them."""
    if outcome.books is None:
        raise ValueError("the world kept no books; call World.keep_books before it runs")
    return LivedBooks(
        policy=outcome.policy,
        scenario=outcome.scenario,
        seed=outcome.seed,
        first_day=outcome.first_day,
        ledger=outcome.ledger,
        on_twin_days=outcome.books.on_twin_days,
        month_ends=outcome.books.month_ends,
        accounts=accounts_of(outcome),
        opened_under=outcome.opened_under,
        identities=outcome.identities(),
    )


def accounts_of(outcome: Outcome) -> NDArray[np.void]:
    """Return each shopper's account (shape: shoppers)."""
    shoppers, before = outcome.shoppers, outcome.opening_shoppers
    accounts = np.zeros(len(shoppers), ACCOUNT)
    for field in ("gmv", "margin", "benefit_cost", "orders", "first_order_day", "last_order_day"):
        accounts[field] = shoppers[field]
    accounts["tier"], accounts["status"] = shoppers["tier"], shoppers["status"]
    accounts["tier_before"], accounts["status_before"] = before["tier"], before["status"]
    accounts["prior_spend"], accounts["last_order_before"] = before["prior_spend"], before["last_order_day"]
    accounts["points_before"], accounts["points_after"] = before["points_balance"], points_owed(shoppers, outcome.cards)
    accounts["credit_before"], accounts["credit_after"] = before["credit"], credits_owed(shoppers, outcome.cards)
    days = outcome.cards["term_days"] if len(outcome.cards) == len(shoppers) else np.zeros(len(shoppers), np.int64)
    is_member = (shoppers["status"] & MEMBER) != 0
    accounts["yearly_fee"] = np.where(is_member, shoppers["fee_paid"] * 365 // np.where(days > 0, days, 365), 0)
    return accounts


def merge_lived_books(parts: Sequence[LivedBooks]) -> LivedBooks:
    """Return the books of all regions of a replication, in their order."""
    first = parts[0]
    twins = [part.on_twin_days for part in parts if part.on_twin_days is not None]
    ends = first.month_ends.copy()
    for name in MONTH_END.names or ():
        if name != "month":
            ends[name] = sum(part.month_ends[name] for part in parts)
    identities = tuple(
        replace(same[0], left=sum(one.left for one in same), right=sum(one.right for one in same))
        for same in zip(*(part.identities for part in parts), strict=True)
    )
    return replace(
        first,
        ledger=_added([part.ledger for part in parts]),
        on_twin_days=_added(twins) if len(twins) == len(parts) else None,
        month_ends=ends,
        accounts=np.concatenate([part.accounts for part in parts]),
        identities=identities,
    )


def _added(ledgers: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    total = np.zeros_like(ledgers[0])
    for measure in LEDGER.names or ():
        total[measure] = sum(ledger[measure] for ledger in ledgers)
    return total
