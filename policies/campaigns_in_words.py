"""Contact and campaigns in plain language: one sentence a channel rule, one a campaign.

Serves the explanation of a policy.
"""

from __future__ import annotations

from .amounts import counted, listed, money, percent, times
from .campaigns import Budget, Campaign
from .contact import Channel, Contact
from .occasions import OwnDay, Personal, personal_occasion
from .policy import Policy
from .target import Target
from .when import WhenNotation


def campaigns_told(policy: Policy) -> list[str]:
    """Return what members are told of contact and campaigns, in the order of the policy."""
    sentences = [] if policy.contact is None else [_contact(policy.contact, policy)]
    if policy.campaigns:
        sentences.append("Campaigns for everyone who has ordered once; for each kind of benefit the best one applies:")
        sentences += [f"- {name}: {_campaign(campaign, policy)}" for name, campaign in policy.campaigns.items()]
    return sentences


def _contact(contact: Contact, policy: Policy) -> str:
    channels = [_channel(name, one, policy) for name, one in contact.channels.items()]
    caps = (
        f"Members are reached by {listed(channels)}: at most {contact.most_in_7_days} messages in 7 days and "
        f"{contact.most_in_30_days} in 30"
    )
    if contact.whitelist is None:
        return f"{caps}."
    whom = [f"members of the tier {tier}" for tier in contact.whitelist.tiers]
    whom += ["paid members"] if contact.whitelist.paid_members else []
    return f"{caps}, which does not apply to {listed(whom)}."


def _channel(name: str, channel: Channel, policy: Policy) -> str:
    """Return one channel: `sms at 0.05 CNY a message (to which 80 % agree)`."""
    cost = f"{name} at {money(channel.cost, policy)} a message"
    told = [f"to which {percent(channel.consent)} agree"] if channel.consent < 10_000 else []
    told += [f"that brings {times(channel.pull)} times the visits"] if channel.pull != 100 else []
    return f"{cost} ({' and '.join(told)})" if told else cost


def _campaign(campaign: Campaign, policy: Policy) -> str:
    parts = [f"{days_in_words(campaign)}, {whom(campaign.to)}: {listed(benefits(campaign, policy)) or 'a reminder'}"]
    if campaign.message is not None:
        kind = "a personal message" if campaign.personalised is not None else "a message"
        parts.append(f"announced by {kind} on {campaign.message}")
    if limits := _limits(campaign.budget, policy):
        parts.append(f"until {' or '.join(limits)}")
    return f"{'; '.join(parts)}."


def days_in_words(campaign: Campaign) -> str:
    """Return the days of a campaign: `on 11-11`, `in the birthday month`."""
    own = personal_occasion(campaign.when)
    if own is None:
        written = WhenNotation().write(campaign.when)
        return "always" if written == "always" else f"on {written}"
    return _own_days(own)


def _own_days(own: OwnDay) -> str:
    after = f"for {own.after} days after" if own.after else "on the day of"
    match own.kind:
        case Personal.BIRTHDAY_MONTH:
            return "in the month of the member's birthday"
        case Personal.ORDERS:
            return f"{after} every {own.count} orders"
        case Personal.REVIEWS:
            return f"{after} every {own.count} reviews"
        case Personal.FIRST_ORDER:
            return f"{after} the first order"
        case Personal.TIER_UPGRADE:
            return f"on the day of a promotion and {own.after} days after it"
        case Personal.CHALLENGE:
            return f"{after} a challenge is met"
        case Personal.SILENCE:
            return f"from {own.count} days after the last order on, for {own.after + 1} days"
        case kind:
            day = "birthday" if kind is Personal.BIRTHDAY else "joining anniversary"
            sides = ((own.before, "before"), (own.after, "after"))
            return f"on the {day}" + "".join(f" and {days} days {side} it" for days, side in sides if days)


def whom(to: Target) -> str:
    """Return whom a target means, in words."""
    conditions = [f"tier {' or '.join(to.tiers)}"] if to.tiers else []
    conditions += [] if to.members == "everyone" else [f"{to.members} members"]
    conditions += [f"{' or '.join(to.stages)} members"] if to.stages else []
    if to.last_order_from or to.last_order_until is not None:
        until = "" if to.last_order_until is None else f" to {to.last_order_until}"
        conditions.append(f"last order {to.last_order_from}{until} days ago")
    for field in ("recency", "frequency", "spend"):
        if thirds := getattr(to, field):
            conditions.append(f"{field} in the {' or '.join(thirds)} third")
    if to.prefers is not None:
        conditions.append(f"who prefer {to.prefers.kind}")
    if to.predicted < 10_000:
        conditions.append(f"the {percent(to.predicted)} most likely to respond")
    if to.arm_from or to.arm_until < 10_000:
        conditions.append(f"a random {percent(to.arm_until - to.arm_from)}")
    return f"for {', '.join(conditions)}" if conditions else "for all"


def benefits(campaign: Campaign, policy: Policy) -> list[str]:
    """Return what a campaign gives, in words."""
    given = []
    minimum = f" from {money(campaign.minimum_spend, policy)}" if campaign.minimum_spend else ""
    if campaign.discount:
        given.append(f"{percent(campaign.discount)} off{minimum}")
    if campaign.balance is not None:
        bounds = f"{percent(campaign.balance.least)} to {percent(campaign.balance.most)}"
        given.append(f"a discount that moves within {bounds} to hold a margin of {percent(campaign.balance.margin)}")
    if campaign.amount_off:
        given.append(f"{money(campaign.amount_off, policy)} off{minimum}")
    if campaign.points_multiplier != 100:
        given.append(f"{times(campaign.points_multiplier)} times the points{minimum}")
    if campaign.bonus_points:
        given.append(f"{counted(campaign.bonus_points)} more{minimum}")
    if campaign.free_shipping:
        given.append(f"free delivery{minimum}")
    for gift in campaign.gifts.values():
        given.append(f"a gift worth {money(gift.value, policy)} from {money(gift.spend, policy)} of goods")
    if campaign.gift is not None:
        given.append(f"a gift worth {money(campaign.gift.value, policy)} without an order")
    for step in campaign.challenge.values():
        reward = [counted(step.points)] if step.points else []
        reward += [f"a gift worth {money(step.value, policy)}"] if step.value else []
        given.append(f"{listed(reward) or 'nothing'} for {money(step.spend, policy)} in a calendar month")
    if campaign.event is not None:
        given.append(f"an event that reaches {percent(campaign.event.reach)} of them")
    return given


def _limits(budget: Budget, policy: Policy) -> list[str]:
    limits = []
    if budget.money is not None:
        limits.append(f"{money(budget.money, policy)} are spent")
    if budget.units is not None:
        limits.append(f"{budget.units:,} uses are made")
    if budget.money_a_day is not None:
        limits.append(f"{money(budget.money_a_day, policy)} are spent on the day")
    if budget.units_a_day is not None:
        limits.append(f"{budget.units_a_day:,} uses are made on the day")
    if budget.units_a_member is not None:
        often = "once" if budget.units_a_member == 1 else f"{budget.units_a_member} times"
        limits.append(f"a member has used it {often}")
    return limits
