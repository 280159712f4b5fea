"""A devaluation: points buy less from a day on, which is announced some days before.

Serves the points currency. It is our own promise that changes, so it belongs to the policy: the same world can be lived
with and without it, or announced earlier, and `diff`, the linter and a search see it as any other lever. A policy knows
both of its promises; `in_force` tells which one holds on a day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from pydantic import field_validator, model_validator

from .model import Section
from .names import Day
from .notation import fault
from .number import CountNotation, exact
from .quantities import MoneyNotation, MultiplierNotation, PositiveMoney

if TYPE_CHECKING:
    from .policy import Policy
    from .yaml_reader import Path

LONGEST_NOTICE = 730
"""Days before which a devaluation can be announced."""


class Devaluation(Section):
    """Points are worth less from a day on."""

    on: Day
    """First day of the new value: the first of a month, so that no month of the books has two values of a point."""
    announced_days: Annotated[int, CountNotation("days", maximum=LONGEST_NOTICE)] = 0
    """Days before it on which members are told; 0: without notice."""
    value: PositiveMoney | None = None
    """Amount that `redeem.points` pay from then on. In code: cents."""
    reward_prices: Annotated[int, MultiplierNotation(minimum=101)] | None = None
    """Prices of the catalogue's rewards in points from then on, times those before; a part of a point is asked as a
    whole one. In code: percent."""

    @field_validator("on")
    @classmethod
    def _is_the_first_of_a_month(cls, on: datetime.date) -> datetime.date:
        if on.day != 1:
            after = (on.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
            raise fault(f"{on} is not the first of a month; write {on.replace(day=1)} or {after}")
        return on

    @field_validator("announced_days", mode="before")
    @classmethod
    def _is_announced_before_it_happens(cls, written: object) -> object:
        if isinstance(written, int) and not isinstance(written, bool) and exact(written, "30") < 0:
            raise fault(f"{written} announces it {-written} days after it has happened; write 0 or more")
        return written

    @model_validator(mode="after")
    def _devalues_something(self) -> Devaluation:
        if self.value is None and self.reward_prices is None:
            raise fault("nothing is worth less; write value: 5.00, which points.redeem.points then pay, "
                        "or reward_prices: 1.25")  # fmt: skip
        return self

    @property
    def announced_on(self) -> datetime.date:
        """Return the day on which members are told."""
        return self.on - datetime.timedelta(days=self.announced_days)


def devaluation_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield devaluations of what a policy does not have, or that make nothing worth less."""
    if policy.points is None or (change := policy.points.devaluation) is None:
        return
    path = ("points", "devaluation")
    if change.value is not None and policy.points.automatic is not None:
        pays = "points become credits by themselves, and no rate of redemption is used"
        yield (*path, "value"), f"{pays}; leave it out, or points.automatic"
    elif change.value is not None and change.value >= policy.points.redeem.value:
        before, after = (MoneyNotation().write(cents) for cents in (policy.points.redeem.value, change.value))
        yield (*path, "value"), f"{after} is not below the {before} that these points pay before it; write less"
    if change.reward_prices is not None and not policy.points.rewards:
        yield (*path, "reward_prices"), "there is no catalogue; add points.rewards, or leave it out"


def in_force(policy: Policy, day: datetime.date) -> Policy:
    """Return the policy with what its points buy on *day*: itself, unless a devaluation has happened by then."""
    points = policy.points
    if points is None or points.devaluation is None or day < points.devaluation.on:
        return policy
    change = points.devaluation
    redeem, rewards = points.redeem, dict(points.rewards)
    if change.value is not None:
        redeem = redeem.model_copy(update={"value": change.value})
    if change.reward_prices is not None:
        for name, reward in rewards.items():
            dearer = {tier: _raised(price, change.reward_prices) for tier, price in reward.tier_points.items()}
            price = _raised(reward.points, change.reward_prices)
            rewards[name] = reward.model_copy(update={"points": price, "tier_points": dearer})
    changed = points.model_copy(update={"redeem": redeem, "rewards": rewards, "devaluation": None})
    return policy.model_copy(update={"points": changed})


def part_lost(policy: Policy) -> tuple[Fraction, Fraction]:
    """Return by what part points pay less, and by what part they buy less of the catalogue; 0 for what stays."""
    points = policy.points
    if points is None or points.devaluation is None:
        return Fraction(0), Fraction(0)
    change = points.devaluation
    paying = Fraction(0) if change.value is None else 1 - Fraction(change.value, points.redeem.value)
    buying = Fraction(0) if change.reward_prices is None else 1 - Fraction(100, change.reward_prices)
    return paying, buying


def _raised(points: int, percent: int) -> int:
    return -(-points * percent // 100)
