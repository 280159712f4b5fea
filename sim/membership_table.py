"""The paid membership of a policy as flat numbers: what it costs, on which conditions, and how far its benefits go.

Serves the rules of the membership, which read these fields as part of the programme's record.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from memberlab.policies import Membership, Policy
from memberlab.scenarios import Scenario

from .record import Int64, Record

NO_GATE = 2**62
"""A tier, a spend and a score that nobody reaches."""


class MembershipRules(Record):
    """The paid membership; amounts in cents unless said otherwise, 0 where there is none."""

    fee: Int64  # of the first plan; 0: no paid membership on offer
    plans: Int64  # on offer at once; the first is the membership's own
    plan_fee: Annotated[list[int], "i8", 4]
    plan_months: Annotated[list[int], "i8", 4]
    introductory_fee: Int64
    trial_days: Int64
    gate_fee: Int64
    gate_tier: Int64  # lowest that passes, or NO_GATE
    gate_spend: Int64  # that passes, or NO_GATE
    gate_score: Int64  # that passes, in hundredths of what the qualification counts, or NO_GATE
    gift_fee: Int64  # of a membership that somebody gives
    gift_months: Int64
    auto_renew: Int64  # 1: a term is renewed unless the member stops it
    renewal_discount: Int64  # basis points
    save_offer: Int64  # basis points
    reminder_days: Int64
    reminder_cost: Int64
    refunds_pro_rata: Int64  # 1: the part not yet earned goes back at the turn of any month
    money_back_days: Int64
    vouchers: Int64  # in a period
    vouchers_by_year: Int64  # 1: the period is a year of membership; 0: a calendar month
    discount_cap: Int64
    discount_cap_by_year: Int64
    points_cap: Int64  # points
    points_cap_by_year: Int64
    has_allowances: Int64  # 1: any of the three above, or vouchers of a tier
    partner_cost: Int64  # of one member for one month, after the partners' share
    partner_sponsored: Int64  # that share
    welcome_cost: Int64
    welcome_value: Int64
    replaces_tiers: Int64
    has_membership_days: Int64  # 1: the office has business with a member on days within a term
    has_membership_month: Int64  # 1: the office has business with every member at the turn of a month


def fill_membership_rules(record: np.ndarray[tuple[int], np.dtype[np.void]], policy: Policy) -> None:
    """Write the membership of `policy` into the programme's record (shape: 1)."""
    membership = policy.membership
    record["plan_months"] = 12
    record["gate_tier"] = record["gate_spend"] = record["gate_score"] = NO_GATE
    record["auto_renew"] = 1
    if membership is None:
        return
    record["fee"] = membership.fee
    record["plans"] = len(membership.all_plans)
    for number, plan in enumerate(membership.all_plans):
        record["plan_fee"][0, number], record["plan_months"][0, number] = plan.fee, plan.months
    record["introductory_fee"] = membership.introductory_fee or 0
    record["trial_days"] = 0 if membership.trial is None else membership.trial.days
    if membership.gift_card is not None:
        record["gift_fee"], record["gift_months"] = membership.gift_card.fee, membership.gift_card.months
    record["auto_renew"] = membership.auto_renew
    record["renewal_discount"], record["save_offer"] = membership.renewal_discount, membership.save_offer
    _fill_gate(record, membership, list(policy.tiers))
    _fill_office(record, membership)
    _fill_benefits(record, membership)


def _fill_gate(record: np.ndarray[tuple[int], np.dtype[np.void]], membership: Membership, tiers: list[str]) -> None:
    gate = membership.gate
    if gate is not None:
        record["gate_fee"] = gate.fee
        record["gate_tier"] = NO_GATE if gate.tier is None else tiers.index(gate.tier)
        record["gate_spend"] = NO_GATE if gate.spend is None else gate.spend
        record["gate_score"] = NO_GATE if gate.score is None else gate.score


def _fill_office(record: np.ndarray[tuple[int], np.dtype[np.void]], membership: Membership) -> None:
    """Write what the office does with members within a term."""
    if membership.reminder is not None:
        record["reminder_days"], record["reminder_cost"] = membership.reminder.days, membership.reminder.cost
    record["refunds_pro_rata"] = membership.cancellation.refund == "pro-rata"
    record["money_back_days"] = membership.cancellation.money_back_days
    record["partner_cost"] = sum(perk.net_cost for perk in membership.perks.values())
    record["partner_sponsored"] = sum(perk.cost - perk.net_cost for perk in membership.perks.values())
    record["has_membership_days"] = (record["reminder_days"] > 0) | (record["money_back_days"] > 0)
    record["has_membership_month"] = (
        (record["partner_cost"] > 0) | (record["partner_sponsored"] > 0) | (record["refunds_pro_rata"] > 0)
    )


def _fill_benefits(record: np.ndarray[tuple[int], np.dtype[np.void]], membership: Membership) -> None:
    vouchers, discount, points = membership.free_shipping_vouchers, membership.discount_cap, membership.points_cap
    if vouchers is not None:
        record["vouchers"], record["vouchers_by_year"] = vouchers.count, vouchers.per == "year"
    if discount is not None:
        record["discount_cap"], record["discount_cap_by_year"] = discount.amount, discount.per == "year"
    if points is not None:
        record["points_cap"], record["points_cap_by_year"] = points.points, points.per == "year"
    record["has_allowances"] = any(allowance is not None for allowance in (vouchers, discount, points))
    if membership.welcome_gift is not None:
        record["welcome_cost"] = membership.welcome_gift.cost
        record["welcome_value"] = membership.welcome_gift.perceived_value
    record["replaces_tiers"] = membership.replaces_tiers


def keeps_membership_notes(policy: Policy, scenario: Scenario) -> bool:
    """Return whether the membership has to know more of a member than when a term of a year ends."""
    membership = policy.membership
    if membership is None:
        return False
    remembers = (
        membership.plans, membership.introductory_fee, membership.trial, membership.reminder,
        membership.cancellation.money_back_days, membership.welcome_gift, membership.discount_cap,
        membership.points_cap, membership.gift_card, membership.free_shipping_vouchers, membership.perks,
        membership.cancellation.refund == "pro-rata",
    )  # fmt: skip
    law = scenario.regulation
    return membership.months != 12 or any(remembers) or (law is not None and law.notice_for(membership) is not None)
