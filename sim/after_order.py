"""What may follow an order: a failure and a complaint, and whatever else concerns others than the shopper.

Serves the visit, which calls it only where a policy or a scenario has something that follows.
"""

from __future__ import annotations

import numpy as np

from memberlab.policies import Policy
from memberlab.scenarios import Failures, Scenario

from .assumptions import Behaviour
from .card import Card
from .compiled import mechanic
from .failures import bear_failures
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .pay_later import pay_later
from .price_protection import protect_price
from .programme_table import Programme, Terms
from .referral import spread_the_word
from .shopper import Shopper
from .special_price import take_the_unit


def follows_orders(policy: Policy, scenario: Scenario) -> bool:
    """Return whether anything here can happen in this world."""
    happens = scenario.failures != Failures() or scenario.word_of_mouth is not None
    shocks = scenario.shocks
    happens = happens or any(one.minor_failures + one.serious_failures + one.questions > 0 for one in shocks)
    benefits = (policy.special_price_pool, policy.price_protection, policy.trial_before_buy, policy.instalments)
    return happens or any(benefit is not None for benefit in benefits)


@mechanic
def follow_order(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow,
    day: int, k: np.uint64,
) -> None:  # fmt: skip
    """Let happen what follows an order that has just been booked."""
    if m.minor_failures + m.serious_failures + m.questions > 0.0:
        bear_failures(s, c, p, b, m, o, row, k)
    if p.has_pool:
        take_the_unit(s, c, b, m, o, row)
    if p.lets_pay_later:
        pay_later(s, t, p, b, o, row, k)
    if p.protected_days > 0:
        protect_price(c, p, m, o, day)
    if m.spreads_word:
        spread_the_word(s, c, p, b, m, o, row, day, k)
