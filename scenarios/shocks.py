"""Shocks: times in which the market is not itself, as in a recession, a strike of the carriers or a viral quarter.

Serves scenarios. What a shock can be stands here, when it is on in `shock_dates.py`, and the catalogue of disturbances
with published sizes, from which a shock can be taken by name, in `disturbance.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, ModelWrapValidatorHandler, ValidationInfo, field_validator, model_validator

from memberlab.policies import (
    CountNotation,
    Day,
    Label,
    Multiplier,
    MultiplierNotation,
    Percent,
    Section,
    Slug,
    fault,
    read_with_faults,
)

from .disturbance import WAYS_TO_TIME, taken_from_catalogue

HorizonMonth = Annotated[int, CountNotation("month of the horizon", minimum=1, maximum=120)]
"""A month counted from the start of the horizon; the first is 1."""

Months = Annotated[int, CountNotation("months", minimum=1, maximum=120)]
Days = Annotated[int, CountNotation("days", minimum=1, maximum=3_650)]


class Shock(Section):
    """A disturbance that multiplies what drives the market for some time. Shocks that overlap multiply each other."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.pop("required", None))  # a name may be used

    name: Label
    """What messages and charts call it; left out, the name of the disturbance that it uses."""
    use: Slug | None = None
    """Disturbance of the catalogue (`memberlab catalog`) from which every size and time is taken that does not stand
    here."""
    from_month: HorizonMonth | None = None
    """First month of the shock; 1 = the first month of the horizon."""
    from_date: Day | None = None
    """First day of the shock, in place of `from_month`."""
    until_month: HorizonMonth | None = None
    """Last month of the shock, after which it fades if it has a recovery; without any end it lasts to that of the
    horizon."""
    until_date: Day | None = None
    """Last day of the shock, in place of `until_month`."""
    lasts_months: Months | None = None
    """Months that the shock lasts with its ramp, in place of an end; what lies after the horizon is not lived."""
    lasts_days: Days | None = None
    """The same in days."""
    ramp_months: Months | None = None
    """Months from the start in which the shock grows to its full size, day by day in a straight line; left out, it is
    there at once."""
    ramp_days: Days | None = None
    """The same in days."""
    recovery_months: Months | None = None
    """Months after the end in which the shock fades away, day by day in a straight line; left out, it is over at
    once."""
    recovery_days: Days | None = None
    """The same in days."""
    visits: Multiplier = 100
    """Rate of visits, times the usual; at 0 the shop is down: nobody comes, and a first order waits for the next visit.
    In code: percent."""
    baskets: Multiplier = 100
    """Value of baskets, times the usual. In code: percent."""
    prices: Annotated[int, MultiplierNotation(minimum=1)] = 100
    """List prices of the whole market, times the usual; what goods cost the shop stays. In code: percent."""
    price_sensitivity: Multiplier = 100
    """Response to prices, times the usual. In code: percent."""
    cost_of_goods: Multiplier = 100
    """What goods cost the shop, times the usual; list prices stay. In code: percent."""
    shipping_cost: Multiplier = 100
    """The shop's cost of delivery, times the usual. In code: percent."""
    payment_cost: Multiplier = 100
    """The shop's cost of taking payments, times the usual. In code: percent."""
    wages: Multiplier = 100
    """The hourly cost of the service desk, times the usual. In code: percent."""
    gift_prices: Multiplier = 100
    """What gifts, catalogue rewards and prizes cost the shop, times the usual; to members they are worth what they
    were. In code: percent."""
    partner_prices: Multiplier = 100
    """What partners ask for the content of tiers and memberships, their own share of it included, times the usual. In
    code: percent."""
    message_prices: Multiplier = 100
    """What messages and reminders cost, times the usual. In code: percent."""
    newcomers: Multiplier = 100
    """Shoppers who come for the first time, times the usual; below 1 some never come, above 1 there are more shoppers
    than `population.shoppers`. In code: percent."""
    referrals: Multiplier = 100
    """Chance that a shopper refers a friend, times the usual. In code: percent."""
    staff: Annotated[int, MultiplierNotation(maximum=100)] = 100
    """Part of the service desk's hours that are worked, and paid. In code: percent."""
    missing_goods: Percent = 0
    """Orders that find the goods out of stock. In code: basis points."""
    minor_failures: Percent = 0
    """Orders that have a minor failure, beside the usual. In code: basis points."""
    serious_failures: Percent = 0
    """Orders that have a serious failure, beside the usual. In code: basis points."""
    questions: Percent = 0
    """Orders without a failure about which the shopper asks, beside the usual. In code: basis points."""

    @model_validator(mode="wrap")
    @classmethod
    def _is_timed_in_one_way(cls, written: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(written, Mapping):
            return read(written)
        whole, faults = taken_from_catalogue(written)
        faults |= _timing_faults(whole)
        return read_with_faults(whole, read, faults)

    @field_validator("until_month")
    @classmethod
    def _is_not_before_the_start(cls, until_month: int | None, info: ValidationInfo) -> int | None:
        start = info.data.get("from_month")
        if until_month is not None and start is not None and until_month < start:
            raise fault(f"{until_month} is before from_month, {start}; write {start} or a later month")
        return until_month

    @field_validator("until_date")
    @classmethod
    def _is_not_before_the_first_day(
        cls, until_date: datetime.date | None, info: ValidationInfo
    ) -> datetime.date | None:
        start = info.data.get("from_date")
        if until_date is not None and start is not None and until_date < start:
            raise fault(f"{until_date} is before from_date, {start}; write {start} or a later day")
        return until_date


SIZES = tuple(name for name in Shock.model_fields if name not in {"name", "use", *sum(WAYS_TO_TIME.values(), ())})
"""What a shock changes."""

SHARES = ("missing_goods", "minor_failures", "serious_failures", "questions")
"""Of these, those that are shares of orders; the others are multipliers."""


def _timing_faults(written: Mapping[Any, Any]) -> dict[tuple[str | int, ...], str]:
    """Return what is wrong with how a written shock is timed, whatever the times are."""
    faults: dict[tuple[str | int, ...], str] = {}
    given = {way: [key for key in keys if written.get(key) is not None] for way, keys in WAYS_TO_TIME.items()}
    for keys in given.values():
        for other in keys[1:]:
            faults[other,] = f"{keys[0]} stands here as well; write one of them"
    if not given["start"]:
        faults[()] = "no start; write from_month, such as 7, or from_date, such as 2026-07-15"
    if given["recovery"] and not given["end"]:
        key = given["recovery"][0]
        faults[key,] = "a shock without an end has no recovery; write until_month, until_date or how long it lasts"
    return faults


def part(section: object, key: str) -> object:
    """Return a value of a section that may be written as a mapping or be a model already; None if it is absent."""
    return section.get(key) if isinstance(section, Mapping) else getattr(section, key, None)
