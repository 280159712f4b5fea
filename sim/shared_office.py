"""The office's processes for what shoppers share: the daily close, and the shifts of the service desk.

Serves the office, which opens them where a policy or a scenario shares something. Each wakes every morning, so that the
kernel carries the population one day at a time, and writes what it decides into the shared arrays.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from memberlab.policies import Policy, Shift

from .calendar import Calendar
from .desk_terms import SECONDS_AN_HOUR
from .shared_business import SharedBusiness

SATURDAY = 5


def open_shared_office(
    environment: simpy.Environment, policy: Policy, calendar: Calendar, market: NDArray[np.void], shared: SharedBusiness
) -> None:
    """Start the processes as of this morning."""
    environment.process(wake_every_morning(environment))
    if policy.service is not None:
        for number, shift in enumerate(policy.service.shifts.values()):
            environment.process(work_shift(environment, shift, number, calendar, shared))


def wake_every_morning(environment: simpy.Environment) -> Generator[simpy.Event, Any, None]:
    """Have business on every day, so that nobody lives on before the day's shared business is done."""
    while True:
        yield environment.timeout(1)


def work_shift(
    environment: simpy.Environment, shift: Shift, number: int, calendar: Calendar, shared: SharedBusiness
) -> Generator[simpy.Event, Any, None]:
    """Put the agents of a shift on duty for its hours on the days that it is worked."""
    staff = shared.agents["shift"] == number
    while True:
        weekend = calendar.date_of(int(environment.now)).weekday() >= SATURDAY
        works = shift.days == "every-day" or (shift.days == "weekends") == weekend
        shared.agents["starts"][staff] = shift.starts * SECONDS_AN_HOUR if works else 0
        shared.agents["ends"][staff] = shift.ends * SECONDS_AN_HOUR if works else 0
        yield environment.timeout(1)
