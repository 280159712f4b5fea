"""What a member brings along when a policy begins to count something else towards tiers: the history as far as known.

Serves the launch of an arm. Spend is known to the cent for the last 12 calendar months, tenure to the day. Orders,
visits and points, which nobody has counted by month, are put at what each month's spend stands for: at the member's own
mean order, visits an order and the new earn rate. Social contributions begin at 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import PERIOD_MONTHS, Policy, Qualification, standing_needs_notes

from .calendar import Calendar
from .card import new_cards
from .shopper import ENROLLED, LARGEST_HOLDING, NEVER, WINDOW_MONTHS
from .standing import MOST_ORDERS

TIER_FIELDS = (
    "window_value", "last_value", "window_orders", "last_orders", "review_day", "anniversary", "held_until",
    "landing_until", "task_until", "task_left", "task", "fallen_from", "month_value", "month_orders",
)  # fmt: skip
"""Fields of a card that belong to the standing."""


def prepare_standing(
    cards: NDArray[np.void], shoppers: NDArray[np.void], policy: Policy, former: Policy, calendar: Calendar, day: int
) -> None:
    """Make the cards (shape: shoppers) ready for `policy` on the morning of `day`, after a life under `former`.

    What `former` has counted in the same way goes on; else the history is worked out. `shoppers` still have the
    accounts that were opened with the warm-up.
    """
    if not standing_needs_notes(policy):
        return
    old, new = former.qualification or Qualification(), policy.qualification or Qualification()
    if not standing_needs_notes(former) or old.measure != new.measure:
        blank = new_cards(1)
        for field in TIER_FIELDS:
            cards[field] = blank[field]
        cards["tier_since"] = day
        write_history(cards, shoppers, policy, calendar, day)
    elif (old.review, old.grace_days) != (new.review, new.grace_days):
        cards["review_day"] = NEVER


def write_history(
    cards: NDArray[np.void], shoppers: NDArray[np.void], policy: Policy, calendar: Calendar, day: int
) -> None:
    """Fill in what the running window would hold; `shoppers` have spend and orders of the time before `day`."""
    rules = policy.qualification or Qualification()
    month = calendar.month_of(day - 1)  # the last month of which something is known
    ages = np.arange(WINDOW_MONTHS)
    if rules.window == "lifetime":
        spend = shoppers["gmv"].astype(np.int64)[:, None]
        counts = np.ones(spend.shape, bool)
        tenure = _whole_months(shoppers, calendar, day).sum(axis=1, keepdims=True)
    else:
        spend = shoppers["month_spend"][:, (month - ages) % WINDOW_MONTHS].astype(np.int64)
        counts = _months_in_window(rules, shoppers, calendar, month, day)
        tenure = _whole_months(shoppers, calendar, day)[:, :WINDOW_MONTHS]
    counts &= (shoppers["status"] & ENROLLED != 0)[:, None]
    values, orders = _values(spend, tenure, shoppers, policy)
    values, orders = values * counts, orders * counts
    if rules.window == "rolling":
        places = (month - ages) % WINDOW_MONTHS
        cards["month_value"][:, places], cards["month_orders"][:, places] = values, orders
    cards["window_value"] = np.minimum(values.sum(axis=1), LARGEST_HOLDING)
    cards["window_orders"] = np.minimum(orders.sum(axis=1), MOST_ORDERS)


def _values(
    spend: NDArray[np.int64], tenure: NDArray[np.int64], shoppers: NDArray[np.void], policy: Policy
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the value and the orders that `spend` in cents and `tenure` in months stand for (shapes: as spend)."""
    weights = (policy.qualification or Qualification()).weights()
    total, count = shoppers["gmv"].astype(float), shoppers["orders"].astype(float)
    orders_a_cent = np.divide(count, total, out=np.zeros_like(total), where=total > 0)[:, None]
    orders = np.rint(spend * orders_a_cent).astype(np.int64)
    visits = np.rint(orders / special.expit(shoppers["base_logit"].astype(float))[:, None]).astype(np.int64)
    points = np.zeros_like(spend)
    if policy.points is not None:
        points = spend // policy.points.earn.per * policy.points.earn.points
    value = spend * weights["spend"] // 100 + orders * weights["order"] + visits * weights["activity"]
    return value + tenure * weights["month"] + points * weights["point"], orders


def _months_in_window(
    rules: Qualification, shoppers: NDArray[np.void], calendar: Calendar, month: int, day: int
) -> NDArray[np.bool_]:
    """Return which of the last 12 months the window holds, by age (shape: shoppers x 12)."""
    ages = np.arange(WINDOW_MONTHS)
    if rules.window == "membership year":  # the months that end after the year has begun
        first = shoppers["first_order_day"].astype(np.int64)
        begun = first + (day - first) // 365 * 365
        ends = np.array([calendar.month_starts[max(0, month - age) + 1] for age in range(WINDOW_MONTHS)])
        return np.asarray(ends[None, :] > begun[:, None])
    months: int = rules.months
    if rules.window != "rolling":
        months = (calendar.start.month - 1 + month) % PERIOD_MONTHS[rules.window] + 1
    counts = np.zeros((len(shoppers), WINDOW_MONTHS), bool)
    counts[:, ages < months] = True
    return counts


def _whole_months(shoppers: NDArray[np.void], calendar: Calendar, day: int) -> NDArray[np.int64]:
    """Return for each month up to `day`, the latest first, whether it is a whole one since the first order (0 or 1)."""
    last = calendar.month_of(day - 1)
    starts = np.array([calendar.month_starts[last - age] for age in range(last + 1)])
    ends = np.array([calendar.month_starts[last - age + 1] for age in range(last + 1)])
    is_whole = (shoppers["first_order_day"].astype(np.int64)[:, None] <= starts) & (ends <= day)
    known = is_whole & (shoppers["first_order_day"] >= 0)[:, None]
    missing = max(0, WINDOW_MONTHS - last - 1)
    return np.pad(known.astype(np.int64), ((0, 0), (0, missing)))
