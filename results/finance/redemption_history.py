"""How likely an outstanding point is to be redeemed, by its age, from what has happened to points until a month.

Serves the contract liability, which re-estimates it each month. A life table: of the points that a month of age begins
with, the share that is redeemed in it (Kaplan and Meier, 1958, for grouped data; expiry and claw-back end the risk).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.sim import LOT_MONTHS

FEWEST = 1_000
"""Points at risk below which an age has no history of its own, and the policy's expectation stands in."""


def hazards(triangle: pd.DataFrame, until: pd.Timestamp, monthly: float) -> NDArray[np.float64]:
    """Return the share redeemed in each month of age (shape: LOT_MONTHS + 1), by history up to the month `until`.

    An age without history has the share `monthly`.
    """
    seen = triangle[triangle["month"] <= until]
    at_risk = np.zeros(LOT_MONTHS + 1)
    used = np.zeros(LOT_MONTHS + 1)
    age = np.minimum(seen["age"].to_numpy(), LOT_MONTHS)
    np.add.at(at_risk, age, (seen["opening"] + seen["entered"] + seen["moved_in"].clip(lower=0)).to_numpy())
    np.add.at(used, age, seen["redeemed"].to_numpy())
    return np.where(at_risk >= FEWEST, np.clip(used / np.maximum(at_risk, 1.0), 0.0, 1.0), monthly)


def monthly_share(redemption: int, months: int) -> float:
    """Return the constant share a month by which `redemption` (basis points) are redeemed in so many months."""
    return float(1.0 - (1.0 - min(redemption, 9_999) / 10_000) ** (1.0 / max(1, months)))


def to_be_redeemed(shares: NDArray[np.float64], age: int, last_age: int | None, within: int | None = None) -> float:
    """Return the chance that a point left at the end of its month `age` is redeemed later.

    `last_age` is the last age at which it can be used; None: never expires, where the oldest age's share holds for ten
    years. `within` counts only so many months.
    """
    last = LOT_MONTHS - 1 + 120 if last_age is None else last_age
    if within is not None:
        last = min(last, age + within)
    kept = 1.0
    for month in range(age + 1, last + 1):
        kept *= 1.0 - shares[min(month, LOT_MONTHS - 1)]
    return float(1.0 - kept)
