"""A claim as numbers: what is compared with what, and from where on it holds.

Serves the checks of claims against each other and the trial of each. A statement is always "this is at least the
bound": costs and limits from above are turned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from memberlab.results import KPIS

from ..study import Quantity
from .checks_file import LEAST_BETTER, OutcomeClaim
from .tolerance import Tolerance


@dataclass(frozen=True, slots=True)
class Statement:
    """One comparison of a claim: `sign` x (figure of `policy` less that of `against`, or 0) is at least a bound."""

    policy: str
    against: str | None
    kpi: str
    sign: int
    """1 where more of the figure helps the claim, -1 where less does."""
    bound: float | None
    """In the figure's unit, turned by `sign`; None where it is a distance from the figure of `against`."""
    distance: Tolerance | None
    """By how much it must be better than `against`; None for a bound on the figure itself."""
    spare: bool = False
    """Whether the distance is one that may be lacking, as in `no_worse_by`."""

    def least(self, figure_of_other: float) -> float:
        """Return the bound, where the mean figure of `against` is known: in the figure's unit, turned by `sign`."""
        if self.distance is None:
            return 0.0 if self.bound is None else self.bound
        size = self.distance.size(KPIS[self.kpi], figure_of_other)
        return -size if self.spare else size

    @property
    def words(self) -> str:
        """Return what is tried: `margin of gold less that of today, at least -0.5 %`."""
        kpi = KPIS[self.kpi].name
        if self.against is None:
            number = 0.0 if self.bound is None else self.sign * self.bound
            shown = f"{number * 100:g} %" if KPIS[self.kpi].unit == "share" else _plain(self.kpi, number)
            return f"{kpi} of {self.policy} {'at least' if self.sign > 0 else 'at most'} {shown}"
        way = "rises" if self.sign > 0 else "falls"
        if self.spare:
            return f"{kpi} of {self.policy} not worse than {self.against} by {self.distance}"
        by = "" if self.distance is None or self.distance.number == 0 else f" by at least {self.distance}"
        return f"{kpi} of {self.policy} {way}{by} against {self.against}"


def statements_of(claim: OutcomeClaim) -> Iterator[Statement]:
    """Give the statements of a claim that is well formed; two for one with both limits, one a pair for a ranking."""
    better = -1 if claim.kpi in LEAST_BETTER else 1
    nothing = Tolerance(Decimal(0), "amount")
    if claim.ranking is not None:
        for upper, lower in pairwise(claim.ranking):
            yield Statement(upper, lower, claim.kpi, better, None, nothing)
        return
    assert claim.policy is not None
    for sign, limit in ((1, claim.at_least), (-1, claim.at_most)):
        if limit is not None:
            yield Statement(claim.policy, None, claim.kpi, sign, sign * in_unit_of(claim.kpi, limit), None)
    for sign, distance, spare in ((1, claim.rises_by, False), (-1, claim.falls_by, False),
                                  (better, claim.no_worse_by, True)):  # fmt: skip
        if distance is not None:
            yield Statement(claim.policy, claim.against, claim.kpi, sign, None, distance, spare)


def in_unit_of(kpi: str, limit: Quantity) -> float:
    """Return a limit in the unit of its key figure: cents, pieces, a share of 1."""
    number = float(limit.number)
    return number / 100 if limit.percent else number * (100 if KPIS[kpi].unit == "money" else 1)


def _plain(kpi: str, number: float) -> str:
    return f"{number / 100:,.0f}" if KPIS[kpi].unit == "money" else f"{number:,g}"
