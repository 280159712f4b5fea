"""What a devaluation of points does: the news, the rush to redeem, the loss on its morning, the distrust after it.

Serves the world, which has it happen in the morning before anybody visits, and the choice to redeem. Points keep their
number; what is owed falls by what they no longer buy. Cents, points, days; goodwill in logit units.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, part_lost

from .assumptions import Behaviour
from .compiled import mechanic
from .keyed_random import Purpose, draw_uniforms
from .market import Market
from .position import points_owed
from .shopper import ENROLLED, GUEST_STATE, LAPSED, MEMBER, NEVER


@mechanic
def rush(b: Behaviour, m: Market, lost: float, day: int) -> float:
    """Return how much an announced devaluation adds to the log odds of using points, the more the nearer it is.

    As with points that expire (behaviour reference, 2.7): the part of their value that will be lost is the share of the
    balance that expires.
    """
    return b.devaluation_rush * math.exp(-(m.devaluation_day - day) / b.expiry_horizon) * lost


def can_redeem(shoppers: NDArray[np.void], programme: Any) -> NDArray[np.bool_]:
    """Return who is in the programme and has a balance that can be used (shape: shoppers)."""
    is_here = (shoppers["status"] & ENROLLED != 0) & (shoppers["status"] & LAPSED == 0)
    return np.asarray(is_here & (shoppers["points_balance"] >= max(1, int(programme["minimum_points"]))))


def states_of(shoppers: NDArray[np.void]) -> NDArray[np.int64]:
    """Return the ledger state of each shopper (shape: shoppers)."""
    is_member = (shoppers["status"] & MEMBER != 0).astype(np.int64)
    states = 2 * shoppers["tier"].astype(np.int64) + is_member
    return np.where(shoppers["status"] & ENROLLED != 0, states, GUEST_STATE)


def announce_devaluation(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], programme: Any, behaviour: Any,
    market: Any, ledger_day: NDArray[np.void], here: NDArray[np.bool_], day: int, hashed_seed: np.uint64,
    first_shopper: int,
) -> None:  # fmt: skip
    """Tell the members among those `here` (shape: shoppers), who live under the policy; some with a balance to use come
    for it, on a day before the devaluation, beside their own.

    Who has another such visit ahead of them has that one.
    """
    left = int(market["devaluation_day"]) - day
    lost = max(float(market["devaluation_paying"]), float(market["devaluation_buying"]))
    count = len(shoppers)
    if left < 1:
        return
    hears = draw_uniforms(hashed_seed, first_shopper, count, day, int(Purpose.DEVALUATION_NEWS))
    when = draw_uniforms(hashed_seed, first_shopper, count, day, int(Purpose.DEVALUATION_VISIT_DAY))
    comes = here & can_redeem(shoppers, programme) & (cards["prompted_day"] == NEVER)
    comes &= hears < float(behaviour["devaluation_visit"]) * lost
    days = (day + (when * left).astype(np.int64)).astype(np.int16)
    cards["prompted_day"][comes] = days[comes]
    due[comes] = np.minimum(due[comes], days[comes])
    visits = np.bincount(states_of(shoppers)[comes], minlength=ledger_day.shape[0])
    ledger_day["prompted_visits"] += visits


def devalue(
    shoppers: NDArray[np.void], cards: NDArray[np.void], policy: Policy, programme: Any, behaviour: Any, market: Any,
    ledger_day: NDArray[np.void], here: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Post the points of those `here` (shape: shoppers) that lose value this morning, and let members resent it, by
    what is lost against half a basket.

    Goodwill has to have been carried up to today.
    """
    owed = points_owed(shoppers, cards)
    np.add.at(ledger_day["points_devalued"], states_of(shoppers)[here], owed[here])
    paying, buying = part_lost(policy)
    face = shoppers["points_balance"] * (float(programme["redeem_value"]) / float(programme["redeem_points"]))
    basket = float(market["basket_shape"]) * shoppers["basket_scale"].astype(float) * float(market["basket_factor"])
    lost = float(max(paying, buying)) * face / np.maximum(1.0, 0.5 * basket)
    resents = here & can_redeem(shoppers, programme)
    distrust = float(behaviour["devaluation_distrust"]) * np.minimum(1.0, lost)
    shoppers["goodwill"][resents] -= distrust[resents].astype(np.float32)
    market["devaluation_day"] = 0
    market["devaluation_paying"] = market["devaluation_buying"] = 0.0
