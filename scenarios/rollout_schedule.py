"""The days of a rollout: every step on which its share grows, and what can be wrong with the order of its stages.

Serves the rollout document. Stages are read here before they are models, so that one wrong stage does not hide what is
wrong between the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from memberlab.policies import PercentNotation

from .shocks import part

WHOLE = 10_000
"""Basis points of everybody."""

WEEK = 7

Faults = dict[tuple[str | int, ...], str]


class _Pilot(Protocol):
    @property
    def day(self) -> int: ...
    @property
    def share(self) -> int: ...
    @property
    def weeks(self) -> int | None: ...


class _Ramp(Protocol):
    @property
    def day(self) -> int: ...
    @property
    def to(self) -> int: ...
    @property
    def weeks(self) -> int | None: ...


class _Launch(Protocol):
    @property
    def day(self) -> int: ...
    @property
    def of(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which shoppers move: `day` counts from 0, `share` is of the eligible in basis points.

    `stage` is "pilot", "ramp 1" and so on, "launch" or "end"; `of_everyone` lets in those who were not eligible.
    """

    day: int
    stage: str
    share: int
    of_everyone: bool = False


def schedule_of(
    pilot: _Pilot, ramps: Sequence[_Ramp], launch: _Launch | None, hold_out: int
) -> tuple[Step, ...]:  # fmt: skip
    """Return every step in order; a pilot with an end that nothing follows ends with a step to 0."""
    steps = [Step(pilot.day - 1, "pilot", pilot.share)]
    for number, ramp in enumerate(ramps, start=1):
        weeks, before = ramp.weeks or 1, steps[-1].share
        steps += [
            Step(ramp.day - 1 + WEEK * week, f"ramp {number}", before + (ramp.to - before) * (week + 1) // weeks)
            for week in range(weeks)
        ]
    if launch is not None:
        steps.append(Step(launch.day - 1, "launch", WHOLE - hold_out, launch.of == "everyone"))
    elif not ramps and pilot.weeks is not None:
        steps.append(Step(pilot.day - 1 + WEEK * pilot.weeks, "end", 0))
    return tuple(steps)


def arm_faults(written: object) -> Faults:
    """Return what is wrong with the shares of the arms together."""
    if not isinstance(written, Mapping):
        return {}
    if not written:
        return {(): "no arm is given; write the name of one with its policy"}
    if len(written) > 8:
        return {(): f"{len(written)} arms; write 8 at most"}
    shares = [_share(part(arm, "share"), default=WHOLE) for arm in written.values()]
    known = [share for share in shares if share is not None]
    if len(known) == len(shares) and sum(known) != WHOLE:
        told = " + ".join(PercentNotation().write(share) for share in known)
        return {(): f"the shares of the arms are {told}, together {PercentNotation().write(sum(known))}; write shares "
                    "that add up to 100 %"}  # fmt: skip
    return {}


def pilot_faults(written: object, hold_out: int | None) -> Faults:
    """Return what is wrong with the pilot's share beside the hold-out."""
    share = _share(part(written, "share"))
    return {("share",): text} if share is not None and (text := _too_much(share, hold_out)) else {}


def ramp_faults(written: object, pilot: _Pilot | None, hold_out: int | None) -> Faults:
    """Return which ramps overlap, come in the wrong order or do not grow, by path below `ramps`."""
    faults: Faults = {}
    if not isinstance(written, list | tuple) or pilot is None:
        return faults
    before, share = f"the pilot, which lasts to day {_end(pilot) - 1}", pilot.share
    earliest = _end(pilot)
    for position, ramp in enumerate(written):
        day, to, weeks = part(ramp, "day"), _share(part(ramp, "to")), part(ramp, "weeks")
        if isinstance(day, int) and day < earliest:
            faults[position, "day"] = f"day {day} overlaps {before}; write {earliest} or later"
        if to is not None and to <= share:
            faults[position, "to"] = (
                f"{PercentNotation().write(to)} is no growth: {PercentNotation().write(share)} are reached before"
            )
        elif to is not None and (text := _too_much(to, hold_out)):
            faults[position, "to"] = text
        share = max(share, to or 0)
        if isinstance(day, int):
            end = day + (WEEK * (weeks - 1) + 1 if isinstance(weeks, int) else 1)
            before, earliest = f"ramp {position + 1}, which grows to day {end - 1}", max(end, earliest)
    return faults


def launch_faults(written: object, pilot: _Pilot | None, ramps: Sequence[_Ramp] | None) -> Faults:
    """Return what is wrong with the day of the launch."""
    day = part(written, "day")
    if not isinstance(day, int) or pilot is None or ramps is None:
        return {}
    earliest, before = _end(pilot), f"the pilot, which lasts to day {_end(pilot) - 1}"
    if ramps:
        earliest = ramps[-1].day + WEEK * ((ramps[-1].weeks or 1) - 1) + 1
        before = f"ramp {len(ramps)}, which grows to day {earliest - 1}"
    return {("day",): f"day {day} overlaps {before}; write {earliest} or later"} if day < earliest else {}


def _end(pilot: _Pilot) -> int:
    """Return the first day, from 1, on which the next stage may begin."""
    return pilot.day + (WEEK * pilot.weeks if pilot.weeks is not None else 1)


def _share(written: object, default: int | None = None) -> int | None:
    """Return a share in basis points from its written or its inner form; None if it cannot be read."""
    if written is None:
        return default
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    try:
        return PercentNotation().read(written)
    except ValueError:
        return None


def _too_much(share: int, hold_out: int | None) -> str | None:
    if hold_out is None or share + hold_out <= WHOLE:
        return None
    write = PercentNotation().write
    return (
        f"{write(share)} and the hold-out's {write(hold_out)} are together {write(share + hold_out)}, above 100 %; "
        f"write {write(WHOLE - hold_out)} or less"
    )
