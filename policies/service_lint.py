"""Lint rules of the service desk: promises that cannot be kept, and promises that a higher tier lacks.

Serves the linter, which lists them. It knows typical shoppers, not how many there are: whether a desk has staff for its
tickets is the simulation's answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .finding import Finding, Severity
from .policy import Policy
from .service import HOURS_A_DAY, AnswerPromise, Service
from .typical_shopper import Customers

NO_PROMISE = AnswerPromise()


def answer_out_of_hours(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find promised times that pass while nobody is on duty and shoppers write."""
    service = policy.service
    if service is None:
        return
    promises = [(f"service.promises.{name}", promise) for name, promise in service.promises.items()]
    promises += [("service.members", service.members)] if service.members is not None else []
    for address, promise in promises:
        if promise.minutes is None:
            continue
        for days in ("weekdays", "weekends"):
            gap = longest_closure(service, days, dedicated=promise.dedicated)
            if gap is None or gap[1] * 60 > promise.minutes:
                written, hours = gap or (service.contact_hours.starts, HOURS_A_DAY)
                until = f"{hours} hours" if gap else "a day and more"
                yield Finding(
                    "answer-out-of-hours", Severity.ERROR, f"{address}.minutes",
                    f"{promise.minutes} minutes are promised, and who writes at {written} o'clock on {days} finds "
                    f"nobody on duty for {until}",
                    "a promise that is broken every day loses more goodwill than none",
                    f"write {hours * 60} minutes or more, a shift for these hours, or shorter contact_hours",
                )  # fmt: skip
                break


def longest_closure(service: Service, days: str, *, dedicated: bool) -> tuple[int, int] | None:
    """Return the hour of writing that meets the longest closure of a desk, and its hours; None if it never opens."""
    shifts = [one for one in service.shifts.values() if one.dedicated == dedicated and one.days in {"every-day", days}]
    open_hours = {hour for shift in shifts for hour in range(shift.starts, shift.ends)}
    if not open_hours:
        return None
    waits = {}
    for hour in range(service.contact_hours.starts, service.contact_hours.ends):
        waits[hour] = next(wait for wait in range(HOURS_A_DAY) if (hour + wait) % HOURS_A_DAY in open_hours)
    hour = max(waits, key=lambda written: waits[written])
    return hour, waits[hour]


def service_lost(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers that are answered later than the tier below."""
    service = policy.service
    if service is None:
        return
    for lower, name in pairwise(policy.tiers):
        below, promise = (service.promises.get(tier, NO_PROMISE) for tier in (lower, name))
        lost = []
        if below.minutes is not None and (promise.minutes is None or promise.minutes > below.minutes):
            lost.append(("minutes", f"{below.minutes}"))
        if promise.priority > below.priority:
            lost.append(("priority", f"{below.priority}"))
        if below.dedicated and not promise.dedicated:
            lost.append(("dedicated", "true"))
        for field, better in lost:
            yield Finding(
                "service-lost", Severity.WARNING, f"service.promises.{name}.{field}",
                f"{name} is promised worse service than {lower}, whose {field} is {better}",
                f"a promotion to {name} takes a benefit away from those who spend more",
                f"write {better} or better",
            )  # fmt: skip
