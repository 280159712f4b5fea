"""What each shopper did under one arm: the columns from which every KPI and every paired interval is made.

Serves KPIs and uplift. Money is cents, as floats only because interval arithmetic needs them; each value is a whole
number of cents except the points liability, which is spread over shoppers by balance.
"""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, in_force
from memberlab.sim import ENROLLED, LAPSED, MEMBER, Outcome, credits_owed, points_owed

COLUMNS = (
    "shoppers",  # 1 for everybody
    "gmv",
    "orders",
    "margin",  # contribution margin, after the change in the points liability
    "benefit_cost",  # discounts, shipping waived, points paid and the change in the points liability
    "liability",  # of points outstanding at the end
    "members",  # 1 with a paid membership at the end
    "base",  # 1 if the shopper had bought in the year before launch
    "retained",  # 1 if such a shopper bought again in the last half-year of the horizon
    "active",  # 1 if the shopper bought in the last year of the horizon
    "top_tier",  # 1 if such a shopper is in the highest tier at the end
)
"""Columns of the measures, in order; money in cents."""

HEADCOUNTS = ("members", "retained", "top_tier")
"""Columns that count shoppers: 1 or 0 for each."""

BASE_DAYS, RETENTION_DAYS, ACTIVE_DAYS = 365, 182, 365


def shopper_measures(outcome: Outcome, incumbent: Policy) -> NDArray[np.float64]:
    """Return the measures of each shopper (shape: shoppers x columns); `incumbent` values the points brought
    forward.
    """
    shoppers, opening = outcome.shoppers, outcome.opening_shoppers
    table = np.zeros((len(shoppers), len(COLUMNS)))
    liability = liability_by_shopper(outcome.promised_at_the_end, points_owed(shoppers, outcome.cards))
    liability += credits_owed(shoppers, outcome.cards)
    promised = in_force(incumbent, outcome.start - datetime.timedelta(days=1))
    provision = liability - liability_by_shopper(promised, opening["points_balance"]) - opening["credit"]
    enrolled = (shoppers["status"] & ENROLLED) != 0
    bought_before = (opening["last_order_day"] >= 0) & (opening["last_order_day"] >= outcome.first_day - BASE_DAYS)
    last_order = shoppers["last_order_day"]
    active = enrolled & (last_order >= max(0, outcome.last_day - ACTIVE_DAYS))
    window = min(RETENTION_DAYS, outcome.last_day - outcome.first_day)
    highest = len(outcome.policy.tiers) - 1
    values = {
        "shoppers": 1.0,
        "gmv": shoppers["gmv"],
        "orders": shoppers["orders"],
        "margin": shoppers["margin"] - provision,
        "benefit_cost": shoppers["benefit_cost"] + provision,
        "liability": liability,
        "members": (shoppers["status"] & MEMBER) != 0,
        "base": bought_before,
        "retained": bought_before & (last_order >= outcome.last_day - window),
        "active": active,
        "top_tier": active & (highest > 0) & (shoppers["tier"] == highest) & ((shoppers["status"] & LAPSED) == 0),
    }
    for index, name in enumerate(COLUMNS):
        table[:, index] = values[name]
    return table


def liability_by_shopper(policy: Policy, balances: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each balance's expected cost in cents: face value at the policy's expected redemption."""
    if policy.points is None:
        return np.zeros(len(balances))
    value, points = policy.points.worth
    return np.asarray(balances * (value / points * policy.points.expected_redemption / 10_000), np.float64)
