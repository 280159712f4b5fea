"""The rival at a visit: what its programme takes off the odds of an order by shoppers who are in it.

Serves the visit. A rival that reacts gives such shoppers a share of what our programme gives back (behaviour
reference, 2.9), so that only the rest of it is a reason to buy here: our price is felt against its lower one.
"""

from __future__ import annotations

import math

from .assumptions import Behaviour
from .compiled import rule
from .market import Market
from .programme_table import LOWEST_FELT_PRICE, Terms
from .shopper import Shopper


@rule
def pull_of_rival(s: Shopper, t: Terms, b: Behaviour, m: Market) -> float:
    """Return what the rival's programme takes off the log odds of an order, in logits."""
    if m.rival_match <= 0.0:
        return b.rival_pull
    rivals_price = math.log(max(LOWEST_FELT_PRICE, 1.0 - m.rival_match * t.give_back))
    return b.rival_pull - s.response * m.price_sensitivity * b.price_response * rivals_price
