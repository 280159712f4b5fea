"""What has become of each issue cohort, and what will: redemption rate and breakage by the history to date.

Serves whoever sets the expected redemption.
"""

from __future__ import annotations

import pandas as pd

from memberlab.sim import LOT_MONTHS

from .books import RunBooks
from .contract_liability import last_age
from .redemption_history import hazards, monthly_share, to_be_redeemed
from .rows import rows_of


def redemption(books: RunBooks, triangle: pd.DataFrame) -> pd.DataFrame:
    """Return each cohort's points to date and in the end; those brought forward count what was left as entered."""
    flows = ["entered", "redeemed", "expired", "clawed_back"]
    table = triangle.groupby("cohort", as_index=False)[flows].sum()
    first = triangle[triangle["month"] == books.months[0]].set_index("cohort")["opening"]
    last = triangle[triangle["month"] == books.months[-1]].set_index("cohort")["closing"]
    table["entered"] += table["cohort"].map(first).fillna(0).astype("int64")
    table["left"] = table["cohort"].map(last).fillna(0).astype("int64")
    end = last_age(books)
    rate = books.policy.points.expected_redemption if books.policy.points else 0
    shares = hazards(triangle, books.months[-1], monthly_share(rate, (end or LOT_MONTHS) + 1))
    expected = []
    for row in rows_of(table):
        cohort, now = pd.Timestamp(row.cohort), books.months[-1]
        age = 12 * (now.year - cohort.year) + now.month - cohort.month
        expected.append(int(row.redeemed) + round(int(row.left) * to_be_redeemed(shares, age, end)))
    table["expected_redemption"] = pd.Series(expected, dtype="int64")
    counted = table["entered"] - table["clawed_back"]
    table["redemption_rate"] = table["expected_redemption"] / counted.where(counted > 0)
    table["breakage"] = counted - table["expected_redemption"]
    return table
