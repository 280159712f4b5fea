"""The threshold of free delivery that shoppers are used to: what they do when it has been raised above it.

Serves the visit, and the world, which notes the old threshold when a policy takes over. As a price is held against the
one that a shopper is used to, so is a threshold: what the new one asks beyond the old is a loss, and weighs more than
what either asks by itself. Baskets planned for the old threshold lose their goal. Where the threshold has not been
raised none of this is reached; a lowered one spares its fees and does no more. Delivery that was free for every basket
had no threshold to be used to: a fee where there was none is not what fact 37 is about. Amounts are cents.

Source: fact 37 of the behaviour reference (Zhou, Jin, Gümüs and Animesh, 2026: the old threshold is the reference, the
new one seems out of reach, topping up weakens, and baskets are cut); loss aversion by Tversky and Kahneman (1992).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy

from .assumptions import Behaviour
from .basket import tops_up
from .compiled import mechanic
from .market import Market
from .order import Order
from .pricing import price
from .programme_table import NOT_OFFERED, Programme, Terms
from .shopper import Shopper
from .special_price import TAKEN

LARGEST_MOVE = 2
"""A basket of more than so many old thresholds was not planned for it, and a goal further off is out of reach."""


def threshold_of(policy: Policy) -> int:
    """Return the cents from which delivery is free for everybody under `policy`; 0 always, NOT_OFFERED never."""
    if policy.shipping.free_from is None:
        return NOT_OFFERED if policy.shipping.fee else 0
    return policy.shipping.free_from if policy.shipping.fee else 0


def remember_threshold(market: NDArray[np.void], arm: Policy, incumbent: Policy, day: int) -> None:
    """Note in the market (shape: 1), on the day on which `arm` takes over, the threshold that shoppers are used to.

    Where the threshold stays, an earlier one goes on being forgotten.
    """
    before, now = threshold_of(incumbent), threshold_of(arm)
    if now != before:
        market["used_free_from"] = before if now > before else 0
        market["threshold_rose"] = day


@mechanic
def burden_of_threshold(s: Shopper, t: Terms, b: Behaviour, m: Market, o: Order, day: int) -> float:
    """Return the cents by which the gap to free delivery feels larger to who is used to a lower threshold.

    Notes on the order how much of the old threshold is left in the shopper's mind (1 all, 0 nothing): whoever came
    later, or has better terms than the old ones, does not know it or need it.
    """
    o.habit = o.fee_loss = 0.0
    if o.is_first or s.first_order_day >= m.threshold_rose or t.free_shipping_from <= m.used_free_from:
        return 0.0
    o.habit = math.exp(-(day - m.threshold_rose) / b.threshold_memory)
    beyond = t.free_shipping_from - max(o.goods, m.used_free_from)
    return b.threshold_loss * o.habit * beyond


@mechanic
def give_up_goal(t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, day: int, k: np.uint64) -> None:
    """Let an order that would have been free of delivery before, and now is not, be felt as a loss and cut.

    Planned for the old threshold was a basket that reaches it, or would have been topped up to it. It falls as far as
    the threshold has risen, to the power `threshold_fall_back`; what had not been added needs no taking out.
    """
    if o.habit == 0.0 or o.shipping_fee == 0:
        return
    if o.goods < m.used_free_from and not tops_up(m.used_free_from - o.goods, o.shipping_fee, b, k):
        return
    o.fee_loss = b.threshold_loss * o.habit
    goal = min(t.free_shipping_from, LARGEST_MOVE * m.used_free_from)
    if o.goods < goal and o.added == 0 and o.special != TAKEN:
        fallen = (m.used_free_from / goal) ** (b.threshold_fall_back * o.habit)
        kept = fallen * max(o.goods, m.used_free_from) / o.goods
        if kept < 1.0:
            o.list_value = max(1, int(o.list_value * kept + 0.5))
            price(o, t, p, m, day)
