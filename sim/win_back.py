"""Winning back: a shopper who has fallen silent is written to, and some who had left for good return.

Serves the office's day with one shopper. The chance is the logit of the behaviour reference, 2.9 (signs: fact 45).
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .attrition import is_still_here, lapse
from .card import Card
from .compiled import mechanic
from .contact import prompt
from .keyed_random import Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .order_rate import orders_a_day
from .programme_table import Programme, Terms
from .second_life import begin_second_life, day_of_return
from .shopper import LAPSED, NEVER, Shopper
from .targeting import salted
from .visit import next_candidate_day


@mechanic
def win_back(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, number: int, day: int,
    rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Try to bring back a shopper who has left for good; one who has not leaves it at the message."""
    i = np.uint64(number)
    if s.status & LAPSED == 0:
        if is_still_here(s, t, b, m, day, rival):
            return
        lapse(s, row)
        c.prompted_day = NEVER
        s.next_visit = day_of_return(b, day, day_key(key, day))
    off = m.campaign_depth[i] / 10_000 + p.campaign_amount[i] / (m.basket_shape * s.basket_scale)
    utility = b.win_back_intercept + b.win_back_discount * off
    utility += b.win_back_rate * math.log(max(1e-12, orders_a_day(s, m)) / m.mean_orders_a_day)
    utility -= b.win_back_fading * (day - s.last_order_day) / 365.0
    utility -= b.win_back_failure * c.last_order_failed
    draws = day_key(salted(key, p.campaign_salt[i]), day)
    if uniform(draws, Purpose.WIN_BACK) >= 1.0 / (1.0 + math.exp(-utility)):
        return
    is_bundle = (p.bundle_campaigns >> number) & 1 != 0
    begin_second_life(s, m, day, b.bundle_life_hazard if is_bundle else b.second_life_hazard, key, draws)
    s.next_visit = next_candidate_day(s, m, day, day_key(key, day), key)
    row.won_back += 1
    prompt(s, c, m, row, number, day)
