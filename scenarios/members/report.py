"""What a member file says and what it leaves open: for each thing that a world needs of a member, given or assumed.

Serves whoever opens a world with members and has to know what its figures rest on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from memberlab.policies import Policy

from .members import Members
from .not_given import NO_DAY, NOT_GIVEN
from .schema import MEMBERS


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that a world needs: of how many members the file gives it, of how many not, and what is done then."""

    thing: str
    given: int
    assumed: int
    how: str


ALWAYS_DRAWN = (
    ("purchase rate, and whether the member is still here",
     "drawn from the posterior given the member's own orders (Pareto/NBD or BG/NBD of the population)"),
    ("mean amount", "drawn from the posterior given the member's own spend (Gamma-Gamma of the population)"),
    ("the year's spend and orders by month", "drawn given their sums: Poisson days, gamma amounts"),
    ("next visit", "drawn; memoryless"),
    ("goodwill, accustomed price, orders bought ahead",
     "the mean of shoppers in the same tier and membership who lived two years under the policy"),
    ("readiness to pay with points, taste for perks", "drawn from the assumptions' distribution"),
    ("coupons, pending points, goods on their way back, running campaigns and tasks", "none on the as-of date"),
)  # fmt: skip
"""What no column says, and where it comes from."""


def what_is_known(members: Members, policy: Policy) -> tuple[Known, ...]:
    """Return what the file gives under `policy`, and what is assumed in place of the rest."""
    count = len(members)
    has_ordered = members.last_order_on != NO_DAY
    paid = members.ends_on >= members.as_of.toordinal()
    concerned = {
        "first_order_on": has_ordered, "lifetime_orders": has_ordered, "lifetime_spend": has_ordered,
        "plan": paid, "started_on": paid, "fee_paid": paid, "paid_since": paid,
    }  # fmt: skip
    without = {"member_id", "last_order_on", "auto_renew", "ends_on"}
    if not policy.tiers:
        without |= {"tier", "tier_since", "tier_until"}
    if policy.points is None:
        without.add("points_balance")
    if policy.membership is None:
        without |= {"plan", "started_on", "fee_paid", "paid_since"}
    found = []
    for column in MEMBERS.columns:
        if column.name in without:
            continue
        values = getattr(members, column.name)
        missing = values == ("" if column.kind == "text" else NO_DAY if column.kind == "day" else NOT_GIVEN)
        missing &= concerned.get(column.name, np.ones(count, bool))
        whole = int(np.count_nonzero(concerned.get(column.name, np.ones(count, bool))))
        assumed = int(np.count_nonzero(missing))
        found.append(Known(column.name, whole - assumed, assumed, column.otherwise if assumed else ""))
    if policy.points is not None:
        lots = count if members.has_lots else 0
        spread = "spread over the months in which they can have been earned, the newest first"
        found.append(Known("months of the points", lots, count - lots, "" if lots else spread))
    return (*found, *(Known(thing, 0, count, how) for thing, how in ALWAYS_DRAWN))
