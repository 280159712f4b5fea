"""Tiers in plain language: what counts, how each is reached, and what happens to a member who no longer earns one.

Serves `memberlab explain`, one sentence a promise.
"""

from __future__ import annotations

from .amounts import counted, listed, money, percent
from .policy import Policy
from .qualification import UNITS, Growth, Qualification
from .quantities import MoneyNotation, MultiplierNotation
from .tiers import UNREACHABLE, Tier

COUNTED = {
    "spend": "spend", "orders": "orders", "activity": "activity (visits, check-ins, reviews)",
    "tenure": "months since the first order", "social": "social contributions (referrals, shares, reviews)",
    "points": "points earned", "balance": "balance of points on the day",
}  # fmt: skip

WINDOWS = {
    "month": "of the calendar month", "quarter": "of the calendar quarter", "year": "of the calendar year",
    "membership year": "of the year from the first order or its anniversary", "lifetime": "of the whole membership",
}  # fmt: skip

REVIEWS = {
    "monthly": "on the first day of each month", "anniversary": "on each anniversary of the first order",
    "period end": "when the {} has ended",
}  # fmt: skip


def what_counts(policy: Policy) -> str:
    """Return what tiers follow and when the office looks."""
    rules = policy.qualification or Qualification()
    return f"Tiers follow the {value_counted(policy)}, looked at {_review(rules)}{_at_once(rules)}"


def value_counted(policy: Policy) -> str:
    """Return what counts and for how long: `spend of the last 12 calendar months`."""
    rules = policy.qualification or Qualification()
    what = COUNTED.get(rules.basis) or f"growth value ({_weights(rules.growth or Growth(), policy)})"
    if rules.basis in {"tenure", "balance"}:
        return what
    rolling = f"of the last {counted(rules.months, 'calendar month')}"
    return f"{what} {WINDOWS.get(rules.window, rolling)}"


def how_reached(name: str, tier: Tier, policy: Policy) -> str:
    """Return what reaches a tier: `from 1,500 CNY`, `from 3 orders`, `by invitation …`."""
    if tier.threshold == UNREACHABLE:
        return _closed(name, tier, policy)
    if tier.threshold == 0 and tier.orders == 0:
        return "from the first order"
    value = value_in_words(tier.threshold, policy)
    return f"from {value}" if tier.orders == 0 else f"from {value} and {counted(tier.orders, 'order')}"


def value_in_words(hundredths: int, policy: Policy) -> str:
    """Return a threshold with its unit: money for spend, else a count."""
    basis = (policy.qualification or Qualification()).basis
    if basis == "spend":
        return money(hundredths, policy)
    return f"{MoneyNotation().write(hundredths):,} {UNITS[basis]}"


def how_tiers_end(policy: Policy) -> list[str]:
    """Return how long tiers are kept and how they are lost, as far as it is more than the tier earned each time."""
    rules = policy.qualification or Qualification()
    grace = f", and {counted(rules.grace_days, 'day')} of grace" if rules.grace_days else ""
    sentences = []
    if rules.kept != "until review":
        period = "membership year" if rules.window == "membership year" else f"calendar {rules.window}"
        end = f"end of the {period}" if rules.kept == "period end" else f"end of the next {period}"
        sentences.append(f"A tier that was reached is kept to the {end}{grace}.")
    elif rules.kept_months:
        sentences.append(f"A tier that was reached is kept for {counted(rules.kept_months, 'month')}{grace}.")
    elif grace:
        sentences.append(f"The review is put off by {counted(rules.grace_days, 'day')} of grace.")
    if rules.demotion == "none":
        sentences.append("Nobody ever falls to a lower tier.")
    elif rules.demotion == "one level":
        sentences.append("Who no longer earns the tier falls one level at a review.")
    if safe := [name for name, tier in policy.tiers.items() if tier.never_demoted]:
        sentences.append(f"Who has reached {listed(safe)} never falls below it.")
    return sentences + _care(rules, policy)


def _care(rules: Qualification, policy: Policy) -> list[str]:
    """Return observation, soft landing and sprint."""
    sentences = []
    if (watch := rules.observation) is not None:
        task = ""
        if watch.make_up_spend is not None:
            saved = counted(watch.safe_months, "month")
            task = f"; a spend of {money(watch.make_up_spend, policy)} in this time saves it for {saved}"
        sentences.append(f"Before a demotion the tier is kept for {counted(watch.days, 'day')} of observation{task}.")
    if (landing := rules.soft_landing) is not None:
        kept = [
            f"{percent(landing.discount)} of the old discount",
            f"{percent(landing.earn_multiplier)} of the extra points",
        ]
        kept += ["free delivery"] if landing.free_shipping else []
        sentences.append(f"After a demotion {listed(kept)} are kept for {counted(landing.months, 'month')}.")
    if (sprint := rules.sprint) is not None:
        sentences.append(
            f"Who lacks no more than {percent(sprint.within)} of the next tier as a month opens gets a task: a spend "
            f"of {money(sprint.spend, policy)} within {counted(sprint.days, 'day')} earns {counted(sprint.points)}."
        )
    return sentences


def _weights(growth: Growth, policy: Policy) -> str:
    """Return the weights of the growth value that are not 0."""
    events = {"order": "an order", "activity": "an activity", "social": "a social contribution", "month": "a month"}
    told = []
    if growth.spend:
        told.append(f"{MultiplierNotation().write(growth.spend)} for each {policy.currency or 'currency unit'} paid")
    told += [f"{getattr(growth, key)} for {event}" for key, event in events.items() if getattr(growth, key)]
    if growth.point:
        told.append(f"{MultiplierNotation().write(growth.point)} for each point earned")
    return listed(told)


def _review(rules: Qualification) -> str:
    period = "membership year" if rules.window == "membership year" else rules.window
    return REVIEWS[rules.review].format(period)


def _at_once(rules: Qualification) -> str:
    return "; a member rises at once" if rules.promotion == "instant" else ""


def _closed(name: str, tier: Tier, policy: Policy) -> str:
    """Return how a tier is reached that no threshold reaches."""
    ways = []
    if (invitation := tier.invitation) is not None:
        whom = "those" if invitation.share == 10_000 else f"{percent(invitation.share)} of those"
        since = f" who have been in the tier below for {counted(invitation.after_months, 'month')}"
        value = f" with {value_in_words(invitation.value, policy)} or more" if invitation.value else ""
        ways.append(f"by invitation to {whom}{since if invitation.after_months else ' in the tier below'}{value}")
    if policy.membership is not None and policy.membership.grants_tier == name:
        ways.append("with the paid membership")
    return " or ".join(ways) or "which nobody can reach"
