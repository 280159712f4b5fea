"""The rival: another shop that launches a programme of its own, free or against a fee.

Serves the scenario. Who joins is either a share that is written, or follows from what the rival gives, asks and from
what our own programme gives back in the same arm.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import ValidationInfo, field_validator, model_validator

from memberlab.policies import CountNotation, Day, Percent, PositiveMoney, Section, fault

from .shock_dates import after_horizon
from .shocks import HorizonMonth, part


class Rival(Section):
    """A rival programme that some of the shoppers join in time."""

    launch_month: HorizonMonth | None = None
    """Month of the launch; 1 = the first month of the horizon."""
    launch_day: Day | None = None
    """Day of the launch, in place of launch_month."""
    adoption: Percent | None = None
    """Share of shoppers who will have joined in the end; left out, it follows from what the rival gives and asks
    (assumptions `rival_join`, `rival_join_slope`). In code: basis points."""
    ramp_months: Annotated[int, CountNotation("months", maximum=120)] = 0
    """Months from the launch until all of them have joined; 0 = at once."""
    reaction: Percent = 0
    """Share of what our programme gives back that the rival matches for those who have joined; 50 % and 100 % are worth
    a look. In code: basis points."""
    reaction_days: Annotated[int, CountNotation("days", maximum=3_650)] = 90
    """Days from our launch until it does."""
    kind: Literal["free", "paid"] = "free"
    """A free programme, or a paid membership with a fee."""
    fee: PositiveMoney | None = None
    """Fee of the paid membership for a year. In code: cents."""
    strength: Percent = 0
    """Part of what its members spend there that it gives back, in discounts and points at what they are worth. In code:
    basis points."""
    free_delivery: bool = False
    """Whether its members pay no delivery there; worth to them what we charge for it."""
    multi_homing: Percent = 10_000
    """How little our programme keeps shoppers from joining: at 100 % they belong to both as if ours were not there, at
    0 % all that ours gives back is weighed against what the rival's does. In code: basis points."""

    @property
    def chooses_by_value(self) -> bool:
        """Return whether who joins follows from what the rival gives and asks."""
        return self.adoption is None

    @field_validator("fee")
    @classmethod
    def _goes_with_a_paid_membership(cls, fee: int | None, info: ValidationInfo) -> int | None:
        if fee is not None and info.data.get("kind") == "free":
            raise fault("a free programme has no fee; write kind: paid, or leave the fee out")
        return fee

    @model_validator(mode="after")
    def _is_complete(self) -> Rival:
        if (self.launch_month is None) == (self.launch_day is None):
            told = "both launch_month and launch_day are" if self.launch_month is not None else "no launch is"
            raise fault(f"{told} written; write one of launch_month, such as 7, and launch_day, such as 2026-07-01")
        if self.kind == "paid" and self.fee is None:
            raise fault("a paid membership needs a fee; write fee: 99, or kind: free")
        if self.adoption is None and self.strength == 0 and not self.free_delivery:
            raise fault(
                "nobody can tell how many join; write adoption: 25 %, or what the rival gives: strength: 5 %, "
                "free_delivery: true"
            )
        return self


def rival_faults(
    written: object, start: datetime.date | None, end: datetime.date | None, horizon_months: int | None
) -> dict[tuple[str | int, ...], str]:
    """Return what is wrong with a written rival against the horizon, from *start* to before *end*."""
    faults: dict[tuple[str | int, ...], str] = {}
    if wrong := after_horizon(part(written, "launch_month"), horizon_months):
        faults["launch_month",] = wrong
    if wrong := outside(part(written, "launch_day"), start, end, "the horizon"):
        faults["launch_day",] = wrong
    return faults


def outside(day: object, first: datetime.date | None, end: datetime.date | None, what: str) -> str | None:
    """Return what is wrong with a written *day* that lies before *first*, or not before *end*; None if nothing is, or
    it cannot be read.
    """
    if isinstance(day, str):
        try:
            day = datetime.date.fromisoformat(day)
        except ValueError:
            return None
    if not isinstance(day, datetime.date) or first is None or end is None or first <= day < end:
        return None
    last = end - datetime.timedelta(days=1)
    if first == datetime.date.min:
        return f"{day} is after {what}, which ends with {last}; write an earlier day"
    return f"{day} is outside {what}; write a day from {first} to {last}"
