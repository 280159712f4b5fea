"""Finance: the books that a run keeps, the statements made from them, and what must be true of both."""

from .books import RunBooks, books_of
from .breakage import breakage
from .catalogue import CATALOGUE, STATEMENTS, Statement
from .chart_of_accounts import ACCOUNTS, LedgerAccount
from .checks import CHECKS
from .ifrs15 import allocated, expected_in_all, recognised, stand_alone_price
from .integer_shares import apportioned, rounded
from .lived_books import ACCOUNT, LivedBooks, lived_books, merge_lived_books
from .statements import Period, months_of, statements_of

__all__ = [
    "ACCOUNT",
    "ACCOUNTS",
    "CATALOGUE",
    "CHECKS",
    "STATEMENTS",
    "LedgerAccount",
    "LivedBooks",
    "Period",
    "RunBooks",
    "Statement",
    "allocated",
    "apportioned",
    "books_of",
    "breakage",
    "expected_in_all",
    "lived_books",
    "merge_lived_books",
    "months_of",
    "recognised",
    "rounded",
    "stand_alone_price",
    "statements_of",
]
