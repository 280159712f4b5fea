"""What a policy gives back to a shopper who changes nothing, in closed form: as a share of spend, by kind of benefit.

Serves `memberlab explain` and the linter. Baskets are gamma distributed (Gamma-Gamma: Fader and Hardie, 2013); the
points of an order are those of `points_in_orders`. The simulation gives the same (a test), as long as nobody reacts;
cents that rounding drops are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from .points_in_orders import points_an_order
from .policy import Policy
from .promise import Promise, promise, worth_of_a_point
from .typical_shopper import TypicalShopper


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Parts of the list value of goods that come back to a shopper (0.01 = 1 %)."""

    discount: float
    points: float
    """Face value of points that orders earn; 0 where they expire before there are enough to pay with."""
    shipping: float
    """Delivery fees that tier or membership spare the shopper, beside the threshold that is everybody's."""

    @property
    def total(self) -> float:
        """All together."""
        return self.discount + self.points + self.shipping


def give_back(policy: Policy, shopper: TypicalShopper, level: int = 0, *, is_member: bool = False) -> GiveBack:
    """Return what `shopper` gets in the tier of `level`, with or without the paid membership."""
    terms = promise(policy, level, is_member=is_member)
    points = points_an_order(policy, shopper, terms)
    face = 0.0
    if can_ever_pay(policy, shopper, points):
        face = points * worth_of_a_point(policy) / shopper.basket
    return GiveBack(terms.discount / 10_000, face, fees_spared(policy, shopper, terms) / shopper.basket)


def can_ever_pay(policy: Policy, shopper: TypicalShopper, points: float) -> bool:
    """Return whether `points` an order come to the first reward before the first of them expire."""
    if policy.points is None or points == 0:
        return False
    return points * shopper.orders * months_of_life(policy, shopper) / 12 >= first_reward(policy)


def months_of_life(policy: Policy, shopper: TypicalShopper) -> float:
    """Return about how many months points live in the hands of `shopper`; infinite where they never expire, or where
    the shopper's orders come often enough to keep them alive.
    """
    expiry = None if policy.points is None else policy.points.expiry
    if expiry is None:
        return float("inf")
    if expiry.inactivity is not None and shopper.orders * expiry.inactivity.days >= 365:
        return float("inf")
    return expiry.average_months


def first_reward(policy: Policy) -> int:
    """Return the balance from which points buy anything at all."""
    points = policy.points
    if points is None:
        return 0
    if points.automatic is not None:
        return points.automatic.points
    prices = [reward.points for reward in points.rewards.values()]
    if points.maximum_share == 0 and prices:
        return max(points.minimum, min(prices))
    return max(points.minimum, points.redeem.step or 0)


def fees_spared(policy: Policy, shopper: TypicalShopper, terms: Promise) -> float:
    """Return the mean delivery fee in cents that an order is spared by its tier or membership."""
    threshold = policy.shipping.free_from
    if threshold in {terms.free_shipping_from, 0}:
        return 0.0
    scale = shopper.basket / shopper.basket_shape * (1 - terms.discount / 10_000)
    below = 1.0 if threshold is None else special.gammainc(shopper.basket_shape, threshold / scale)
    return float(policy.shipping.fee * below)


def tier_of(policy: Policy, shopper: TypicalShopper) -> int:
    """Return the level that the shopper's yearly spend reaches, after the discount of the tier below."""
    level = 0
    for higher, tier in enumerate(policy.tiers.values()):
        paid = shopper.spend * (1 - promise(policy, max(0, higher - 1)).discount / 10_000)
        if paid >= tier.threshold:
            level = higher
    return level
