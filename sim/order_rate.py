"""How often a shopper orders at list price, all year round: what rules know of it.

Serves win-back and the amounts of baskets.
"""

from __future__ import annotations

import math

from .compiled import mechanic
from .market import Market
from .shopper import Shopper


@mechanic
def orders_a_day(s: Shopper, m: Market) -> float:
    """Return the shopper's own rate of orders at list price."""
    conversion = 1.0 / (1.0 + math.exp(-s.base_logit))
    return (1.0 - math.exp(-1.0 / s.visit_gap)) * conversion * m.mean_attendance
