"""The paid membership in plain language: what it costs, how it begins and ends, and how far its benefits go."""

from __future__ import annotations

from collections.abc import Iterator

from .amounts import counted, money, percent
from .membership import Cancellation, Gate, Membership
from .perks_in_words import perk_told
from .policy import Policy
from .tiers_in_words import value_counted, value_in_words


def membership_told(membership: Membership, benefits: str, policy: Policy) -> list[str]:
    """Return the membership as sentences; *benefits* is what it shares with tiers, in words, empty if nothing."""
    gains = f"gives {benefits}" if benefits else "gives no benefit of its own"
    place = ", in place of the tier's benefits" if membership.replaces_tiers else ", on top of the tier"
    if membership.grants_tier is not None:
        place += f", which is at least {membership.grants_tier} while the term runs"
    cost = f"{money(membership.fee, policy)} {_a_term(membership.months)}"
    told = [f"The paid membership costs {cost} and {gains}{place if policy.tiers else ''}."]
    told += _prices(membership, policy)
    told += _limits(membership, policy)
    told += _extras(membership, policy)
    told += _endings(membership, policy)
    return told


def _prices(membership: Membership, policy: Policy) -> Iterator[str]:
    for name, plan in membership.plans.items():
        yield f"It can also be paid as {name}: {money(plan.fee, policy)} {_a_term(plan.months)}."
    if membership.trial is not None:
        yield f"Whoever has not been a member before can try it free for {counted(membership.trial.days, 'day')}."
    if membership.introductory_fee is not None:
        first = money(membership.introductory_fee, policy)
        yield f"Whoever has not been a member before pays {first} for the first term."
    if membership.gate is not None:
        yield _gate(membership.gate, policy)
    if membership.gift_card is not None:
        card = membership.gift_card
        months = counted(card.months, "month")
        yield f"It can be given: {months} for {money(card.fee, policy)}; a gift does not renew itself."
    if membership.renewal_discount:
        yield f"Every term after the first costs {percent(membership.renewal_discount)} less."


def _gate(gate: Gate, policy: Policy) -> str:
    if gate.tier is not None:
        above = "" if gate.tier == list(policy.tiers)[-1] else " and above"
        return f"Members of the tier {gate.tier}{above} pay {money(gate.fee, policy)}."
    if gate.score is not None:
        score = f"Who has a score of {value_in_words(gate.score, policy)} or more pays {money(gate.fee, policy)}"
        return f"{score}; the score is the {value_counted(policy)}."
    spend = money(gate.spend or 0, policy)
    return f"Who has spent {spend} in the last 12 calendar months pays {money(gate.fee, policy)}."


def _limits(membership: Membership, policy: Policy) -> Iterator[str]:
    vouchers, discount, points = (
        membership.free_shipping_vouchers, membership.discount_cap, membership.points_cap
    )  # fmt: skip
    if vouchers is not None:
        free = "1 delivery is" if vouchers.count == 1 else f"{vouchers.count:,} deliveries are"
        yield f"{free} free in each {_period(vouchers.per)}; what is not used is lost."
    if discount is not None:
        most = money(discount.amount, policy)
        yield f"Its discount saves {most} at most in each {_period(discount.per)}, beyond what holds without it."
    if points is not None:
        most = counted(points.points)
        yield f"It adds {most} at most in each {_period(points.per)} to those earned without it."


def _extras(membership: Membership, policy: Policy) -> Iterator[str]:
    for name, perk in membership.perks.items():
        yield perk_told("Members", name, perk, policy)
    if membership.welcome_gift is not None:
        gift = membership.welcome_gift
        yield f"With the first paid term comes a gift that costs {money(gift.cost, policy)}."


def _endings(membership: Membership, policy: Policy) -> Iterator[str]:
    if not membership.auto_renew:
        yield "A term ends unless the member renews it."
    if membership.reminder is not None:
        yield f"Members are reminded {counted(membership.reminder.days, 'day')} before a term ends."
    if membership.save_offer:
        yield f"Who would not renew is offered the next term for {percent(membership.save_offer)} less."
    yield from _refunds(membership.cancellation)


def _refunds(cancellation: Cancellation) -> Iterator[str]:
    if cancellation.money_back_days:
        days = counted(cancellation.money_back_days, "day")
        yield f"Within {days} of joining or renewing the whole fee goes back on request."
    if cancellation.refund == "pro-rata":
        yield "The membership can end on the first of any month; the part of the fee not yet earned goes back."


def _a_term(months: int) -> str:
    return {1: "a month", 12: "a year"}.get(months, f"for {months} months" if months != 3 else "a quarter")


def _period(per: str) -> str:
    return "calendar month" if per == "month" else "year of membership"
