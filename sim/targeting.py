"""Whom a campaign is for: the conditions of its target, looked up for one shopper on one day.

Serves campaigns. What the shop cannot know for certain is drawn: how well a predicted response hits is an assumption.
"""

from __future__ import annotations

import math

import numpy as np

from memberlab.policies import STAGE_DAYS

from .assumptions import Behaviour
from .card import Card
from .compiled import mechanic
from .keyed_random import GOLDEN, TRAITS_DAY, Purpose, day_key, mix, normal, normal_quantile, uniform
from .programme_table import Programme
from .shopper import MEMBER, Shopper

NEW_DAYS, ACTIVE_DAYS, SILENT_DAYS = STAGE_DAYS
NEW, ACTIVE, SILENT, LOST = range(4)
WHOLE = 10_000
"""Basis points of everybody."""


@mechanic
def stage_of(s: Shopper, day: int) -> int:
    """Return the stage of the relation: new, active, silent or lost."""
    silent_for = day - s.last_order_day if s.last_order_day >= 0 else day - s.first_order_day
    if silent_for <= ACTIVE_DAYS:
        return NEW if day - s.first_order_day <= NEW_DAYS else ACTIVE
    return SILENT if silent_for <= SILENT_DAYS else LOST


@mechanic
def salted(key: np.uint64, salt: int) -> np.uint64:
    """Return a shopper's key for what one campaign, or one kind of goods, draws apart from the others."""
    return mix(key ^ (np.uint64(salt) * GOLDEN))


@mechanic
def response_score(b: Behaviour, key: np.uint64) -> float:
    """Return the shop's guess of how likely the shopper is to respond, a standard normal number.

    What it guesses at is the shopper's own rate of orders, with the correlation of the assumption.
    """
    traits = day_key(key, TRAITS_DAY)
    quality = b.prediction_quality
    noise = math.sqrt(1.0 - quality * quality)
    return quality * normal(traits, Purpose.PURCHASE_RATE) + noise * normal(traits, Purpose.RESPONSE_SCORE)


@mechanic
def is_target(s: Shopper, c: Card, p: Programme, b: Behaviour, number: int, day: int, key: np.uint64) -> bool:
    """Return whether the shopper meets every condition of a campaign's target."""
    if (p.targeted_campaigns >> number) & 1 == 0:
        return True
    i = np.uint64(number)
    if (p.target_tiers[i] >> s.tier) & 1 == 0:
        return False
    if p.target_members[i] != 0 and (s.status & MEMBER != 0) != (p.target_members[i] == 1):
        return False
    if (p.target_stages[i] >> stage_of(s, day)) & 1 == 0:
        return False
    since = day - (s.last_order_day if s.last_order_day >= 0 else s.first_order_day)
    if since < p.target_from[i] or since > p.target_until[i]:
        return False
    return has_record(c, p, number) and is_chosen(p, b, number, key)


@mechanic
def has_record(c: Card, p: Programme, number: int) -> bool:
    """Return whether the shopper stands in the thirds that the target asks for; who is not ranked stands low."""
    i = np.uint64(number)
    recency, frequency, spend = (
        max(0, (c.third & 3) - 1),
        max(0, (c.third >> 2 & 3) - 1),
        max(0, (c.third >> 4 & 3) - 1),
    )
    asked_for = (p.target_recency[i] >> recency) & 1, (p.target_frequency[i] >> frequency) & 1
    return asked_for[0] != 0 and asked_for[1] != 0 and (p.target_spend[i] >> spend) & 1 != 0


@mechanic
def is_chosen(p: Programme, b: Behaviour, number: int, key: np.uint64) -> bool:
    """Return whether the shopper prefers the kind of goods, scores high enough and falls into the random part."""
    i = np.uint64(number)
    traits = day_key(key, TRAITS_DAY)
    if p.target_kind_share[i] > 0:
        preferring = uniform(salted(traits, p.target_kind[i]), Purpose.PREFERENCE)
        if preferring * WHOLE >= p.target_kind_share[i]:
            return False
    share = p.target_predicted[i]
    if share < WHOLE and response_score(b, key) <= normal_quantile(1.0 - share / WHOLE):
        return False
    start, end = p.target_arm_from[i], p.target_arm_until[i]
    if start > 0 or end < WHOLE:
        place = uniform(traits, Purpose.TEST_ARM) * WHOLE
        return start <= place < end
    return True
