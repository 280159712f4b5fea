"""The margin bridge: from the list value of goods to the contribution margin, every benefit and cost on its own line.

Serves finance. Lines are integer cents and add up exactly; each comes from one measure of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from memberlab.sim import MONEY_LINES, Account, Outcome


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One step of the bridge: cents to add, or the running total where `is_total`."""

    name: str
    title: str
    amount: int
    is_total: bool = False


def _steps() -> Iterator[tuple[str, str, int]]:
    """Yield the steps from the ledger's money lines: a benefit that has a line in the ledger has one here."""
    titles = {
        account: [(line.name, line.title) for line in MONEY_LINES if line.account is account] for account in Account
    }

    def signed(sign: int, *accounts: Account) -> Iterator[tuple[str, str, int]]:
        for account in accounts:
            yield from ((name, title, sign) for name, title in titles[account])

    yield from signed(1, Account.LIST_VALUE)
    yield from signed(-1, Account.DISCOUNT)
    yield from signed(0, Account.GMV)
    yield from signed(-1, Account.PAID_IN_KIND, Account.RETURN)
    yield from signed(1, Account.INCOME)
    yield from signed(-1, Account.TAX)
    yield "net_revenue", "Net revenue", 0
    yield from signed(-1, Account.COST, Account.BENEFIT)
    yield "points_provision", "Rise in points liability", -1
    yield "margin", "Contribution margin", 0


STEPS: tuple[tuple[str, str, int], ...] = tuple(_steps())
"""Lines in order: measure, title, and its sign; 0 marks a total of all lines above."""


def bridge_totals(outcome: Outcome) -> dict[str, int]:
    """Return the amounts of the bridge in cents, unsigned, by measure; the provision may have either sign."""
    measures = [name for name, _, sign in STEPS if sign and name != "points_provision"]
    totals = {name: outcome.total(name) for name in measures}
    totals["points_provision"] = outcome.closing_liability - outcome.opening_liability
    return totals


def margin_bridge(totals: Mapping[str, int]) -> tuple[BridgeLine, ...]:
    """Return the lines of the bridge from `totals` in cents (as of `bridge_totals`, perhaps added over
    replications).
    """
    lines, running = [], 0
    for name, title, sign in STEPS:
        if sign:
            running += sign * totals[name]
            lines.append(BridgeLine(name, title, sign * totals[name]))
        else:
            lines.append(BridgeLine(name, title, running, is_total=True))
    return tuple(lines)
