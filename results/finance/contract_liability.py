"""The contract liability of a run by issue cohort and month, beside the plain provision at expected cost.

Serves whoever signs the balance sheet. Each month's price is allocated to its goods and its points; each cohort's part
becomes revenue as its points are used, against a new estimate every month; a cohort that ends is recognised whole. The
points brought forward begin with their provision, since the sales behind them are not in the run.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from memberlab.sim import LOT_MONTHS

from .books import RunBooks
from .ifrs15 import allocated, recognised, stand_alone_price
from .integer_shares import apportioned, rounded
from .points_statements import triangle as triangle_of
from .redemption_history import hazards, monthly_share, to_be_redeemed
from .rows import rows_of
from .valuation import credits_at, points_at, points_at_expected_cost


@dataclass(slots=True)
class Cohort:
    """One month's points on their way: cents allocated, points that entered, used and left, revenue to date."""

    month: pd.Timestamp
    price: int
    stand_alone: int
    allocation: int
    redeemed: int = 0
    left: int = 0
    expected: int = 0
    recognised: int = 0


def transaction_price(books: RunBooks) -> pd.Series[int]:
    """Return what goods and points were sold for by month, in cents: net revenue without membership fees.

    GMV less what points and credits paid and refunds, with delivery, without sales tax; of the tax that on fees earned
    stays out.
    """
    signs = {"gmv": 1, "points_paid": -1, "credits_paid": -1, "points_paid_back": -1, "refunds": -1,
             "refunds_in_points": -1, "shipping_charged": 1, "sales_tax": -1}  # fmt: skip
    price = sum((sign * books.total(name) for name, sign in signs.items()), start=0 * books.total("gmv"))
    fees = books.total("fees_earned")
    tax_on_fees = fees * books.sales_tax // (10_000 + books.sales_tax)
    return (price + tax_on_fees).astype("int64")


def last_age(books: RunBooks) -> int | None:
    """Return the age in months at which points can be used last, None for ever: by the plain life of the policy,
    without what tiers add to it, unless a law has taken expiry away.
    """
    expiry = books.policy.points.expiry if books.policy.points else None
    if expiry is None or expiry.inactivity is not None or _stays_by_law(books):
        return None
    if expiry.days is not None:
        return -(-expiry.days // 30)
    if expiry.dates:
        return 11
    return min(LOT_MONTHS - 1, (expiry.months or 0) + max(0, expiry.period - 1))


def _stays_by_law(books: RunBooks) -> bool:
    """Return whether points of the last month end never expire, although no tier of the policy keeps them for ever."""
    expiry = books.policy.points.expiry if books.policy.points else None
    if expiry is None or None in expiry.extension.values():
        return False
    last = books.ageing[books.ageing["month"] == books.months[-1]]
    return bool((last["points"] > 0).any() and (last.loc[last["points"] > 0, "kind"] == "never").all())


def contract_cohorts(books: RunBooks, triangle: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the state of every cohort at each month end, and the months' flows: `month`, `allocated`, `revenue`,
    `true_up`, `current`.
    """
    policy = books.policy.points
    cohorts = _brought_forward(books)
    price, issued = transaction_price(books), books.total("points_issued") + books.total("points_given_back")
    states, flows = [], []
    end = last_age(books)
    rate = policy.expected_redemption if policy else 0
    monthly = monthly_share(rate, (end or LOT_MONTHS) + 1)
    by_month = dict(tuple(triangle.groupby("month")))
    shares = hazards(triangle, books.opening_month, monthly)
    for month in books.months:
        points = int(issued[month])
        promised = books.promised_in(month).points
        value, worth = promised.worth if promised else (0, 1)
        chance = to_be_redeemed(shares, -1, end) if policy else 0.0
        stand_alone = stand_alone_price(points, value, worth, round(10_000 * chance))
        part = allocated(int(price[month]), max(0, int(price[month])), stand_alone)
        cohorts[month] = Cohort(month, int(price[month]), stand_alone, part)
        rows = by_month.get(month)
        _move(cohorts, rows)
        former, shares = shares, hazards(triangle, month, monthly)
        revenue = true_up = current = 0
        for cohort in cohorts.values():
            age = 12 * (month.year - cohort.month.year) + month.month - cohort.month.month
            by_old = cohort.redeemed + round(cohort.left * to_be_redeemed(former, age, end))
            cohort.expected = cohort.redeemed + round(cohort.left * to_be_redeemed(shares, age, end))
            before, cohort.recognised = (
                cohort.recognised,
                recognised(cohort.allocation, cohort.redeemed, cohort.expected),
            )
            revenue += cohort.recognised - before
            true_up += cohort.recognised - recognised(cohort.allocation, cohort.redeemed, by_old)
            owed, later = cohort.allocation - cohort.recognised, cohort.expected - cohort.redeemed
            soon = round(cohort.left * to_be_redeemed(shares, age, end, within=12))
            current += owed if later <= 0 else rounded(owed * min(soon, later), later)
            states.append((month, cohort.month, cohort.price, cohort.stand_alone, cohort.allocation, cohort.redeemed,
                           cohort.expected, cohort.recognised, owed))  # fmt: skip
        flows.append((month, part, revenue, true_up, current))
    names = [
        "month",
        "cohort",
        "price",
        "stand_alone_price",
        "allocated",
        "redeemed",
        "expected",
        "recognised",
        "liability",
    ]
    table = pd.DataFrame(states, columns=names)
    return table, pd.DataFrame(flows, columns=["month", "allocated", "revenue", "true_up", "current"])


def contract_liability(books: RunBooks, flows: pd.DataFrame) -> pd.DataFrame:
    """Return the contract liability by month beside the provision at expected cost."""
    opening = books.opening_liability - credits_at(books, books.opening_month)
    rows = []
    for flow in rows_of(flows):
        month = pd.Timestamp(flow.month)
        closing = opening + int(flow.allocated) - int(flow.revenue)
        provision = points_at_expected_cost(books, month, points_at(books, month))
        rows.append((month, opening, flow.allocated, flow.revenue, flow.true_up, closing, flow.current,
                     closing - int(flow.current), credits_at(books, month), provision,
                     closing - provision))  # fmt: skip
        opening = closing
    names = ["month", "opening", "allocated", "revenue", "true_up", "closing", "current", "non_current", "credits",
             "expected_cost", "difference"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _brought_forward(books: RunBooks) -> dict[pd.Timestamp, Cohort]:
    """Return the cohorts of the opening, among which the opening's provision is shared by points left."""
    lots = books.lots[(books.lots["month"] == books.opening_month) & (books.lots["points"] > 0)]
    worth = books.opening_liability - credits_at(books, books.opening_month)
    months = [pd.Timestamp(cohort) for cohort in lots["cohort"]] or [books.opening_month]
    left = lots["points"].tolist() or [0]
    parts = apportioned(worth, left)
    return {
        month: Cohort(month, 0, part, part, left=points)
        for month, part, points in zip(months, parts, left, strict=True)
    }


def _move(cohorts: dict[pd.Timestamp, Cohort], rows: pd.DataFrame | None) -> None:
    """Let a month happen to all cohorts; what never expires and grows 24 months old joins the next cohort, with its
    allocation.
    """
    if rows is None:
        return
    leaving = 0
    for row in rows_of(rows.sort_values("cohort")):
        month = pd.Timestamp(row.cohort)
        cohort = cohorts.setdefault(month, Cohort(month, 0, 0, 0))
        if row.age >= LOT_MONTHS and row.moved_in < 0:
            following = cohorts.setdefault(
                month + pd.DateOffset(months=1), Cohort(month + pd.DateOffset(months=1), 0, 0, 0)
            )
            for name in ("price", "stand_alone", "allocation", "redeemed", "expected", "recognised"):
                setattr(following, name, getattr(following, name) + getattr(cohort, name))
            del cohorts[month]
            leaving += 1
            continue
        cohort.redeemed += int(row.redeemed)
        cohort.left = int(row.closing)


__all__ = ["contract_cohorts", "contract_liability", "last_age", "transaction_price", "triangle_of"]
