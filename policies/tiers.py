"""Tiers: the ladder of member levels, what reaches each and what each promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from .coupons import CouponsAMonth
from .gifts import Gift
from .membership_benefits import TierPerk, Vouchers, fail_if_free_already, fail_if_too_many
from .model import Section
from .names import Label
from .notation import NEVER, shown
from .number import CountNotation
from .qualification import UNITS, Qualification
from .quantities import Discount, Money, MoneyNotation, Multiplier, Percent
from .validation import read_with_faults
from .yaml_reader import Path

MOST_TIERS = 8

UNREACHABLE = 2**62
"""The threshold, inside, of a tier that is reached by invitation or paid membership only."""


@dataclass(frozen=True, slots=True)
class ThresholdNotation(MoneyNotation):
    """What a tier asks for: money where spend is the basis, else a whole number of what the basis counts.

    Inside, hundredths of either: cents, or a hundred for each order, month or growth point.
    """

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema; the unit is that of `qualification.basis`."""
        return {**MoneyNotation.json_schema(self), "x-unit": "currency units, or what qualification.basis counts"}


@dataclass(frozen=True, slots=True)
class ReachableNotation(ThresholdNotation):
    """A threshold that may also be the word `never`, which is a number inside that no value reaches."""

    def read(self, written: object) -> int:
        """Return UNREACHABLE for `never`, else what the threshold reads."""
        return UNREACHABLE if written == NEVER else MoneyNotation.read(self, written)

    def write(self, value: int) -> object:
        """Return `never` for what cannot be reached, else what the threshold writes."""
        return NEVER if value == UNREACHABLE else MoneyNotation.write(self, value)

    def json_schema(self) -> JsonSchemaValue:
        """Return the schema of a threshold with `never` beside it."""
        schema = ThresholdNotation.json_schema(self)
        unit = schema.pop("x-unit")
        return {"anyOf": [schema, {"const": NEVER}], "x-unit": f"{unit}, or never"}


class Invitation(Section):
    """Who is invited to a tier that no threshold reaches; the office asks at each review."""

    value: Annotated[int, ThresholdNotation()]
    """What the window must hold to be invited, and at each review to stay; read as a threshold is. In code: hundredths
    of the unit.
    """
    after_months: Annotated[int, CountNotation("months", maximum=60)] = 0
    """Months that the member must have been in the tier below; tiers of the paid membership only are passed over."""
    share: Percent = 10_000
    """Share of those members who are invited: the same members whenever the office asks. In code: basis points."""


class Tier(Section):
    """One level of the ladder."""

    threshold: Annotated[int, ReachableNotation()]
    """What reaches the tier: spend in the last 12 calendar months, or what `qualification` says; the first tier has 0,
    never stands for a tier that is reached by invitation or paid membership only. In code: hundredths of the unit.
    """
    discount: Discount = 0
    """Discount on list prices for members of the tier. In code: basis points."""
    earn_multiplier: Multiplier = 100
    """Points earned, as a multiple of the base rate. In code: percent."""
    free_shipping: bool = False
    """Whether orders of members of the tier are delivered free of charge."""
    free_shipping_from: Money | None = None
    """Order value from which delivery is free for members of the tier; left out, everybody's. In code: cents."""
    free_shipping_vouchers: Vouchers | None = None
    """Free deliveries in place of unlimited free shipping; a cap on free shipping is written so."""
    orders: Annotated[int, CountNotation("orders", maximum=10_000)] = 0
    """Orders in the same window that the tier asks for besides the threshold."""
    never_demoted: bool = False
    """Whether members who have reached the tier never fall below it."""
    invitation: Invitation | None = None
    """Who is invited to the tier, where the threshold is never."""
    coupons_a_month: CouponsAMonth = 0
    """Coupons a month for members of the tier, beside everybody's."""
    perks: Mapping[Label, TierPerk] = Field(default_factory=dict[str, TierPerk])
    """Content and services of partners by name, such as video or music: up to 8. A soft landing does not keep them."""
    welcome_gift: Gift | None = None
    """Gift once a member on first reaching the tier, on the next morning. However it was reached: by the first order,
    at a review, at once or by invitation; tiers that were passed over count as reached. There is none for a tier that
    the paid membership lends, and none for those who are in the tier on the day on which a policy brings the gift.
    """

    @field_validator("perks")
    @classmethod
    def _are_few(cls, perks: Mapping[str, TierPerk]) -> Mapping[str, TierPerk]:
        fail_if_too_many(perks)
        return perks

    @field_validator("free_shipping_from")
    @classmethod
    def _is_short_of_free_shipping(cls, threshold: int | None, info: ValidationInfo) -> int | None:
        fail_if_free_already(threshold, "terms from a value on", info.data.get("free_shipping"))
        return threshold

    @field_validator("free_shipping_vouchers")
    @classmethod
    def _stand_in_for_free_shipping(cls, vouchers: Vouchers | None, info: ValidationInfo) -> Vouchers | None:
        fail_if_free_already(vouchers, "vouchers", info.data.get("free_shipping"))
        return vouchers


def ladder_faults(thresholds: Mapping[str, int | None], unit: str = "") -> dict[Path, str]:
    """Return what is wrong with a ladder of *thresholds* (hundredths, in the order of the file), by path below `tiers`.

    The first threshold must be 0 and each must be above the one before it. None stands for one that cannot be read.
    Thresholds are money, or whole numbers of *unit*.
    """
    faults: dict[Path, str] = {}
    first = next(iter(thresholds), "")
    if floor_of_all := thresholds.get(first):
        faults[first, "threshold"] = f"{_number(floor_of_all)} is not 0; the first tier is everybody's, write 0"
    readable = [(name, value) for name, value in thresholds.items() if value is not None]
    for (lower, floor), (name, value) in pairwise(readable):
        if value <= floor:
            wrong = "is equal to" if value == floor else "is below"
            mend = f"write more than {_number(floor)}, or put the tiers in rising order"
            faults[name, "threshold"] = f"{_number(value)} {wrong} {lower}'s {_number(floor)}; {mend}"
    for name, value in readable:
        if unit and value % 100:
            mend = f"write {value // 100} or {value // 100 + 1}"
            faults.setdefault((name, "threshold"), f"{_number(value)} is not a whole number of {unit}; {mend}")
    return faults


def closed_tier_faults(written: Mapping[Any, object], basis: str) -> dict[Path, str]:
    """Return what is wrong with tiers that no threshold reaches, and with what tiers ask for besides it, by path."""
    faults: dict[Path, str] = {}
    is_closed = {name: _value(tier, "threshold") == NEVER for name, tier in written.items()}
    for position, (name, closed) in enumerate(is_closed.items()):
        if closed and position == 0:
            faults[name, "threshold"] = "'never' is not 0; the first tier is everybody's, write 0"
        if _is_invited(written[name]) and not closed:
            faults[name, "invitation"] = (
                "nobody needs one, as a threshold reaches the tier; write threshold: never, or leave it out"
            )
        if closed and position and not _is_invited(written[name]) and _has(written[name], "welcome_gift"):
            faults[name, "welcome_gift"] = (
                "is never given, as neither a threshold nor an invitation leads to the tier; write one of them, or "
                "membership.welcome_gift"
            )
    for (lower, below), (name, closed) in pairwise(is_closed.items()):
        if below and not closed and (name, "threshold") not in faults and lower != next(iter(is_closed)):
            faults[name, "threshold"] = f"stands above {lower}, which no threshold reaches; put {lower} above {name}"
    asked = {name: _value(tier, "orders") or 0 for name, tier in written.items()}
    counted = {name: orders for name, orders in asked.items() if isinstance(orders, int)}
    for (lower, floor), (name, orders) in pairwise(counted.items()):
        if orders < floor and not is_closed[name]:
            faults[name, "orders"] = f"{orders} is below {lower}'s {floor}; write {floor} or more"
    for name, orders in counted.items():
        if orders and basis == "orders":
            faults[name, "orders"] = "the basis counts orders already; write them as the threshold"
        if orders and basis == "balance":
            faults[name, "orders"] = "no window counts them, as the basis is the balance of the day; leave them out"
    return faults


def check_ladder(written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    """Read tiers and report the faults of the ladder together with those of each tier."""
    if not isinstance(written, Mapping):
        return read(written)
    qualification: Qualification | None = info.data.get("qualification")
    basis = "spend" if qualification is None else qualification.basis
    faults = ladder_faults(_readable_thresholds(written), UNITS.get(basis, ""))
    faults = {**closed_tier_faults(written, basis), **faults}
    if len(written) == 1 or len(written) > MOST_TIERS:
        count = "1 tier is" if len(written) == 1 else f"{len(written)} tiers are"
        faults[()] = f"{count} no ladder; write 2 to {MOST_TIERS} tiers, or none"
    return read_with_faults(written, read, faults)


Ladder = Annotated[Mapping[Label, Tier], WrapValidator(check_ladder)]
"""Tiers by name, lowest first: none, or 2 to 8."""


def _readable_thresholds(written: Mapping[Any, object]) -> dict[str, int | None]:
    """Return the thresholds that can be read, so that the order is checked even where a tier has other faults."""
    return {name: _readable_threshold(tier) for name, tier in written.items()}


def _readable_threshold(tier: object) -> int | None:
    threshold = _value(tier, "threshold")
    try:
        return None if threshold in {None, NEVER} else ThresholdNotation().read(threshold)
    except PydanticCustomError:
        return None


def _value(tier: object, key: str) -> Any:
    """Return what a tier has at *key*, in file notation; None for nothing and for what cannot be a value."""
    written = tier.model_dump() if isinstance(tier, Tier) else tier
    value = written.get(key) if isinstance(written, Mapping) else None
    return None if isinstance(value, list | dict) else value


def _is_invited(tier: object) -> bool:
    """Return whether a tier, as written or as read, has an invitation."""
    return _has(tier, "invitation")


def _has(tier: object, section: str) -> bool:
    """Return whether a tier, as written or as read, has a section."""
    return bool(getattr(tier, section) if isinstance(tier, Tier) else isinstance(tier, Mapping) and tier.get(section))


def _number(hundredths: int) -> str:
    return shown(MoneyNotation().write(hundredths))
