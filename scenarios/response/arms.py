"""The two arms of an offer that was assigned by chance: who is in which, and what each bought before and after.

Serves the lift of a randomised table. Customers are taken by their assignment, whether or not the message reached them
(intention to treat).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError

from .campaign_log import DEFAULT_DAYS, NOT_RANDOM, CampaignLog

Floats = NDArray[np.float64]

FEWEST_IN_ARM = 50
PRIOR_DAYS, LEAST_PRIOR_DAYS = 56, 14
"""Days before the campaign on which customers are compared: as many as these, and none if the log has fewer."""
SHOWN = 3
RATES = ("spend", "visits", "orders")


@dataclass(frozen=True, slots=True)
class Arms:
    """Customers of a randomised offer, with their purchases a week before and after the assignment."""

    offer: str
    customers: NDArray[np.int64]
    treated: NDArray[np.bool_]
    """Whether the customer was to be sent the offer; the others are controls."""
    start: NDArray[np.int64]
    """Day of the log from which each is followed."""
    days: int
    """Days that each is followed."""
    prior_days: int
    """Days before the start that are known of each; 0 if there are too few."""
    after: dict[str, Floats]
    """By `spend` (currency units), `visits` (days), `orders` (receipts): a customer's own a week."""
    before: dict[str, Floats]
    """The same in the prior days; zeros without any."""
    notices: tuple[str, ...]


def arms_of(log: CampaignLog, offer: str) -> Arms:
    """Return the arms of an offer. Raise DocumentError where they are none, mixed, too small or outside the log."""
    rows = log.exposures[log.exposures["offer_id"] == offer]
    _fail_if_not_random(log, offer, rows)
    arms = rows.groupby("customer")["control"].agg(["min", "max"])
    both = arms.index[arms["min"] != arms["max"]]
    if len(both):
        examples = ", ".join(log.customers[both[:SHOWN]])
        message = f"{len(both):,} customers are control and target of offer '{offer}' at once: {examples}"
        raise DocumentError([log.fault("exposures", "control", message)])
    rows = rows.sort_values("start").drop_duplicates("customer")
    followed, days, notices = _window(log, offer, rows)
    treated = ~rows["control"].to_numpy(bool)[followed]
    _fail_if_small(log, offer, treated)
    customers, start = (rows[name].to_numpy(np.int64)[followed] for name in ("customer", "start"))
    prior = min(int(start.min()), PRIOR_DAYS)
    prior = prior if prior >= LEAST_PRIOR_DAYS else 0
    if not prior:
        notices.append(f"fewer than {LEAST_PRIOR_DAYS} days are known before the offer, so nothing is adjusted by them")
    after = _bought(log, customers, start, start + days)
    before = _bought(log, customers, start - prior, start)
    return Arms(offer, customers, treated, start, days, prior, after, before, tuple(notices))


def _fail_if_not_random(log: CampaignLog, offer: str, rows: pd.DataFrame) -> None:
    counts = rows["assigned_by"].value_counts()
    if others := [f"{counts[word]:,} by {word}" for word in NOT_RANDOM if word in counts]:
        message = (
            f"offer '{offer}' has {counts.get('random', 0):,} rows assigned by chance and {', '.join(others)}; give "
            "those an offer of their own, for only the former can tell a lift"
        )
        raise DocumentError([log.fault("exposures", "assigned_by", message)])
    if not rows["control"].any():
        message = (
            f"offer '{offer}' was assigned by chance but has no control; export who was held back (control = true)"
        )
        raise DocumentError([log.fault("exposures", "control", message)])


def _fail_if_small(log: CampaignLog, offer: str, treated: NDArray[np.bool_]) -> None:
    sizes = int(treated.sum()), int((~treated).sum())
    if min(sizes) < FEWEST_IN_ARM:
        message = (
            f"offer '{offer}' has {sizes[0]:,} targeted customers and {sizes[1]:,} controls; at least {FEWEST_IN_ARM} "
            "of each are needed"
        )
        raise DocumentError([log.fault("exposures", "customer_id", message)])


def _window(log: CampaignLog, offer: str, rows: pd.DataFrame) -> tuple[NDArray[np.bool_], int, list[str]]:
    """Return which rows can be followed, for how many days, and what a reader should know of it.

    Sent on one day, an offer is followed to its end or the log's; sent over several, each customer for as long as
    the offer lasts, at most four weeks, and those whose time runs past the log's end are left out of both arms.
    """
    first, last = log.offer_days(offer)
    start = rows["start"].to_numpy(np.int64)
    within = (start >= 0) & (start < log.days)
    notices = []
    if within.any() and start[within].min() == start[within].max():
        days = min(last, log.days - 1) - int(start[within].min()) + 1
        if last >= log.days:
            notices.append(f"the log ends on {log.date(log.days - 1)}, before the offer does ({log.date(last)})")
    else:
        days = min(max(last - first + 1, 1), DEFAULT_DAYS)
        within &= start + days <= log.days
    if not within.any() or days < 1:
        message = (
            f"offer '{offer}' ran from {log.date(first)} to {log.date(last)}, the log from {log.first_day} to "
            f"{log.date(log.days - 1)}"
        )
        raise DocumentError([log.fault("exposures", "sent_at", message)])
    if left := int((~within).sum()):
        notices.append(f"{left:,} customers are left out because their {days} days do not lie within the log")
    return within, days, notices


def _bought(
    log: CampaignLog, customers: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> dict[str, Floats]:
    """Return purchases a week of each customer from day `start` to before day `end`."""
    place = np.full(len(log.customers), -1)
    place[customers] = np.arange(len(customers))
    sales = log.purchases
    row = place[sales["customer"].to_numpy()]
    day = sales["day"].to_numpy()
    inside = (row >= 0) & (day >= start[row]) & (day < end[row])
    receipts = sales["receipts"].to_numpy()[inside]
    weights = (sales["spend"].to_numpy()[inside], (receipts > 0).astype(np.float64), receipts)
    weeks = np.maximum(end - start, 1) / 7.0
    return {
        name: np.bincount(row[inside], weight, minlength=len(customers)) / weeks
        for name, weight in zip(RATES, weights, strict=True)
    }
