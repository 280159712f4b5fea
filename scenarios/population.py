"""A population: how often shoppers buy, when they leave and what they spend when no programme changes their minds.

The traits of shoppers are drawn from it; scenarios name it. Fitted by `memberlab calibrate`, or written by hand.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from memberlab.policies import (
    Catalogue,
    Currency,
    Number,
    PercentNotation,
    PositiveNumber,
    RuleDocument,
    Section,
    addresses,
    fault,
    hint,
    read_with_faults,
)

from .entry import Entry
from .learnt import Learnt
from .population_fit import Fit
from .rhythm import Rhythm
from .spend import GammaGamma, SpendQuantiles
from .traits import Traits

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


class Population(RuleDocument):
    """Purchase and spend traits of shoppers, version 1. Times are in weeks, money in currency units, shares in basis
    points.
    """

    HEAD: ClassVar[frozenset[str]] = RuleDocument.HEAD | {"fit", "learnt"}

    currency: Currency
    """Currency of every amount."""
    purchases: Annotated[ParetoNBD | BGNBD, Field(discriminator="model")]
    """How often shoppers buy and when they leave."""
    spend: Annotated[GammaGamma | SpendQuantiles, Field(discriminator="model")]
    """What shoppers spend at a purchase, at list prices."""
    frequency_spend_correlation: Number = 0.0
    """Correlation (Gaussian copula) of purchase rate and mean amount; above -1, below 1."""
    conversion: Conversion
    """Share of visits that end in an order at list price. Inside: basis points. A log of orders cannot tell it:
    assumed.
    """
    rhythm: Rhythm | None = None
    """When shoppers come, on top of their own rate; left out, every day is like any other."""
    entry: Entry | None = None
    """When those come who are not there from the start; left out, evenly."""
    traits: Traits | None = None
    """What the log tells about deals and coupons."""
    learnt: Learnt = Field(default_factory=dict[str, str])
    """Where figures come from, by address: `log`, `prior`, or `not identified: ` and why."""
    fit: Fit | None = None
    """How the figures were fitted, if they were."""

    @field_validator("spend", mode="before")
    @classmethod
    def _is_gamma_gamma_unless_it_says_otherwise(cls, written: object) -> object:
        if isinstance(written, Mapping) and "model" not in written:
            return {"model": "gamma-gamma", **written}
        return written

    @field_validator("learnt", mode="wrap")
    @classmethod
    def _speaks_of_known_figures(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        known = tuple(addresses(cls, {}))
        unknown = [one for one in written if one not in known] if isinstance(written, Mapping) else []
        faults: dict[tuple[str | int, ...], str] = {
            (one,): f"'{one}' is no address of a population{hint(str(one), known, 'there are')}" for one in unknown
        }
        return read_with_faults(written, read, faults)

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
