"""The points currency in plain language, as a member would be told it.

Serves the sentences about a policy; every part of `points` has its own.
"""

from __future__ import annotations

from .amounts import counted, listed, money, percent, times
from .earning import Earn
from .expiry import Expiry
from .points import Points
from .policy import Policy
from .promise import points_back
from .rewards import CatalogueReward
from .when import WhenNotation

ROUNDED = {
    "down": "",
    "nearest": " A part of it counts as a whole from one half on.",
    "up": " A part of it counts as a whole.",
}

CLAWED_BACK = {
    "pending_only": "those still pending are taken back",
    "within_balance": "its points are taken back as far as the balance goes",
    "may_go_negative": "its points are taken back, if need be from the points earned next",
}


def points_in_words(points: Points, policy: Policy) -> list[str]:
    """Return the promises about points, from earning to expiry."""
    sentences = [_earning(points.earn, policy), _worth(points, policy)]
    sentences += _card(points) + _caps(points.earn) + _activities(points, policy)
    if points.automatic is None:
        sentences.append(_use(points))
    sentences += _rewards(points, policy) + _events(points)
    sentences.append(f"Points {_life(points.expiry)}.")
    sentences += _devaluation(points, policy)
    return sentences + _small_print(points, policy)


def _earning(earn: Earn, policy: Policy) -> str:
    base = earn.counts
    on = "of goods at list prices" if base.before_discounts else "paid for goods"
    if base.shipping:
        on += " and delivery"
    if base.points_paid:
        none = "what is paid by points earns again" + ("" if base.shipping else ", delivery earns none")
    else:
        none = f"what is paid by points{'' if base.shipping else ' and for delivery'} earns none"
    if not base.tax:
        on += ", without sales tax,"
    if earn.points == 0 and earn.each_order:
        return f"Each order earns {counted(earn.each_order)}, whatever it is worth."
    beside = f", and each order {counted(earn.each_order)} more" if earn.each_order else ""
    told = f"Each full {money(earn.per, policy)} {on} earns {counted(earn.points)}{beside}; {none}."
    return told + ROUNDED[earn.rounding or "down"]


def _worth(points: Points, policy: Policy) -> str:
    value, number = points.worth
    back = points_back(policy, 100)
    share = (
        f": {percent(round(back * 10_000))} of what was paid comes back." if back or not points.earn.each_order else "."
    )
    if points.automatic is not None:
        return (
            f"At a balance of {counted(number)} they become a credit of {money(value, policy)} by themselves, which "
            f"pays for the next orders{share}"
        )
    return f"{counted(number)} pay {money(value, policy)}{share}"


def _card(points: Points) -> list[str]:
    if points.stamp_card is None:
        return []
    told = "Points are collected on a card that members take up or leave; who leaves it collects none."
    if points.stamp_card.head_start:
        told += f" The first card has {counted(points.stamp_card.head_start)} on it when it is handed out."
    return [told]


def _caps(earn: Earn) -> list[str]:
    if earn.caps is None:
        return []
    caps = [(earn.caps.day, "a day"), (earn.caps.month, "a month"), (earn.caps.year, "a year")]
    most = listed([f"{cap:,} {period}" for cap, period in [*caps, (earn.caps.lifetime, "in a life")] if cap])
    above = "what goes beyond is cut"
    if earn.caps.excess == "refused":
        above = "a credit that goes beyond is refused as a whole"
    return [f"A member earns at most {most} points; {above}."]


def _activities(points: Points, policy: Policy) -> list[str]:
    activities = points.activities
    if activities is None:
        return []
    awards = [
        (activities.check_in, "a check-in"),
        (activities.review, "a review"),
        (activities.share, "sharing an order"),
        (activities.profile, "completing the profile once"),
    ]
    sentences = []
    if given := [f"{award:,} for {what}" for award, what in awards if award]:
        life = f"; they live {counted(activities.expire_after_days, 'day')}" if activities.expire_after_days else ""
        sentences.append(f"Points for more than orders: {listed(given)}{life}.")
    return sentences


def _use(points: Points) -> str:
    if points.maximum_share == 0:
        return "Points pay for no orders."
    use = "Any balance can be used" if points.minimum == 0 else f"From a balance of {counted(points.minimum)} they can"
    use += " and can pay" if points.minimum == 0 else " pay"
    use += " a whole order" if points.maximum_share == 10_000 else f" up to {percent(points.maximum_share)} of an order"
    return f"{use}{f', in steps of {points.redeem.step:,}' if points.redeem.step else ''}."


def _rewards(points: Points, policy: Policy) -> list[str]:
    sentences = []
    for name, reward in points.rewards.items():
        tiers = "".join(f", {price:,} in {tier}" for tier, price in reward.tier_points.items())
        stock = f", while {reward.stock:,} last" if reward.stock else ""
        sentences.append(f"{counted(reward.points)}{tiers} buy {name}, {_bought(reward, policy)}{stock}.")
    if points.lottery is not None:
        prizes = [f"{percent(prize.chance)} for {name}, worth {money(prize.value, policy)}"
                  for name, prize in points.lottery.prizes.items()]  # fmt: skip
        days = WhenNotation().write(points.lottery.when)
        on = "" if days == "always" else f", on {days}"
        play = f"{counted(points.lottery.points)} play the lottery once{on}"
        sentences.append(f"{play}, with chances of {listed(prizes)}.")
    return sentences


def _bought(reward: CatalogueReward, policy: Policy) -> str:
    if reward.coupons is not None:
        return counted(reward.coupons, "coupon")
    worth = f"worth {money(reward.value or 0, policy)}"
    return f"a donation of {money(reward.cost or 0, policy)}, {worth} to the giver" if reward.charity else worth


def _events(points: Points) -> list[str]:
    return [
        f"On {WhenNotation().write(event.when)} whatever points buy costs {percent(event.price)} of its points."
        for event in points.price_events
    ]


def _devaluation(points: Points, policy: Policy) -> list[str]:
    change = points.devaluation
    if change is None:
        return []
    parts = []
    if change.value is not None:
        parts.append(f"{counted(points.redeem.points)} pay {money(change.value, policy)}")
    if change.reward_prices is not None:
        parts.append(f"the catalogue asks {times(change.reward_prices)} times the points")
    told = f"told {counted(change.announced_days, 'day')} before" if change.announced_days else "not told before"
    return [f"From {change.on} on {listed(parts)}; members are {told}."]


def _life(expiry: Expiry | None) -> str:
    if expiry is None:
        return "never expire"
    if expiry.inactivity is not None:
        what = {"earning": "points are earned", "redeeming": "points are used", "both": "points are earned or used"}
        return f"expire after {counted(expiry.inactivity.days, 'day')} in which no {what[expiry.inactivity.reset_by]}"
    if expiry.dates:
        return f"expire every year at the end of {listed(list(expiry.dates))} (month-day)"
    if expiry.days is not None:
        return f"expire {counted(expiry.days, 'day')} after the day of earning; the oldest are used first"
    kept = "".join(
        f"; members of {tier} keep them {'for ever' if more is None else counted(more, 'month') + ' longer'}"
        for tier, more in expiry.extension.items()
    )
    if expiry.months is None:
        return f"expire at the end of the {expiry.end_of} in which they are earned{kept}"
    if expiry.end_of == "day":
        return f"expire {counted(expiry.months, 'month')} after the day of earning; the oldest are used first"
    if expiry.end_of in ("quarter", "year"):
        return f"expire at the end of the {expiry.end_of} that holds the day {counted(expiry.months, 'month')} after " \
               f"earning; the oldest are used first{kept}"  # fmt: skip
    months = "1 month has" if expiry.months == 1 else f"{expiry.months} months have"
    return f"expire when {months} passed after the month of earning; the oldest are used first{kept}"


def _small_print(points: Points, policy: Policy) -> list[str]:
    sentences = []
    if points.expiry is not None and (reminder := points.expiry.reminder) is not None:
        days = counted(reminder.days, "day")
        sentences.append(f"{days} before points are gone, members are told by {reminder.channel}.")
    if points.freeze is not None:
        days = counted(points.freeze.after_days, "day")
        sentences.append(f"After {days} without an order the balance is frozen until the next order.")
    if (returns := points.returns) is not None:
        if returns.pending_days is not None:
            sentences.append(f"Points of an order can be used after {counted(returns.pending_days, 'day')}.")
        paid = "come back" if returns.points_paid == "given_back" else "are lost"
        back = CLAWED_BACK[returns.claw_back]
        sentences.append(f"When an order is returned, {back}; points that paid for it {paid}.")
    return sentences
