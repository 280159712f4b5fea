"""How exactly a comparison is to tell a difference: `margin 0.5 %`, and at which numbers of replications it looks.

Serves sequential replications. A comparison that looks at its intervals and goes on until they are narrow would, with
ordinary intervals, be wrong more often than 5 %; here the 5 % are shared among all looks (Bonferroni), so that the
intervals hold whichever look is the last.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from memberlab.results import CONFIDENCE, KPIS, Uplift

FIRST_LOOK = 4
"""Replications before the first look, unless fewer are allowed in all."""

WRITTEN = re.compile(r"^\s*([a-z_]+)\s*(?:=|\s)\s*([0-9.]+)\s*(%|pp)?\s*$")


@dataclass(frozen=True, slots=True)
class Precision:
    """The half-width wanted of a KPI's interval: relative to the first policy's value, or cents, pieces or shares."""

    kpi: str
    half_width: float
    is_relative: bool

    def excess(self, uplift: Uplift) -> float:
        """Return by how many times the interval of an uplift of this KPI is wider than asked; 0 for one of no width."""
        if uplift.half_width == 0:
            return 0.0
        limit = self.half_width * abs(uplift.baseline) if self.is_relative else self.half_width
        return uplift.half_width / limit if limit else math.inf

    def __str__(self) -> str:
        """Say it as one writes it."""
        unit = KPIS[self.kpi].unit
        if self.is_relative:
            return f"{self.kpi} {self.half_width * 100:g} %"
        if unit == "share":
            return f"{self.kpi} {self.half_width * 100:g} pp"
        return f"{self.kpi} {self.half_width / (100 if unit == 'money' else 1):g}"


def read_precision(text: str) -> Precision:
    """Return the precision that `text` asks for: `margin 0.5 %` or `margin=0.5%` of the first policy's value, an amount
    in currency units or pieces (`gmv=20000`), percentage points of a share (`retention 0.2 pp`).

    Raises ValueError that says what is wrong and what would be right.
    """
    match = WRITTEN.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no precision; write a KPI and a half-width, such as `margin=0.5%`")
    kpi, number, mark = match.groups()
    if kpi not in KPIS:
        raise ValueError(f"{kpi!r} is no KPI; there are {', '.join(KPIS)}")
    try:
        value = float(number)
    except ValueError:
        raise ValueError(f"{number!r} is no number; write for example `{kpi}=0.5%`") from None
    if not value > 0:
        raise ValueError(f"a half-width of {number} is never reached; write more than 0")
    unit = KPIS[kpi].unit
    if mark == "%":
        return Precision(kpi, value / 100, is_relative=True)
    if mark == "pp" and unit != "share":
        raise ValueError(f"{kpi} is no share; write `{kpi}={number}%` of the first policy's value, or an amount")
    if mark is None and unit == "share":
        raise ValueError(
            f"{kpi} is a share; write `{kpi}={number}%` of the first policy's value, or `{kpi}={number}pp`"
        )
    scale = 0.01 if mark == "pp" else 100 if unit == "money" else 1
    return Precision(kpi, value * scale, is_relative=False)


def looks_at(most: int, first: int = FIRST_LOOK) -> tuple[int, ...]:
    """Return the numbers of replications at which a comparison looks: doubling from `first` up to `most`."""
    first = min(first, most)
    return tuple(min(most, first * 2**k) for k in range(1 + max(0, math.ceil(math.log2(most / first)))))


def confidence_a_look(looks: Sequence[int]) -> float:
    """Return the confidence of the intervals of one look, so that those of all looks hold at once with 95 %."""
    return 1 - (1 - CONFIDENCE) / len(looks)


@dataclass(frozen=True, slots=True)
class Looks:
    """How a sequential comparison went: what was asked, the looks that were planned, replications lived, and by how
    many times the widest interval was too wide in the end (1 and less: reached).
    """

    asked: tuple[Precision, ...]
    planned: tuple[int, ...]
    replications: int
    widest: float

    @property
    def is_reached(self) -> bool:
        """Return whether every interval is as narrow as asked."""
        return self.widest <= 1

    def __str__(self) -> str:
        """Say how many replications it took, or what would be needed."""
        asked, taken = ", ".join(str(one) for one in self.asked), _replications(self.replications)
        number = self.planned.index(self.replications) + 1
        split = f"each look's intervals hold with {confidence_a_look(self.planned):.2%}, so all of them with 95 %"
        if self.is_reached:
            return f"Precision {asked} reached with {taken}, at look {number} of {len(self.planned)} ({split})."
        if not math.isfinite(self.widest):
            return f"Precision {asked} cannot be reached: the first policy's figure is 0, of which no share is told."
        needed = math.ceil(self.replications * self.widest**2)
        return (
            f"Precision {asked} not reached with {taken}, the most allowed: the widest interval is {self.widest:.1f} "
            f"times too wide, for which about {needed:,} replications would do ({split})."
        )


def _replications(count: int) -> str:
    return "1 replication" if count == 1 else f"{count} replications"
