"""Qualification: what counts towards a tier and for how long, when the office looks at it, and how a tier is lost.

Serves the ladder. Without this section tiers follow the spend of the last 12 calendar months, looked at as each month
opens, and everybody is in the tier that this spend has earned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from .model import Section
from .notation import OrNever, fault
from .number import CountNotation
from .quantities import MoneyNotation, Multiplier, Percent, PositiveMoney

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .policy import Policy
    from .yaml_reader import Path

LONGEST_WINDOW = 12
"""Calendar months that a rolling window holds at most."""

Basis = Literal["spend", "orders", "activity", "tenure", "social", "points", "growth", "balance"]
Window = Literal["rolling", "month", "quarter", "year", "membership year", "lifetime"]

PERIOD_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
"""Months of the windows that are calendar periods."""

Weight = Annotated[int, CountNotation("growth points", maximum=100_000)]
"""Growth points for one event."""


class Growth(Section):
    """The weights of the growth value: so many growth points for each thing that a member does."""

    spend: Multiplier = 0
    """Growth points for each currency unit paid for goods. In code: percent."""
    order: Weight = 0
    """Growth points for each order."""
    activity: Weight = 0
    """Growth points for each activity: a visit to the shop, a check-in, a review read or written."""
    social: Weight = 0
    """Growth points for each social contribution: a referral, a share, a review."""
    month: Weight = 0
    """Growth points for each whole calendar month since the first order."""
    point: Multiplier = 0
    """Growth points for each loyalty point that an order earns. In code: percent."""


class Observation(Section):
    """The time between a review that a member does not pass and the demotion."""

    days: Annotated[int, CountNotation("days", minimum=1, maximum=365)]
    """Days that the member keeps the tier under observation."""
    make_up_spend: Annotated[int | None, OrNever(MoneyNotation(minimum=1))] = None
    """Spend within these days that saves the tier (the make-up task); never: there is no task. In code: cents."""
    safe_months: Annotated[int, CountNotation("months", minimum=1, maximum=24)] = 12
    """Months for which a tier saved by the make-up task is safe."""


class SoftLanding(Section):
    """What a demoted member keeps of the old tier for a while."""

    months: Annotated[int, CountNotation("months", minimum=1, maximum=24)]
    """Months from the demotion for which part of the old benefits is kept."""
    discount: Percent = 5_000
    """Share of the old tier's discount that is kept. In code: basis points."""
    earn_multiplier: Percent = 5_000
    """Share of what the old tier earns beyond the base rate that is kept. In code: basis points."""
    free_shipping: bool = True
    """Whether free delivery of the old tier is kept, its threshold and its vouchers as well."""


class Sprint(Section):
    """A task for members who are close to the next tier, looked for as each month opens."""

    within: Percent
    """Share of the next threshold that may be missing at most. In code: basis points."""
    spend: PositiveMoney
    """Spend that fulfils the task. In code: cents."""
    days: Annotated[int, CountNotation("days", minimum=1, maximum=365)]
    """Days for the task."""
    points: Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000)]
    """Points that the fulfilled task pays."""


class Qualification(Section):
    """How tiers are reached, kept and lost. Thresholds of tiers are read as the basis says: money or a count."""

    basis: Basis = "spend"
    """What counts: money for spend; orders; activity (visits, check-ins, reviews); tenure (months since the first
    order); social (referrals, shares, reviews); points earned; growth, which weighs them all; or balance, the points
    that the member can use on the day, which fall when points are used or expire.
    """
    growth: Annotated[Growth | None, Field(validate_default=True)] = None
    """The weights of the basis growth."""
    window: Annotated[Window, Field(validate_default=True)] = "rolling"
    """The time that counts: the last calendar months, the running calendar month, quarter or year, the year from the
    first order or its anniversary, or the whole life.
    """
    months: Annotated[int, CountNotation("months", minimum=1, maximum=LONGEST_WINDOW)] = 12
    """Calendar months of a rolling window."""
    promotion: Literal["review", "instant"] = "review"
    """Whether a member rises at a review or at once when the threshold is reached."""
    review: Literal["monthly", "anniversary", "period end"] = "monthly"
    """When the office looks at each member: as each month opens, on the anniversary of the first order, or when the
    window's period has ended.
    """
    kept: Literal["until review", "period end", "next period end"] = "until review"
    """How long a tier that was reached is kept whatever follows: until the next review, to the end of the window's
    period, or to the end of the next one.
    """
    kept_months: Annotated[int, CountNotation("months", maximum=36)] = 0
    """Months for which a tier that was reached is kept whatever follows; 0: as `kept` says."""
    grace_days: Annotated[int, CountNotation("days", maximum=28)] = 0
    """Days by which the end of a period, of a membership year or of `kept_months` is put off."""
    demotion: Literal["to the level earned", "one level", "none"] = "to the level earned"
    """How far a member falls who has not earned the tier again."""
    observation: Observation | None = None
    """The observation period before a demotion, if there is one."""
    soft_landing: SoftLanding | None = None
    """What a demoted member keeps for a while, if anything."""
    sprint: Sprint | None = None
    """The task for members close to the next tier, if there is one."""

    @property
    def has_periods(self) -> bool:
        """Whether the window is a period that ends: a month, quarter, year or membership year."""
        return self.window in PERIODS

    @property
    def measure(self) -> tuple[object, ...]:
        """What a threshold is held against: two qualifications that agree in it read the same from the same life."""
        return self.basis, self.growth, self.window, self.months

    def weights(self) -> dict[str, int]:
        """Return the weight of each thing that counts: hundredths of the basis for one, and for a currency unit of
        spend.

        Every basis is a growth value: spend counts a currency unit as one, orders count an order as one. A balance is
        not counted but read from the points account, so nothing weighs in it.
        """
        if self.basis != "growth":
            return {name: 100 * (name == WEIGHT_OF.get(self.basis)) for name in WEIGHT_OF.values()}
        growth = self.growth or Growth()
        counted = {name: 100 * getattr(growth, name) for name in ("order", "activity", "social", "month")}
        return {**counted, "spend": growth.spend, "point": growth.point}

    @field_validator("growth")
    @classmethod
    def _weighs_if_the_basis_is_growth(cls, growth: Growth | None, info: ValidationInfo) -> Growth | None:
        is_basis = info.data.get("basis") == "growth"
        if is_basis and (growth is None or growth == Growth()):
            raise fault("missing, although the basis is growth; write weights such as {spend: 1, order: 10}")
        if growth is not None and not is_basis and "basis" in info.data:
            raise fault(f"weights nothing, as the basis is {info.data['basis']}; write basis: growth, or leave it out")
        return growth

    @field_validator("window")
    @classmethod
    def _fits_the_basis(cls, window: Window, info: ValidationInfo) -> Window:
        if info.data.get("basis") == "tenure" and window != "lifetime":
            raise fault(f"'{window}' cannot hold the months since the first order; write lifetime")
        if info.data.get("basis") == "balance" and window != "rolling":
            raise fault(f"'{window}' counts nothing, as a balance is what a member has on the day; leave window out")
        return window

    @field_validator("months")
    @classmethod
    def _belongs_to_a_rolling_window(cls, months: int, info: ValidationInfo) -> int:
        window = info.data.get("window", "rolling")
        if info.data.get("basis") == "balance" and months != LONGEST_WINDOW:
            raise fault(
                f"{months} months count nothing, as a balance is what a member has on the day; leave months out"
            )
        if window != "rolling" and months != LONGEST_WINDOW:
            raise fault(f"{months} months do not fit the window {window}; leave months out, or write window: rolling")
        return months

    @field_validator("review")
    @classmethod
    def _fits_the_window(cls, review: str, info: ValidationInfo) -> str:
        window = info.data.get("window")
        if review == "period end" and window in {"rolling", "lifetime"}:
            if info.data.get("basis") == "balance":
                raise fault("a balance has no period that ends; write monthly or anniversary")
            raise fault(f"a {window} window has no end; write monthly or anniversary, or a window such as year")
        if review == "anniversary" and window in PERIOD_MONTHS:
            raise fault(f"does not fit a window of a calendar {window}; write period end or monthly")
        return review

    @field_validator("kept")
    @classmethod
    def _has_a_period(cls, kept: str, info: ValidationInfo) -> str:
        window = info.data.get("window")
        if kept != "until review" and window in {"rolling", "lifetime"}:
            if info.data.get("basis") == "balance":
                raise fault("a balance has no period; write kept_months, or leave kept out")
            raise fault(f"a {window} window has no period; write kept_months, or a window such as year")
        if kept == "period end" and info.data.get("promotion") == "review":
            raise fault(
                "a tier reached at the review that follows the period would be kept for no day; "
                "write promotion: instant, or kept: next period end"
            )
        return kept

    @field_validator("kept_months")
    @classmethod
    def _is_the_only_term(cls, months: int, info: ValidationInfo) -> int:
        kept = info.data.get("kept", "until review")
        if months and kept != "until review":
            raise fault(f"{months} months and kept: {kept} cannot both hold; leave one of them out")
        return months

    @field_validator("grace_days")
    @classmethod
    def _puts_something_off(cls, days: int, info: ValidationInfo) -> int:
        at_once = info.data.get("review") == "monthly" and info.data.get("kept") == "until review"
        if days and at_once and not info.data.get("kept_months"):
            raise fault(
                f"{days} days put nothing off, as tiers are looked at every month; "
                "write review: anniversary or period end, or kept_months"
            )
        return days

    @field_validator("observation", "soft_landing")
    @classmethod
    def _follows_a_demotion(
        cls, section: Observation | SoftLanding | None, info: ValidationInfo
    ) -> Observation | SoftLanding | None:
        if section is not None and info.data.get("demotion") == "none":
            raise fault("never happens, as demotion is none; write demotion: one level, or leave it out")
        return section


PERIODS = (*PERIOD_MONTHS, "membership year")
"""Windows that end and begin anew."""

WEIGHT_OF: Mapping[str, str] = {
    "spend": "spend", "orders": "order", "activity": "activity", "tenure": "month", "social": "social",
    "points": "point",
}  # fmt: skip
"""The one thing that each plain basis counts."""

UNITS: Mapping[str, str] = {
    "orders": "orders", "activity": "activities", "tenure": "months", "social": "contributions", "points": "points",
    "growth": "growth points", "balance": "points",
}  # fmt: skip
"""What a threshold counts, by basis; spend is money."""

OF_THE_SCORE = ("basis", "growth", "window", "months")
"""Fields that say what counts; all others say how tiers are kept."""


def qualification_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield rules for tiers where there are none: without tiers a qualification can only count a gate's score."""
    rules, membership = policy.qualification, policy.membership
    if rules is None or policy.tiers:
        return
    if membership is None or membership.gate is None or membership.gate.score is None:
        yield (
            ("qualification",),
            "counts for nothing, as the policy has no tiers; write 2 tiers or more, or leave it out",
        )
        return
    for name, field in Qualification.model_fields.items():
        if name not in OF_THE_SCORE and getattr(rules, name) != field.default:
            yield ("qualification", name), "is about tiers, and the policy has none; write tiers, or leave it out"
