"""What each campaign has cost and done since the books were opened: one row a campaign, in the order of the policy.

Serves finance beside the ledger: the ledger knows days and states, this report knows campaigns. Amounts are cents.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .campaign_office import count_days
from .campaign_record import NOT_ON

NEVER_SPENT = -1
"""In place of the day on which a budget ran out."""

COUNTED = ("money", "contact", "units", "orders", "points", "messages", "visits")
"""What adds up over regions: discounts, gifts and fees given up; messages and events; uses; orders that got something;
points given; messages sent; visits prompted."""

CAMPAIGN_REPORT = np.dtype([(name, "i8") for name in (*COUNTED, "days", "ran_out")])
"""One campaign: what is counted, days on, and the day on which the budget of its last occasion ran out, or -1."""


def campaign_report(market: NDArray[np.void], campaigns: int, day: int) -> NDArray[np.void]:
    """Return the report of the first `campaigns` campaigns as of the morning of `day` (shape: campaigns)."""
    market = market.copy()
    for number in range(campaigns):
        if (int(market["campaigns_on"][0]) >> number) & 1 or market["campaign_ran_out"][0, number] != NOT_ON:
            count_days(market[0], number, day)
    report = np.zeros(campaigns, CAMPAIGN_REPORT)
    for name in CAMPAIGN_REPORT.names or ():
        report[name] = market[f"campaign_{name}"][0, :campaigns]
    report["ran_out"][report["ran_out"] == NOT_ON] = NEVER_SPENT
    return report


def open_report(market: NDArray[np.void], day: int) -> None:
    """Start the report anew on the morning of `day`; a campaign that is spent stays so."""
    for name in (*COUNTED, "days"):
        market[f"campaign_{name}"] = 0
    market["campaign_counted"] = day


def merge_reports(reports: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    """Return the report of all regions: sums, the most days on, and the day on which the last region ran out.

    A budget has run out when every region has spent its part.
    """
    merged = reports[0].copy()
    for name in COUNTED:
        merged[name] = sum(report[name] for report in reports)
    merged["days"] = np.max([report["days"] for report in reports], axis=0)
    days = np.array([report["ran_out"] for report in reports])
    merged["ran_out"] = np.where((days == NEVER_SPENT).any(axis=0), NEVER_SPENT, days.max(axis=0))
    return merged
