"""The service desk, referral, limited stock, price protection, paying later and instant refunds in plain language.

Serves `plain_language.told`, which puts these sentences after those of tiers, points and membership.
"""

from __future__ import annotations

from collections.abc import Callable

from .entitlement import holders
from .payment_options import PayLater
from .policy import Policy
from .referral import Reward
from .service import AnswerPromise, Service, Shift

Amount = Callable[[int], str]
"""How cents are written in the currency of the policy."""


def service_told(policy: Policy, amount: Amount) -> list[str]:
    """Return the sentences about the service desk; none without one."""
    service = policy.service
    if service is None:
        return []
    shifts = "; ".join(_shift(name, shift) for name, shift in service.shifts.items())
    told = [f"A service desk answers questions and complaints. Its shifts: {shifts}."]
    promised = [(name, service.promises[name]) for name in policy.tiers if name in service.promises]
    promised += [("paid members", service.members)] if service.members is not None else []
    told += [f"- {name}: {_promise(promise)}." for name, promise in promised]
    parts = [(service.make_good.minor, "a minor failure"), (service.make_good.serious, "a serious failure")]
    given = [f"{amount(cents)} for {what}" for cents, what in parts if cents]
    if given:
        told.append(f"A complaint about an order is made good at once: {' and '.join(given)}, at most what was paid.")
    told.append(
        f"An agent costs the shop {amount(service.hourly_cost)} an hour; in its hours an ordinary day has time for "
        f"about {_questions_a_day(service):,} questions of {service.handling.question} minutes."
    )
    return told


def _shift(name: str, shift: Shift) -> str:
    agents = "1 agent" if shift.agents == 1 else f"{shift.agents:,} agents"
    days = {"every-day": "every day", "weekdays": "on weekdays", "weekends": "at weekends"}[shift.days]
    whom = ", for those with dedicated service only" if shift.dedicated else ""
    return f"{name}, {agents} from {shift.starts} to {shift.ends} o'clock {days}{whom}"


def _promise(promise: AnswerPromise) -> str:
    parts = [f"place {promise.priority} in line"]
    if promise.minutes is not None:
        parts.append(f"an answer within {promise.minutes:,} minute{'' if promise.minutes == 1 else 's'} is promised")
    if promise.dedicated:
        parts.append("dedicated service")
    return ", ".join(parts)


def _questions_a_day(service: Service) -> int:
    """Return how many questions all agents of a weekday could answer, one after the other."""
    on_duty = [shift for shift in service.shifts.values() if shift.days != "weekends"]
    return sum(shift.agents * (shift.ends - shift.starts) * 60 for shift in on_duty) // service.handling.question


def referral_told(policy: Policy, amount: Amount, counted: Callable[[int], str]) -> list[str]:
    """Return the sentences about referral; none without it."""
    referral = policy.referral
    if referral is None:
        return []

    def worth(reward: Reward) -> str:
        parts = [counted(reward.points)] if reward.points else []
        return " and ".join([*parts, *([amount(reward.credit)] if reward.credit else [])]) or "nothing"

    deed = {
        "registration": "when the friend registers",
        "first-purchase": "for the friend's first order",
        "every-purchase": f"for each of the friend's first {referral.purchases} orders",
    }[referral.rewarded]
    least = f" of {amount(referral.minimum_order)} or more" if referral.minimum_order else ""
    wait = f", {referral.pending_days} days later" if referral.pending_days else ""
    cap = f" A referrer gets it {referral.yearly_cap:,} times a year at most." if referral.yearly_cap else ""
    both = f"the referrer gets {worth(referral.referrer)}, the friend {worth(referral.friend)}"
    return [f"Whoever refers a friend is rewarded {deed}{least}: {both}{wait}.{cap}"]


def pool_told(policy: Policy, amount: Amount, percent: Amount) -> list[str]:
    """Return the sentences about the special-price pool; none without it."""
    pool = policy.special_price_pool
    if pool is None:
        return []
    told = [
        f"Each month {pool.units:,} units of {amount(pool.price)} are sold at {percent(pool.discount)} off while stock "
        f"lasts, from day {pool.opens} of the month, {pool.each:,} to a member at most."
    ]
    early = [f"{name} {days} day{'' if days == 1 else 's'}" for name, days in pool.early_access.items()]
    return [*told, f"Some may buy before that: {', '.join(early)}."] if early else told


def protection_told(policy: Policy, percent: Amount) -> list[str]:
    """Return the sentence about price protection; none without it."""
    protection = policy.price_protection
    if protection is None:
        return []
    part = "the difference" if protection.refund == 10_000 else f"{percent(protection.refund)} of the difference"
    days = "1 day" if protection.days == 1 else f"{protection.days} days"
    return [f"If the price falls within {days} of an order, {part} is refunded to whoever asks."]


def pay_later_told(policy: Policy, amount: Amount) -> list[str]:
    """Return the sentences about trial before buying and instalments; none without them."""

    def whose(option: PayLater) -> str:
        least = f" on orders of {amount(option.minimum_order)} or more" if option.minimum_order else ""
        return f"{holders(option)}{least}"

    told = []
    if policy.trial_before_buy is not None:
        told.append(f"Goods can be tried before they are paid, by {whose(policy.trial_before_buy)}.")
    if policy.instalments is not None:
        months = policy.instalments.months
        told.append(
            f"Orders can be paid in {months} monthly instalments without interest, by {whose(policy.instalments)}."
        )
    return told


def refund_told(policy: Policy) -> list[str]:
    """Return the sentence about instant refunds; none without them."""
    if policy.instant_refund is None:
        return []
    return [
        f"Goods that are sent back are refunded at once, before they have arrived, to {holders(policy.instant_refund)}."
    ]
