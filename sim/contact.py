"""Messages to one shopper: consent, frequency cap, cost, the visit that one may bring, and the shopper who has enough.

Serves campaigns. An extra visit comes with probability c0 exp(-c1 n), where n messages came in the last 7 days
(behaviour reference, 2.3; fact 45).
"""

from __future__ import annotations

import math

import numpy as np

from memberlab.policies import MOST_MESSAGES

from .assumptions import Behaviour
from .at_price import at_price
from .card import Card, note_business
from .compiled import card_mechanic, mechanic
from .keyed_random import TRAITS_DAY, Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .own_days import next_own_start
from .programme_table import Programme
from .shopper import ENROLLED, LAPSED, MEMBER, NEVER, Shopper
from .targeting import is_target, salted


@mechanic
def messages_since(c: Card, day: int, days: int) -> int:
    """Return how many of the messages that the card remembers came in the `days` days that end today."""
    count = 0
    for place in range(MOST_MESSAGES):
        sent = c.message_days[np.uint64(place)] - 1
        count += 1 if sent >= 0 and sent > day - days else 0
    return count


@mechanic
def is_whitelisted(s: Shopper, p: Programme) -> bool:
    """Return whether the frequency caps do not apply to the shopper: by tier, or as a paid member."""
    return (p.uncapped_tiers >> int(s.tier)) & 1 != 0 or (p.uncapped_members != 0 and s.status & MEMBER != 0)


@mechanic
def may_be_written_to(s: Shopper, c: Card, p: Programme, number: int, day: int, key: np.uint64) -> bool:
    """Return whether the shopper has agreed to the channel, still does, and has not had the most messages allowed."""
    i = np.uint64(number)
    if c.opted_out:
        return False
    consent = uniform(salted(day_key(key, TRAITS_DAY), p.campaign_channel[i]), Purpose.CONSENT)
    if consent * 10_000 >= p.campaign_consent[i]:
        return False
    if is_whitelisted(s, p):
        return True
    return messages_since(c, day, 7) < p.most_in_week and messages_since(c, day, 30) < p.most_in_month


@mechanic
def send_message(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, number: int, day: int, key: np.uint64
) -> bool:
    """Send the message of a campaign if the shopper may be written to; return whether it went out."""
    if s.status & ENROLLED == 0 or not may_be_written_to(s, c, p, number, day, key):
        return False
    i = np.uint64(number)
    tired = messages_since(c, day, 7)
    pay_message(s, c, p, m, row, number, day)
    draws = day_key(salted(key, p.campaign_salt[i]), day)
    pull = b.contact_visit * math.exp(-b.contact_fatigue * tired) * p.campaign_pull[i] / 100
    if p.campaign_personal[i] and uniform(draws, Purpose.PERSONAL_HIT) < b.personal_hit:
        pull *= b.personal_lift
    if uniform(draws, Purpose.MESSAGE_VISIT) < pull:
        prompt(s, c, m, row, number, day)
    if uniform(draws, Purpose.OPT_OUT) < b.opt_out * math.exp(b.opt_out_growth * tired):
        c.opted_out = 1
        row.opt_outs += 1
    return True


@mechanic
def tell(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, number: int, has_gift: bool, day: int,
    key: np.uint64,
) -> bool:  # fmt: skip
    """Send the message of a campaign, if it has one, to a shopper whom it means; return whether it went out.

    Nobody is told of a campaign whose budget gifts have spent this morning, but for the member who got the last one.
    """
    is_over = (m.campaigns_on >> number) & 1 == 0
    if p.campaign_channel[np.uint64(number)] == 0 or (is_over and not has_gift):
        return False
    return is_target(s, c, p, b, number, day, key) and send_message(s, c, p, b, m, row, number, day, key)


@mechanic
def pay_message(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, number: int, day: int) -> None:
    """Post the cost of a message and remember its day."""
    i = np.uint64(number)
    cost = at_price(p.campaign_message_cost[i], m.message_prices)
    row.messages += cost
    row.messages_sent += 1
    s.margin -= cost
    s.benefit_cost += cost
    m.campaign_messages[i] += 1
    m.campaign_contact[i] += cost
    c.message_days[np.uint64(c.message_place)] = day + 1
    c.message_place = (c.message_place + 1) % MOST_MESSAGES


@mechanic
def prompt(s: Shopper, c: Card, m: Market, row: LedgerRow, number: int, day: int) -> None:
    """Bring the shopper to the shop today."""
    if s.status & LAPSED:
        return
    c.prompted_day = day
    row.prompted_visits += 1
    m.campaign_visits[np.uint64(number)] += 1


@card_mechanic
def note_own_days(s: Shopper, c: Card, p: Programme, m: Market, day: int, key: np.uint64) -> None:
    """Let the office see to the shopper on the first own occasion from `day` on that has a message or a gift."""
    if s.status & ENROLLED == 0:
        return
    for number in range(p.campaigns):
        if (p.acts_on_own_days >> number) & 1:
            start = next_own_start(s, c, p, m, number, day, key)
            if start < NEVER:
                c.office_day = min(c.office_day, start)


@mechanic
def notice_tier(s: Shopper, c: Card, day: int) -> None:
    """Remember the day of a promotion that a review of the month has given."""
    if 0 < c.tier_seen < s.tier + 1:
        c.upgraded_day = day
    c.tier_seen = s.tier + 1


@mechanic
def note_promotion(s: Shopper, c: Card, day: int) -> None:
    """Remember today as the day of a promotion."""
    c.upgraded_day = day
    c.tier_seen = s.tier + 1


@mechanic
def tell_tomorrow(c: Card, p: Programme, day: int) -> None:
    """Let the office tell tomorrow of a promotion that an order has given today, after the office's morning."""
    if p.acts_on_own_days != 0:
        c.upgrade_untold = 1
        note_business(c, day + 1)
