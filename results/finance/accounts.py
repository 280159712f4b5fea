"""Shoppers' own accounts by group: cohort of enrolment, decile of prior spend, tier, paid membership, decile of use.

Serves the statements that look at people: unit economics, deciles, cohorts, heavy users. Money is cents. Deciles go by
rank, so that ten groups are equally large; of shoppers with the same amount the earlier number counts as the smaller.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.sim import ENROLLED, LAPSED, MEMBER, Calendar

from .lived_books import LivedBooks

GROUPS = ("enrolled", "prior_decile", "tier", "paid_membership", "use_decile")
SUMS = (
    "shoppers", "orders", "gmv", "margin", "benefit_cost", "prior_spend", "points_before", "points_after",
    "credit_before", "credit_after", "yearly_fee", "base", "retained", "lapsed", "twin_orders", "twin_gmv",
    "twin_margin", "twin_benefit_cost", "twin_points_before", "twin_points_after", "twin_credit_before",
    "twin_credit_after",
)  # fmt: skip
ACCOUNT_COLUMNS = (*GROUPS, *SUMS)
"""Columns: groups, then sums over their shoppers.

`enrolled` is the month of the first order as text, `before` for those who were enrolled when the books were opened and
`never`; `prior_decile` is 1 to 10 by spend in the 12 months before, 0 without any; `tier` and `paid_membership` are
those at the end; `use_decile` is 1 to 10 by orders among paid members at the end, 0 for others. `base` counts shoppers
who had ordered in the year before, `retained` those of them who ordered in the last half-year. `margin` is before the
points provision.
"""

BASE_DAYS, RETENTION_DAYS = 365, 182


def deciles(amounts: NDArray[np.int64], among: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return 1 to 10 by rank of `amounts` among those chosen, and 0 for the others (shape of all: shoppers)."""
    ranked = np.zeros(len(amounts), np.int64)
    chosen = np.flatnonzero(among)
    order = chosen[np.argsort(amounts[chosen], kind="stable")]
    ranked[order] = 1 + 10 * np.arange(len(order)) // max(1, len(order))
    return ranked


def account_table(
    lived: LivedBooks, twin: LivedBooks | None, calendar: Calendar, tiers: NDArray[np.object_]
) -> pd.DataFrame:
    """Return the accounts of one arm by group, beside those of the same shoppers' twins (0 without one).

    Raises ValueError when the twins are not the same shoppers.
    """
    own = lived.accounts
    if twin is not None and len(twin.accounts) != len(own):
        raise ValueError(f"twins must be the same shoppers: {len(own)} and {len(twin.accounts)}")
    last_day = lived.first_day + len(lived.ledger)
    is_enrolled, is_member = (own["status"] & ENROLLED) != 0, (own["status"] & MEMBER) != 0
    base = (own["last_order_before"] >= 0) & (own["last_order_before"] >= lived.first_day - BASE_DAYS)
    window = min(RETENTION_DAYS, len(lived.ledger))
    months = np.searchsorted(np.array(calendar.month_starts), own["first_order_day"], side="right") - 1
    enrolled = np.where(~is_enrolled, -2, np.where(own["first_order_day"] < lived.first_day, -1, months))
    columns: dict[str, NDArray[Any]] = {
        "enrolled": enrolled, "prior_decile": deciles(own["prior_spend"], own["prior_spend"] > 0),
        "tier": np.where(is_enrolled, own["tier"], -1), "paid_membership": is_member,
        "use_decile": deciles(own["orders"].astype(np.int64), is_member), "shoppers": np.ones(len(own), np.int64),
        "base": base, "retained": base & (own["last_order_day"] >= last_day - window),
        "lapsed": (own["status"] & LAPSED) != 0,
    }  # fmt: skip
    for name in SUMS:
        if name.startswith("twin_"):
            columns[name] = twin.accounts[name[5:]] if twin is not None else np.zeros(len(own), np.int64)
        elif name not in columns:
            columns[name] = own[name]
    return _grouped({name: np.asarray(columns[name], np.int64) for name in ACCOUNT_COLUMNS}, calendar, tiers)


def _grouped(columns: dict[str, NDArray[np.int64]], calendar: Calendar, tiers: NDArray[np.object_]) -> pd.DataFrame:
    """Return the sums by group, with the groups' names."""
    sizes = (len(calendar.month_starts) + 3, 11, len(tiers) // 2 + 2, 2, 11)
    shifts = (2, 0, 1, 0, 0)
    keys = tuple(columns[name] + shift for name, shift in zip(GROUPS, shifts, strict=True))
    cell = np.ravel_multi_index(keys, sizes)
    cells, place = np.unique(cell, return_inverse=True)
    groups = np.unravel_index(cells, sizes)
    names = {-2: "never", -1: "before"}
    table: dict[str, object] = {}
    for name, shift, values in zip(GROUPS, shifts, groups, strict=True):
        numbers = (np.asarray(values) - shift).tolist()
        if name == "enrolled":
            table[name] = [
                names.get(number) or str(calendar.date_of(calendar.month_starts[number]))[:7] for number in numbers
            ]
        elif name == "tier":
            table[name] = ["guest" if number < 0 else str(tiers[2 * number]) for number in numbers]
        else:
            table[name] = numbers
    for name in SUMS:
        table[name] = _sums(columns[name], place, len(cells))
    return pd.DataFrame(table).astype({"paid_membership": bool})


def _sums(values: NDArray[np.int64], place: NDArray[np.intp], cells: int) -> NDArray[np.int64]:
    """Return integer sums by cell; in two halves, each of which a float holds exactly."""
    high, low = np.divmod(values, 1 << 20)
    parts = [np.bincount(place, weights=part, minlength=cells).astype(np.int64) for part in (high, low)]
    return np.asarray((parts[0] << 20) + parts[1])


def tier_names(policy: Policy) -> list[str]:
    """Return the names of the tiers, lowest first; one dash without any."""
    return [*policy.tiers] or ["-"]
