"""The journal: every line of the ledger as an entry with two sides, by month.

Serves auditors. Both sides are booked from one amount, so that each month balances; that accounts end at what
statements say is checked on its own.
"""

from __future__ import annotations

import pandas as pd

from .books import RunBooks
from .chart_of_accounts import LedgerAccount, sides
from .margin_statements import TITLES

COLUMNS = ["month", "entry", "title", "account", "account_title", "kind", "debit", "credit"]


def journal(lines: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return the journal of the period; `lines` are the lines of the bridge by month and state, in cents."""
    amounts = lines.groupby(["month", "line"])["value"].sum()
    memos = {name: books.total(name) for name in ("fees_billed", "fees_refunded")}
    rows = []
    for month in books.months:
        for entry, accounts in sides().items():
            amount = int(memos[entry][month]) if entry in memos else int(amounts.get((month, entry), 0))
            debit, credit = accounts if amount > 0 else reversed(accounts)
            if amount:
                rows.append(_row(month, entry, debit, abs(amount), 0))
                rows.append(_row(month, entry, credit, 0, abs(amount)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(month: pd.Timestamp, entry: str, account: LedgerAccount, debit: int, credit: int) -> tuple[object, ...]:
    return month, entry, TITLES[entry], account.number, account.title, account.kind, debit, credit


def balance_of(journal: pd.DataFrame, account: LedgerAccount) -> int:
    """Return the sum of an account over the period, in cents: credits less debits."""
    rows = journal[journal["account"] == account.number]
    return int(rows["credit"].sum() - rows["debit"].sum())


def margin_of(journal: pd.DataFrame) -> int:
    """Return the result of the period, in cents: revenue less expense."""
    rows = journal[journal["kind"].isin(["revenue", "expense"])]
    return int(rows["credit"].sum() - rows["debit"].sum())
