"""A rollout: how a new policy comes to the shoppers, from a pilot on a share over ramps to launch, as one document.

Serves strategists, who write it, and the simulation, which moves shoppers by it. Days are counted from the first day of
the scenario's horizon, which is day 1; shares are basis points in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator, model_validator

from memberlab.policies import (
    CountNotation,
    DecimalNotation,
    Label,
    Percent,
    PercentNotation,
    RuleDocument,
    Section,
    Target,
    fault,
    read_with_faults,
)

from .rollout_schedule import (
    WHOLE,
    Step,
    arm_faults,
    launch_faults,
    pilot_faults,
    ramp_faults,
    schedule_of,
)

Day = Annotated[int, CountNotation("day of the horizon, 1 is its first", minimum=1, maximum=3_660)]
Weeks = Annotated[int, CountNotation("weeks", minimum=1, maximum=520)]
SomePercent = Annotated[int, PercentNotation(minimum=1)]


class RolloutArm(Section):
    """One policy that is tried."""

    policy: Annotated[str, Field(min_length=1, max_length=1_000)]
    """Name of a policy, or the path of its .yaml file, seen from this file's folder."""
    share: SomePercent = WHOLE
    """Its share of the shoppers who are under a new policy; the shares of all arms add up to 100 %. In code: basis
    points."""


class Eligible(Target):
    """Who may come under a new policy; all conditions must be met on the day on which the pilot starts.

    The terms are those that campaigns have, and a few more. Whoever has not ordered by then meets no condition on
    tiers, orders or spend.
    """

    customers: Literal["everyone", "established", "newcomers"] = "everyone"
    """Whether only those take part who have ordered before the pilot's first day (established), or only those whose
    first order comes later (newcomers)."""
    spend_from: Percent = 0
    """Start of the part of customers, ranked by spend in the last 12 calendar months from the least, that takes part:
    `80 %` leaves the best fifth. In code: basis points."""
    spend_until: Percent = WHOLE
    """End of that part. In code: basis points."""
    orders_from: Annotated[int, CountNotation("orders", maximum=100_000)] = 0
    """Least orders since the start of the warm-up."""
    orders_until: Annotated[int, CountNotation("orders", maximum=100_000)] = 100_000
    """Most orders since the start of the warm-up."""

    @field_validator("spend_until")
    @classmethod
    def _spend_is_not_empty(cls, until: int, info: ValidationInfo) -> int:
        start = info.data.get("spend_from")
        if start is not None and until <= start:
            raise fault(f"{PercentNotation().write(until)} is not above spend_from, "
                        f"{PercentNotation().write(start)}: nobody is meant")  # fmt: skip
        return until

    @field_validator("orders_until")
    @classmethod
    def _orders_are_not_empty(cls, until: int, info: ValidationInfo) -> int:
        start = info.data.get("orders_from")
        if start is not None and until < start:
            raise fault(f"{until} is below orders_from, {start}: nobody is meant; write {start} or more")
        return until

    @property
    def asks_for_customers(self) -> bool:
        """Return whether any condition beside `customers` is set, which only somebody who has ordered can meet."""
        return self != type(self)(customers=self.customers)


class PilotStage(Section):
    """The first stage: a small share, to see what the policy does."""

    day: Day
    """Day on which it starts; 1 is the first of the horizon. On the first of a month members change over with that
    month's office work, on other days in the morning."""
    share: SomePercent
    """Share of the eligible shoppers. In code: basis points."""
    weeks: Weeks | None = None
    """How long it lasts at least; a pilot that nothing follows ends then, and its shoppers go back. Left out, it goes
    on until the next stage, or to the end of the horizon."""


class Ramp(Section):
    """A stage in which the share grows, at once or week by week."""

    day: Day
    """Day on which it starts."""
    to: SomePercent
    """Share of the eligible shoppers that is reached. In code: basis points."""
    weeks: Weeks | None = None
    """Weekly steps in which the share grows in a straight line, the first on `day`; left out, it grows at once."""


class Launch(Section):
    """The full launch."""

    day: Day
    """Day on which everybody outside the hold-out comes under a new policy."""
    of: Literal["everyone", "eligible"] = "everyone"
    """Whether those who were not eligible for the pilot come in as well."""


class StopRule(Section):
    """When an arm is stopped: on a review day, by what an analyst sees. Give `below` or `above`."""

    measure: Literal["margin", "gmv", "orders", "benefit_cost"] = "margin"
    """What is judged: the arm's mean a shopper since the pilot's first day less that of the hold-out. The margin is
    taken after the rise in the points liability."""
    below: Annotated[Decimal, DecimalNotation(unit="currency units or orders a shopper")] | None = None
    """The arm is stopped when the difference is below this."""
    above: Annotated[Decimal, DecimalNotation(unit="currency units or orders a shopper")] | None = None
    """The arm is stopped when the difference is above this."""
    every: Weeks = 4
    """Weeks from one review to the next, counted from the pilot's first day."""
    after: Weeks = 4
    """Weeks before the first review: until then the rule may not speak."""
    confidence: Annotated[int, PercentNotation(maximum=9_999)] = 0
    """How sure the analyst must be: the whole interval of this level, two-sided, must be beyond the limit. 0 % judges
    by the estimate alone. In code: basis points."""
    then: Literal["back", "freeze"] = "back"
    """What happens to a stopped arm: its shoppers go back to today's policy and nobody joins any more, or they stay and
    nobody joins any more. Going back, points, tiers and memberships come under today's policy by its own rules, as at
    every launch of a policy."""

    @model_validator(mode="after")
    def _has_one_limit(self) -> Self:
        if (self.below is None) == (self.above is None):
            raise fault("the rule has no limit or two; write below or above")
        return self


class Rollout(RuleDocument):
    """How one or several new policies come to the shoppers, version 1."""

    arms: Mapping[Label, RolloutArm]
    """The policies that are tried, by name of the arm; shoppers under none of them stay under the incumbent."""
    seed: Annotated[int, CountNotation("any whole number", maximum=2**63 - 1)] = 1
    """Start of the draws that put shoppers into arms; they depend on nothing else, so that a shopper is in the same
    arm in every replication."""
    hold_out: Percent = 0
    """Share of shoppers who never leave today's policy, for measuring. In code: basis points."""
    eligible: Eligible = Eligible()
    """Who may take part in pilot and ramps; left out, everybody."""
    pilot: PilotStage
    """The first stage."""
    ramps: Annotated[tuple[Ramp, ...], Field(strict=False, max_length=50)] = ()
    """Stages of growth after the pilot, in the order of their days; the next begins when the last is over."""
    launch: Launch | None = None
    """The full launch; left out, it never comes."""
    stop: StopRule | None = None
    """When an arm is stopped; left out, never."""

    @field_validator("arms", mode="wrap")
    @classmethod
    def _share_everything(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        return read_with_faults(written, read, arm_faults(written))

    @field_validator("pilot", mode="wrap")
    @classmethod
    def _leaves_the_hold_out(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        return read_with_faults(written, read, pilot_faults(written, info.data.get("hold_out")))

    @field_validator("ramps", mode="wrap")
    @classmethod
    def _follow_each_other(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        wrong = ramp_faults(written, info.data.get("pilot"), info.data.get("hold_out"))
        return read_with_faults(written, read, wrong)

    @field_validator("launch", mode="wrap")
    @classmethod
    def _comes_last(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        wrong = launch_faults(written, info.data.get("pilot"), info.data.get("ramps"))
        return read_with_faults(written, read, wrong)

    @field_validator("stop")
    @classmethod
    def _can_be_judged(cls, stop: StopRule | None, info: ValidationInfo) -> StopRule | None:
        launch, hold_out = info.data.get("launch"), info.data.get("hold_out")
        if stop is not None and launch is not None and hold_out == 0:
            raise fault("after the launch nobody is left to be held against; write hold_out: 5 %, for example")
        return stop

    @property
    def schedule(self) -> tuple[Step, ...]:
        """Return every day on which shoppers move, in order."""
        return schedule_of(self.pilot, self.ramps, self.launch, self.hold_out)

    @property
    def last_day(self) -> int:
        """Return the last day that a stage names, counted from 1."""
        return self.schedule[-1].day + 1
