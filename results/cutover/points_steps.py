"""From the points liability of the evening before to that of launch morning, cause by cause, to the point and the cent.

Serves the blast radius of a cut-over. A conversion is the first step, so that what expires after it is counted in new
points; what each step is worth is what it adds to the liability, fractions of a cent dropped as the books drop them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.sim import points_liability

from .launch_day import LaunchDay


@dataclass(frozen=True)
class PointsOfMembers:
    """What becomes of each member's points, in columns as long as the members.

    `converted` are the points after the exchange; of these `expired_anyway` would have gone by the old policy's rules
    on the same morning, `forced` are too old for the new rule, `forfeited` are taken; `after` are left, `other` came or
    went by other business of the morning.
    """

    before: NDArray[np.int64]
    converted: NDArray[np.int64]
    expired_anyway: NDArray[np.int64]
    forced: NDArray[np.int64]
    forfeited: NDArray[np.int64]
    other: NDArray[np.int64]
    after: NDArray[np.int64]


def points_of_members(launch: LaunchDay) -> PointsOfMembers:
    """Return what becomes of each member's points on launch morning."""
    before, after = launch.points("before"), launch.points("launched")
    exchanged = converted_points(launch)
    nothing = np.zeros(len(before), np.int64)
    lost = exchanged - after
    gone, other = np.maximum(lost, 0), np.minimum(lost, 0)
    by_old_rules = np.maximum(before - launch.points("usual"), 0)
    scaled = np.divide(by_old_rules * exchanged, before, out=np.zeros(len(before)), where=before > 0)
    anyway = np.minimum(gone, np.rint(scaled).astype(np.int64))
    rest = gone - anyway
    takes_all = launch.candidate.points is None or _forfeits_at_once(launch.candidate)
    if _forfeits_at_once(launch.candidate):
        anyway, rest = nothing, gone
    return PointsOfMembers(
        before, exchanged, anyway, nothing if takes_all else rest, rest if takes_all else nothing, -other, after
    )


def _forfeits_at_once(policy: Policy) -> bool:
    points = None if policy.migration is None else policy.migration.points
    return points is not None and points.is_forfeited_at_once


def converted_points(launch: LaunchDay) -> NDArray[np.int64]:
    """Return what the points of each member become at the rate of a conversion: balance and pending points together,
    rounded once, less the debt, which is rounded the other way.
    """
    points = None if launch.candidate.migration is None else launch.candidate.migration.points
    before = launch.points("before")
    if points is None or points.old is None or points.new is None:
        return before
    debt = np.zeros(len(before), np.int64)
    if len(launch.cards) == len(launch.shoppers):
        debt = launch.cards["points_debt"][launch.members].astype(np.int64)
    opposite = {"down": "up", "nearest": "nearest", "up": "down"}[points.rounding]
    owed = _exchanged(before + debt, points.old, points.new, points.rounding)
    if opposite == "nearest":
        return owed - -(-(2 * debt * points.new - points.old) // (2 * points.old))
    return owed - _exchanged(debt, points.old, points.new, opposite)


def _exchanged(held: NDArray[np.int64], old: int, new: int, rounding: str) -> NDArray[np.int64]:
    offset = {"down": 0, "nearest": old // 2, "up": old - 1}[rounding]
    if rounding == "nearest":
        return np.asarray((2 * held * new + old) // (2 * old), np.int64)
    return np.asarray((held * new + offset) // old, np.int64)


@dataclass(frozen=True)
class Step:
    """One cause: points that it adds (negative: takes), members whom it touches, cents at face value and of liability
    that it adds.
    """

    step: str
    points: int
    members: int
    face_value: int
    liability: int


def liability_steps(launch: LaunchDay, points: PointsOfMembers) -> list[Step]:
    """Return the steps from the opening liability to that of launch morning; the first and the last are totals."""
    old, new = launch.incumbent, launch.candidate
    goes_on = new.points is not None and not _forfeits_at_once(new)
    face_old, face_new = face_of(old), face_of(new)
    face = face_new if goes_on else face_old
    redeemed = redemption_of(old)
    held = int(points.before.sum())
    steps = [Step("evening before", held, _some(points.before), int(held * face_old), points_liability(old, held))]
    worth, value = steps[0].liability, steps[0].face_value

    def add(name: str, moved: int, members: int, now: Fraction, share: Fraction) -> None:
        nonlocal held, worth, value
        held += moved
        liability, face_value = int(held * now * share), int(held * now)
        steps.append(Step(name, moved, members, face_value - value, liability - worth))
        worth, value = liability, face_value

    changed = _some(points.converted - points.before) if face == face_old else _some(points.before)
    add("conversion and value of a point", int((points.converted - points.before).sum()), changed, face, redeemed)
    for name, column in (
        ("expired by the old rules as well", points.expired_anyway),
        ("forced expiry", points.forced),
        ("forfeited", points.forfeited),
    ):
        add(name, -int(column.sum()), _some(column), face, redeemed)
    add("other business of the morning", int(points.other.sum()), _some(points.other), face, redeemed)
    if new.points is not None:
        add("expected redemption", 0, _some(points.after), face_new, redemption_of(new))
    closing = points_liability(new, held)
    steps.append(Step("launch morning", held, _some(points.after), value, closing))
    return steps


def _some(column: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(column))


def face_of(policy: Policy) -> Fraction:
    """Return the face value of a point in cents; 0 without points."""
    if policy.points is None:
        return Fraction(0)
    value, points = policy.points.worth
    return Fraction(value, points)


def redemption_of(policy: Policy) -> Fraction:
    """Return the expected redemption as a share; 0 without points."""
    return Fraction(0 if policy.points is None else policy.points.expected_redemption, 10_000)
