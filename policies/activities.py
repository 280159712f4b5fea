"""Points for what is no order: checking in, reviewing, sharing, completing the profile, a monthly challenge.

Serves the points currency. What each activity issues stands on its own line of the ledger. Referral is a family of its
own and credits its points the same way.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from .model import Section
from .notation import fault
from .number import CountNotation
from .quantities import PositiveMoney

MOST_STEPS = 8

Award = Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000)]
"""Points for doing something once."""


class ChallengeStep(Section):
    """One step of a monthly challenge."""

    spend: PositiveMoney
    """Goods of a calendar month, after discounts, that reach the step. In code: cents."""
    points: Award
    """Points for reaching it, beside those of the steps below."""


class Challenge(Section):
    """A spend goal for each calendar month, in steps: whoever reaches a step earns its points."""

    steps: Annotated[tuple[ChallengeStep, ...], Field(strict=False, min_length=1, max_length=MOST_STEPS)]
    """Steps, lowest first."""

    @field_validator("steps")
    @classmethod
    def _rise(cls, steps: tuple[ChallengeStep, ...]) -> tuple[ChallengeStep, ...]:
        for number, (lower, higher) in enumerate(pairwise(steps), start=2):
            if higher.spend <= lower.spend:
                raise fault(f"step {number} asks for no more spend than step {number - 1}; write rising steps")
        return steps


class Activities(Section):
    """Points for activities that are no orders."""

    check_in: Award | None = None
    """Points for checking in at a visit, once a day."""
    review: Award | None = None
    """Points for reviewing an order; counted on the day of the order."""
    share: Award | None = None
    """Points for sharing an order with friends; counted on the day of the order."""
    profile: Award | None = None
    """Points for completing the profile, once in a life."""
    challenge: Challenge | None = None
    """Points for a month's spend."""
    expire_after_days: Annotated[int, CountNotation("days", minimum=1, maximum=730)] | None = None
    """Days for which points of activities live; left out, they live as others do."""
