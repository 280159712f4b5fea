"""Whom a campaign is for: by tier, paid membership, stage of the relation, buying record, preference, or at random."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ValidationInfo, field_validator

from .model import Section
from .names import Label
from .notation import OrNever, fault
from .number import CountNotation
from .quantities import Percent, PercentNotation
from .words import WordsNotation

STAGES = ("new", "active", "silent", "lost")
"""Stages: first order at most 30 days ago; last order at most 90 days ago; at most a year ago; longer ago."""

STAGE_DAYS = (30, 90, 365)
"""Days since the first order (new) and since the last order (active, silent) up to which a stage lasts."""

THIRDS = ("low", "middle", "high")
"""Thirds of all members, as the office ranks them when a month opens."""

Some = Annotated[tuple[str, ...], WordsNotation("third", THIRDS)]
DaysAgo = CountNotation("days", maximum=10_000)


class Preference(Section):
    """A kind of goods that some shoppers prefer."""

    kind: Label
    """Name of the kind; campaigns with the same name mean the same shoppers."""
    share: Annotated[int, PercentNotation(minimum=1)]
    """Share of shoppers who prefer it, an assumption about the market. In code: basis points."""


class Target(Section):
    """Conditions that a member must meet, all of them; what is left out lets everybody in."""

    tiers: Annotated[tuple[str, ...], WordsNotation("tier")] = ()
    """Tiers that take part; left out, all do."""
    members: Literal["everyone", "paid", "unpaid"] = "everyone"
    """Whether paid members take part, others, or both."""
    stages: Annotated[tuple[str, ...], WordsNotation("stage", STAGES)] = ()
    """Stages of the relation, by days since the first and last order: new (30), active (90), silent (365), lost."""
    last_order_from: Annotated[int, DaysAgo] = 0
    """Least days since the last order."""
    last_order_until: Annotated[int | None, OrNever(DaysAgo)] = None
    """Most days since the last order; `never` sets no limit."""
    recency: Some = ()
    """Thirds by time since the last order: high ordered most recently."""
    frequency: Some = ()
    """Thirds by months with an order among the last 12."""
    spend: Some = ()
    """Thirds by spend in the last 12 calendar months."""
    prefers: Preference | None = None
    """Only shoppers who prefer a kind of goods."""
    predicted: Annotated[int, PercentNotation(minimum=1)] = 10_000
    """Only this share of members, those with the best predicted response. In code: basis points."""
    arm_from: Percent = 0
    """Start of the random part of members that takes part, for tests of A against B. In code: basis points."""
    arm_until: Percent = 10_000
    """End of that part: 0 % to 50 % and 50 % to 100 % are two halves. In code: basis points."""

    @field_validator("last_order_until")
    @classmethod
    def _is_not_empty(cls, until: int | None, info: ValidationInfo) -> int | None:
        start = info.data.get("last_order_from")
        if until is not None and start is not None and until < start:
            raise fault(f"{until} is below last_order_from, {start}: nobody is meant; write {start} or more")
        return until

    @field_validator("arm_until")
    @classmethod
    def _is_above_the_start(cls, until: int, info: ValidationInfo) -> int:
        start = info.data.get("arm_from")
        if start is not None and until <= start:
            written = PercentNotation().write(start)
            raise fault(f"{PercentNotation().write(until)} is not above arm_from, {written}: nobody is meant")
        return until
