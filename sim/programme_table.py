"""A policy as flat numbers: what each tier and membership state is promised, ready for the kernel.

Serves the world, which compiles a policy once per arm; the rules read these records and never a Policy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, Promise, granted_level, points_back, promise
from memberlab.scenarios import Scenario

from .campaign_record import CampaignTerms
from .campaign_table import fill_campaigns
from .cut_over_record import CutOverTerms
from .desk_terms import write_desk
from .instant_refund_terms import write_instant_refund
from .membership_table import MembershipRules, fill_membership_rules
from .offer_table import compile_offers
from .pay_later_terms import write_pay_later
from .points_table import keep_lots_apart, set_points, share_that_earns
from .record import Float64, Int64, Record, layout
from .referral_terms import write_referral
from .shopper import GUEST_STATE, STATES
from .special_price_terms import write_early_access, write_pool
from .stamp_card_terms import write_stamp_card
from .standing_table import fill_standing
from .tier_content_terms import write_tier_content

NOT_OFFERED = 2**62
"""A free-shipping threshold that no basket reaches."""

LOWEST_FELT_PRICE = 0.05
"""The felt price of a basket never falls below this share of its list value."""

NO_DISCOUNT, MEMBER_DISCOUNT, TIER_DISCOUNT, MEMBERSHIP_DISCOUNT, LANDING_DISCOUNT = 0, 1, 2, 3, 4
DISCOUNT_KINDS = {
    "none": NO_DISCOUNT, "member": MEMBER_DISCOUNT, "tier": TIER_DISCOUNT, "membership": MEMBERSHIP_DISCOUNT,
    "soft landing": LANDING_DISCOUNT,
}  # fmt: skip


class Terms(Record):
    """What one tier and membership state is promised, and how much of it is felt."""

    discount: Int64  # basis points off the list price; the largest of the three applies
    discount_kind: Int64
    free_shipping_from: Int64  # cents of goods; 0 always, NOT_OFFERED never
    tier_vouchers: Int64  # free deliveries that the tier gives in a period
    tier_vouchers_by_year: Int64  # 1: the period is a year since the first order; 0: a calendar month
    earn_multiplier: Int64  # percent
    log_price: Float64  # ln(1 - discount)
    log_price_floor: Float64  # the lowest that the felt price can be, in logs, without paying by points
    log_price_floor_with_points: Float64
    price_floor: Float64  # the same two as shares of the list price
    price_floor_with_points: Float64
    basket_lift: Float64  # (1 - discount) ** -basket elasticity
    give_back: Float64  # discount and points as a share of spend, points at expected redemption
    loyalty: Float64  # 0 to 1: how much of the attrition effect this give-back earns
    coupons: Int64  # issued when a month opens
    category_discount: Annotated[list[int], "i8", 4]  # basis points on the list value of each category
    category_points: Annotated[list[int], "i8", 4]  # percent of extra points on each category
    most_category_points: Int64  # percent of extra points if the whole basket were of the best category
    least_by_category: Float64  # the least that member prices on categories can leave of a price, a share
    # the same promises with the paid membership the other way: with it for who has none, without it for a member
    other_discount: Int64
    other_discount_kind: Int64
    other_free_shipping_from: Int64
    other_tier_vouchers: Int64
    other_tier_vouchers_by_year: Int64
    other_earn_multiplier: Int64
    other_give_back: Float64
    # at the service desk
    answer_within: Int64  # seconds; 0: nothing is promised
    place_in_line: Int64  # 1 is answered first
    desk: Int64  # 0: the general desk; 1: the dedicated one
    early_days: Int64  # before the special-price pool opens to everybody
    trial_from: Int64  # cents of goods from which trial before buying is open; NOT_OFFERED never
    instalments_from: Int64  # the same of instalments
    pay_later_pull: Float64  # the most that these add to the log odds of an order
    perks_value: Int64  # of the membership's perks in a year, beyond those of the tier, to average taste
    # partners' content that the tier gives, in a place for each limit of days; cents of one month
    content_days: Annotated[list[int], "i8", 9]  # since the last order within which a member has it; 0: no limit
    content_cost: Annotated[list[int], "i8", 9]
    content_sponsored: Annotated[list[int], "i8", 9]  # borne by the partners beside that
    content_value: Annotated[list[int], "i8", 9]  # to a member of average taste
    refunds_at_once: Int64  # 1: returned goods are refunded before they are back


TERMS = layout(Terms)


class Programme(MembershipRules, CampaignTerms, CutOverTerms):
    """What holds for everybody under a policy; amounts in cents unless said otherwise."""

    sales_tax: Int64  # basis points of an amount without it
    shipping_fee: Int64
    shipping_free_from: Int64  # the threshold for everyone
    has_points: Int64
    earn_points: Int64
    earn_per: Int64  # cents
    redeem_points: Int64
    redeem_value: Int64  # cents for redeem_points points
    minimum_points: Int64
    maximum_share: Int64  # basis points of the goods
    expiry_months: Int64  # of the kinds BY_MONTH and BY_PERIOD
    expected_redemption: Int64  # basis points
    # the small print of points: points_table.py fills it in
    plain_earning: Int64  # 1: goods paid in money, remainders dropped, nothing beside the rate
    earn_rounding: Int64
    earn_each_order: Int64  # points
    earns_before_discounts: Int64
    earns_on_shipping: Int64
    earns_on_points_paid: Int64
    tax_earns_none: Int64  # 1: points are earned on amounts without sales tax
    has_caps: Int64
    cap_day: Int64  # points; 0: no cap
    cap_month: Int64
    cap_year: Int64
    cap_lifetime: Int64
    refuses_excess: Int64  # 1: a credit above a cap is refused as a whole
    pending_days: Int64
    claw_back: Int64
    gives_points_back: Int64  # 1: points that paid for a returned order come back
    plain_redemption: Int64  # 1: any number of points, never frozen
    redeem_step: Int64  # points
    freeze_days: Int64  # since the last order; 0: never
    expiry_kind: Int64
    expiry_period: Int64  # months, counted from January
    expiry_days: Int64
    exact_months: Int64  # to the day
    expiry_extension: Annotated[list[int], "i8", 8]  # months by tier
    reset_by: Int64
    expiry_reminder_days: Int64  # 0: no reminders of expiry
    expiry_reminder_cost: Int64  # cents a message
    reminder_channel: Int64
    at_visits: Int64  # 1: something about points happens at visits without an order
    after_orders: Int64  # 1: something about points happens after an order
    activity_days: Int64  # life of points of activities; 0: that of others
    check_in_points: Int64
    review_points: Int64
    share_points: Int64
    profile_points: Int64
    rewards: Int64  # in the catalogue
    reward_points: Annotated[list[int], "i8", 64]  # price by tier, REWARDS places each
    reward_cost: Annotated[list[int], "i8", 8]  # cents
    reward_value: Annotated[list[int], "i8", 8]  # cents
    reward_coupons: Annotated[list[int], "i8", 8]  # coupons that the reward is, in place of a cost and a value
    reward_donates: Annotated[list[int], "i8", 8]  # 1: the cost is a donation
    lottery_points: Int64  # price of a play; 0: no lottery
    prizes: Int64
    prize_chance: Annotated[list[int], "i8", 8]  # basis points
    prize_cost: Annotated[list[int], "i8", 8]  # cents
    prize_value: Annotated[list[int], "i8", 8]  # cents
    automatic_points: Int64  # that become a credit by themselves; 0: none do
    automatic_credit: Int64  # cents
    has_stamp_card: Int64  # 1: points are collected on a card that members take up or leave
    head_start: Int64  # points on the first card when it is handed out
    card_take_up: Float64  # share of members who take it up
    tiers: Int64
    threshold: Annotated[list[int], "i8", 8]  # cents in 12 calendar months, or hundredths of what the basis counts
    granted_tier: Int64  # that paid members have at least; 0: none
    welcoming_tiers: Int64  # bits of those with a welcome gift
    tier_gift_cost: Annotated[list[int], "i8", 8]  # cents
    tier_gift_value: Annotated[list[int], "i8", 8]  # cents
    # where tiers need notes on the card (sim/standing_table.py says what each is)
    keeps_standing: Int64  # 1: tiers are kept on the card
    orders_needed: Annotated[list[int], "i8", 8]  # in the window, besides the threshold
    never_demoted: Annotated[list[int], "i8", 8]  # 1: whoever has reached the tier never falls below it
    invites_at: Annotated[list[int], "i8", 8]  # hundredths in the window; NOT_INVITED where nobody is
    invites_after: Annotated[list[int], "i8", 8]  # months in the tier below
    invites_share: Annotated[list[float], "f8", 8]
    spend_weight: Int64  # hundredths of the basis for 100 cents
    order_weight: Int64  # hundredths for one
    activity_weight: Int64
    social_weight: Int64
    month_weight: Int64
    point_weight: Int64
    counts_balance: Int64  # 1: the balance of points is the value, and no window counts
    points_life: Int64  # days that points live on average; NEVER without an end
    window_kind: Int64
    window_months: Int64  # of a rolling window or of a calendar period
    promotes_at_once: Int64
    review_kind: Int64
    kept_periods: Int64  # 1: to the end of the period, 2: of the next one; 0: until the review or for kept_months
    kept_months: Int64
    grace_days: Int64
    demotion_kind: Int64
    watch_days: Int64  # of observation; 0: none
    make_up_spend: Int64  # cents; 0: no task
    safe_months: Int64
    landing_months: Int64  # 0: no soft landing
    has_tasks: Int64  # 1: there is a make-up task or a sprint
    sprint_within: Int64  # basis points of the threshold
    sprint_spend: Int64  # cents; 0: no sprints
    sprint_days: Int64
    sprint_points: Int64
    has_offers: Int64  # 1: something beside the standing discount can change the price of an order
    offer_order: Annotated[list[int], "i8", 4]  # kinds of reduction in the order of application
    offer_group: Annotated[list[int], "i8", 4]  # by kind: number of its exclusive group, 0 for none
    most_discount: Int64  # basis points of list value that all reductions together may take off
    has_coupons: Int64
    coupon_value: Int64  # cents; 0 where the coupon is a share
    coupon_share: Int64  # basis points
    coupon_minimum: Int64  # cents
    coupon_days: Int64
    coupons_used_a_month: Int64
    least_by_coupon: Float64  # the least that a coupon can leave of a price, a share
    categories: Int64
    category_power: Annotated[list[float], "f8", 4]  # a shopper's share of a category is uniform ** power
    keeps_cards: Int64  # 1: each shopper has a card of their own; 0: all share a blank one
    launches: Int64  # 1 on the launch day of an arm
    takes_over: Int64  # 1 on the launch day of an arm whose policy is not the incumbent
    migrates: Int64  # 1 on the launch day of a ladder that differs from the incumbent's
    follows_orders: Int64  # 1: something of `after_order.py` may happen after an order
    has_twin: Int64  # 1: visits on days on which the twin orders are posted apart
    keeps_order_days: Int64  # 1: the days of orders are noted, and those of a twin may be known
    keeps_day_book: Int64  # 1: shoppers share something, which the office sees to every evening
    has_desk: Int64
    contact_starts: Int64  # seconds after midnight
    contact_seconds: Int64  # length of the hours of contact
    handling_seconds: Annotated[list[int], "i8", 4]  # mean, by severity
    make_good: Annotated[list[int], "i8", 4]  # cents, by severity
    agent_hour: Int64  # cents
    referral_deed: Int64  # what is rewarded (`newcomers.py`); 0: nothing
    referral_orders: Int64  # orders of a friend that are rewarded at most
    referral_minimum: Int64  # cents of goods
    referral_days: Int64  # from the deed to the reward
    referral_cap: Int64  # rewards of a referrer in a programme year; 0: no cap
    referral_worth: Int64  # cents, the referrer's reward with points at face value
    referrer_credit: Int64
    referrer_points: Int64
    friend_credit: Int64
    friend_points: Int64
    protected_days: Int64  # after an order; 0: prices are not protected
    protected_share: Int64  # of the difference, basis points
    lets_pay_later: Int64
    trial_cost: Int64  # cents a use
    instalment_share: Int64  # of the amount paid, basis points
    has_tier_content: Int64
    has_pool: Int64
    pool_price: Int64  # cents of a unit at list price
    pool_discount: Int64  # basis points
    pool_each: Int64  # units a member and month
    has_cohorts: Int64  # 1: the world is in a rollout, and only the shoppers of one cohort are carried
    cohort: Int64  # their cohort


PROGRAMME = layout(Programme)


@dataclass(frozen=True, slots=True)
class ProgrammeTable:
    """A compiled policy: `programme` has shape 1; `terms` has one record per ledger state, and after these 17 two for
    each fall that a soft landing softens.
    """

    programme: NDArray[np.void]
    terms: NDArray[np.void]


def compile_policy(policy: Policy, scenario: Scenario, behaviour: NDArray[np.void]) -> ProgrammeTable:
    """Return the flat numbers of `policy` in `scenario`; `behaviour` supplies the responses that are constant per
    state.
    """
    falls = falls_of(policy)
    programme, terms = _programme(policy), np.zeros(STATES + len(falls), TERMS)
    programme["sales_tax"] = scenario.sales_tax
    compile_offers(policy, scenario, programme, terms)
    write_desk(policy, programme, terms)
    write_pay_later(policy, programme, terms, behaviour, NOT_OFFERED)
    write_instant_refund(policy, terms)
    write_early_access(policy, terms[:STATES])
    write_tier_content(policy, programme, terms)
    for place, (_, level, is_member) in enumerate(falls, start=STATES):  # what a soft landing does not soften
        terms[place] = terms[2 * level + is_member]
    _terms(policy, behaviour, terms, share_that_earns(policy, scenario))
    write_referral(policy, programme)
    write_stamp_card(policy, programme, behaviour)
    write_pool(policy, programme, terms, LOWEST_FELT_PRICE)
    return ProgrammeTable(programme, terms)


def _programme(policy: Policy) -> NDArray[np.void]:
    record = np.zeros(1, PROGRAMME)
    record["shipping_fee"] = policy.shipping.fee
    record["shipping_free_from"] = NOT_OFFERED if policy.shipping.free_from is None else policy.shipping.free_from
    record["tiers"] = len(policy.tiers)
    for level, tier in enumerate(policy.tiers.values()):
        record["threshold"][0, level] = tier.threshold
        if tier.welcome_gift is not None:
            record["welcoming_tiers"] |= 1 << level
            record["tier_gift_cost"][0, level] = tier.welcome_gift.cost
            record["tier_gift_value"][0, level] = tier.welcome_gift.value
    record["granted_tier"] = granted_level(policy)
    fill_standing(record, policy)
    set_points(record[0], policy.points, dict(policy.tiers))
    keep_lots_apart(record, policy)
    fill_membership_rules(record, policy)
    if any(tier.free_shipping_vouchers is not None for tier in policy.tiers.values()):
        record["has_allowances"] = 1
    if policy.price_protection is not None:
        record["protected_days"] = policy.price_protection.days
        record["protected_share"] = policy.price_protection.refund
    fill_campaigns(record, policy)
    return record


def _terms(policy: Policy, behaviour: NDArray[np.void], table: NDArray[np.void], earns: float) -> None:
    promised: list[Promise | None] = [promise(policy, state // 2, is_member=state % 2 == 1) for state in range(STATES)]
    promised[GUEST_STATE] = None
    promised += [promise(policy, level, is_member=is_member, fallen_from=lost)
                 for lost, level, is_member in falls_of(policy)]  # fmt: skip
    for terms, own in zip(table, promised, strict=True):
        terms["free_shipping_from"] = NOT_OFFERED if policy.shipping.free_from is None else policy.shipping.free_from
        terms["earn_multiplier"] = 100
        if own is not None:
            terms["discount"], terms["discount_kind"] = own.discount, DISCOUNT_KINDS[own.discount_source]
            terms["earn_multiplier"] = own.earn_multiplier
            if own.free_shipping_from is not None:
                terms["free_shipping_from"] = own.free_shipping_from
            if own.tier_vouchers is not None:
                terms["tier_vouchers"] = own.tier_vouchers.count
                terms["tier_vouchers_by_year"] = own.tier_vouchers.per == "year"
        _responses(terms, policy, behaviour, earns)
    for state in range(len(table)):
        other = table[other_state(state)]
        for term in (
            "discount", "discount_kind", "free_shipping_from", "tier_vouchers", "tier_vouchers_by_year",
            "earn_multiplier", "give_back",
        ):  # fmt: skip
            table[state][f"other_{term}"] = other[term]


def falls_of(policy: Policy) -> list[tuple[int, int, bool]]:
    """Return the falls that a soft landing softens, in the order of their terms: the tier lost, the tier reached, and
    whether the member has a paid membership.
    """
    if policy.qualification is None or policy.qualification.soft_landing is None:
        return []
    falls = [(lost, level) for lost in range(1, len(policy.tiers)) for level in range(lost)]
    return [(lost, level, is_member) for lost, level in falls for is_member in (False, True)]


def other_state(state: int) -> int:
    """Return the state with the paid membership the other way; a guest's is the same."""
    if state == GUEST_STATE:
        return state
    return state ^ 1 if state < STATES else STATES + (state - STATES ^ 1)


def _responses(terms: np.void, policy: Policy, behaviour: NDArray[np.void], earns: float) -> None:
    """Fill in what shoppers feel about the terms; the cap on the loyalty share is full at `full_give_back`."""
    share = terms["discount"] / 10_000
    terms["log_price"] = math.log1p(-share)
    for field, pays in (("log_price_floor", False), ("log_price_floor_with_points", True)):
        terms[field] = math.log(_felt_at_least(terms, policy, behaviour, earns, pays_with_points=pays))
        terms[field.removeprefix("log_")] = math.exp(terms[field])
    terms["basket_lift"] = (1 - share) ** -float(behaviour["basket_elasticity"][0])
    earns_on = 1.0 if policy.points is not None and policy.points.earn.counts.before_discounts else 1 - share
    terms["give_back"] = share + earns_on * earns * earned_value_share(policy, int(terms["earn_multiplier"]))
    full, half = float(behaviour["full_give_back"][0]), float(behaviour["half_give_back"][0])
    saturation = terms["give_back"] / (terms["give_back"] + half) if terms["give_back"] else 0.0
    terms["loyalty"] = min(1.0, saturation * (full + half) / full) if full else saturation


def _felt_at_least(
    terms: np.void, policy: Policy, behaviour: NDArray[np.void], earns: float, *, pays_with_points: bool
) -> float:  # fmt: skip
    """Return the least that a basket can feel like, as a share of its list value, whatever its size.

    Points that do not shrink with the basket leave no bound but the general one.
    """
    share = float(terms["discount"]) / 10_000
    points = policy.points
    weight = float(behaviour["earning_weight"][0])
    most_points = -(-int(terms["earn_multiplier"]) * (100 + int(terms["most_category_points"])) // 100)
    earned = weight * points_back(policy, most_points)
    paid = float(behaviour["redeeming_weight"][0]) * (points.maximum_share / 10_000 if points else 0.0)
    if points is None:
        return max(LOWEST_FELT_PRICE, 1 - share)
    if points.earn.each_order or points.earn.rounding in ("nearest", "up"):
        return LOWEST_FELT_PRICE
    if points.earn.counts.shipping and earned > float(behaviour["shipping_weight"][0]):
        return LOWEST_FELT_PRICE
    earns_on = 1.0 if points.earn.counts.before_discounts else 1 - share
    return max(LOWEST_FELT_PRICE, (1 - share) * (1 - (paid if pays_with_points else 0.0)) - earned * earns_on * earns)


def earned_value_share(policy: Policy, earn_multiplier: int) -> float:
    """Return the value of points earned per unit paid, at the policy's expected redemption (a share, 0.01 = 1 %)."""
    expected = 0 if policy.points is None else policy.points.expected_redemption
    return points_back(policy, earn_multiplier) * expected / 10_000
