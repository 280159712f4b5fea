"""Campaigns on a visit: which are open to this shopper, what they take off, and what they give with an order.

Serves the visit. Of several campaigns the best for the shopper applies, for each kind of benefit apart: price, points,
delivery; gifts come from all of them.
"""

from __future__ import annotations

import numpy as np

from memberlab.policies import MOST_STEPS

from .assumptions import Behaviour
from .at_price import at_price
from .campaign_pull import ASKS_WHETHER_IT_MATTERS, can_help, challenge_pull, highest_pull
from .campaign_record import NOT_ON, UNLIMITED
from .card import Card
from .compiled import card_mechanic, mechanic
from .market import Market
from .order import Order
from .own_days import own_start
from .programme_table import Programme, Terms
from .shopper import ENROLLED, Shopper
from .targeting import is_target

NOTHING = 0
"""In place of 1 + the number of a campaign."""


@mechanic
def occasion_start(s: Shopper, c: Card, p: Programme, m: Market, number: int, day: int, key: np.uint64) -> int:
    """Return the first day of the occasion of a campaign that holds `day` for this shopper; NOT_ON if none does."""
    if (m.campaigns_on >> number) & 1 == 0:
        return NOT_ON
    if (p.own_day_campaigns >> number) & 1:
        return own_start(s, c, p, m, number, day, key)
    return m.campaign_opened[np.uint64(number)]


@mechanic
def is_open(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, number: int, day: int, key: np.uint64) -> bool:
    """Return whether the shopper may use a campaign today."""
    start = occasion_start(s, c, p, m, number, day, key)
    return start != NOT_ON and may_use(s, c, p, b, m, number, start, day, key)


@mechanic
def may_use(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, number: int, start: int, day: int, key: np.uint64
) -> bool:
    """Return whether a campaign means the shopper and has uses left, for all and for one member since `start`."""
    i = np.uint64(number)
    if m.units_left[i] <= 0 or m.units_left_today[i] <= 0:
        return False
    if p.campaign_uses[i] < UNLIMITED and c.occasion[i] == start and c.uses[i] >= p.campaign_uses[i]:
        return False
    return is_target(s, c, p, b, number, day, key)


@card_mechanic
def find_campaigns(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, day: int, key: np.uint64
) -> float:
    """Note on the order which campaigns the shopper may use; return by how much they can raise the buying utility, or 0
    where that decides nothing.
    """
    o.campaigns = 0
    forget(o)
    if s.status & ENROLLED == 0:
        return 0.0
    candidates = m.campaigns_on & p.giving_campaigns
    if candidates == 0:
        return 0.0
    may_order_anyway = c.credit > 0 or c.waits_until > 0
    if ASKS_WHETHER_IT_MATTERS and not (may_order_anyway or can_help(s, c, t, p, b, m, o, candidates)):
        return 0.0
    o.campaigns = candidates & p.free_campaigns
    others = candidates & ~p.free_campaigns
    if others != 0:
        for number in range(p.campaigns):
            if (others >> number) & 1 and is_open(s, c, p, b, m, number, day, key):
                o.campaigns |= 1 << number
    if o.campaigns == 0:
        return 0.0
    o.challenge_pull = challenge_pull(s, p, b, m, o)
    o.campaign_share = deepest_share(p, m, o)
    if ASKS_WHETHER_IT_MATTERS and o.shortfall < 0.0:
        return 0.0
    return highest_pull(s, c, t, p, b, m, o)


@mechanic
def forget(o: Order) -> None:
    """Let no campaign be on the order."""
    o.price_campaign = o.points_campaign = o.shipping_campaign = NOTHING
    o.campaign_share = o.campaign_amount = o.campaign_minimum = o.campaign_points = o.gift_value = 0
    o.challenge_pull = 0.0


@mechanic
def deepest_share(p: Programme, m: Market, o: Order) -> int:
    """Return the deepest discount of the open campaigns that every basket gets, in basis points."""
    deepest, lowering = 0, o.campaigns & p.price_campaigns
    if lowering == 0:
        return 0
    for number in range(p.campaigns):
        if (lowering >> number) & 1 and p.campaign_minimum[np.uint64(number)] == 0:
            deepest = max(deepest, m.campaign_depth[np.uint64(number)])
    return deepest


@mechanic
def price_cut(p: Programme, m: Market, number: int, goods: int) -> int:
    """Return the cents that one campaign takes off `goods` cents."""
    i = np.uint64(number)
    if goods < p.campaign_minimum[i]:
        return 0
    return goods * m.campaign_depth[i] // 10_000 + p.campaign_amount[i]


@mechanic
def gift_step(p: Programme, o: Order, number: int) -> int:
    """Return the place of the largest gift that the goods of the order reach in one campaign; -1 for none."""
    reached = -1
    if o.campaign_goods < p.campaign_minimum[np.uint64(number)]:
        return reached
    for step in range(MOST_STEPS * number, MOST_STEPS * number + MOST_STEPS):
        if o.goods >= p.gift_spend[np.uint64(step)]:
            reached = step
    return reached


@mechanic
def choose_campaign(t: Terms, p: Programme, m: Market, o: Order) -> None:
    """Note on the order the open campaign that takes most off its goods, as the standing discount leaves them."""
    goods = o.list_value - o.list_value * t.discount // 10_000
    best, lowering = 0, o.campaigns & p.price_campaigns
    o.price_campaign, o.campaign_share, o.campaign_amount, o.campaign_minimum = NOTHING, 0, 0, 0
    if lowering == 0:
        return
    for number in range(p.campaigns):
        i = np.uint64(number)
        if (lowering >> number) & 1 == 0:
            continue
        cut = price_cut(p, m, number, goods)
        if cut > best:
            best = cut
            o.price_campaign = number + 1
            o.campaign_share, o.campaign_amount = m.campaign_depth[i], p.campaign_amount[i]
            o.campaign_minimum = p.campaign_minimum[i]


@mechanic
def drop_spent_campaigns(t: Terms, p: Programme, m: Market, o: Order, cut: int, day: int) -> bool:
    """Take from the order the campaigns that cannot pay all they would give; return whether one of them cut its price.

    `cut` is what the campaign of the day takes off, in cents.
    """
    prices_anew, limited = False, o.campaigns & p.budget_campaigns
    if limited == 0:
        return False
    for number in range(p.campaigns):
        if (limited >> number) & 1 == 0:
            continue
        is_chosen = o.price_campaign == number + 1
        if not can_pay(t, p, m, o, number, cut if is_chosen else 0, day):
            o.campaigns &= ~(1 << number)
            prices_anew = prices_anew or is_chosen
    return prices_anew


@mechanic
def can_pay(t: Terms, p: Programme, m: Market, o: Order, number: int, cut: int, day: int) -> bool:
    """Return whether the budget covers all that a campaign gives with the order; a campaign that cannot is over.

    Its day's budget may be spent and the campaign go on tomorrow.
    """
    i = np.uint64(number)
    step = gift_step(p, o, number)
    cost = cut + (at_price(p.gift_cost[np.uint64(step)], m.gift_prices) if step >= 0 else 0)
    if p.campaign_ships[i] and o.campaign_goods >= p.campaign_minimum[i] and o.goods < t.free_shipping_from:
        cost += p.shipping_fee
    return is_covered(m, number, cost, day)


@mechanic
def is_covered(m: Market, number: int, cost: int, day: int) -> bool:
    """Return whether the budgets of a campaign and of its day hold `cost` cents; without the first it is over."""
    i = np.uint64(number)
    if cost > m.money_left[i]:
        run_out(m, number, day)
        return False
    return cost <= m.money_left_today[i]


@mechanic
def run_out(m: Market, number: int, day: int) -> None:
    """End a campaign whose budget is spent."""
    m.campaign_ran_out[np.uint64(number)] = day
    m.campaigns_on &= ~(1 << number)


@mechanic
def gifts_with(p: Programme, o: Order) -> int:
    """Return the worth to the shopper of all gifts that open campaigns give with the order, in cents."""
    worth, giving = 0, o.campaigns & p.step_campaigns
    if giving == 0:
        return 0
    for number in range(p.campaigns):
        if (giving >> number) & 1:
            step = gift_step(p, o, number)
            worth += p.gift_value[np.uint64(step)] if step >= 0 else 0
    return worth


@mechanic
def campaign_ships(p: Programme, o: Order) -> bool:
    """Return whether an open campaign delivers the order free of charge, and note on the order which it is."""
    o.shipping_campaign = NOTHING
    delivering = o.campaigns & p.shipping_campaigns
    if delivering == 0:
        return False
    for number in range(p.campaigns):
        i = np.uint64(number)
        if (delivering >> number) & 1 and o.campaign_goods >= p.campaign_minimum[i]:
            o.shipping_campaign = number + 1
            return True
    return False


@mechanic
def campaign_points(p: Programme, o: Order, earned: int) -> int:
    """Return the points that the best open campaign adds to `earned`, and note on the order which it is."""
    best, adding = 0, o.campaigns & p.points_campaigns
    o.points_campaign = NOTHING
    if adding == 0:
        return 0
    for number in range(p.campaigns):
        i = np.uint64(number)
        if (adding >> number) & 1 and o.campaign_goods >= p.campaign_minimum[i]:
            points = earned * (p.campaign_multiplier[i] - 100) // 100 + p.campaign_bonus[i]
            if points > best:
                best = points
                o.points_campaign = number + 1
    return best if p.has_points else 0
