"""The books of a run as tables: what every statement is made from, and all that the run store keeps for it.

Serves statements. Tables are tidy pandas frames; money is integer cents, points are integers, a month is the date of
its first day. An opening stands as the month before the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import Policy, in_force
from memberlab.sim import (
    AHEAD,
    GUEST_STATE,
    LEDGER,
    LOT_MONTHS,
    STATES,
    Calendar,
    calendar_of,
)

from .accounts import account_table
from .lived_books import LivedBooks

POSTED_LATER = {"fees_earned": "fees_of_month_before", "sales_tax": "tax_of_month_before"}
"""Measures of which a part is posted as the next month opens, and the measure that tells that part."""

LEDGER_COLUMNS = ("month", "tier", "paid_membership", "on_twin_order_day", "measure", "value")
BALANCE_COLUMNS = ("month", "tier", "paid_membership", "shoppers", "points", "credits", "deferred", "deferred_later")
LOT_COLUMNS = ("month", "cohort", "points", "expired", "clawed_back", "converted")
AGEING_COLUMNS = ("month", "last_month", "kind", "points")
SUSPENSE_COLUMNS = ("month", "pending", "debt")


@dataclass(frozen=True)
class RunBooks:
    """The books of one arm: facts about it, and its tables.

    `ledger` has a row for each month, state and measure that moved; `on_twin_order_day` marks what visits posted on
    days on which the twin ordered as well. `balances` are month ends by state, `lots` month ends by month of earning
    with what went from each lot in the month, `ageing` month ends by the month of the points' last day (`kind`: dated,
    later, never, or undated, of an opening whose points a new policy will date on its first morning), `suspense` points
    that are pending and debts of points, `accounts` shoppers' own accounts by group, `identities` the run's own checks.
    """

    arm: str
    policy: Policy
    scenario: str
    currency: str
    seed: int
    sales_tax: int
    opening_liability: int
    twin: str | None
    twin_policy: Policy | None
    ledger: pd.DataFrame
    balances: pd.DataFrame
    lots: pd.DataFrame
    ageing: pd.DataFrame
    suspense: pd.DataFrame
    accounts: pd.DataFrame
    identities: pd.DataFrame
    months: tuple[pd.Timestamp, ...] = field(default=())

    @property
    def opening_month(self) -> pd.Timestamp:
        """Return the month whose end is the opening of the books."""
        return self.months[0] - pd.DateOffset(months=1)

    def promised_in(self, month: pd.Timestamp) -> Policy:
        """Return the policy with what its points buy in a month; a devaluation falls on the first of one."""
        return in_force(self.policy, month.date())

    def total(self, measure: str) -> pd.Series[int]:
        """Return a measure of the ledger by month, 0 where nothing moved (index: `months`)."""
        rows = self.ledger[self.ledger["measure"] == measure]
        return rows.groupby("month")["value"].sum().reindex(list(self.months), fill_value=0).astype("int64")


def books_of(lived: LivedBooks, twin: LivedBooks | None = None) -> RunBooks:
    """Return the tables of one arm's books; `twin` has the same shoppers' accounts under the policy held against it.

    Raises ValueError for a run that does not begin and end with a month.
    """
    calendar = calendar_of(lived.scenario)
    first, end = lived.first_day, lived.first_day + len(lived.ledger)
    if first not in calendar.month_starts or end not in calendar.month_starts:
        raise ValueError(f"books are told by month; days {first} to {end - 1} are not whole months")
    numbers = range(calendar.month_of(first), calendar.month_of(end))
    months = tuple(month_named(calendar, number) for number in numbers)
    tiers, paid = state_labels(lived.policy)
    return RunBooks(
        arm=lived.policy.name,
        policy=lived.policy,
        scenario=lived.scenario.name,
        currency=lived.scenario.currency,
        seed=lived.seed,
        sales_tax=lived.scenario.sales_tax,
        opening_liability=lived.opening_liability,
        twin=None if twin is None else twin.policy.name,
        twin_policy=None if twin is None else twin.policy,
        ledger=_ledger_table(lived, calendar, numbers, tiers, paid),
        balances=_balance_table(lived, calendar, tiers, paid),
        lots=_lot_table(lived, calendar),
        ageing=_ageing_table(lived, calendar),
        suspense=_suspense_table(lived, calendar),
        accounts=account_table(lived, twin, calendar, tiers),
        identities=pd.DataFrame([
            {"name": one.name, "rule": one.rule, "left": one.left, "right": one.right} for one in lived.identities
        ]),
        months=months,
    )  # fmt: skip


def month_named(calendar: Calendar, number: int) -> pd.Timestamp:
    """Return the first day of a month of the calendar, also of one before its first."""
    return pd.Timestamp(calendar.start) + pd.DateOffset(months=number)


def state_labels(policy: Policy) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the tier's name and whether there is a paid membership, by ledger state (shape: states)."""
    names = [*policy.tiers] or ["-"]
    states = range(STATES)
    tiers = ["guest" if state == GUEST_STATE else names[min(state // 2, len(names) - 1)] for state in states]
    return np.array(tiers, object), np.array([state % 2 == 1 and state != GUEST_STATE for state in states])


def _ledger_table(
    lived: LivedBooks, calendar: Calendar, numbers: range, tiers: NDArray[np.object_], paid: NDArray[np.bool_]
) -> pd.DataFrame:
    starts = [calendar.month_starts[number] - lived.first_day for number in numbers]
    pieces = []
    for measure in LEDGER.names or ():
        if measure in POSTED_LATER.values():
            continue
        whole = np.add.reduceat(lived.ledger[measure], starts, axis=0)
        if measure in POSTED_LATER:
            late = np.add.reduceat(lived.ledger[POSTED_LATER[measure]], starts, axis=0)
            whole = whole - late
            whole[:-1] += late[1:]
        shared = np.zeros_like(whole)
        if lived.on_twin_days is not None:
            shared = np.add.reduceat(lived.on_twin_days[measure], starts, axis=0)
        for is_shared, values in ((False, whole - shared), (True, shared)):
            month, state = np.nonzero(values)
            pieces.append((np.full(len(month), measure, object), month, state, is_shared, values[month, state]))
    names = np.array([month_named(calendar, number) for number in numbers], "datetime64[s]")
    month, state = (np.concatenate([piece[place] for piece in pieces]) for place in (1, 2))
    return pd.DataFrame({
        "month": names[month], "tier": tiers[state], "paid_membership": paid[state],
        "on_twin_order_day": np.concatenate([np.full(len(piece[1]), piece[3]) for piece in pieces]),
        "measure": np.concatenate([piece[0] for piece in pieces]),
        "value": np.concatenate([piece[4] for piece in pieces]).astype(np.int64),
    })  # fmt: skip


def _month_column(lived: LivedBooks, calendar: Calendar, repeats: int) -> NDArray[np.datetime64]:
    numbers = lived.month_ends["month"].tolist()
    return np.repeat(np.array([month_named(calendar, number) for number in numbers], "datetime64[s]"), repeats)


def _balance_table(
    lived: LivedBooks, calendar: Calendar, tiers: NDArray[np.object_], paid: NDArray[np.bool_]
) -> pd.DataFrame:
    ends = lived.month_ends
    table = pd.DataFrame({
        "month": _month_column(lived, calendar, STATES),
        "tier": np.tile(tiers, len(ends)), "paid_membership": np.tile(paid, len(ends)),
        **{name: ends[name].ravel() for name in BALANCE_COLUMNS[3:]},
    })  # fmt: skip
    table = table.groupby(["month", "tier", "paid_membership"], sort=False, as_index=False).sum()
    return table[(table[list(BALANCE_COLUMNS[3:])] != 0).any(axis=1)].reset_index(drop=True)


def _lot_table(lived: LivedBooks, calendar: Calendar) -> pd.DataFrame:
    ends, ages = lived.month_ends, LOT_MONTHS + 1
    lots = np.zeros((len(ends), ages), np.int64)
    lots[:, :LOT_MONTHS] = ends["lots"].reshape(len(ends), -1, LOT_MONTHS).sum(axis=1)
    cohorts = (ends["month"][:, None] - np.arange(ages)[None, :]).ravel()
    named = {number: month_named(calendar, int(number)) for number in np.unique(cohorts)}
    table = pd.DataFrame({
        "month": _month_column(lived, calendar, ages),
        "cohort": np.array([named[number] for number in cohorts.tolist()], "datetime64[s]"),
        "points": lots.ravel(), "expired": ends["expired"].ravel(), "clawed_back": ends["clawed_back"].ravel(),
        "converted": ends["converted"].ravel(),
    })  # fmt: skip
    return table[(table[["points", "expired", "clawed_back", "converted"]] != 0).any(axis=1)].reset_index(drop=True)


def _ageing_table(lived: LivedBooks, calendar: Calendar) -> pd.DataFrame:
    points, rows = lived.policy.points, []
    has_expiry = points is not None and points.expiry is not None
    for number, end in enumerate(lived.month_ends):
        month = month_named(calendar, int(end["month"]))
        for ahead in np.flatnonzero(end["going"]).tolist():
            kind = {AHEAD - 1: "never", AHEAD - 2: "later"}.get(ahead, "dated")
            if kind == "never" and number == 0 and has_expiry:
                kind = "undated"
            last = month + pd.DateOffset(months=ahead) if kind == "dated" else pd.NaT
            rows.append((month, last, kind, int(end["going"][ahead])))
    table = pd.DataFrame(rows, columns=list(AGEING_COLUMNS))
    return table.astype({"month": "datetime64[s]", "last_month": "datetime64[s]", "points": "int64"})


def _suspense_table(lived: LivedBooks, calendar: Calendar) -> pd.DataFrame:
    ends = lived.month_ends
    return pd.DataFrame({
        "month": _month_column(lived, calendar, 1), "pending": ends["pending"], "debt": ends["debt"],
    })  # fmt: skip
