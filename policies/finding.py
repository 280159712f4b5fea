"""What the linter finds: one doubtful thing about a policy, how grave it is, and how it is mended.

Serves the rules of the linter, which stand in `lint.py` and beside the benefits they judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from .policy import Policy
from .typical_shopper import Customers


class Severity(IntEnum):
    """How much a finding matters."""

    NOTE = 1
    """Probably meant, perhaps not."""
    WARNING = 2
    """Members or the shop lose by it."""
    ERROR = 3
    """The shop loses money on orders, or the promise cannot be kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is doubtful about a policy."""

    rule: str
    """Name of the rule, such as `benefit-lost`."""
    severity: Severity
    address: str
    """Dotted address of the lever: `tiers.gold.discount`."""
    message: str
    """What is so, with the values."""
    money: str
    """Why it matters, in money."""
    mend: str
    """What to write instead."""


Rule = Callable[[Policy, Customers], Iterator[Finding]]
"""One rule: from a policy and its customers to findings."""
