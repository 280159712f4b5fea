"""The cut-over: what becomes of tiers, points and memberships that members bring along when this policy takes over.

Serves the policy, since it is a promise like any other: it stands in the document that takes over, so that members are
told of it, the linter weighs it and a diff shows it. Without the section the tiers are reassessed, points keep their
number, a membership runs on where there is one on offer, and nobody's mood moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from .model import Section
from .names import Label
from .notation import fault
from .number import CountNotation
from .problems import hint

if TYPE_CHECKING:
    from .policy import Policy
    from .yaml_reader import Path

LONGEST_PROTECTION = 36
"""Months for which tiers and fees can be grandfathered at most."""

LONGEST_FOR_POINTS = 24
"""Months for which old points can be kept apart: none live longer."""

Protected = Annotated[int, CountNotation("months", minimum=1, maximum=LONGEST_PROTECTION)]
PointsOfARate = Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000)]

TierRule = Literal["reassess", "keep until review", "keep for good", "grandfather"]
PointsRule = Literal["keep", "convert", "forfeit"]
MembershipRule = Literal["keep", "convert", "refund"]


class TierMigration(Section):
    """What becomes of the tiers that members have on launch morning."""

    rule: TierRule
    """reassess: the new ladder gives each member the tier earned, up or down; keep until review: everybody has the tier
    of the same name, and the next regular review decides; keep for good: nobody ever falls below that tier;
    grandfather: who has earned more rises, and nobody falls before `months` are over."""
    months: Annotated[Protected | None, Field(validate_default=True)] = None
    """Months from launch before which nobody falls; with the rule grandfather only."""
    map: Mapping[Label, Label] = Field(default_factory=dict[str, str])
    """The tier of this policy that stands for a tier of the old one, where their names differ: `{diamond: gold}`."""

    @field_validator("months")
    @classmethod
    def _belong_to_grandfathering(cls, months: int | None, info: ValidationInfo) -> int | None:
        rule = info.data.get("rule")
        if rule == "grandfather" and months is None:
            raise fault("missing, although the rule is grandfather; write for how many months nobody falls, such as 6")
        if months is not None and rule is not None and rule != "grandfather":
            raise fault(f"{months} months do not go with the rule {rule}; write rule: grandfather, or leave months out")
        return months


class PointsMigration(Section):
    """What becomes of the points that members bring along."""

    rule: PointsRule
    """keep: they keep their number; convert: `old` points become `new` ones; forfeit: they are gone on launch day, or
    when `notice_months` are over."""
    old: Annotated[PointsOfARate | None, Field(validate_default=True)] = None
    """Points of the old policy; with the rule convert only."""
    new: Annotated[PointsOfARate | None, Field(validate_default=True)] = None
    """Points of this policy that members get for `old` points; with the rule convert only."""
    rounding: Literal["down", "nearest", "up"] = "down"
    """What becomes of a part of a point that a conversion leaves of a member's whole balance: down drops it, up makes
    it a whole point for the member."""
    notice_months: Annotated[int, CountNotation("months", maximum=LONGEST_FOR_POINTS)] = 0
    """Months from launch for which points that are forfeited can still be used, by this policy's rules; 0: none."""
    old_expiry_months: Annotated[int, CountNotation("months", minimum=1, maximum=LONGEST_FOR_POINTS)] | None = None
    """Months from launch for which points brought along expire by the old policy's rule; left out, they fall under the
    new one at once, and what is too old for it expires on launch day."""

    @field_validator("old", "new")
    @classmethod
    def _are_the_rate_of_a_conversion(cls, points: int | None, info: ValidationInfo) -> int | None:
        rule = info.data.get("rule")
        if rule == "convert" and points is None:
            raise fault("missing, although the rule is convert; write a rate such as {old: 100, new: 80}")
        if points is not None and rule is not None and rule != "convert":
            raise fault(f"a rate does not go with the rule {rule}; write rule: convert, or leave old and new out")
        return points

    @field_validator("rounding")
    @classmethod
    def _rounds_a_conversion(cls, rounding: str, info: ValidationInfo) -> str:
        if rounding != "down" and info.data.get("rule", "convert") != "convert":
            raise fault("nothing is rounded where nothing is converted; write rule: convert, or leave rounding out")
        return rounding

    @field_validator("notice_months")
    @classmethod
    def _announce_a_forfeit(cls, months: int, info: ValidationInfo) -> int:
        if months and info.data.get("rule", "forfeit") != "forfeit":
            raise fault("nothing is announced where nothing is forfeited; write rule: forfeit, or leave it out")
        return months

    @field_validator("old_expiry_months")
    @classmethod
    def _protect_what_is_left(cls, months: int | None, info: ValidationInfo) -> int | None:
        if months is not None and info.data.get("rule") == "forfeit":
            raise fault("the expiry of points that are forfeited needs no protection; leave it out")
        return months

    @property
    def is_forfeited_at_once(self) -> bool:
        """Whether nothing is left of old points on launch day."""
        return self.rule == "forfeit" and self.notice_months == 0


class MembershipMigration(Section):
    """What becomes of the paid memberships that run on launch morning."""

    rule: MembershipRule
    """keep: the term that is paid runs to its end; convert: it goes on as the membership of this policy; refund: it
    ends, and the part of the fee not yet earned goes back."""
    time: Literal["remaining months", "pro rata"] = "remaining months"
    """What a converted term is worth: the days that are left of it; or as many days as the money not yet earned buys at
    this policy's fee, part of a day counting as a whole."""
    old_fee_months: Protected | None = None
    """Months from launch within which members of then renew at the old fee, if it is lower; left out, at the new fee
    at once."""

    @field_validator("time")
    @classmethod
    def _belongs_to_a_conversion(cls, time: str, info: ValidationInfo) -> str:
        if time != "remaining months" and info.data.get("rule", "convert") != "convert":
            raise fault(f"'{time}' is about a membership that is converted; write rule: convert, or leave time out")
        return time

    @field_validator("old_fee_months")
    @classmethod
    def _needs_somebody_to_renew(cls, months: int | None, info: ValidationInfo) -> int | None:
        if months is not None and info.data.get("rule") == "refund":
            raise fault("nobody renews a membership that is refunded; leave it out, or write rule: keep")
        return months


class Migration(Section):
    """What becomes on launch day of what members have under the policy before. What it does not speak of is as without
    the section: tiers are reassessed and points keep their number without anybody being hurt, and a membership runs
    on, or is refunded where there is none on offer."""

    tiers: TierMigration | None = None
    """Tiers that members have."""
    points: PointsMigration | None = None
    """Points that members have."""
    memberships: MembershipMigration | None = None
    """Paid memberships that run."""

    @model_validator(mode="after")
    def _says_something(self) -> Migration:
        if self.tiers is None and self.points is None and self.memberships is None:
            raise fault("says nothing; write tiers, points or memberships below it, or leave it out")
        return self


def migration_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield migrations into tiers, points and memberships that the policy does not have."""
    migration = policy.migration
    if migration is None:
        return
    if migration.tiers is not None:
        yield from _tier_faults(migration.tiers, policy)
    if migration.points is not None:
        yield from _points_faults(migration.points, policy)
    memberships = migration.memberships
    if memberships is not None and policy.membership is None and memberships.rule != "refund":
        done = {"keep": "kept", "convert": "converted"}[memberships.rule]
        wrong = f"the policy has no membership in which they could be {done}"
        yield ("migration", "memberships", "rule"), f"{wrong}; write rule: refund, or a membership section"


def _tier_faults(tiers: TierMigration, policy: Policy) -> Iterator[tuple[Path, str]]:
    if not policy.tiers and (tiers.rule != "reassess" or tiers.map):
        yield ("migration", "tiers"), "the policy has no tiers that members could have; leave it out, or write tiers"
        return
    for old, new in tiers.map.items():
        if new not in policy.tiers:
            wrong = f"there is no tier '{new}'{hint(new, list(policy.tiers), 'tiers')}"
            yield ("migration", "tiers", "map", old), wrong


def _points_faults(points: PointsMigration, policy: Policy) -> Iterator[tuple[Path, str]]:
    place = ("migration", "points")
    if policy.points is None:
        if points.rule != "forfeit":
            what = {"convert": "into which old ones could be converted", "keep": "as which old ones could go on"}
            mend = "write rule: forfeit, or a points section"
            yield (*place, "rule"), f"the policy has no points {what[points.rule]}; {mend}"
        elif points.notice_months:
            wrong = "the policy has no points, so that old ones buy nothing from launch on"
            yield (*place, "notice_months"), f"{wrong}; write 0, or a points section"
        return
    expiry = policy.points.expiry
    if points.old_expiry_months is None:
        return
    if expiry is None:
        wrong = "this policy's points never expire, so that the new rule takes nothing away; leave it out"
        yield (*place, "old_expiry_months"), wrong
    elif expiry.days is not None or expiry.dates or expiry.inactivity is not None or expiry.end_of == "day":
        wrong = (
            "lots brought along are known by month, and this policy's points expire to the day; "
            "write points.expiry as months, or leave it out"
        )
        yield (*place, "old_expiry_months"), wrong


def tier_counterparts(policy: Policy, former: Policy) -> list[int | None]:
    """Return the level of `policy` that stands for each level of `former`: by the map, else by name.

    None where the name is not found; nobody of `former` without tiers has more than the lowest.
    """
    names = list(policy.tiers)
    tiers = None if policy.migration is None else policy.migration.tiers
    mapped = {} if tiers is None else tiers.map
    levels = {name: level for level, name in enumerate(names)}
    return [levels.get(mapped.get(name, name)) for name in former.tiers]


def worth_kept(policy: Policy, former: Policy) -> Fraction | None:
    """Return the share of their face value that points keep when `policy` takes over from `former`.

    None where one of them has no points; a rate that is converted counts with what either point is worth.
    """
    if policy.points is None or former.points is None:
        return None
    value, points = policy.points.worth
    old_value, old_points = former.points.worth
    share = Fraction(value * old_points, points * old_value) if old_value else Fraction(1)
    rate = None if policy.migration is None else policy.migration.points
    if rate is None or rate.new is None or rate.old is None:
        return share
    return share * Fraction(rate.new, rate.old)
