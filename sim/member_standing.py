"""Tiers of members as their file has them, and on the card since when and until when they are held.

Serves a world that opens with members.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import PERIOD_MONTHS, Policy, Qualification, standing_needs_notes
from memberlab.scenarios import Members

from .calendar import Calendar, first_of_month
from .card import welcomes_to_tiers
from .standing_history import write_history


def lay_tiers(members: Members, policy: Policy, shoppers: NDArray[np.void]) -> None:
    """Write the tiers into the members' records (shape: members); where none is given, the one that the year's spend
    reaches.
    """
    names = list(policy.tiers)
    if not names:
        return
    thresholds = [tier.threshold for tier in policy.tiers.values()]
    reached = np.zeros(len(members), np.int64)
    for level, threshold in enumerate(thresholds):
        reached = np.where((reached == level - 1) & (shoppers["window_spend"] >= threshold), level, reached)
    given = np.array([names.index(name) if name else -1 for name in members.tier], dtype=np.int64)
    shoppers["tier"] = np.where(given >= 0, given, reached)


def lay_standing(
    members: Members, policy: Policy, shoppers: NDArray[np.void], cards: NDArray[np.void], calendar: Calendar
) -> None:
    """Write what the office notes about tiers on the members' cards (shape: members), on the as-of morning.

    `shoppers` have the year's (or the life's) spend and orders in their accounts.
    """
    first_date = calendar.start.toordinal()
    if welcomes_to_tiers(policy):
        cards["tiers_reached"] |= ((2 << shoppers["tier"].astype(np.int64)) - 1).astype(np.int16)
    since = np.where(members.tier_since > 0, members.tier_since, members.as_of.toordinal())
    cards["tier_since"] = np.maximum(since - first_date, 0)
    if not standing_needs_notes(policy):
        return
    write_history(cards, shoppers, policy, calendar, calendar.launch)
    by_rule = _held_until(members, policy, since)
    until = np.where(members.tier_until > 0, members.tier_until + 1, by_rule) - first_date
    cards["held_until"] = np.where((shoppers["tier"] > 0) & (until > 0), np.minimum(until, 32_000), 0)


def _held_until(members: Members, policy: Policy, since: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first ordinal on which each tier may be taken away by the policy's rule, 0 where it is not held.

    A tier that is kept for months was earned again as often as it takes to be held on the as-of date; one that is kept
    to the end of a period is held to the end of the running one.
    """
    rules = policy.qualification or Qualification()
    as_of = members.as_of
    if rules.kept_months > 0:
        step = np.timedelta64(1, "D")
        epoch = np.datetime64("0001-01-01")
        begun = (epoch + (since - 1) * step).astype("datetime64[M]")
        day = since - (begun.astype("datetime64[D]") - epoch).astype(np.int64)
        now = np.datetime64(as_of, "M")
        passed = np.maximum((now - begun).astype(np.int64), 0)
        ahead = (passed // rules.kept_months + 1) * rules.kept_months
        ends = ((begun + ahead).astype("datetime64[D]") - epoch).astype(np.int64)
        return np.asarray(ends + np.minimum(day, 28) + rules.grace_days)
    if rules.kept != "until review" and rules.window in PERIOD_MONTHS:
        months = PERIOD_MONTHS[rules.window]
        number = as_of.year * 12 + as_of.month - 1
        end = first_of_month(as_of, (number // months + 1) * months - number)
        return np.full(len(members), end.toordinal() + rules.grace_days)
    return np.zeros(len(members), np.int64)
