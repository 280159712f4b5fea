"""Deferred membership fees, and the sponsors' share of what benefits cost.

Serves the balance sheet and whoever settles with partners. Fees are earned straight along their term; what a month
earns stands in that month.
"""

from __future__ import annotations

import pandas as pd

from .books import RunBooks
from .margin_statements import TITLES
from .valuation import KEYS

SPONSORED = {"partner_content": "partner_content_sponsored", "tier_content": "tier_content_sponsored"}
"""Benefits that partners pay for in part, and the measure of their part; the benefit's own line is net of it."""


def fees(books: RunBooks) -> pd.DataFrame:
    """Return the roll-forward of deferred fees: opening + billed - earned - refunded = closing, in cents."""
    billed, earned, refunded = (books.total(f"fees_{name}") for name in ("billed", "earned", "refunded"))
    later = books.balances.groupby("month")["deferred_later"].sum()
    balance = int(books.balances.loc[books.balances["month"] == books.opening_month, "deferred"].sum())
    rows = []
    for month in books.months:
        closing = balance + int(billed[month]) - int(earned[month]) - int(refunded[month])
        non_current = int(later.get(month, 0))
        rows.append((month, balance, int(billed[month]), int(earned[month]), int(refunded[month]), closing,
                     closing - non_current, non_current))  # fmt: skip
        balance = closing
    names = ["month", "opening", "billed", "earned", "refunded", "closing", "current", "non_current"]
    return pd.DataFrame(rows, columns=names)


def sponsors(books: RunBooks) -> pd.DataFrame:
    """Return what sponsored benefits cost in all, what sponsors bear of it, and what the shop bears, in cents."""
    pieces = []
    for line, measure in SPONSORED.items():
        rows = books.ledger[books.ledger["measure"].isin([line, measure])]
        wide = rows.pivot_table(index=KEYS, columns="measure", values="value", aggfunc="sum", fill_value=0)
        wide = wide.reindex(columns=[line, measure], fill_value=0).astype("int64")
        wide = wide[wide[measure] != 0]
        pieces.append(
            pd.DataFrame({"net": wide[line], "sponsored": wide[measure]})
            .reset_index()
            .assign(benefit=line, title=TITLES[line])
        )
    table = pd.concat(pieces, ignore_index=True)
    table["gross"] = table["net"] + table["sponsored"]
    return table[[*KEYS, "benefit", "title", "gross", "sponsored", "net"]].sort_values(KEYS, ignore_index=True)
