"""What a trace tells of one shopper's life: moments, each with what was posted, what was decided and why.

Serves whoever asks why a shopper did what they did. Money is in cents, points in points, days count from the start of
the warm-up, utilities are log odds; campaigns and tiers are numbers in the order of the policy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .replay import Difference
from .shopper import ENROLLED, LAPSED, LOT_MONTHS, MEMBER


@dataclass(frozen=True, slots=True)
class Condition:
    """What a shopper owns and feels at one moment."""

    tier: int
    enrolled: bool
    member: bool
    lapsed: bool
    points: int
    pending_points: int
    credit: int
    coupons: int
    window_spend: int  # of the last 12 calendar months
    goodwill: float
    reference_price: float  # log price index
    purchase_debt: float  # orders bought ahead
    expected_benefit: float  # cents a year, of a paid membership
    lifetime_left: float  # days (Pareto/NBD) or orders (BG/NBD) at the base attrition
    gmv: int  # since the books were opened, as are the following
    orders: int
    margin: int
    benefit_cost: int


def condition_of(s: np.void, c: np.void) -> Condition:
    """Return what the records of a shopper and of the card say."""
    return Condition(
        tier=int(s["tier"]),
        enrolled=bool(s["status"] & ENROLLED),
        member=bool(s["status"] & MEMBER),
        lapsed=bool(s["status"] & LAPSED),
        points=int(s["points_balance"]),
        pending_points=int(c["pending_points"]),
        credit=int(c["credit"]),
        coupons=int(c["coupons_left"]),
        window_spend=int(s["window_spend"]),
        goodwill=float(s["goodwill"]),
        reference_price=float(s["reference_price"]),
        purchase_debt=float(s["purchase_debt"]),
        expected_benefit=float(s["expected_benefit"]),
        lifetime_left=float(s["lifetime_left"]),
        gmv=int(s["gmv"]),
        orders=int(s["orders"]),
        margin=int(s["margin"]),
        benefit_cost=int(s["benefit_cost"]),
    )


def lots_of(s: np.void, month: int) -> dict[int, int]:
    """Return the points by month of earning; the ring holds `month`, the one last opened, and those before it."""
    lots = s["lots"].tolist()
    return {month - age: points for age in range(LOT_MONTHS) if (points := lots[(month - age) % LOT_MONTHS])}


@dataclass(frozen=True, slots=True)
class Basket:
    """What lay in the basket when the shopper decided."""

    list_value: int
    goods: int  # after discounts
    added: int  # to reach free delivery or a coupon's minimum, of the list value
    shipping_fee: int
    paid_by_points: int
    paid_by_credit: int
    points_spent: int
    points: int  # to be earned
    felt_share: float | None  # what paying feels like, as a share of the list value; None for a first order
    campaigns: tuple[int, ...]  # those that lower the price, add points or pay the delivery


@dataclass(frozen=True, slots=True)
class Visit:
    """One candidate day of visiting.

    `bound` is what no basket's utility can exceed, `utility` that of the basket, `hurdle` what it had to clear; each is
    None where the shopper did not come so far. `parts` add up to the utility.
    """

    outcome: str
    prompted: bool
    attendance: float | None  # share of candidate days kept, where a draw was held against it
    attendance_draw: float | None
    hurdle: float | None
    bound: float | None
    utility: float | None
    parts: dict[str, float]
    basket: Basket | None

    @property
    def ordered(self) -> bool:
        """Return whether the shopper bought."""
        return self.outcome in (FIRST_ORDER, ORDERED, ORDERED_LATER)


FIRST_ORDER, ORDERED, STAYED_AWAY, LEFT, NOT_TEMPTED, NOT_WORTH_IT, HAD_ENOUGH, OUT_OF_STOCK, PUT_OFF, ORDERED_LATER = (
    "first order", "ordered", "stayed away", "left for good", "not tempted", "not worth it", "had enough",
    "out of stock", "waits for a sale", "ordered what was put off",
)  # fmt: skip
"""Outcomes of a visit."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A yes or no by a logit: taken if `draw` is below the chance of `utility`.

    `kind` is "join", "renew", "keep" (a membership that may be ended within its term) or "pay with points"; `believed`
    are cents a year that a membership is thought to be worth, `cost` the fee asked or the cents that points would pay.
    A renewal that nobody noticed has neither utility nor draw.
    """

    kind: str
    taken: bool
    utility: float | None
    draw: float | None
    parts: dict[str, float]
    believed: float | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A message, a gift or an event of a campaign, and whether it brought the shopper to the shop."""

    kind: str
    campaign: int
    brought: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened on a day in one go; `kind` is "visit", "month", "term", "office", "campaign", "event", "others" or
    "books".

    `posted` are the measures of the ledger that moved, `lots` the points by the month in which they were earned.
    """

    day: int
    kind: str
    visit: Visit | None
    choices: tuple[Choice, ...]
    contacts: tuple[Contact, ...]
    posted: dict[str, int]
    lots: dict[int, int]
    before: Condition
    after: Condition

    @property
    def is_silent(self) -> bool:
        """Return whether nothing happened that anybody would tell."""
        if self.visit or self.choices or self.contacts or self.posted or self.lots:
            return False
        if self.kind == "others" and self.before.goodwill != self.after.goodwill:
            return False
        return visible(self.before) == visible(self.after)


def visible(now: Condition) -> tuple[int | bool, ...]:
    """Return what of a condition changes only when something happens to the shopper; moods fade by themselves."""
    return (now.tier, now.enrolled, now.member, now.lapsed, now.points, now.pending_points, now.credit, now.coupons)


@dataclass(frozen=True, slots=True)
class Life:
    """One shopper's life from `first_day` on.

    `lots` are the points left by month of earning, `dated_lots` by the day on which they are gone, where lots are kept
    to the day. `differences` are those of the replay from the full run: none, if the lab has no fault; `turns` is how
    often the two were compared.
    """

    shopper: int
    first_day: int
    moments: tuple[Moment, ...]
    opening: Condition
    closing: Condition
    lots: dict[int, int]
    dated_lots: dict[int, int]
    turns: int
    differences: tuple[Difference, ...]

    @property
    def is_the_full_runs(self) -> bool:
        """Return whether nothing but last bits of floats differs from what the shopper did in the full run."""
        return all(difference.is_in_last_bits for difference in self.differences)
