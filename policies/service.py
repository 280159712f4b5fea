"""The service desk: who answers and when, how soon each tier is promised an answer, and what is made good at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from .model import Section
from .names import Label
from .number import CountNotation
from .quantities import Money
from .validation import read_with_faults
from .yaml_reader import Path

HOURS_A_DAY = 24

Hour = Annotated[int, CountNotation("hour of the day", maximum=HOURS_A_DAY)]
"""A full hour of the day from 0 (midnight) to 24 (the next midnight)."""

HandlingMinutes = Annotated[int, CountNotation("minutes", minimum=1, maximum=1_440)]
"""A mean time in minutes."""

MOST_SHIFTS = 24


class Shift(Section):
    """Agents who work the same hours."""

    starts: Hour
    """Hour at which they begin to take tickets."""
    ends: Hour
    """Hour from which they take no more; a ticket in hand is finished, and paid as overtime."""
    agents: Annotated[int, CountNotation("agents", minimum=1, maximum=2_000)]
    """How many work this shift, in all regions of the scenario together."""
    days: Literal["every-day", "weekdays", "weekends"] = "every-day"
    """Days on which the shift is worked."""
    dedicated: bool = False
    """Whether they answer only those who are promised dedicated service, and nobody else answers these."""


class Handling(Section):
    """Mean time that an agent needs for one ticket, exponentially distributed."""

    question: HandlingMinutes = 5
    """For a question about an order without a fault."""
    minor: HandlingMinutes = 10
    """For a minor failure of an order, such as a late delivery."""
    serious: HandlingMinutes = 25
    """For a serious failure of an order, such as wrong or broken goods."""


class MakeGood(Section):
    """What is refunded at once when a shopper complains, before the case is looked into; at most what was paid."""

    minor: Money = 0
    """For a minor failure. In code: cents."""
    serious: Money = 0
    """For a serious failure. In code: cents."""


class ContactHours(Section):
    """The hours of the day over which shoppers write to the desk, evenly."""

    starts: Hour = 8
    """First hour."""
    ends: Hour = 24
    """Hour after the last."""


class AnswerPromise(Section):
    """How a tier, or paid members, are answered."""

    minutes: Annotated[int, CountNotation("minutes", minimum=1, maximum=10_080)] | None = None
    """Longest wait for an answer that is promised; left out, none is."""
    priority: Annotated[int, CountNotation("place in line", minimum=1, maximum=9)] = 9
    """Place in line: 1 is answered first; within a place, who wrote first. A ticket in hand is never interrupted."""
    dedicated: bool = False
    """Whether the tickets go to the dedicated shifts."""


def shift_faults(shifts: object) -> dict[Path, str]:
    """Return what is wrong with shifts, by path below `shifts`: hours out of order, and shifts that repeat another."""
    faults: dict[Path, str] = {}
    if not isinstance(shifts, Mapping):
        return faults
    if not 0 < len(shifts) <= MOST_SHIFTS:
        faults[()] = f"{len(shifts)} shifts do not staff a desk; write 1 to {MOST_SHIFTS} shifts, or no service section"
    seen: dict[tuple[object, ...], str] = {}
    for name, shift in shifts.items():
        starts, ends = _part(shift, "starts"), _part(shift, "ends")
        if wrong := hours_fault(starts, ends):
            faults[name, "ends"] = wrong
        hours = (starts, ends, _part(shift, "days", "every-day"), _part(shift, "dedicated", False))
        if all(isinstance(part, int | str) for part in hours):
            if hours in seen:
                faults[(name,)] = f"has the hours and days of {seen[hours]}; write one shift with the agents of both"
            seen.setdefault(hours, name)
    return faults


def hours_fault(starts: object, ends: object) -> str | None:
    """Return what is wrong with hours that end before they start; None if nothing is."""
    if not (isinstance(starts, int) and isinstance(ends, int)) or ends > starts:
        return None
    mend = f"write a later hour, or two shifts, {starts} to 24 and 0 to {ends}" if ends > 0 else "write 24 for midnight"
    return f"{ends} is not after starts, {starts}; {mend}"


def check_shifts(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read shifts and report the faults among them together with those of each shift."""
    return read_with_faults(written, read, shift_faults(written))


def check_contact_hours(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read the hours of contact and refuse those that end before they start."""
    starts, ends = _part(written, "starts", 8), _part(written, "ends", HOURS_A_DAY)
    early = isinstance(starts, int) and isinstance(ends, int) and ends <= starts
    wrong: dict[Path, str] = {("ends",): f"{ends} is not after starts, {starts}; write a later hour"} if early else {}
    return read_with_faults(written, read, wrong)


class Service(Section):
    """A desk of agents who answer questions and complaints; the scenario says how often orders fail."""

    shifts: Annotated[Mapping[Label, Shift], WrapValidator(check_shifts)]
    """The staff by shift; shifts may overlap."""
    hourly_cost: Money
    """Labour cost of one agent for one hour. In code: cents."""
    handling: Handling = Handling()
    """Time that a ticket takes."""
    contact_hours: Annotated[ContactHours, WrapValidator(check_contact_hours)] = ContactHours()
    """When shoppers write."""
    promises: Mapping[Label, AnswerPromise] = Field(default_factory=dict[str, AnswerPromise])
    """How each tier is answered, by the tier's name; a tier without an entry waits in place 9 without a promise."""
    members: AnswerPromise | None = None
    """How paid members are answered, where that is better than their tier's promise."""
    make_good: MakeGood = MakeGood()
    """What a complaint brings at once."""


def service_faults(service: object, tiers: object, has_membership: bool) -> dict[Path, str]:
    """Return what a written desk promises to nobody or with nobody, by path below `service`.

    `tiers` are the names that the policy has, None if they could not be read.
    """
    faults: dict[Path, str] = {}
    promises = _part(service, "promises", {})
    promises = promises if isinstance(promises, Mapping) else {}
    for name in promises:
        if isinstance(tiers, Mapping) and name not in tiers:
            known = ", ".join(tiers) or "none"
            faults["promises", name] = f"there is no tier '{name}'; write one of the policy's tiers ({known})"
    members = _part(service, "members")
    if members is not None and not has_membership:
        faults[("members",)] = "there is no paid membership; write a membership section, or leave members out"
    shifts = _part(service, "shifts", {})
    shifts = shifts if isinstance(shifts, Mapping) else {}
    own_staff = [name for name, shift in shifts.items() if _part(shift, "dedicated") is True]
    promised: list[Path] = [("promises", name) for name, one in promises.items() if _part(one, "dedicated") is True]
    promised += [("members",)] if _part(members, "dedicated") is True else []
    if promised and not own_staff and shifts:
        for path in promised:
            faults[*path, "dedicated"] = "no shift is dedicated, so nobody answers; write dedicated: true on a shift"
    if own_staff and not promised:
        for name in own_staff:
            faults["shifts", name, "dedicated"] = (
                "nobody is promised dedicated service; write dedicated: true on a promise, or leave it out here"
            )
    if shifts and len(own_staff) == len(shifts):
        faults[("shifts",)] = "every shift is dedicated, so nobody answers the others; write a shift that is not"
    return faults


def _part(section: object, key: str, default: object = None) -> Any:
    """Return a value of a section that may be written as a mapping or be a model already."""
    return section.get(key, default) if isinstance(section, Mapping) else getattr(section, key, default)
