"""What shoppers spend at a purchase, at list prices: two models to choose from.

Serves the population. Gamma-Gamma has three parameters and a theory; quantiles follow a log as it is, with its tails,
its price points and the link of an amount with the time since the last order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, field_validator

from memberlab.policies import Number, NumberNotation, PositiveNumber, Section, fault

FEWEST_QUANTILES = 2

MOST_QUANTILES = 100
"""Numbers by which a distribution of log amounts is told at most."""

OFF_CENTRE = 0.01
"""How far the mean of standardised quantiles may be from 0, log units."""


class GammaGamma(Section):
    """Amount of a purchase z ~ Gamma(p, nu), a customer's nu ~ Gamma(q, v); mean amount p v / (q - 1).

    Source: Fader and Hardie (2013), after Colombo and Jiang (1999).
    """

    model: Literal["gamma-gamma"] = "gamma-gamma"
    """Which model this is; may be left out."""
    p: PositiveNumber
    """Shape of a customer's amounts: the higher, the more alike."""
    q: Annotated[PositiveNumber, Field(description="Shape of the differences between customers; above 1.")]
    v: PositiveNumber
    """Rate parameter of the differences between customers. Unit: currency units."""

    @field_validator("q")
    @classmethod
    def _has_a_mean(cls, q: float) -> float:
        if q <= 1:
            raise fault(f"{q:g} is not above 1, so that the mean amount would be infinite; write more than 1")
        return q

    @property
    def mean(self) -> float:
        """Mean amount a purchase over customers, currency units."""
        return self.p * self.v / (self.q - 1)

    @property
    def shape(self) -> float:
        """Shape of a customer's amounts: 1 over their squared coefficient of variation."""
        return self.p


LogUnits = Annotated[float, NumberNotation(minimum=-20, maximum=20, unit="log units")]
"""The natural logarithm of an amount, or a difference of two."""

Quantiles = Annotated[tuple[LogUnits, ...], Field(strict=False)]
"""Quantiles at equidistant probabilities: of n numbers, those at 0.5/n, 1.5/n and so on."""


class SpendQuantiles(Section):
    """Log amount of a purchase = level + the customer's own level + a residual + gap_slope x (log gap - the customer's
    own mean of it); own level and residual by their quantiles, straight lines between them, ends held flat.
    """

    model: Literal["quantiles"]
    """Which model this is."""
    level: LogUnits
    """Mean over customers of their mean log amount. Unit: log of currency units."""
    between: Quantiles
    """Quantiles of customers' own levels, with mean 0: 2 to 100 numbers, none below the one before. Unit: log units."""
    within: Quantiles
    """Quantiles of the residual of a single amount, with mean 0: 2 to 100 numbers. Unit: log units."""
    gap_slope: Annotated[float, NumberNotation(minimum=-2, maximum=2)] = 0.0
    """Slope of the log amount on the log of the days since the last order, within a customer."""
    gap_level: Number | None = None
    """Mean log gap over all repeat orders, at which the slope has no effect on the average; left out, it follows from
    the purchase rates. Unit: log of days."""

    @field_validator("between", "within")
    @classmethod
    def _are_quantiles(cls, quantiles: tuple[float, ...]) -> tuple[float, ...]:
        if not FEWEST_QUANTILES <= len(quantiles) <= MOST_QUANTILES:
            numbers = "1 number" if len(quantiles) == 1 else f"{len(quantiles)} numbers"
            raise fault(f"{numbers}; write {FEWEST_QUANTILES} to {MOST_QUANTILES} quantiles")
        for place in range(1, len(quantiles)):
            if quantiles[place] < quantiles[place - 1]:
                below = f"number {place + 1}, {quantiles[place]:g}, is below the one before, {quantiles[place - 1]:g}"
                raise fault(f"{below}; write quantiles from the lowest to the highest")
        mean = math.fsum(quantiles) / len(quantiles)
        if abs(mean) > OFF_CENTRE:
            raise fault(f"the mean of the quantiles is {mean:.3g}; take it off each, so that it is 0")
        return quantiles

    @property
    def mean(self) -> float:
        """Mean amount a purchase over customers, currency units, without the effect of gaps, which is below 1 %."""
        return math.exp(self.level) * mean_exponential(self.between) * mean_exponential(self.within)

    @property
    def shape(self) -> float:
        """Shape of the gamma distribution with the same coefficient of variation as a customer's amounts."""
        ratio = mean_exponential([2 * one for one in self.within]) / mean_exponential(self.within) ** 2
        return 1 / max(ratio - 1, 1e-9)


def mean_exponential(quantiles: Sequence[float]) -> float:
    """Return the mean of exp(x) for x with these quantiles, straight lines between them, ends held flat (exact)."""
    count = len(quantiles)
    total = 0.5 * (math.exp(quantiles[0]) + math.exp(quantiles[-1]))
    for place in range(1, count):
        low, high = quantiles[place - 1], quantiles[place]
        step = high - low
        total += math.exp(low) * (math.expm1(step) / step if step > 0 else 1.0)
    return total / count
