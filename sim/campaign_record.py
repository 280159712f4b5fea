"""Campaigns as flat numbers: what a policy promises (part of the programme), and how they stand (part of the market).

Serves the rules of a visit, the office that switches campaigns on and off, and the report. Every field holds one value
a campaign, in the order of the policy. Amounts are cents, shares basis points, multipliers percent, days count from
the start of the warm-up.
"""

from __future__ import annotations

from typing import Annotated

from memberlab.policies import MOST_CAMPAIGNS, MOST_STEPS

from .record import Float64, Int64, Record

UNLIMITED = 2**62
"""A budget that no campaign spends."""

NOT_ON = -1_000_000
"""In place of the first day of an occasion: there is none now."""

YEARS = 18
"""Calendar years that a world can touch: 5 years of warm-up, 10 of horizon, and the ends."""

CampaignNumbers = Annotated[list[int], "i8", MOST_CAMPAIGNS]
StepNumbers = Annotated[list[int], "i8", MOST_CAMPAIGNS * MOST_STEPS]
"""Steps of campaign i stand from 4 i on; a spend of UNLIMITED means that there is no such step."""


class CampaignTerms(Record):
    """What the campaigns of a policy promise."""

    campaigns: Int64  # how many there are
    giving_campaigns: Int64  # bits of those from which an order can get something
    own_day_campaigns: Int64  # bits of those that follow a member's own days
    acts_on_own_days: Int64  # bits of these that send a message or give a gift on the first day
    bundle_campaigns: Int64  # bits of those that lower the price and give something beside
    gift_campaigns: Int64  # bits of those that give a gift without an order
    # bits of those of which a visit or an order has something to ask, so that the others are not looked at
    price_campaigns: Int64  # that lower the price
    dated_sales: Int64  # that lower the price on dates of the calendar
    points_campaigns: Int64  # that add points
    shipping_campaigns: Int64  # that deliver
    step_campaigns: Int64  # that give gifts from some spend on
    goal_campaigns: Int64  # that set a spend goal
    budget_campaigns: Int64  # that have a budget of money
    counted_campaigns: Int64  # that come every so many orders or reviews
    targeted_campaigns: Int64  # that are not for everybody
    free_campaigns: Int64  # that every member may use whenever they are on
    largest_gift: Annotated[list[float], "f8", MOST_CAMPAIGNS]  # with an order, worth as a share of what reaches it
    campaign_salt: CampaignNumbers  # hash of the name: the same campaign draws the same numbers in every policy
    campaign_own_day: CampaignNumbers  # 0, or what starts a member's own occasion
    campaign_count: CampaignNumbers  # orders, reviews or silent days that start it
    campaign_before: CampaignNumbers  # days of an own occasion before its day
    campaign_after: CampaignNumbers
    campaign_share: CampaignNumbers  # off the goods
    campaign_amount: CampaignNumbers
    campaign_minimum: CampaignNumbers
    campaign_multiplier: CampaignNumbers
    campaign_bonus: CampaignNumbers
    campaign_ships: CampaignNumbers  # 1: free delivery
    campaign_channel: CampaignNumbers  # 1 + number of the channel; 0: no message
    campaign_message_cost: CampaignNumbers
    campaign_consent: CampaignNumbers
    campaign_pull: CampaignNumbers
    campaign_personal: CampaignNumbers  # 1: messages made for each member
    campaign_cost: CampaignNumbers  # of one occasion of an event, this region's part
    campaign_cost_each: CampaignNumbers
    campaign_reach: CampaignNumbers  # 0: no event
    campaign_uses: CampaignNumbers  # by one member in one occasion
    target_tiers: CampaignNumbers  # bits
    target_members: CampaignNumbers  # 0 everyone, 1 paid members, 2 others
    target_stages: CampaignNumbers  # bits: new, active, silent, lost
    target_from: CampaignNumbers  # days since the last order
    target_until: CampaignNumbers
    target_recency: CampaignNumbers  # bits of thirds
    target_frequency: CampaignNumbers
    target_spend: CampaignNumbers
    target_kind: CampaignNumbers  # hash of a preferred kind of goods
    target_kind_share: CampaignNumbers
    target_predicted: CampaignNumbers
    target_arm_from: CampaignNumbers
    target_arm_until: CampaignNumbers
    campaign_gift_cost: CampaignNumbers  # without an order
    campaign_gift_value: CampaignNumbers
    gift_spend: StepNumbers
    gift_cost: StepNumbers
    gift_value: StepNumbers
    goal_spend: StepNumbers
    goal_points: StepNumbers
    goal_cost: StepNumbers
    goal_value: StepNumbers
    most_in_week: Int64  # messages to one member
    most_in_month: Int64
    uncapped_tiers: Int64  # bits: 1 << tier
    uncapped_members: Int64  # 1: the caps do not apply to paid members


class CampaignState(Record):
    """How the campaigns stand, and what they have done since the books were opened."""

    campaigns_on: Int64  # bits of those that are on today
    campaigns_open_today: Int64  # bits of those whose occasion begins today, to be announced
    campaign_opened: CampaignNumbers  # first day of the occasion that is on; NOT_ON
    campaign_next: CampaignNumbers  # first day of the occasion after it; NEVER
    campaign_ran_out: CampaignNumbers  # day on which the budget of the occasion was spent; NOT_ON
    campaign_depth: CampaignNumbers  # the share off the goods now; only a balanced one moves
    campaign_counted: CampaignNumbers  # day up to which its days on have been counted
    money_left: CampaignNumbers
    units_left: CampaignNumbers
    money_left_today: CampaignNumbers
    units_left_today: CampaignNumbers
    mean_orders_a_day: Float64  # of the population, at list price
    carried_month: Int64  # number of the month that the next two belong to
    carried_gmv: Int64  # from books that were closed in it
    carried_margin: Int64
    year_start: Annotated[list[int], "i8", YEARS]  # day of each 1 January from the year of the warm-up's start on
    year_days: Annotated[list[int], "i8", YEARS]
    # the report
    campaign_money: CampaignNumbers  # discounts, gifts and fees given up
    campaign_contact: CampaignNumbers  # messages and events, cents
    campaign_units: CampaignNumbers
    campaign_orders: CampaignNumbers
    campaign_points: CampaignNumbers
    campaign_messages: CampaignNumbers
    campaign_visits: CampaignNumbers  # prompted
    campaign_days: CampaignNumbers  # days on


STATE = tuple(
    name
    for name in CampaignState.__annotations__
    if name not in {"mean_orders_a_day", "year_start", "year_days", "carried_month", "carried_gmv", "carried_margin"}
)
"""Fields that begin anew when the campaigns of a policy differ from those before."""
