"""The base process of visits and spend as it is fitted to a log of visits: everything that a population file says.

Serves the fit and the quick simulation that it is matched with. Rates are visits a day, hazards of leaving a week,
amounts currency units; multipliers are around 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .visit_log import FloatArray

WEEKS_OF_THE_YEAR = 53
MONTH_DAYS = 31
MOST_GAPS = 28
"""Days after a visit on which the hazard may differ from the shopper's own rate."""


def ones(count: int) -> FloatArray:
    """Return `count` multipliers of 1."""
    return np.ones(count, dtype=np.float64)


@dataclass(frozen=True)
class VisitProcess:
    """When shoppers come: gamma-distributed rates times multipliers of the calendar, of the last visit and of drift.

    `rate` is the mean of orders a day over shoppers, gamma-distributed with `shape`. A shopper's candidate days have
    the chance 1 - exp(-hazard x multipliers), and a share `conversion` of them ends in an order; the hazard is such
    that orders come at the shopper's own rate. `leaving` is the mean hazard of leaving for good (0:
    nobody leaves), exponential-distributed over shoppers; `late` is the share that enters within the window, at the
    quantiles `entry` of it.
    """

    rate: float
    shape: float
    conversion: float = 0.5
    weekdays: FloatArray = field(default_factory=lambda: ones(7))
    month_days: FloatArray = field(default_factory=lambda: ones(MONTH_DAYS))
    weeks: FloatArray = field(default_factory=lambda: ones(WEEKS_OF_THE_YEAR))
    gaps: FloatArray = field(default_factory=lambda: ones(0))
    drift: tuple[tuple[int, float], ...] = ()
    leaving: float = 0.0
    late: float = 0.0
    entry: FloatArray = field(default_factory=lambda: np.linspace(0.0, 1.0, 11))


@dataclass(frozen=True)
class SpendProcess:
    """What shoppers pay: own level plus a residual, both by quantiles of log amounts, more after a longer gap.

    `level` is the mean log amount, `between` the shoppers' own levels and `within` the residuals around it, each at the
    probabilities 0.5/n, 1.5/n, ...; `correlation` is that of rate and level (Gaussian copula).
    """

    level: float
    between: FloatArray
    within: FloatArray
    gap_slope: float = 0.0
    gap_level: float = 0.0
    correlation: float = 0.0
    basket_weeks: FloatArray = field(default_factory=lambda: ones(WEEKS_OF_THE_YEAR))


@dataclass(frozen=True)
class DealProcess:
    """What is given away: mean and spread between shoppers (a beta distribution) of the share of shelf value."""

    mean: float
    spread: float


@dataclass(frozen=True)
class CouponProcess:
    """Who uses coupons: share of customers, visits with coupons a visit of theirs, rank correlation with spend."""

    share: float
    per_order: float
    correlation: float


@dataclass(frozen=True)
class BaseProcess:
    """The whole base process, and where each part of it comes from: the log, a prior, or not identified and why."""

    visits: VisitProcess
    spend: SpendProcess
    deals: DealProcess | None
    learnt: dict[str, str]
    coupons: CouponProcess | None = None


def at_quantiles(quantiles: FloatArray, ranks: FloatArray) -> FloatArray:
    """Return the values at ranks (0 to 1) of quantiles at 0.5/n, 1.5/n, ...: linear between them, flat at the ends."""
    count = len(quantiles)
    return np.interp(ranks, (np.arange(count) + 0.5) / count, quantiles)
