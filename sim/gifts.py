"""Gifts that need no order: those of campaigns on the first day of an occasion, and the welcome to a tier.

Serves the office, in the morning. A gift pleases as a catalogue reward does, by its worth against a usual basket; it
brings nobody to the shop. Who has left for good without a word is sent one all the same, and is not pleased.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy

from .assumptions import Behaviour
from .at_price import at_price
from .attrition import settle
from .campaign_booking import use
from .campaigns import is_covered, may_use
from .card import Card, note_business, welcomes_to_tiers
from .compiled import card_mechanic, mechanic
from .ledger import LedgerRow
from .market import Market
from .programme_table import Programme, Terms
from .rewards import hand_out
from .shopper import ENROLLED, LAPSED, Shopper


@mechanic
def give_campaign_gift(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    number: int, start: int, day: int, rival: bool, key: np.uint64,
) -> bool:  # fmt: skip
    """Give the gift of a campaign whose occasion began for the shopper on `start`; return whether it was given.

    A budget that cannot pay it ends the campaign, that of the day only today's gifts.
    """
    i = np.uint64(number)
    if (p.gift_campaigns >> number) & 1 == 0 or (m.campaigns_on >> number) & 1 == 0 or s.status & ENROLLED == 0:
        return False
    if not may_use(s, c, p, b, m, number, start, day, key):
        return False
    cost = at_price(p.campaign_gift_cost[i], m.gift_prices)
    if not is_covered(m, number, cost, day):
        return False
    row.gifts_without_order += cost
    use(s, c, p, m, number, cost, day, key)
    please(s, t, b, m, row, cost, p.campaign_gift_value[i], day, rival)
    return True


@mechanic
def please(
    s: Shopper, t: Terms, b: Behaviour, m: Market, row: LedgerRow, cost: int, value: int, day: int, rival: bool
) -> None:
    """Charge a gift of `cost` cents, and let its `value` please whoever is still there."""
    worth = 0.0
    if s.status & LAPSED == 0 and settle(s, t, b, m, day, rival):
        worth = value / (m.basket_shape * s.basket_scale * m.basket_factor)
    hand_out(s, b, row, cost, worth)


@card_mechanic
def note_welcome(s: Shopper, c: Card, day: int) -> None:
    """Let the office welcome a member tomorrow to a tier that was reached today for the first time."""
    if s.status & ENROLLED and (c.tiers_reached >> s.tier) & 1 == 0:
        note_business(c, day + 1)


@mechanic
def welcome_to_tier(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool
) -> None:
    """Give the welcome gift of a tier that the member has reached for the first time, if it has one.

    A tier that the paid membership lends is not the member's own and gives none.
    """
    if s.status & ENROLLED == 0 or (c.tiers_reached >> s.tier) & 1:
        return
    mark_tiers(s, c)
    if (p.welcoming_tiers >> s.tier) & 1:
        tier = np.uint64(s.tier)
        cost = at_price(p.tier_gift_cost[tier], m.gift_prices)
        row.tier_welcome_gifts += cost
        please(s, t, b, m, row, cost, p.tier_gift_value[tier], day, rival)


@card_mechanic
def mark_tiers(s: Shopper, c: Card) -> None:
    """Note that the member has reached the tier, and with it those below."""
    if s.status & ENROLLED:
        c.tiers_reached |= (2 << s.tier) - 1


def remember_tiers(cards: NDArray[np.void], shoppers: NDArray[np.void], policy: Policy, former: Policy) -> None:
    """Note on the cards (shape: shoppers) which tiers were reached under `former`, if nobody was welcomed to them.

    Where both welcome members, whoever was promoted yesterday is still welcomed today.
    """
    if welcomes_to_tiers(policy) and not welcomes_to_tiers(former):
        reached = (2 << shoppers["tier"].astype(np.int64)) - 1
        cards["tiers_reached"] |= np.where(shoppers["status"] & ENROLLED, reached, 0).astype(np.int16)
