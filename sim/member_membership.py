"""Paid memberships of members as their file has them: the term that runs, its fee, and what it has been worth.

Serves a world that opens with members. Of a term the file need not say the beginning or the fee: then it is a full one
of its plan, at the policy's price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Members
from memberlab.scenarios import members as member_files

from .membership_term import FORMER, YEAR
from .shopper import MEMBER, RENEWED


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Paid terms, one entry a member: whether one runs, its plan by number, first day and the day on which it ends
    (ordinals), and its fee in cents.
    """

    runs: NDArray[np.bool_]
    plan: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    fee: NDArray[np.int64]

    @property
    def days(self) -> NDArray[np.int64]:
        """Return the length of each term."""
        return self.end - self.begin


def terms_of_members(members: Members, policy: Policy) -> Terms:
    """Return the paid terms that run on the as-of date."""
    as_of, membership = members.as_of.toordinal(), policy.membership
    runs = members.ends_on >= as_of
    nothing = np.zeros(len(members), np.int64)
    if membership is None:
        return Terms(runs & False, nothing, nothing, nothing, nothing)
    names = member_files.plans_of(policy)
    plan = np.array([names.index(name) if name else 0 for name in members.plan], dtype=np.int64)
    days = np.array([one.months * YEAR // 12 for one in membership.all_plans])[plan]
    fees = np.array([one.fee for one in membership.all_plans])[plan]
    end = members.ends_on + 1
    begin = np.where(members.started_on > 0, members.started_on, end - days)
    fee = np.where(members.fee_paid >= 0, members.fee_paid, fees)
    return Terms(runs, plan, np.minimum(begin, as_of), end, fee)


def needs_cards_for(terms: Terms) -> bool:
    """Return whether a term that runs is not a plain year, whose length only a card can tell."""
    return bool((terms.runs & (terms.days != YEAR)).any())


def lay_memberships(
    members: Members, terms: Terms, policy: Policy, shoppers: NDArray[np.void], cards: NDArray[np.void] | None,
    first_date: int,
) -> None:  # fmt: skip
    """Write the terms into the members' records and cards (shape: members); None where no cards are kept."""
    runs = terms.runs
    renewed = runs & (members.paid_since > 0) & (members.paid_since < terms.begin)
    shoppers["status"] |= np.where(runs, MEMBER, 0).astype(np.int8) | np.where(renewed, RENEWED, 0).astype(np.int8)
    shoppers["term_end"] = np.where(runs, terms.end - first_date, shoppers["term_end"])
    shoppers["fee_paid"] = np.where(runs, terms.fee, 0)
    if cards is None:
        return
    former = (members.ends_on > 0) & ~runs
    cards["standing"] |= np.where(former, FORMER, 0).astype(np.int8)
    if policy.membership is None:
        return
    months = np.array([one.months for one in policy.membership.all_plans])[terms.plan]
    since = np.where(members.paid_since > 0, members.paid_since, terms.begin)
    for field, values in (
        ("plan", terms.plan), ("plan_months", months), ("term_days", terms.days), ("term_number", 1),
        ("plan_start", terms.end - first_date - months * YEAR // 12),
        ("member_since", np.maximum(since - first_date, -30_000)),
    ):  # fmt: skip
        cards[field] = np.where(runs, values, cards[field])
