"""Purchases by customer and week, and who was exposed to an offer in which week.

Serves the comparisons of exposed and unexposed weeks. Weeks are whole ones from Monday; a week counts as exposed when
an offer touches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .campaign_log import CampaignLog

WEEK = 7
NEVER = 1 << 40
"""First exposed week of a customer who never was exposed."""
OUTCOMES = ("spend", "visits", "orders")
"""What is compared a week: spend (currency units), days with a receipt, receipts."""


@dataclass(frozen=True, slots=True)
class WeeklyPanel:
    """Outcomes and exposure of every customer in every whole week of a log."""

    outcomes: dict[str, NDArray[np.float64]]
    """By name of `OUTCOMES`: customers by weeks."""
    exposed: NDArray[np.bool_]
    """Whether an offer that is asked about touches the week: customers by weeks."""
    touched: NDArray[np.bool_]
    """The same for any offer of the log."""
    first_day: int
    """Day of the log on which week 0 begins."""

    @property
    def weeks(self) -> int:
        """Number of whole weeks."""
        return int(self.exposed.shape[1])

    def week_of(self, day: int) -> int:
        """Return the week that holds a day of the log; below 0 or from `weeks` on outside."""
        return (day - self.first_day) // WEEK

    def first_exposure(self) -> NDArray[np.int64]:
        """Return the first week in which any offer touched each customer, NEVER without one."""
        first = np.argmax(self.touched, axis=1).astype(np.int64)
        return np.where(self.touched.any(axis=1), first, NEVER)


def weekly_panel(log: CampaignLog, offers: Sequence[str]) -> WeeklyPanel:
    """Return the panel of all customers of a log, exposed to any of `offers`."""
    first_day = -log.first_day.weekday() % WEEK
    weeks = max((log.days - first_day) // WEEK, 0)
    sales = log.purchases
    week = (sales["day"].to_numpy() - first_day) // WEEK
    inside = (week >= 0) & (week < weeks)
    place = sales["customer"].to_numpy()[inside] * weeks + week[inside]
    shape = (len(log.customers), weeks)
    came = (sales["receipts"].to_numpy()[inside] > 0).astype(np.float64)
    weights = (sales["spend"].to_numpy()[inside], came, sales["receipts"].to_numpy()[inside])
    outcomes = {
        name: np.bincount(place, weight, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)
        for name, weight in zip(OUTCOMES, weights, strict=True)
    }
    sent = log.exposures[~log.exposures["control"]]
    asked = sent[sent["offer_id"].isin(list(offers))]
    return WeeklyPanel(outcomes, _touched(asked, shape, first_day), _touched(sent, shape, first_day), first_day)


def _touched(sent: pd.DataFrame, shape: tuple[int, int], first_day: int) -> NDArray[np.bool_]:
    """Return which weeks the rows of `sent` touch, by adding 1 where an exposure begins and taking it off after it."""
    steps = np.zeros((shape[0], shape[1] + 1), np.int32)
    start = np.maximum((sent["start"].to_numpy() - first_day) // WEEK, 0)
    after = np.minimum((sent["end"].to_numpy() - first_day) // WEEK + 1, shape[1])
    kept = start < after
    customer = sent["customer"].to_numpy()[kept]
    np.add.at(steps, (customer, start[kept]), 1)
    np.add.at(steps, (customer, after[kept]), -1)
    return np.asarray(np.cumsum(steps, axis=1)[:, :-1] > 0)
