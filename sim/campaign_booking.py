"""Campaigns on an order that is placed: what they gave is posted, budgets and uses are counted, goals are rewarded.

Serves the visit. Amounts are cents; every posting goes to the ledger, to the shopper's own account and to the report.
"""

from __future__ import annotations

import numpy as np

from memberlab.policies import MOST_STEPS

from .assumptions import Behaviour
from .at_price import at_price
from .campaign_record import NOT_ON, UNLIMITED
from .campaigns import gift_step, is_open, occasion_start, run_out
from .card import Card
from .compiled import card_mechanic, mechanic
from .deals import remember_deal, worth_of_gift
from .disappointment import note_nearness
from .headroom import headroom_of
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .own_days import ORDERS, REVIEWS
from .points_credit import award
from .pricing import CAMPAIGN
from .programme_table import Programme
from .shopper import LARGEST_HOLDING, Shopper
from .tiers import window_place

MOST_USES = 127
"""Uses that a card counts in one occasion."""


@card_mechanic
def book_campaigns(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, day: int, k: np.uint64,
    key: np.uint64,
) -> None:  # fmt: skip
    """Post what every campaign gave with an order, and count the order for those that wait for so many."""
    row.campaign_points += o.campaign_points
    if o.is_first:
        c.tier_seen = 1  # everybody begins in the lowest tier, so that the next one is a promotion
    given = 0
    for number in range(p.campaigns):
        if (o.campaigns >> number) & 1:
            given += book_campaign(s, c, p, b, m, o, row, number, day, key)
        elif o.is_first and (p.goal_campaigns >> number) & 1 and is_open(s, c, p, b, m, number, day, key):
            given += reward_goals(s, c, p, b, m, o, row, number, day, key)  # the order that enrols counts for the month
    given += worth_of_gift(s, b, o, day)
    remember_deal(s, c, p, b, m, o, day, k, key)
    if given > 0:
        s.goodwill += b.reward_goodwill * min(1.0, given / (0.5 * o.list_value)) * headroom_of(s, b)
    count_order(c, p, day)


@mechanic
def book_campaign(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, number: int, day: int,
    key: np.uint64,
) -> int:  # fmt: skip
    """Post what one campaign gave with an order; return the worth of its gifts to the shopper, in cents."""
    i = np.uint64(number)
    money, worth, is_used = 0, 0, False
    if o.price_campaign == number + 1 and o.offer[CAMPAIGN] > 0:
        money += o.offer[CAMPAIGN]
        is_used = True
    if o.shipping_campaign == number + 1:
        money += p.shipping_fee
        is_used = True
    if o.points_campaign == number + 1 and o.campaign_points > 0:
        m.campaign_points[i] += o.campaign_points
        is_used = True
    step = gift_step(p, o, number) if (p.step_campaigns >> number) & 1 else -1
    if step >= 0:
        money += give(s, row, at_price(p.gift_cost[np.uint64(step)], m.gift_prices))
        worth += p.gift_value[np.uint64(step)]
        is_used = True
    if is_used:
        m.campaign_orders[i] += 1
        use(s, c, p, m, number, money, day, key)
    if (p.goal_campaigns >> number) & 1:
        worth += reward_goals(s, c, p, b, m, o, row, number, day, key)
    return worth


@mechanic
def give(s: Shopper, row: LedgerRow, cost: int) -> int:
    """Post a gift of `cost` cents; return the cost."""
    row.campaign_gifts += cost
    s.margin -= cost
    s.benefit_cost += cost
    return cost


@mechanic
def use(s: Shopper, c: Card, p: Programme, m: Market, number: int, money: int, day: int, key: np.uint64) -> None:
    """Take one use and its money from the budgets; the campaign ends when one of them is spent."""
    i = np.uint64(number)
    m.campaign_units[i] += 1
    m.campaign_money[i] += money
    start = occasion_start(s, c, p, m, number, day, key)
    if start != NOT_ON:  # else this order has just ended the occasion, as one ends a silence
        if c.occasion[i] != start:
            c.occasion[i], c.uses[i] = start, 0
        c.uses[i] = min(MOST_USES, c.uses[i] + 1)
    if m.money_left[i] < UNLIMITED:
        m.money_left[i] -= money
    if m.money_left_today[i] < UNLIMITED:
        m.money_left_today[i] -= money
    if m.units_left[i] < UNLIMITED:
        m.units_left[i] -= 1
    if m.units_left_today[i] < UNLIMITED:
        m.units_left_today[i] -= 1
    if m.money_left[i] <= 0 or m.units_left[i] <= 0:
        run_out(m, number, day)


@mechanic
def reward_goals(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, number: int, day: int,
    key: np.uint64,
) -> int:  # fmt: skip
    """Reward the steps of a month's spend goal that this order reached; return the worth of their gifts, in cents."""
    i = np.uint64(number)
    spent = s.month_spend[window_place(m)]
    before = spent - o.goods
    worth = 0
    for place in range(MOST_STEPS * number, MOST_STEPS * number + MOST_STEPS):
        step = np.uint64(place)
        if not before < p.goal_spend[step] <= spent:
            continue
        if (m.campaigns_on >> number) & 1 == 0:
            break  # its budget was spent by an earlier step
        cost = at_price(p.goal_cost[step], m.gift_prices)
        if cost > min(m.money_left[i], m.money_left_today[i]):
            if cost > m.money_left[i]:
                run_out(m, number, day)
            break
        points = min(p.goal_points[step], LARGEST_HOLDING - s.points_balance) if p.has_points else 0
        if points > 0:
            points = award(s, c, p, m, row, points, day)
            row.challenge_points += points
            m.campaign_points[i] += points
        use(s, c, p, m, number, give(s, row, cost), day, key)
        row.goals_reached += 1
        if is_last_step(p, number, place):
            c.challenge_day = day
            s.goodwill += b.goal_goodwill * headroom_of(s, b)
        else:  # the last step's reward pleases as a goal that is reached, and not twice
            worth += p.goal_value[step]
    if (m.campaigns_on >> number) & 1:
        note_nearness(c, p, number, spent)
    return worth


@mechanic
def is_last_step(p: Programme, number: int, place: int) -> bool:
    """Return whether no step of the campaign's goals follows the one in `place`."""
    return place + 1 == MOST_STEPS * (number + 1) or p.goal_spend[np.uint64(place + 1)] == UNLIMITED


@mechanic
def count_order(c: Card, p: Programme, day: int) -> None:
    """Count an order, and start the occasions of every so many orders, from tomorrow on."""
    c.orders_counted += 1
    begin_counted(c, p, ORDERS, c.orders_counted, day)


@card_mechanic
def count_review(c: Card, p: Programme, day: int) -> None:
    """Count a review, and start the occasions of every so many reviews, from tomorrow on."""
    c.reviews_counted += 1
    begin_counted(c, p, REVIEWS, c.reviews_counted, day)


@mechanic
def begin_counted(c: Card, p: Programme, kind: int, count: int, day: int) -> None:
    """Start the occasions of one kind that come every so many times, where `count` is one of these."""
    if p.counted_campaigns == 0:
        return
    for number in range(p.campaigns):
        i = np.uint64(number)
        if p.campaign_own_day[i] == kind and count % p.campaign_count[i] == 0:
            c.occasion[i], c.uses[i] = day + 1, 0
