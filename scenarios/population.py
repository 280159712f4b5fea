"""A population: how often shoppers buy, when they leave and what they spend when no programme changes their minds.

The traits of shoppers are drawn from it; scenarios name it. Fitted by `memberlab calibrate`, or written by hand.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from memberlab.policies import (
    Catalogue,
    Currency,
    Number,
    PercentNotation,
    PositiveNumber,
    RuleDocument,
    Section,
    fault,
)

from .population_fit import Fit

Conversion = Annotated[int, PercentNotation(minimum=1, maximum=9_999)]
"""A share above 0 % and below 100 %: `10 %` in a file, 1000 basis points inside."""


class ParetoNBD(Section):
    """Purchase rate lambda ~ Gamma(r, alpha), dropout hazard mu ~ Gamma(s, beta), per week, independent of each other.

    Source: Schmittlein, Morrison and Colombo (1987). Without s and beta_weeks customers never leave (NBD: Ehrenberg,
    1959).
    """

    model: Literal["pareto-nbd"]
    """Which model this is."""
    r: PositiveNumber
    """Shape of the purchase rates."""
    alpha_weeks: PositiveNumber
    """Rate parameter of the purchase rates; mean rate is r / alpha a week. Unit: weeks."""
    s: PositiveNumber | None = None
    """Shape of the dropout hazards; absent = nobody leaves."""
    beta_weeks: Annotated[PositiveNumber | None, Field(validate_default=True)] = None
    """Rate parameter of the dropout hazards; mean hazard is s / beta a week. Unit: weeks."""

    @field_validator("beta_weeks")
    @classmethod
    def _stands_with_s(cls, beta: float | None, info: ValidationInfo) -> float | None:
        if "s" in info.data and (beta is None) != (info.data["s"] is None):
            raise fault("s and beta_weeks belong together; write both, or neither when nobody leaves")
        return beta

    @property
    def has_dropout(self) -> bool:
        """Whether customers leave at all."""
        return self.s is not None


class BGNBD(Section):
    """Purchase rate lambda ~ Gamma(r, alpha), per week; after each repeat purchase one leaves with chance p ~ Beta(a,
    b).

    Source: Fader, Hardie and Lee (2005).
    """

    model: Literal["bg-nbd"]
    """Which model this is."""
    r: PositiveNumber
    """Shape of the purchase rates."""
    alpha_weeks: PositiveNumber
    """Rate parameter of the purchase rates; mean rate is r / alpha a week. Unit: weeks."""
    a: PositiveNumber
    """First shape of the chance to leave after a purchase; its mean is a / (a + b)."""
    b: PositiveNumber
    """Second shape of the chance to leave after a purchase."""


class GammaGamma(Section):
    """Amount of a purchase z ~ Gamma(p, nu), a customer's nu ~ Gamma(q, v); mean amount p v / (q - 1).

    Source: Fader and Hardie (2013), after Colombo and Jiang (1999).
    """

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


class Population(RuleDocument):
    """Purchase and spend traits of shoppers, version 1. Times are in weeks, money in currency units, shares in basis
    points.
    """

    HEAD: ClassVar[frozenset[str]] = RuleDocument.HEAD | {"fit"}

    currency: Currency
    """Currency of every amount."""
    purchases: Annotated[ParetoNBD | BGNBD, Field(discriminator="model")]
    """How often shoppers buy and when they leave."""
    spend: GammaGamma
    """What shoppers spend at a purchase, at list prices."""
    frequency_spend_correlation: Number = 0.0
    """Correlation (Gaussian copula) of purchase rate and mean amount; above -1, below 1."""
    conversion: Conversion
    """Share of visits that end in an order at list price. Inside: basis points. A log of orders cannot tell it:
    assumed.
    """
    fit: Fit | None = None
    """How the figures were fitted, if they were."""

    @field_validator("frequency_spend_correlation")
    @classmethod
    def _is_a_correlation(cls, correlation: float) -> float:
        if not -1 < correlation < 1:
            raise fault(f"{correlation:g} is not a correlation; write a number above -1 and below 1")
        return correlation


_POPULATIONS = Catalogue("population", Population, Path(__file__).parent / "populations")


def load_population(name_or_path: str | os.PathLike[str]) -> Population:
    """Return a population by its name in the catalogue (`cd-retailer`) or by the path of a .yaml file.

    Raise DocumentError for an unknown name, listing what exists, and for every fault of the file.
    """
    return _POPULATIONS.load(name_or_path)


def population_names() -> tuple[str, ...]:
    """Return the names of the populations that ship with memberlab."""
    return _POPULATIONS.names()
