"""The first day of a campaign: its event is held, and its gift and its message go out to everybody it is for.

Serves the world, in the morning, before anybody visits. The cost of an event is borne in equal parts by the accounts of
those who come, to the cent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .assumptions import Behaviour
from .attrition import settle
from .card import Card
from .compiled import kernel, mechanic
from .contact import prompt, tell
from .gifts import give_campaign_gift
from .kernel import place, state_of
from .keyed_random import Purpose, day_key, shopper_key, uniform
from .ledger import LedgerRow
from .market import Market
from .prefetch import FETCH_AHEAD, prefetch, prefetch_card
from .programme_table import Programme, Terms
from .rival import in_rival_programme
from .shopper import ENROLLED, LAPSED, Shopper
from .soft_landing import terms_of
from .targeting import is_target, salted


@mechanic
def comes_to_event(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, number: int, day: int, key: np.uint64
) -> bool:
    """Return whether the shopper takes part in the event of a campaign today."""
    if s.status & ENROLLED == 0 or s.status & LAPSED:
        return False
    draws = day_key(salted(key, p.campaign_salt[np.uint64(number)]), day)
    if uniform(draws, Purpose.EVENT_REACH) * 10_000 >= p.campaign_reach[np.uint64(number)]:
        return False  # before the target is looked at, for which the card is needed
    return is_target(s, c, p, b, number, day, key) and settle(s, t, b, m, day, in_rival_programme(s, t, p, b, m, key))


@mechanic
def pay_event(s: Shopper, m: Market, row: LedgerRow, number: int, cost: int) -> None:
    """Post a part of the cost of an event."""
    row.engagement += cost
    s.margin -= cost
    s.benefit_cost += cost
    m.campaign_contact[np.uint64(number)] += cost


@mechanic
def enjoy_event(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, number: int, day: int, key: np.uint64
) -> None:
    """Let an event please the shopper, and perhaps lead to a visit."""
    row.event_guests += 1
    s.goodwill += b.event_goodwill
    draws = day_key(salted(key, p.campaign_salt[np.uint64(number)]), day)
    if uniform(draws, Purpose.EVENT_VISIT) < b.event_visit:
        prompt(s, c, m, row, number, day)


@kernel
def announce_campaigns(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], ledger: NDArray[np.void],
    cohorts: NDArray[np.uint8], day: int, origin: int, hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Hold the events, give the gifts and send the messages of the campaigns that open today."""
    p, b, m = programme[0], behaviour[0], market[0]
    for number in range(p.campaigns):
        if (m.campaigns_open_today >> number) & 1 == 0:
            continue
        if p.campaign_reach[place(number)] > 0:
            hold_event(
                shoppers, cards, due, terms, programme, behaviour, market, ledger, cohorts, day, origin, hashed_seed,
                first_shopper, number,
            )  # fmt: skip
        has_gift = (p.gift_campaigns >> number) & 1 != 0
        if (p.own_day_campaigns >> number) & 1 or not (has_gift or p.campaign_channel[place(number)] > 0):
            continue
        for i in range(shoppers.shape[0]):
            if cohorts[place(i * p.has_cohorts)] != p.cohort:
                continue
            prefetch(shoppers, i + FETCH_AHEAD)
            prefetch_card(cards, i + FETCH_AHEAD)
            s, c = shoppers[i], cards[i]
            key = shopper_key(hashed_seed, first_shopper + i)
            state = state_of(s)
            row, is_given = ledger[place(day - origin), state], False
            if has_gift:
                own = terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                is_given = give_campaign_gift(s, c, own, p, b, m, row, number, day, day, rival, key)
            if tell(s, c, p, b, m, row, number, is_given, day, key) and c.prompted_day == day:
                due[i] = min(due[i], day)
    m.campaigns_open_today = 0


@kernel
def hold_event(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], ledger: NDArray[np.void],
    cohorts: NDArray[np.uint8], day: int, origin: int, hashed_seed: np.uint64, first_shopper: int, number: int,
) -> None:  # fmt: skip
    """Hold the event of one campaign: count who comes, share out its cost, and let them enjoy it; whom it brings to
    the shop is due today.
    """
    p, b, m = programme[0], behaviour[0], market[0]
    guests = np.zeros(shoppers.shape[0], np.bool_)
    count, host = 0, -1
    for i in range(shoppers.shape[0]):
        if cohorts[place(i * p.has_cohorts)] != p.cohort:
            continue
        host = i if host < 0 else host
        s = shoppers[i]
        key = shopper_key(hashed_seed, first_shopper + i)
        guests[i] = comes_to_event(s, cards[i], terms[state_of(s)], p, b, m, number, day, key)
        count += guests[i]
    cost, each = p.campaign_cost[place(number)], p.campaign_cost_each[place(number)]
    seen = 0
    for i in range(shoppers.shape[0]):
        if not guests[i] and (count > 0 or i != host):
            continue
        s = shoppers[i]
        row = ledger[place(day - origin), state_of(s)]
        if guests[i]:
            pay_event(s, m, row, number, each + cost * (seen + 1) // count - cost * seen // count)
            seen += 1
            key = shopper_key(hashed_seed, first_shopper + i)
            enjoy_event(s, cards[i], p, b, m, row, number, day, key)
            if cards[i].prompted_day == day:
                due[i] = min(due[i], day)
        else:
            pay_event(s, m, row, number, cost)  # nobody came: the first account bears it
