"""Spreads: how the values of one uncertain figure lie, and the value below which a share of the probability lies.

Serves factors. A share from 0 to 1 is what every sampling design deals in; a spread makes it a value in file notation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import floor

from memberlab.sim import Assumption

from ..study import Level, Quantity

DIGITS = 6
"""Significant digits of a value that is drawn."""


@dataclass(frozen=True, slots=True)
class Even:
    """All values from `low` to `high` alike, in steps of `unit`, the finest that the field can hold."""

    low: Quantity
    high: Quantity
    unit: Decimal

    def value(self, share: float) -> Level:
        """Return the value at a share of the range; each of its steps has the same probability."""
        steps = int((self.high.number - self.low.number) / self.unit) + 1
        number = self.low.number + self.unit * min(floor(share * steps), steps - 1)
        return Quantity(min(number, self.high.number), self.low.percent)

    @property
    def told(self) -> str:
        """Return the range in words."""
        return f"{self.low} to {self.high}, all alike"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Single values, with the probability of each."""

    levels: tuple[Level, ...]
    weights: tuple[float, ...]

    def value(self, share: float) -> Level:
        """Return the value whose part of the probability holds the share."""
        for level, end in zip(self.levels, accumulate(self.weights), strict=True):
            if share < end:
                return level
        return self.levels[-1]

    @property
    def told(self) -> str:
        """Return the values in words, with their probabilities where they differ."""
        alike = len(set(self.weights)) == 1
        return ", ".join(
            f"{level}" if alike else f"{level} {weight:.0%}"
            for level, weight in zip(self.levels, self.weights, strict=True)
        )


def evenly(levels: Sequence[Level]) -> Chosen:
    """Return the spread of values that are all alike."""
    return Chosen(tuple(levels), (1 / len(levels),) * len(levels))


@dataclass(frozen=True, slots=True)
class PriorOf:
    """The registry's own plausibility of an assumption."""

    assumption: Assumption

    def value(self, share: float) -> Level:
        """Return the value below which `share` of the prior lies."""
        drawn = Decimal(f"{self.assumption.quantile(share):.{DIGITS}g}")
        low, high = Decimal(repr(self.assumption.low)), Decimal(repr(self.assumption.high))
        return Quantity(min(max(drawn, low), high))

    @property
    def told(self) -> str:
        """Return the prior in words."""
        one = self.assumption
        return f"{one.low:g} to {one.high:g}, {one.prior if isinstance(one.prior, str) else str(one.prior)}"


Spread = Even | Chosen | PriorOf
"""How the values of one figure lie."""
