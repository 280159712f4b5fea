"""What can be wrong with members under a policy: tiers and plans that it has not, points and fees it knows nothing of.

Serves whoever opens a world with members: the policy is the one under which they became what they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem, hint

from .checks import units
from .lots import MOST_EXAMPLES, dated_lots
from .members import Members
from .not_given import NO_DAY, NOT_GIVEN

STANDARD_PLAN = "standard"
"""The plan that is the membership's own."""

Message = Callable[[int], str]


def plans_of(policy: Policy) -> list[str]:
    """Return the names of the plans of a policy's paid membership, the membership's own first; empty without one."""
    return [] if policy.membership is None else [STANDARD_PLAN, *policy.membership.plans]


def fail_if_members_do_not_fit(members: Members, policy: Policy) -> None:
    """Raise DocumentError with every fault of `members` under `policy`, 20 examples of each."""
    tiers, plans = list(policy.tiers), plans_of(policy)
    paid = members.ends_on != NO_DAY
    problems: list[Problem] = []
    if policy.currency is not None and policy.currency != members.currency:
        wrong = f"{members.currency}, but policy '{policy.name}' is in {policy.currency}"
        problems.append(Problem(members.name, None, "currency", wrong))
    has_tier = members.tier != ""
    if not tiers:
        problems += _examples(members, has_tier, "tier", lambda row: (
            f"'{members.tier[row]}', but policy '{policy.name}' has no tiers; which policy did these members have?"
        ))  # fmt: skip
    else:
        problems += _examples(members, has_tier & ~np.isin(members.tier, tiers), "tier", lambda row: (
            f"'{members.tier[row]}' is not a tier of '{policy.name}'{hint(members.tier[row], tiers, 'its tiers')}"
        ))  # fmt: skip
    if policy.points is None:
        problems += _examples(members, members.points > 0, "points_balance", lambda row: (
            f"{members.points[row]:,}, but policy '{policy.name}' has no points"
        ))  # fmt: skip
    if not plans:
        problems += _examples(members, paid, "ends_on", lambda row: (
            f"a paid term is running, but policy '{policy.name}' has no paid membership"
        ))  # fmt: skip
    else:
        problems += _examples(members, paid & ~np.isin(members.plan, ["", *plans]), "plan", lambda row: (
            f"'{members.plan[row]}' is not a plan of '{policy.name}'{hint(members.plan[row], plans, 'its plans')}"
        ))  # fmt: skip
    if problems:
        raise DocumentError(problems)
    dated_lots(members, policy)


def _examples(members: Members, wrong: NDArray[np.bool_], column: str, message: Message) -> list[Problem]:
    """Return a problem for the first 20 members that are wrong, and the count if there are more."""
    rows = np.flatnonzero(wrong)
    name = members.files[0][0] if members.files else members.name
    problems = [Problem(name, None, f"{column} (row {row})", message(row))
                for row in rows[:MOST_EXAMPLES]]  # fmt: skip
    if len(rows) > MOST_EXAMPLES:
        count = f"{len(rows):,} members are wrong so; the first {MOST_EXAMPLES} are shown"
        problems.insert(0, Problem(name, None, column, count))
    return problems


def tiers_that_spend_does_not_reach(members: Members, policy: Policy) -> list[str]:
    """Return a notice for each tier whose threshold the year's spend of some of its members does not reach, or that
    some have outgrown: no fault, since tiers are held, granted and reviewed later.
    """
    tiers = list(policy.tiers.items())
    counts_spend = policy.qualification is None or policy.qualification.basis == "spend"
    if not counts_spend or not tiers:
        return []
    notices = []
    known = (members.spend_last_12_months != NOT_GIVEN) & (members.tier != "")
    for level, (name, tier) in enumerate(tiers):
        own = known & (members.tier == name)
        below = own & (members.spend_last_12_months < tier.threshold)
        if below.any():
            lowest = int(members.spend_last_12_months[below].min())
            notices.append(
                f"{np.count_nonzero(below):,} of {np.count_nonzero(own):,} members of {name} have spent less than its "
                f"{units(tier.threshold)} in 12 months (the least {units(lowest)}): the next review may move them"
            )
        if level + 1 < len(tiers):
            above = own & (members.spend_last_12_months >= tiers[level + 1][1].threshold)
            if above.any():
                notices.append(
                    f"{np.count_nonzero(above):,} of {np.count_nonzero(own):,} members of {name} have spent enough for "
                    f"{tiers[level + 1][0]} ({units(tiers[level + 1][1].threshold)})"
                )
    return notices


def notices_under(members: Members, policy: Policy) -> list[str]:
    """Return what a reader should know of members under a policy: what is rounded, ended, or about to move."""
    notices = tiers_that_spend_does_not_reach(members, policy)
    rounded = dated_lots(members, policy).rounded
    if rounded:
        notices.append(
            f"{rounded:,} of {len(members.lot_points):,} lots expire on a day within the policy's period; they live to "
            "its end, so points by month of expiry are exact and their day is rounded up"
        )
    ended = (members.ends_on != NO_DAY) & (members.ends_on < members.as_of.toordinal())
    if ended.any():
        notices.append(f"{np.count_nonzero(ended):,} paid terms had ended before the as-of date: no members any more")
    if policy.membership is not None:
        other = (members.ends_on != NO_DAY) & (members.auto_renew == (not policy.membership.auto_renew))
        if other.any():
            notices.append(
                f"auto_renew of {np.count_nonzero(other):,} members is not the policy's: all terms follow the policy"
            )
    return notices
