"""What a deal leaves in mind: who bought at a sale comes to look at the next one, and newcomers take a deal as a gift.

Serves the visit. A deal is an order to which a campaign's discount was applied. Shoppers learn from deals to lie in
wait for others (Mela, Gupta and Lehmann, 1997); deep deals make established customers buy ahead and wait, and
newcomers come back (Anderson and Simester, 2004; facts 10 and 11).
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic, mechanic
from .keyed_random import Purpose, uniform
from .market import Market
from .order import Order
from .pricing import CAMPAIGN
from .programme_table import Programme
from .shopper import NEVER, Shopper
from .targeting import NEW_DAYS, is_target

DEEP = 30.0
"""Percent off from which a deal leaves all that one can: the deep deal of Elberg, Gardete, Macera and Noton (2019)."""


@mechanic
def depth_of_deal(o: Order) -> float:
    """Return what the campaign took off, as a share of the goods before it; 0 where none did."""
    if o.price_campaign == 0 or o.offer[CAMPAIGN] <= 0:
        return 0.0
    taken = o.offer[CAMPAIGN]
    return taken / (o.goods + taken)


@card_mechanic
def remember_deal(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, day: int, k: np.uint64, key: np.uint64
) -> None:  # fmt: skip
    """Note an order placed at a campaign's price, which may bring the shopper back for the next sale.

    Of two deals the one that is more in mind now is kept.
    """
    percent = int(100.0 * depth_of_deal(o) + 0.5)
    if percent == 0:
        return
    if c.deal_day == 0 or percent >= c.deal_percent * still_in_mind(c, b, day):
        c.deal_day, c.deal_percent = day + 1, percent
    look_out_for_sales(s, c, p, b, m, day, k, key)


@card_mechanic
def look_out_for_sales(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, day: int, k: np.uint64, key: np.uint64
) -> None:  # fmt: skip
    """Let a shopper who remembers a deal come on the day on which the next dated sale opens, with a chance that fades.

    Each visit asks anew, so that a habit of coming for sales lasts while it is fed.
    """
    wish = uniform(k, Purpose.SALE_VISIT)
    if wish >= chance_at_once(c, b):
        return
    opens = next_sale(s, c, p, b, m, day, key)
    if opens < c.prompted_day and wish < chance_at_once(c, b) * still_in_mind(c, b, opens):
        c.prompted_day = opens


@card_mechanic
def puts_off(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, day: int, k: np.uint64, key: np.uint64
) -> bool:  # fmt: skip
    """Return whether a shopper who would order at the usual price waits for the next sale instead, and order then.

    The longer the wait, the fewer; nobody puts off two orders at once.
    """
    if c.deal_day == 0 or c.waits_until > 0 or o.is_first or o.price_campaign != 0:
        return False
    wish = uniform(k, Purpose.SALE_VISIT)
    if wish >= chance_at_once(c, b):
        return False
    opens = next_sale(s, c, p, b, m, day, key)
    if wish >= chance_at_once(c, b) * still_in_mind(c, b, opens) * math.exp(-(opens - day) / b.deal_patience):
        return False
    c.waits_until = opens
    c.prompted_day = min(c.prompted_day, opens)
    return True


@card_mechanic
def places_what_was_put_off(c: Card, day: int) -> bool:
    """Return whether an order that was put off is due: at the first visit since the sale has opened, or should have.

    Under another policy the sale may never come; what was put off is then bought all the same.
    """
    if c.waits_until == 0 or day < c.waits_until:
        return False
    c.waits_until = 0
    return True


@mechanic
def chance_at_once(c: Card, b: Behaviour) -> float:
    """Return the chance that a deal leads to the next sale if that is at once, by the depth of the deal."""
    return b.deal_seeking * min(1.0, c.deal_percent / DEEP)


@mechanic
def still_in_mind(c: Card, b: Behaviour, day: int) -> float:
    """Return how much of a deal is still in mind on `day`, as a share."""
    return math.exp(-(day - (c.deal_day - 1)) / b.deal_memory)


@mechanic
def next_sale(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, day: int, key: np.uint64) -> int:
    """Return the first day after today on which a dated sale opens that means the shopper; NEVER if none does."""
    soonest = NEVER
    for number in range(p.campaigns):
        opens = m.campaign_next[np.uint64(number)]
        if (p.dated_sales >> number) & 1 and day < opens < soonest and is_target(s, c, p, b, number, day, key):
            soonest = opens
    return soonest


@mechanic
def is_newcomer(s: Shopper, day: int) -> bool:
    """Return whether the shopper is so new that the shop's prices are not yet learnt: the stage `new` of a target."""
    return s.first_order_day >= 0 and day - s.first_order_day <= NEW_DAYS


@card_mechanic
def taken_as_gift(s: Shopper, c: Card, b: Behaviour, o: Order, day: int) -> float:
    """Return the part of the deal, as a log price, that a newcomer takes as a gift and not as the shop's price.

    That part pleases as a reward does, and leaves the price that the shopper is used to.
    """
    return b.newcomer_deal * math.log(1.0 - depth_of_deal(o)) if is_newcomer(s, day) else 0.0


@mechanic
def worth_of_gift(s: Shopper, b: Behaviour, o: Order, day: int) -> int:
    """Return the cents of the deal that please a newcomer as a reward does."""
    return int(b.newcomer_deal * o.offer[CAMPAIGN]) if is_newcomer(s, day) and depth_of_deal(o) > 0.0 else 0
