"""What must be true of statements: one function a rule, in one list, with the run's own identities before it.

Serves whoever signs. All are integers; the tolerance is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from memberlab.sim import points_liability

from .books import RunBooks
from .chart_of_accounts import DEFERRED_FEES, POINTS_LIABILITY
from .journal import balance_of, margin_of
from .rows import rows_of
from .valuation import credits_at, points_at

Tables = Mapping[str, pd.DataFrame]


def bridge_ties_to_gmv(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """List value less every discount in the bridge = GMV of the ledger."""
    bridge = tables["bridge"]
    return int(bridge.loc[bridge["line"] == "gmv", "amount"].sum()), int(books.total("gmv").sum())


def states_add_up_to_the_bridge(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The bridge by state adds up to the margin of the bridge."""
    bridge = tables["bridge"]
    return int(tables["bridge_by_state"]["amount"].sum()), int(bridge.loc[bridge["line"] == "margin", "amount"].sum())


def margin_of_accounts(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The margin of all shoppers' accounts, after the rise of the points liability = the margin of the bridge."""
    bridge = tables["bridge"]
    return int(tables["deciles"]["margin"].sum()), int(bridge.loc[bridge["line"] == "margin", "amount"].sum())


def benefits_of_accounts(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The benefit cost of all shoppers' accounts = the cost of all benefits."""
    return int(tables["deciles"]["benefit_cost"].sum()), int(tables["benefits_by_month"]["cost"].sum())


def cohorts_hold_everybody(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The cohorts of enrolment hold as many shoppers as the deciles of prior spend."""
    return int(tables["cohorts"]["shoppers"].sum()), int(tables["deciles"]["shoppers"].sum())


def points_come_to_what_is_owed(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Opening points + issued + given back + converted - redeemed - expired - clawed back = points owed at the end."""
    return int(tables["points"]["closing"].iloc[-1]), points_at(books, books.months[-1])


def points_roll_forward_each_month(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """No month's closing points differ from what members were owed at its end."""
    differ = [int(row.closing) != points_at(books, pd.Timestamp(row.month)) for row in rows_of(tables["points"])]
    return sum(differ), 0


def provision_rolls_forward(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Opening provision and credits + the rises of the bridge = closing provision and credits."""
    bridge = tables["bridge"]
    rises = -int(bridge.loc[bridge["line"] == "points_provision", "amount"].sum())
    closing = int(tables["points"]["closing_value"].iloc[-1]) + credits_at(books, books.months[-1])
    return books.opening_liability + rises, closing


def devaluation_ties_to_the_ledger(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """What a devaluation takes off the provision = the points owed on its morning at their new value less the old."""
    devalued, lost = books.total("points_devalued"), 0
    for month in books.months:
        points, eve = int(devalued[month]), month - pd.DateOffset(months=1)
        lost += points_liability(books.promised_in(month), points) - points_liability(books.promised_in(eve), points)
    return int(tables["points"]["devalued_value"].sum()), lost


def ageing_holds_all_points(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The points of every ageing = the points owed at every month end."""
    months = [books.opening_month, *books.months]
    return int(tables["ageing"]["points"].sum()), sum(points_at(books, month) for month in months)


def triangle_redeems_what_the_ledger_does(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Points redeemed by all cohorts = points redeemed in the ledger."""
    return int(tables["triangle"]["redeemed"].sum()), int(books.total("points_redeemed").sum())


def triangle_has_no_negative(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """No cohort has a month in which a negative number of points entered, or was redeemed, expired or taken back."""
    flows = tables["triangle"][["entered", "redeemed", "expired", "clawed_back", "closing"]]
    return int((flows < 0).any(axis=1).sum()), 0


def triangle_rolls_forward(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Opening + entered + moved - redeemed - expired - clawed back = closing, for every cohort and month."""
    rows = tables["triangle"]
    gone = rows["redeemed"] + rows["expired"] + rows["clawed_back"] + rows["closing"]
    return int((rows["opening"] + rows["entered"] + rows["moved_in"] != gone).sum()), 0


def points_entered(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Points that entered lots, less those that left them = points issued, given back and added by a conversion, less
    those redeemed, expired and taken back, less the rise of pending points, plus that of debts.
    """
    rows, suspense = tables["triangle"], books.suspense
    in_lots = int((rows["entered"] + rows["moved_in"] - rows["redeemed"] - rows["expired"] - rows["clawed_back"]).sum())
    owed = points_at(books, books.months[-1]) - points_at(books, books.opening_month)
    rise = {name: int(suspense[name].iloc[-1]) - int(suspense[name].iloc[0]) for name in ("pending", "debt")}
    return in_lots, owed - rise["pending"] + rise["debt"]


def contract_cohorts_add_up(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The liabilities of all issue cohorts at the last month end = the contract liability."""
    cohorts = tables["contract_cohorts"]
    last = cohorts[cohorts["month"] == books.months[-1]]
    return int(last["liability"].sum()), int(tables["contract_liability"]["closing"].iloc[-1])


def fees_are_deferred(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """No month's closing deferred fees differ from what running terms have not yet earned."""
    owed = books.balances.groupby("month")["deferred"].sum()
    return sum(int(row.closing) != int(owed.get(row.month, 0)) for row in rows_of(tables["fees"])), 0


def journal_balances(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Debits = credits; in every month, or one side is told as astray."""
    by_month = tables["journal"].groupby("month")[["debit", "credit"]].sum()
    astray = int((by_month["debit"] - by_month["credit"]).abs().sum())
    return int(by_month["debit"].sum()) + astray, int(by_month["credit"].sum())


def journal_makes_the_margin(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """Revenue less expense of the journal = the margin of the bridge."""
    bridge = tables["bridge"]
    return margin_of(tables["journal"]), int(bridge.loc[bridge["line"] == "margin", "amount"].sum())


def journal_defers_the_fees(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The journal's account of deferred fees rises by as much as the statement's balance."""
    fees = tables["fees"]
    return balance_of(tables["journal"], DEFERRED_FEES), int(fees["closing"].iloc[-1] - fees["opening"].iloc[0])


def journal_holds_the_provision(books: RunBooks, tables: Tables) -> tuple[int, int]:
    """The journal's account of points rises by as much as provision and credits together."""
    closing = int(tables["points"]["closing_value"].iloc[-1]) + credits_at(books, books.months[-1])
    return balance_of(tables["journal"], POINTS_LIABILITY), closing - books.opening_liability


CHECKS: tuple[Callable[[RunBooks, Tables], tuple[int, int]], ...] = (
    bridge_ties_to_gmv,
    states_add_up_to_the_bridge,
    margin_of_accounts,
    benefits_of_accounts,
    cohorts_hold_everybody,
    points_come_to_what_is_owed,
    points_roll_forward_each_month,
    provision_rolls_forward,
    devaluation_ties_to_the_ledger,
    ageing_holds_all_points,
    triangle_redeems_what_the_ledger_does,
    triangle_has_no_negative,
    triangle_rolls_forward,
    points_entered,
    contract_cohorts_add_up,
    fees_are_deferred,
    journal_balances,
    journal_makes_the_margin,
    journal_defers_the_fees,
    journal_holds_the_provision,
)
"""Every check of the statements, in the order in which they are told."""


def checks(books: RunBooks, tables: Tables) -> pd.DataFrame:
    """Return the run's identities and every check of the statements, with both sides."""
    rows = [(row.name, row.rule, row.left, row.right) for row in rows_of(books.identities)]
    for check in CHECKS:
        left, right = check(books, tables)
        rule = " ".join((check.__doc__ or "").split())
        rows.append((getattr(check, "__name__", "check"), rule, left, right))
    table = pd.DataFrame(rows, columns=["name", "rule", "left", "right"])
    return table.assign(holds=table["left"] == table["right"])
