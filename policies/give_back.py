"""What a policy gives back to a shopper who changes nothing, in closed form: as a share of spend, by kind of benefit.

Serves `memberlab explain` and the linter. Baskets are gamma distributed (Gamma-Gamma: Fader and Hardie, 2013); the
points of an order are those of `points_in_orders`. The simulation gives the same (a test), as long as nobody reacts;
cents that rounding drops are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .membership import Membership
from .membership_benefits import Vouchers
from .points_in_orders import points_an_order
from .policy import Policy
from .promise import Promise, promise, worth_of_a_point
from .qualification import PERIOD_MONTHS, Qualification
from .tier_content import content_a_year
from .typical_shopper import TypicalShopper

LIFETIME_YEARS = 5.0
"""Years for which a typical shopper stays, where a tier counts the whole life."""


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Parts of the list value of goods that come back to a shopper (0.01 = 1 %).

    Not counted: coupons, campaigns, gifts, partners' content of a paid membership, which its fee is for, and service,
    whose worth to a shopper is an assumption of the simulation.
    """

    discount: float
    points: float
    """Face value of points that orders earn; 0 where they expire before there are enough to pay with."""
    shipping: float
    """Delivery fees that tier, membership or vouchers spare the shopper, beside the threshold that is everybody's."""
    content: float = 0.0
    """What partners' content of the tier is held to be worth; no cost of the shop."""
    content_cost: float = 0.0
    """What the shop pays for that content, after the partners' share; no part of the total."""

    @property
    def total(self) -> float:
        """What it is worth to the shopper, all together."""
        return self.without_content + self.content

    @property
    def borne(self) -> float:
        """What the shop bears: the same with the content at its cost."""
        return self.without_content + self.content_cost

    @property
    def without_content(self) -> float:
        """What orders alone give back."""
        return self.discount + self.points + self.shipping


def give_back(policy: Policy, shopper: TypicalShopper, level: int = 0, *, is_member: bool = False) -> GiveBack:
    """Return what `shopper` gets in the tier of `level`, with or without the paid membership."""
    terms = promise(policy, level, is_member=is_member)
    points = points_an_order(policy, shopper, terms)
    discount = terms.discount / 10_000
    fees = fees_spared(policy, shopper, terms) + fees_paid_by_vouchers(policy, shopper, terms)
    if is_member and policy.membership is not None:
        without = promise(policy, level)
        points -= points_over_cap(policy, policy.membership, shopper, terms, without)
        discount -= discount_over_cap(policy.membership, shopper, terms, without)
    face = 0.0
    if can_ever_pay(policy, shopper, points):
        face = points * worth_of_a_point(policy) / shopper.basket
    worth, cost = content_a_year(policy, shopper, level, is_member=is_member)
    return GiveBack(discount, face, fees / shopper.basket, worth / shopper.spend, cost / shopper.spend)


def discount_over_cap(membership: Membership, shopper: TypicalShopper, terms: Promise, without: Promise) -> float:
    """Return the part of list value by which the membership's discount goes over its cap, if spend comes evenly."""
    if membership.discount_cap is None:
        return 0.0
    extra = max(0, terms.discount - without.discount) / 10_000
    return max(0.0, extra - membership.discount_cap.a_year / shopper.spend)


def points_over_cap(
    policy: Policy, membership: Membership, shopper: TypicalShopper, terms: Promise, without: Promise
) -> float:
    """Return the mean points of an order by which the membership's multiplier goes over its cap, as above."""
    if membership.points_cap is None:
        return 0.0
    usual = points_an_order(policy, shopper, replace(terms, earn_multiplier=without.earn_multiplier))
    extra = max(0.0, points_an_order(policy, shopper, terms) - usual)
    return max(0.0, extra - membership.points_cap.a_year / shopper.orders)


def fees_paid_by_vouchers(policy: Policy, shopper: TypicalShopper, terms: Promise) -> float:
    """Return the mean delivery fee in cents that an order is spared by vouchers; orders come by a Poisson process.

    Vouchers of the membership are for what those of the tier have left over, which is taken as Poisson too.
    """
    share = share_with_fee(shopper, terms)
    by_tier = vouchers_used(terms.tier_vouchers, shopper.orders * share)
    by_membership = vouchers_used(terms.membership_vouchers, shopper.orders * share - by_tier)
    return policy.shipping.fee * (by_tier + by_membership) / shopper.orders


def vouchers_used(vouchers: Vouchers | None, deliveries: float) -> float:
    """Return how many vouchers are used in a year with so many `deliveries` to pay for on average."""
    if vouchers is None or deliveries <= 0:
        return 0.0
    from scipy import special  # here, as most commands load policies and need none of it

    periods = vouchers.a_year / vouchers.count
    return periods * float(special.gammainc(np.arange(1, vouchers.count + 1), deliveries / periods).sum())


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
    """Return the mean delivery fee in cents that an order is spared by the threshold of its tier or membership."""
    threshold = policy.shipping.free_from
    if threshold in {terms.free_shipping_from, 0}:
        return 0.0
    spared = _share_below(shopper, threshold, terms) - share_with_fee(shopper, terms)
    return policy.shipping.fee * spared


def share_with_fee(shopper: TypicalShopper, terms: Promise) -> float:
    """Return the share of orders for which `terms` ask for a delivery fee."""
    return _share_below(shopper, terms.free_shipping_from, terms)


def tier_of(policy: Policy, shopper: TypicalShopper) -> int:
    """Return the level that the shopper reaches in a full window, after the discount of the tier below.

    Activity and social contributions, which no typical shopper is known to make, count as nothing; a balance is that of
    a shopper who saves points up.
    """
    level = 0
    for higher, tier in enumerate(policy.tiers.values()):
        terms = promise(policy, max(0, higher - 1))
        orders = shopper.orders * years_counted(policy)
        if qualifying_value(policy, shopper, terms) >= tier.threshold and orders >= tier.orders:
            level = higher
    return level


def _share_below(shopper: TypicalShopper, threshold: int | None, terms: Promise) -> float:
    """Return the share of orders whose goods are below a threshold for free delivery; None is one that none reaches."""
    if threshold is None:
        return 1.0
    from scipy import special

    return float(special.gammainc(shopper.basket_shape, threshold / _scale(shopper, terms)))


def qualifying_value(policy: Policy, shopper: TypicalShopper, terms: Promise) -> float:
    """Return what a full window of `shopper` holds under `terms`, as thresholds are kept: cents, or hundredths."""
    rules = policy.qualification or Qualification()
    if rules.basis == "balance":
        return 100 * most_balance(policy, shopper, terms)
    weights = rules.weights()
    spend = shopper.spend * (1 - terms.discount / 10_000)
    yearly = spend * weights["spend"] / 100 + shopper.orders * weights["order"] + 12 * weights["month"]
    if weights["point"]:
        yearly += shopper.orders * points_an_order(policy, shopper, terms) * weights["point"]
    return yearly * years_counted(policy)


def most_balance(policy: Policy, shopper: TypicalShopper, terms: Promise) -> float:
    """Return the points that `shopper` has who saves them up, less than those that become a credit by themselves."""
    years = min(LIFETIME_YEARS, months_of_life(policy, shopper) / 12)
    saved = shopper.orders * years * points_an_order(policy, shopper, terms)
    automatic = None if policy.points is None else policy.points.automatic
    return saved if automatic is None else min(saved, automatic.points - 1)


def years_counted(policy: Policy) -> float:
    """Return the length of the window in years; a lifetime is taken as one of LIFETIME_YEARS."""
    rules = policy.qualification or Qualification()
    if rules.window == "lifetime":
        return LIFETIME_YEARS
    if rules.window == "membership year":
        return 1.0
    return (rules.months if rules.window == "rolling" else PERIOD_MONTHS[rules.window]) / 12


def _scale(shopper: TypicalShopper, terms: Promise) -> float:
    """Return the scale of the goods value, after the discount, in cents."""
    return shopper.basket / shopper.basket_shape * (1 - terms.discount / 10_000)
