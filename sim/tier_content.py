"""Partners' content that a tier carries: paid as a month opens for every member of the tier, whom it pleases a little.

Serves the turn of the month. Amounts are cents. A month costs what partners ask, and pleases by its perceived worth
against a usual basket and by the shopper's own taste; the two do not depend on each other.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .at_price import at_price
from .attrition import settle
from .compiled import mechanic
from .ledger import LedgerRow
from .market import Market
from .membership_benefit import taste_for_perks
from .programme_table import Terms
from .shopper import LAPSED, Shopper
from .tier_content_terms import CONTENT_PLACES


@mechanic
def open_content_month(
    s: Shopper, t: Terms, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool, key: np.uint64
) -> None:
    """Pay the partners for the month that opens, and let the content please whoever has not left the shop."""
    cost, value, sponsored = 0, 0, 0
    for place in range(CONTENT_PLACES):
        i = np.uint64(place)
        if t.content_days[i] == 0 or is_active(s, t.content_days[i], day):
            cost += t.content_cost[i]
            value += t.content_value[i]
            sponsored += t.content_sponsored[i]
    cost = at_price(cost, m.partner_prices)
    row.tier_content += cost
    row.tier_content_sponsored += at_price(sponsored, m.partner_prices)
    s.margin -= cost
    s.benefit_cost += cost
    if value > 0 and b.content_goodwill > 0.0 and s.status & LAPSED == 0:
        settle(s, t, b, m, day, rival)
        worth = value * taste_for_perks(b, key)
        basket = m.basket_shape * s.basket_scale * m.basket_factor
        s.goodwill += b.content_goodwill * min(1.0, 2.0 * worth / basket)


@mechanic
def is_active(s: Shopper, days: int, day: int) -> bool:
    """Return whether the last order is at most `days` days ago."""
    return s.last_order_day >= 0 and day - s.last_order_day <= days
