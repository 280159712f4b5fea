"""The evening's part of word of mouth: friends arrive from the reserve, rewards fall due, and referrers leave.

Serves the shared business. A region has a reserve of shoppers who come only when they are referred, the next one of the
reserve with each referral; when it is used up, referrals are in vain. While the referrer stays, a friend's life runs
out more slowly: what is left of it is stretched on arrival, and shrinks again when the referrer leaves.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Scenario

from .acquisition import surge
from .answers import evening_state
from .attrition import settle
from .compiled import kernel
from .keyed_random import TRAITS_DAY, Purpose, day_key, exponential, shopper_key
from .record import Int32, Record, layout
from .referral import credit_reward, reward_referrer
from .referral_terms import REGISTRATION
from .region import everybody
from .rival import in_rival_programme
from .shopper import ENROLLED, LAPSED, LAST_DAY, NEVER


class DueReward(Record):
    """A reward that waits for its day; shoppers by number, counted over all regions."""

    day: Int32
    referrer: Int32
    friend: Int32


DUE_REWARD = layout(DueReward)
"""The layout of a reward that waits."""


def reserve_of(scenario: Scenario, first: int, count: int) -> NDArray[np.int64]:
    """Return the places of a region's reserve among its shoppers, in order; the reserve is spread over all numbers."""
    return _set_aside(scenario, first, count)[0]


def surge_of(scenario: Scenario, first: int, count: int) -> NDArray[np.int64]:
    """Return the places, in order, of those who come because shocks bring more newcomers than usual."""
    return _set_aside(scenario, first, count)[1]


def _set_aside(scenario: Scenario, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the reserve and of the surge; together they are spread over all numbers, and the surge over
    them.
    """
    reserve = 0 if scenario.word_of_mouth is None else scenario.word_of_mouth.reserve
    more = surge(scenario)
    aside, total = reserve + more, everybody(scenario)
    if aside == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    numbers = np.arange(first, first + count + 1) * aside // total
    places = np.flatnonzero(np.diff(numbers))
    ranks = numbers[places]  # of a place among all that are set aside
    is_more = (ranks + 1) * more // aside > ranks * more // aside
    return places[~is_more], places[is_more]


@kernel
def welcome_newcomers(
    news: NDArray[np.void], reserve: NDArray[np.int64], shoppers: NDArray[np.void], cards: NDArray[np.void],
    due: NDArray[np.int16], behaviour: NDArray[np.void], market: NDArray[np.void], ledger_day: NDArray[np.void],
    day: int, hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Let the next of the reserve register for each of today's referrals, and order some days later."""
    b, m = behaviour[0], market[0]
    for entry in range(news.shape[0]):
        n = news[entry]
        if n.refers == 0:
            continue
        referrer = n.shopper - first_shopper
        if m.reserve_used >= reserve.shape[0]:
            ledger_day[evening_state(shoppers[referrer])].referrals_in_vain += 1
            continue
        place = reserve[m.reserve_used]
        m.reserve_used += 1
        s, c = shoppers[place], cards[place]
        k = day_key(shopper_key(hashed_seed, first_shopper + place), TRAITS_DAY)
        arrival = day + 1 + int(exponential(k, Purpose.REFERRAL_DELAY) * b.referral_delay)
        if arrival > LAST_DAY:
            arrival = NEVER
        s.next_visit = s.settled_day = due[place] = arrival
        s.lifetime_left *= math.exp(b.referred_attrition)
        c.referrer = n.shopper + 1
        c.next_friend = cards[referrer].first_friend
        cards[referrer].first_friend = first_shopper + place + 1


@kernel
def part_from_friends(
    news: NDArray[np.void], shoppers: NDArray[np.void], cards: NDArray[np.void], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], day: int,
    hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Let the friends of those who were found to have left today live on without them."""
    p, b, m = programme[0], behaviour[0], market[0]
    for entry in range(news.shape[0]):
        if news[entry].left == 0:
            continue
        left = cards[news[entry].shopper - first_shopper]
        number = left.first_friend
        left.first_friend = 0
        while number > 0:
            place = number - 1 - first_shopper
            s, c = shoppers[place], cards[place]
            if s.status & ENROLLED:
                own = terms[evening_state(s)]
                rival = in_rival_programme(s, own, p, b, m, shopper_key(hashed_seed, number - 1))
                settle(s, own, b, m, day, rival)
            s.lifetime_left *= math.exp(-b.referred_attrition)
            number = c.next_friend


@kernel
def credit_rewards(
    rewards: NDArray[np.void], shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16],
    programme: NDArray[np.void], market: NDArray[np.void], ledger_day: NDArray[np.void], day: int, first_shopper: int,
) -> None:  # fmt: skip
    """Credit the rewards that are due to both sides; who has left gets none."""
    p, m = programme[0], market[0]
    for entry in range(rewards.shape[0]):
        place = rewards[entry].referrer - first_shopper
        s = shoppers[place]
        if s.status & LAPSED == 0:
            reward_referrer(s, cards[place], p, m, ledger_day[evening_state(s)], day)
            due[place] = min(due[place], cards[place].office_day)
        place = rewards[entry].friend - first_shopper
        s, c = shoppers[place], cards[place]
        if s.status & LAPSED == 0:
            credit_reward(s, c, p, p.friend_credit, p.friend_points, m, ledger_day[evening_state(s)], day)
            due[place] = min(due[place], c.office_day)


def rewards_of(
    news: NDArray[np.void], arrived: NDArray[np.int64], shoppers: NDArray[np.void], cards: NDArray[np.void],
    programme: Any, day: int, first_shopper: int,
) -> NDArray[np.void]:  # fmt: skip
    """Return the rewards that today's deeds earn: of friends who `arrived` (places), or of friends who ordered."""
    if programme["referral_deed"] == REGISTRATION:
        places = arrived[shoppers["next_visit"][arrived] != NEVER]
        days = shoppers["next_visit"][places].astype(np.int64)
    else:
        places = (news["shopper"][news["deed"] > 0] - first_shopper).astype(np.int64)
        days = np.full(len(places), day)
    rewards = np.zeros(len(places), DUE_REWARD)
    rewards["day"] = days + int(programme["referral_days"])
    rewards["referrer"], rewards["friend"] = cards["referrer"][places] - 1, places + first_shopper
    return rewards
