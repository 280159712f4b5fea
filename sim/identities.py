"""What must be true of every run: the accounting law of the lab, one function a rule, in one list at the end.

Serves finance and every run, which fails loudly on a broken identity. All sums are integers; the tolerance is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .ledger import BENEFIT_ACCOUNTS, Account, lines_of, total
from .position import Position


class IdentityError(RuntimeError):
    """A run broke an accounting identity: a fault of the lab, never of the user's files."""


@dataclass(frozen=True, slots=True)
class Books:
    """All that the identities look at: the opening position, the ledger since, and the shoppers now."""

    opening: Position
    ledger: NDArray[np.void]
    closing: Position
    month_ends: NDArray[np.void] | None = None
    """Photographs of month ends, where they are kept: see `MonthEnd`."""
    points_moved: Mapping[int, int] = field(default_factory=dict)
    """Of the opening points, those that came with shoppers who moved between the arms of a rollout, less those that
    left, by the day of the ledger on whose morning they did.
    """

    def total(self, measure: str) -> int:
        """Return the sum of a ledger measure over days and states."""
        return total(self.ledger, measure)

    def at_month_ends(self, *fields: str) -> int:
        """Return the sum of fields of all month ends; 0 where none are kept."""
        ends = self.month_ends
        return 0 if ends is None else sum(int(ends[field].sum()) for field in fields)

    def total_of(self, *accounts: Account) -> int:
        """Return the sum of all money lines of `accounts` over days and states, in cents."""
        return sum(self.total(line) for line in lines_of(*accounts))


@dataclass(frozen=True, slots=True)
class IdentityResult:
    """One identity with both of its sides; it holds when they are equal."""

    name: str
    rule: str
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """Return whether both sides are equal."""
        return self.left == self.right


def points_roll_forward(books: Books) -> tuple[int, int]:
    """Opening points + issued + given back + converted - redeemed - expired - clawed back = closing points."""
    moved = books.total("points_issued") + books.total("points_given_back") - books.total("points_redeemed")
    moved += books.total("points_converted")
    moved -= books.total("points_expired") + books.total("points_clawed_back")
    return books.opening.points + moved, books.closing.points


def devalued_points(books: Books) -> tuple[int, int]:
    """Points that lose value on a morning = all points owed on it; their number does not change."""
    devalued = books.ledger["points_devalued"].sum(axis=1)
    signs = {"points_issued": 1, "points_given_back": 1, "points_converted": 1, "points_redeemed": -1,
             "points_expired": -1, "points_clawed_back": -1}  # fmt: skip
    owed = 0
    for day in np.flatnonzero(devalued):
        moved = sum(sign * total(books.ledger[:day], measure) for measure, sign in signs.items())
        to_come = sum(points for later, points in books.points_moved.items() if later > day)
        owed += books.opening.points + moved - to_come
    return owed, int(devalued.sum())


def credits_roll_forward(books: Books) -> tuple[int, int]:
    """Opening reward credits + granted - paid = reward credits that can still be used."""
    moved = books.total("credits_granted") - books.total("credits_paid")
    return books.opening.credits + moved, books.closing.credits


def points_in_lots(books: Books) -> tuple[int, int]:
    """The lots of every shopper add up to the shopper's balance: no shopper differs."""
    return books.closing.lots_differ, 0


def no_negative_lot(books: Books) -> tuple[int, int]:
    """No lot, balance or month of spend is negative."""
    return books.closing.negative, 0


def gmv_bridge(books: Books) -> tuple[int, int]:
    """List value - every discount = GMV."""
    return books.total("list_value") - books.total_of(Account.DISCOUNT), books.total("gmv")


def fee_deferral(books: Books) -> tuple[int, int]:
    """Opening deferred fees + billed - earned - refunded = deferred fees of the terms now running."""
    moved = books.total("fees_billed") - books.total("fees_earned") - books.total("fees_refunded")
    return books.opening.deferred_fees + moved, books.closing.deferred_fees


def contribution_margin(books: Books) -> tuple[int, int]:
    """GMV - paid in kind - returns + income - tax - benefits - costs = the sum of the shoppers' own margins."""
    income = books.total("gmv") + books.total_of(Account.INCOME)
    outgo = books.total_of(Account.PAID_IN_KIND, Account.RETURN, Account.TAX, Account.BENEFIT, Account.COST)
    return income - outgo, books.closing.margin


def benefit_cost(books: Books) -> tuple[int, int]:
    """Discounts + paid in kind + fees not charged + benefits = the sum of the shoppers' own benefit costs."""
    return books.total_of(*BENEFIT_ACCOUNTS), books.closing.benefit_cost


def gmv_of_shoppers(books: Books) -> tuple[int, int]:
    """The ledger's GMV is the sum of the shoppers' own."""
    return books.total("gmv"), books.closing.gmv


def orders_of_shoppers(books: Books) -> tuple[int, int]:
    """The ledger's orders are the sum of the shoppers' own."""
    return books.total("orders"), books.closing.orders


def tier_window(books: Books) -> tuple[int, int]:
    """The months of every shopper's window add up to the spend that decides the tier: no shopper differs."""
    return books.closing.windows_differ, 0


def members_roll_forward(books: Books) -> tuple[int, int]:
    """Opening paid members + joins - cancellations = paid members now (a renewal changes nothing)."""
    moved = books.total("joins") - books.total("cancellations")
    return books.opening.members + moved, books.closing.members


def trials_roll_forward(books: Books) -> tuple[int, int]:
    """Opening members on trial + trials begun - turned into paid terms - ended = members on trial now."""
    moved = books.total("trials") - books.total("trial_conversions") - books.total("trials_ended")
    return books.opening.trials + moved, books.closing.trials


def enrolment(books: Books) -> tuple[int, int]:
    """Opening enrolled shoppers + first orders = enrolled shoppers now."""
    return books.opening.enrolled + books.total("first_orders"), books.closing.enrolled


def coupons_roll_forward(books: Books) -> tuple[int, int]:
    """Opening coupons + claimed - redeemed - expired = closing coupons."""
    moved = books.total("coupons_claimed") - books.total("coupons_redeemed") - books.total("coupons_expired")
    return books.opening.coupons + moved, books.closing.coupons


def month_ends_hold_all_points(books: Books) -> tuple[int, int]:
    """Lots + pending points - debts of all month ends = the points owed to all states at them."""
    held = books.at_month_ends("lots", "pending") - books.at_month_ends("debt")
    return held, books.at_month_ends("points")


def month_ends_know_every_expiry(books: Books) -> tuple[int, int]:
    """The points of all month ends by the month of their last day = those in lots."""
    return books.at_month_ends("going"), books.at_month_ends("lots")


def fees_of_months(books: Books) -> tuple[int, int]:
    """No month's fees are posted before the books were opened: opening fees posted for the month before = 0."""
    return int(books.ledger["fees_of_month_before"][:1].sum()), 0


IDENTITIES: tuple[Callable[[Books], tuple[int, int]], ...] = (
    points_roll_forward,
    devalued_points,
    credits_roll_forward,
    points_in_lots,
    no_negative_lot,
    gmv_bridge,
    fee_deferral,
    contribution_margin,
    benefit_cost,
    gmv_of_shoppers,
    orders_of_shoppers,
    tier_window,
    members_roll_forward,
    trials_roll_forward,
    enrolment,
    coupons_roll_forward,
    month_ends_hold_all_points,
    month_ends_know_every_expiry,
    fees_of_months,
)
"""Every identity, checked at the end of each run."""


def check_identities(books: Books) -> tuple[IdentityResult, ...]:
    """Return every identity with both sides."""
    results = []
    for identity in IDENTITIES:
        left, right = identity(books)
        rule = (identity.__doc__ or "").strip()
        results.append(IdentityResult(getattr(identity, "__name__", "identity"), rule, left, right))
    return tuple(results)


def fail_if_broken(books: Books) -> None:
    """Raise IdentityError with both sides of every identity that does not hold."""
    broken = [result for result in check_identities(books) if not result.holds]
    if broken:
        raise IdentityError("; ".join(f"{r.name}: {r.rule} Found {r.left} and {r.right}." for r in broken))
