"""A scenario: the world that a policy's promise meets, as one immutable document."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from memberlab.policies import (
    CountNotation,
    Currency,
    Day,
    DecimalNotation,
    Label,
    Money,
    Percent,
    RuleDocument,
    Section,
    fault,
    read_with_faults,
)

from .bonus_hunters import BonusHunters
from .categories import Categories, Category
from .failures import Failures
from .regulation import Regulation
from .returns import Returns
from .rival import Rival, outside, rival_faults
from .season import Season
from .shock_dates import shock_faults
from .shocks import Shock, part
from .word_of_mouth import WordOfMouth

FIRST_YEAR, LAST_YEAR = 1900, 2199


class WarmUp(Section):
    """The time before the horizon, lived under the incumbent policy."""

    months: Annotated[int, CountNotation("months", minimum=1, maximum=60)]
    """Length; 12 fill the spend window of the tiers."""


class Horizon(Section):
    """The time that is compared."""

    months: Annotated[int, CountNotation("months", minimum=1, maximum=120)]
    """Length."""


class MembersUse(Section):
    """A retailer's own members, with whom the world opens; the warm-up is then not lived."""

    file: Annotated[str, Field(min_length=1, max_length=1_000)]
    """Path of the manifest (.yaml) of a member file."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    """SHA-256 of what the file says; written when the scenario is loaded, and checked if it stands here."""


class PopulationUse(Section):
    """Which population lives in the world, how many of it, and at what prices."""

    source: Annotated[str, Field(min_length=1, max_length=1_000)]
    """Name of a population that ships with memberlab, or the path of its .yaml file."""
    shoppers: Annotated[int, CountNotation("shoppers", minimum=1, maximum=20_000_000)]
    """Number of shoppers."""
    established: Percent
    """Share whose first order falls into the warm-up; the others' are spread over the horizon. In code: basis
    points."""
    price_level: Annotated[Decimal, DecimalNotation(above=0, unit="scenario currency per population currency")]
    """Units of the scenario's currency for one unit of the population's."""
    members: MembersUse | None = None
    """Members with whom the world opens. They are the first of its shoppers; the others come over the horizon."""


class Payment(Section):
    """What the shop pays for taking a payment."""

    share: Percent = 0
    """Part of the amount paid. In code: basis points."""
    fixed: Money = 0
    """Amount for each payment. In code: cents."""


class Scenario(RuleDocument):
    """The world, version 1. Money inside is int cents, shares are basis points, multipliers percent."""

    extends: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    """Scenario from which everything is taken that does not stand here: a name, or the path of a .yaml file, seen from
    this file's folder. Sections are merged key by key; lists, such as the shocks, take the place of the other's."""
    currency: Currency
    """Currency of every amount in this document and of all results."""
    start: Day
    """First day of the horizon: the first of a month."""
    incumbent: Annotated[str, Field(min_length=1, max_length=1_000)]
    """Policy in force during the warm-up: a name, or the path of a .yaml file, seen from this file's folder."""
    warm_up: WarmUp
    """The time before the horizon."""
    horizon: Horizon
    """The time that is compared."""
    population: PopulationUse
    """Who lives in this world."""
    season: Season = Field(default_factory=dict[str, Decimal])
    """Liveliness of each month; left out, the year is flat."""
    gross_margin: Percent
    """List value less the cost of the goods, as a share of list value, both without sales tax. In code: basis points.
    """
    sales_tax: Percent = 0
    """Tax on what shoppers pay for goods, delivery and memberships, as a share of the amount without it; prices and
    fees are those that shoppers pay, tax included, and so is GMV. In code: basis points."""
    shipping_cost: Money
    """The shop's cost of delivering one order. In code: cents."""
    payment: Payment = Payment()
    """The shop's cost of taking payments."""
    categories: Categories = Field(default_factory=dict[str, Category])
    """Categories of goods by name, for member prices and extra points on some of them: together at most all."""
    regions: Annotated[int, CountNotation("regions", minimum=1, maximum=64)] = 1
    """Parts of the population that share nothing and may run apart; at most as many as shoppers."""
    seed: Annotated[int, CountNotation("any whole number", maximum=2**63 - 1)] = 1
    """Start of every random number: same seed, same results."""
    shocks: Annotated[tuple[Shock, ...], Field(strict=False)] = ()
    """Disturbances of the market."""
    returns: Returns | None = None
    """Returns of goods; left out, nothing comes back."""
    rival: Rival | None = None
    """A rival's programme, if one is launched."""
    failures: Failures = Failures()
    """How often orders fail; left out, they never do."""
    word_of_mouth: WordOfMouth | None = None
    """New shoppers who come by referral; left out, nobody does."""
    bonus_hunters: BonusHunters | None = None
    """Shoppers who look for what a programme can be made to pay; left out, there are none."""
    regulation: Regulation | None = None
    """What the law forbids a programme to do; left out, nothing."""
    assumptions: Mapping[Label, Annotated[Decimal, DecimalNotation()]] = Field(default_factory=dict[str, Decimal])
    """Behavioural parameters that differ from their defaults, by name; the simulation knows the names."""

    def _repr_html_(self) -> str:
        """Return the scenario in words, for notebooks."""
        from memberlab.policies import html_card

        from .in_words import scenario_told

        source = [f"Source: {self.source}"] if self.source else []
        return html_card(f"{self.title or self.name} ({self.name})", scenario_told(self), notes=source)

    @field_validator("extends")
    @classmethod
    def _has_been_taken_over(cls, extends: str | None) -> str | None:
        if extends is not None:
            raise fault(f"'{extends}' can be extended by a file only, which is loaded by its name or path")
        return extends

    @field_validator("start")
    @classmethod
    def _is_the_first_of_a_month(cls, start: datetime.date) -> datetime.date:
        if start.day != 1:
            raise fault(f"{start} is not the first of a month; write {start.replace(day=1)}")
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise fault(f"{start} is out of range; write a year from {FIRST_YEAR} to {LAST_YEAR}")
        return start

    @field_validator("regions")
    @classmethod
    def _are_not_more_than_shoppers(cls, regions: int, info: ValidationInfo) -> int:
        population: PopulationUse | None = info.data.get("population")
        if population is not None and regions > population.shoppers:
            raise fault(f"{regions} is more than population.shoppers, {population.shoppers}; write fewer regions")
        return regions

    @field_validator("shocks", mode="wrap")
    @classmethod
    def _lie_within_the_horizon(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        return read_with_faults(written, read, shock_faults(written, _horizon_months(info), info.data.get("start")))

    @field_validator("rival", mode="wrap")
    @classmethod
    def _launches_in_the_horizon(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        start, months = info.data.get("start"), _horizon_months(info)
        end = None if start is None or months is None else _months_later(start, months)
        return read_with_faults(written, read, rival_faults(written, start, end, months))

    @field_validator("bonus_hunters")
    @classmethod
    def _can_return_goods(cls, hunters: BonusHunters | None, info: ValidationInfo) -> BonusHunters | None:
        if hunters is not None and hunters.returns and "returns" in info.data and info.data["returns"] is None:
            raise fault("hunters return goods where nothing can come back; write returns: {share: 5 %} as well")
        return hunters

    @field_validator("regulation", mode="wrap")
    @classmethod
    def _begins_before_the_end(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        start, months = info.data.get("start"), _horizon_months(info)
        end = None if start is None or months is None else _months_later(start, months)
        wrong = outside(part(written, "since"), datetime.date.min, end, "the world's time")
        return read_with_faults(written, read, {("since",): wrong} if wrong else {})


def _horizon_months(info: ValidationInfo) -> int | None:
    """Return the length of the horizon if it could be read."""
    horizon: Horizon | None = info.data.get("horizon")
    return None if horizon is None else horizon.months


def _months_later(first: datetime.date, months: int) -> datetime.date:
    """Return the first of the month that lies *months* after the month of *first*."""
    years, index = divmod(first.month - 1 + months, 12)
    return datetime.date(first.year + years, index + 1, 1)
