"""Who comes under which policy in a rollout, and when: eligibility on the pilot's first day, and two draws a shopper.

Serves the rollout's world. The draws have an own seed and stand for a life: whoever was in the pilot stays in as the
share grows, and is in the same arm under every seed of the rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Eligible, Rollout

from .campaign_office import rank
from .campaign_table import fill_target
from .card import are_kept, new_cards
from .compiled import kernel
from .keyed_random import Purpose, hashed, shopper_key, trait_uniforms
from .programme_table import PROGRAMME
from .shopper import ENROLLED
from .targeting import is_target

WHOLE = 10_000


def arms_drawn(rollout: Rollout, first: int, count: int) -> NDArray[np.uint8]:
    """Return the arm, from 1 in the order of the file, that each shopper would be in (shape: count)."""
    draws = trait_uniforms(hashed(rollout.seed), first, count, Purpose.ROLLOUT_ARM)
    ends = np.cumsum([arm.share for arm in rollout.arms.values()])
    return (1 + np.searchsorted(ends, draws * WHOLE, side="right")).astype(np.uint8)


def places_drawn(rollout: Rollout, first: int, count: int) -> NDArray[np.float64]:
    """Return each shopper's place in the order of joining, in basis points (shape: count): a share of so many has the
    shoppers below it, and the hold-out those at the end.
    """
    return trait_uniforms(hashed(rollout.seed), first, count, Purpose.ROLLOUT_PLACE) * WHOLE


def is_held_out(rollout: Rollout, first: int, count: int) -> NDArray[np.bool_]:
    """Return who is in the permanent hold-out (shape: count)."""
    return np.asarray(places_drawn(rollout, first, count) >= WHOLE - rollout.hold_out)


def eligible_today(
    eligible: Eligible, incumbent: Policy, shoppers: NDArray[np.void], orders: NDArray[np.int64],
    cards: NDArray[np.void], behaviour: NDArray[np.void], day: int, hashed_seed: np.uint64, first: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """Return who is eligible on the morning of `day` (shape: shoppers); `orders` are those since the warm-up began."""
    enrolled = (shoppers["status"] & ENROLLED) != 0
    wanted = {"everyone": np.ones(len(shoppers), bool), "established": enrolled, "newcomers": ~enrolled}
    chosen: NDArray[np.bool_] = wanted[eligible.customers]
    if not eligible.asks_for_customers:
        return chosen
    programme = np.zeros(1, PROGRAMME)
    fill_target(programme[0], 0, eligible, list(incumbent.tiers))
    noted = cards.copy() if are_kept(cards) else new_cards(len(shoppers))
    rank(shoppers, noted)
    chosen = chosen & enrolled & who_is_target(shoppers, noted, programme, behaviour, day, hashed_seed, first)
    chosen &= (orders >= eligible.orders_from) & (orders <= eligible.orders_until)
    return np.asarray(chosen & _in_part_by_spend(eligible, shoppers["window_spend"], enrolled))


def _in_part_by_spend(
    eligible: Eligible, spend: NDArray[np.int32], enrolled: NDArray[np.bool_]
) -> NDArray[np.bool_]:  # fmt: skip
    """Return who stands in the part of customers by spend; of equal ones the earlier in the list stands lower."""
    ranked = np.flatnonzero(enrolled)[np.argsort(spend[enrolled], kind="stable")]
    place = np.full(len(spend), -1.0)
    place[ranked] = np.arange(len(ranked)) * (WHOLE / max(1, len(ranked)))
    return np.asarray((place >= eligible.spend_from) & (place < eligible.spend_until) & enrolled)


@kernel
def who_is_target(
    shoppers: NDArray[np.void], cards: NDArray[np.void], programme: NDArray[np.void], behaviour: NDArray[np.void],
    day: int, hashed_seed: np.uint64, first_shopper: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """Return who meets the first target of `programme` (shape: shoppers)."""
    p, b = programme[0], behaviour[0]
    met = np.zeros(shoppers.shape[0], np.bool_)
    for i in range(shoppers.shape[0]):
        met[i] = is_target(shoppers[i], cards[i], p, b, 0, day, shopper_key(hashed_seed, first_shopper + i))
    return met
