"""The campaigns of a policy written into the flat programme, and their state before the first of them begins.

Serves the compilation of a policy and the opening of the books. A region holds its own part of every budget, by
shoppers.
"""

from __future__ import annotations

import calendar
import datetime
import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import (
    MOST_STEPS,
    STAGES,
    THIRDS,
    Campaign,
    ChallengeStep,
    Contact,
    GiftStep,
    Policy,
    Target,
    personal_occasion,
)

from .campaign_record import NOT_ON, STATE, UNLIMITED, YEARS
from .shopper import NEVER

MEMBERS = {"everyone": 0, "paid": 1, "unpaid": 2}
ALL_BITS = 2**31 - 1


def _fill_whitelist(record: np.void, policy: Policy) -> None:
    """Write to whom the frequency caps do not apply."""
    listed = None if policy.contact is None else policy.contact.whitelist
    if listed is not None:
        record["uncapped_tiers"] = sum(1 << list(policy.tiers).index(tier) for tier in set(listed.tiers))
        record["uncapped_members"] = listed.paid_members


def fill_campaigns(programme: NDArray[np.void], policy: Policy) -> None:
    """Write the campaigns of `policy` into the record `programme` (shape: 1)."""
    record = programme[0]
    record["campaigns"] = len(policy.campaigns)
    record["gift_spend"] = record["goal_spend"] = UNLIMITED
    if policy.contact is not None:
        record["most_in_week"], record["most_in_month"] = policy.contact.most_in_7_days, policy.contact.most_in_30_days
        _fill_whitelist(record, policy)
    for number, (name, campaign) in enumerate(policy.campaigns.items()):
        record["campaign_salt"][number] = stable_hash(name)
        record["giving_campaigns"] |= int(campaign.gives_on_orders) << number
        _fill_days(record, number, campaign)
        _fill_benefits(record, number, campaign)
        _fill_contact(record, number, campaign, policy.contact)
        fill_target(record, number, campaign.to, list(policy.tiers))
        _fill_bits(record, number, campaign)


def stable_hash(text: str) -> int:
    """Return 62 bits that belong to a name, the same in every run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 2


def _fill_days(record: np.void, number: int, campaign: Campaign) -> None:
    own = personal_occasion(campaign.when)
    if own is None:
        return
    record["own_day_campaigns"] |= 1 << number
    acts = campaign.message is not None or campaign.gift is not None
    record["acts_on_own_days"] |= int(acts) << number
    record["campaign_own_day"][number], record["campaign_count"][number] = own.kind, own.count
    record["campaign_before"][number], record["campaign_after"][number] = own.before, own.after


def _fill_benefits(record: np.void, number: int, campaign: Campaign) -> None:
    record["campaign_share"][number], record["campaign_amount"][number] = campaign.discount, campaign.amount_off
    record["campaign_minimum"][number] = max(campaign.minimum_spend, campaign.amount_off)
    record["campaign_multiplier"][number] = campaign.points_multiplier
    record["campaign_bonus"][number] = campaign.bonus_points
    record["campaign_ships"][number] = campaign.free_shipping
    lowers_price = bool(campaign.discount or campaign.amount_off)
    gives_more = bool(
        campaign.free_shipping or campaign.bonus_points or campaign.points_multiplier > 100 or campaign.gifts
        or campaign.gift is not None
    )  # fmt: skip
    record["bundle_campaigns"] |= int(lowers_price and gives_more) << number
    uses = campaign.budget.units_a_member
    record["campaign_uses"][number] = UNLIMITED if uses is None else uses
    if campaign.gift is not None:
        record["gift_campaigns"] |= 1 << number
        record["campaign_gift_cost"][number] = campaign.gift.cost
        record["campaign_gift_value"][number] = campaign.gift.value
    _fill_steps(record, number, campaign.gifts, campaign.challenge)


def _fill_bits(record: np.void, number: int, campaign: Campaign) -> None:
    """Note of what kinds a campaign is."""
    own, budget = personal_occasion(campaign.when), campaign.budget
    lowers_price = campaign.discount or campaign.amount_off or campaign.balance is not None
    kinds = {
        "price_campaigns": lowers_price,
        "dated_sales": lowers_price and own is None,
        "points_campaigns": campaign.points_multiplier != 100 or campaign.bonus_points,
        "shipping_campaigns": campaign.free_shipping,
        "step_campaigns": campaign.gifts,
        "goal_campaigns": campaign.challenge,
        "budget_campaigns": budget.money is not None or budget.money_a_day is not None,
        "counted_campaigns": own is not None and own.count > 0,
        "free_campaigns": own is None
        and campaign.to == Target()
        and budget.units is None
        and budget.units_a_day is None
        and budget.units_a_member is None,
    }
    for field, is_one in kinds.items():
        record[field] |= int(bool(is_one)) << number


def _fill_steps(
    record: np.void, number: int, gifts: Mapping[str, GiftStep], goals: Mapping[str, ChallengeStep]
) -> None:
    for step, gift in enumerate(gifts.values(), start=MOST_STEPS * number):
        record["gift_spend"][step], record["gift_cost"][step] = gift.spend, gift.cost
        record["gift_value"][step] = gift.value
        share = gift.value / max(1, gift.spend, int(record["campaign_minimum"][number]))
        record["largest_gift"][number] = max(share, float(record["largest_gift"][number]))
    for step, goal in enumerate(goals.values(), start=MOST_STEPS * number):
        record["goal_spend"][step], record["goal_points"][step] = goal.spend, goal.points
        record["goal_cost"][step], record["goal_value"][step] = goal.cost, goal.value


def _fill_contact(record: np.void, number: int, campaign: Campaign, contact: Contact | None) -> None:
    if campaign.event is not None:
        record["campaign_cost"][number], record["campaign_cost_each"][number] = (
            campaign.event.cost,
            campaign.event.cost_each,
        )
        record["campaign_reach"][number] = campaign.event.reach
    if campaign.message is None or contact is None:
        return
    channel = contact.channels[campaign.message]
    extra = campaign.personalised.cost if campaign.personalised is not None else 0
    record["campaign_channel"][number] = 1 + list(contact.channels).index(campaign.message)
    record["campaign_message_cost"][number] = channel.cost + extra
    record["campaign_consent"][number], record["campaign_pull"][number] = channel.consent, channel.pull
    record["campaign_personal"][number] = campaign.personalised is not None


def fill_target(record: np.void, number: int, to: Target, tiers: list[str]) -> None:
    """Write the conditions of a target into the place `number` of the record."""
    record["targeted_campaigns"] |= int(to != Target()) << number
    record["target_tiers"][number] = sum(1 << tiers.index(tier) for tier in to.tiers) or ALL_BITS
    record["target_members"][number] = MEMBERS[to.members]
    record["target_stages"][number] = sum(1 << STAGES.index(stage) for stage in to.stages) or ALL_BITS
    record["target_from"][number] = to.last_order_from
    record["target_until"][number] = UNLIMITED if to.last_order_until is None else to.last_order_until
    for field in ("recency", "frequency", "spend"):
        thirds = sum(1 << THIRDS.index(third) for third in getattr(to, field))
        record[f"target_{field}"][number] = thirds or ALL_BITS
    if to.prefers is not None:
        record["target_kind"][number], record["target_kind_share"][number] = (
            stable_hash(to.prefers.kind),
            to.prefers.share,
        )
    record["target_predicted"][number] = to.predicted
    record["target_arm_from"][number], record["target_arm_until"][number] = to.arm_from, to.arm_until


def ranks_members(policy: Policy) -> bool:
    """Return whether any campaign asks for thirds of the members."""
    return any(one.to.recency or one.to.frequency or one.to.spend for one in policy.campaigns.values())


def forget_campaigns(market: NDArray[np.void]) -> None:
    """Let no campaign have begun: for a new world and for an arm with other campaigns."""
    for field in STATE:
        market[field] = 0
    for field in ("campaign_opened", "campaign_ran_out"):
        market[field] = NOT_ON
    market["campaign_next"] = NEVER
    market["carried_month"] = -1  # what another policy earned moves no discount of this one
    for field in ("money_left", "units_left", "money_left_today", "units_left_today"):
        market[field] = UNLIMITED


def set_years(market: NDArray[np.void], start: datetime.date) -> None:
    """Note the day on which each year opens, counted from `start`."""
    for place in range(YEARS):
        year = start.year + place
        market["year_start"][0, place] = (datetime.date(year, 1, 1) - start).days
        market["year_days"][0, place] = 366 if calendar.isleap(year) else 365
