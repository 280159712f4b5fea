"""Amounts, shares and counts as sentences show them.

Serves the plain-language description, the linter and the tables of the command line.
"""

from __future__ import annotations

from decimal import Decimal

from .policy import Policy
from .quantities import MoneyNotation, MultiplierNotation, PercentNotation


def money(cents: int, policy: Policy) -> str:
    """Return an amount with the currency of *policy*: `1,500 CNY`."""
    amount = MoneyNotation().write(cents)
    written = f"{amount:,}" if isinstance(amount, int) else f"{Decimal(str(amount)):,.2f}"
    return f"{written} {policy.currency}" if policy.currency else written


def rounded(cents: float, policy: Policy) -> str:
    """Return an estimated amount to two decimals below 10 and in whole units from there."""
    return money(round(cents) if abs(cents) < 1_000 else round(cents / 100) * 100, policy)


def times(multiplier: int) -> str:
    """Return a multiplier as files write it: `1.5`."""
    return str(MultiplierNotation().write(multiplier))


def percent(basis_points: int) -> str:
    """Return a share as files write it: `5 %`."""
    return PercentNotation().write(basis_points)


def listed(words: list[str]) -> str:
    """Return words as English lists them: `a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def counted(number: int, thing: str = "point") -> str:
    """Return a number of things in words: `1 point`, `1,000 points`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
