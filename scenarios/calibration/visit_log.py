"""A log as visits: who came on which day and paid how much; what the estimators and the validation statistics read.

Serves whoever fits or judges a base process. Customers who never came within the window count as well: a statistic a
customer is one over everybody who could have come.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .transaction_log import TransactionLog

FloatArray = NDArray[np.float64]
IntegerArray = NDArray[np.int64]
WEEK = 7


@dataclass(frozen=True)
class VisitLog:
    """Visits sorted by customer and day, one a customer and day; columns of equal length.

    `customer` is 0 to `customers` - 1, `day` counts from `first_day`, `paid` is in currency units. `gross` (value at
    shelf prices), `discount` (price deals) and `coupon` (paid by coupons) are None where the log has none.
    """

    customers: int
    first_day: datetime.date
    days: int
    customer: IntegerArray
    day: IntegerArray
    paid: FloatArray
    gross: FloatArray | None = None
    discount: FloatArray | None = None
    coupon: FloatArray | None = None

    @property
    def visits(self) -> int:
        """Number of visits, count."""
        return len(self.day)

    @property
    def weeks(self) -> int:
        """Length in whole weeks; days after the last whole one are not counted."""
        return self.days // WEEK

    @property
    def weekday(self) -> IntegerArray:
        """Day of the week of each visit, Monday 0."""
        return (self.day + self.first_day.weekday()) % WEEK

    @property
    def week(self) -> IntegerArray:
        """Week of each visit, from the first day of the log."""
        return self.day // WEEK

    def dates(self) -> NDArray[np.datetime64]:
        """Return the date of every day of the log (shape: days)."""
        return np.datetime64(self.first_day, "D") + np.arange(self.days)

    def between(self, start: int, end: int) -> VisitLog:
        """Return the visits of the days `start` to `end` - 1 as a log that begins on day `start`."""
        kept = (self.day >= start) & (self.day < end)
        return replace(
            self._kept(kept), first_day=self.first_day + datetime.timedelta(days=start), days=end - start,
            day=self.day[kept] - start,
        )  # fmt: skip

    def whole_weeks(self) -> VisitLog:
        """Return the log cut to whole weeks from Monday to Sunday."""
        start = -self.first_day.weekday() % WEEK
        return self.between(start, start + (self.days - start) // WEEK * WEEK)

    def of(self, chosen: IntegerArray) -> VisitLog:
        """Return the visits of some customers, who are numbered anew in the given order (each may stand repeatedly)."""
        counts = self.visits_each()
        starts = np.cumsum(counts) - counts
        lengths = counts[chosen]
        rows = np.repeat(starts[chosen] - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        taken = self._kept(rows)
        return replace(taken, customers=len(chosen), customer=np.repeat(np.arange(len(chosen)), lengths))

    @property
    def everybody_came(self) -> bool:
        """Whether each customer has a visit: then the log knows only those whom it has seen."""
        return bool((self.visits_each() > 0).all())

    def seen(self) -> VisitLog:
        """Return the log without the customers who never came."""
        return self.of(np.flatnonzero(self.visits_each() > 0))

    def visits_each(self) -> IntegerArray:
        """Return each customer's visits (shape: customers)."""
        return np.bincount(self.customer, minlength=self.customers)

    def weekly_counts(self) -> FloatArray:
        """Return visits by customer and whole week (shape: customers, weeks)."""
        kept = self.week < self.weeks
        cells = self.customer[kept] * self.weeks + self.week[kept]
        counts = np.bincount(cells, minlength=self.customers * self.weeks)
        return counts.reshape(self.customers, self.weeks).astype(np.float64)

    def gaps(self) -> tuple[IntegerArray, IntegerArray]:
        """Return the row of each visit that has an earlier one of the same customer, and the days since that one."""
        rows = np.flatnonzero(self.customer[1:] == self.customer[:-1]) + 1
        return rows, self.day[rows] - self.day[rows - 1]

    def _kept(self, rows: NDArray[np.bool_] | IntegerArray) -> VisitLog:
        def part(column: FloatArray | None) -> FloatArray | None:
            return None if column is None else column[rows]

        return replace(
            self, customer=self.customer[rows], day=self.day[rows], paid=self.paid[rows], gross=part(self.gross),
            discount=part(self.discount), coupon=part(self.coupon),
        )  # fmt: skip


def visit_log_of(log: TransactionLog) -> VisitLog:
    """Return a transaction log as visits: every customer in it is one who could have come."""
    return VisitLog(log.customers, log.first_day, log.days, log.customer, log.day, log.amount)


def visit_log_from(
    frame: pd.DataFrame, first_day: datetime.date, days: int, known: Sequence[str] | None = None
) -> tuple[VisitLog, NDArray[np.object_]]:
    """Return a log and its customers' ids from rows of purchases, those of a customer on one day merged.

    `frame` has the columns customer_id, day (from `first_day`) and paid, and perhaps gross, discount and coupon
    (currency units); `known` are ids of customers who count although they may never have come.
    """
    columns = [name for name in ("paid", "gross", "discount", "coupon") if name in frame]
    merged = frame.groupby(["customer_id", "day"], as_index=False, sort=True)[columns].sum()
    ids = np.asarray(sorted(set(merged["customer_id"]) | set(known or ())), dtype=object)
    customer = np.asarray(pd.Index(ids).get_indexer(pd.Index(merged["customer_id"])), dtype=np.int64)

    def column(name: str) -> FloatArray | None:
        return merged[name].to_numpy(dtype=np.float64) if name in columns else None

    paid = merged["paid"].to_numpy(dtype=np.float64)
    log = VisitLog(
        len(ids), first_day, days, customer, merged["day"].to_numpy(dtype=np.int64), paid, column("gross"),
        column("discount"), column("coupon"),
    )  # fmt: skip
    return log, ids
