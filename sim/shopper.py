"""The record of one shopper: who they are, what they own, and what they have done since launch.

Serves every rule of the room. The first 64 bytes, one cache line, hold what each visit reads; the rest is touched by
orders and at the turn of a month. Money is in cents, points in points, days count from the start of the warm-up.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from .record import Float32, Float64, Int8, Int16, Int32, Int64, Record, layout

WINDOW_MONTHS = 12
"""Calendar months of spend that decide a tier."""

LOT_MONTHS = 25
"""Monthly lots of points kept: the current month and the 24 before it, so points live at most 24 months and a part."""

NEVER = 32_767
LAST_DAY = 32_000
"""Days are kept in 16 bits: a world ends before day 32,000 (87 years)."""

LARGEST_HOLDING = 2_000_000_000
"""The most that a shopper's 32-bit fields hold: points of a balance, cents of a fee or of a year's spend for a tier."""

STATES = 17
"""Ledger states: tier 0 to 7 without and with paid membership, and guests (the first order, before enrolment)."""

GUEST_STATE = 16
"""The ledger state of a first order."""

ENROLLED = 1
"""Status bit: has ordered, and is in the programme."""

MEMBER = 2
"""Status bit: has a paid membership."""

LAPSED = 4
"""Status bit: has left for good, and was found to have."""

RENEWED = 8
"""Status bit: has renewed the paid membership at least once."""


class Shopper(Record):
    """One shopper; the first 64 bytes are the ones that each visit reads."""

    lifetime_left: Float64  # days (Pareto/NBD) or orders (BG/NBD) of life left at the base attrition
    visit_gap: Float32  # days between candidate visits for one unit of exponential
    base_logit: Float32  # logit of the conversion at list price
    response: Float32  # headroom / (1 - conversion): makes elasticities independent of the conversion
    basket_scale: Float32  # cents of list value for one unit of gamma
    redemption_inertia: Float32  # logit
    goodwill: Float32  # logit, decays
    reference_price: Float32  # log price index that the shopper is used to
    purchase_debt: Float32  # orders bought ahead
    expected_benefit: Float32  # cents a year the shopper believes a paid membership is worth
    points_balance: Int32  # points in all lots together
    window_spend: Int32  # cents of goods in the last 12 calendar months, saturating
    next_visit: Int16  # day of the next candidate visit
    settled_day: Int16  # day up to which attrition and goodwill have been carried
    last_order_day: Int16  # -1: none yet
    term_end: Int16  # day on which the paid term ends; NEVER without a paid membership
    tier: Int8  # 0 is the lowest
    status: Int8  # the status bits above
    first_order_day: Int16  # -1: none yet
    gmv: Int64  # cents since the books were opened
    margin: Int64  # cents since the books were opened, before the points provision
    benefit_cost: Int64  # cents since the books were opened, points at what they paid
    orders: Int32  # since the books were opened
    term_saving: Int32  # cents saved by the paid membership in this term
    fee_paid: Int32  # cents paid for the current term
    month_spend: Annotated[list[int], "i4", WINDOW_MONTHS]  # cents by calendar month, a ring
    lots: Annotated[list[int], "i4", LOT_MONTHS]  # points by month of earning, a ring


SHOPPER = layout(Shopper)
"""The layout of a shopper's record."""

DUE = np.dtype("i2")
"""Day of a shopper's next event, in a column of its own so that a day's scan stays in the cache."""

BYTES_PER_SHOPPER = SHOPPER.itemsize + DUE.itemsize
"""Bytes of one shopper: the record and the due day."""
