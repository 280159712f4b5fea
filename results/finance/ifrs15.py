"""Contract liability for points under IFRS 15 and ASC 606: allocation, and revenue as points are used.

Serves the statement and its tests, which hold the standard's own examples. Amounts are whole units of any size (the lab
uses cents); all sums tie out, because revenue is always the difference of two cumulative figures.
"""

from __future__ import annotations

from .integer_shares import rounded


def stand_alone_price(points: int, value: int, worth: int, redemption: int) -> int:
    """Return the stand-alone selling price of points: face value at the expected redemption.

    `worth` points pay `value`; `redemption` is in basis points (IFRS 15, B42: adjusted for the likelihood that the
    option is exercised).
    """
    return rounded(points * value * redemption, worth * 10_000)


def allocated(price: int, goods: int, points: int) -> int:
    """Return the part of a transaction price that is allocated to points, by relative stand-alone selling prices.

    `goods` and `points` are these prices (IFRS 15.76; ASC 606-10-32-31); the rest of `price` is the goods'.
    """
    if goods + points <= 0:
        return 0
    return rounded(price * points, goods + points)


def recognised(allocation: int, redeemed: int, expected: int) -> int:
    """Return the revenue recognised to date: the allocation in proportion to the points redeemed of those expected to
    be.

    Breakage is thereby recognised in proportion to the pattern of rights exercised (IFRS 15, B46); the difference from
    what had been recognised before is the period's revenue, with the true-up for a new estimate of `expected`. All of
    it is recognised when no more redemption is expected.
    """
    if redeemed >= expected:
        return allocation
    return rounded(allocation * redeemed, expected)


def expected_in_all(redeemed: int, left: int, points: int, redemption: int) -> int:
    """Return the points expected to be redeemed in the end, by a rate on all `points` that can still come true.

    Never fewer than have been, and never more than have been or still can be; `redemption` in basis points.
    """
    return min(max(rounded(points * redemption, 10_000), redeemed), redeemed + left)
