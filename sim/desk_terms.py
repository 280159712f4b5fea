"""The service desk as flat numbers: what each tier is promised there, what a ticket takes, and what is made good.

Serves `programme_table.py`, whose records it fills in. Times are seconds, amounts cents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import AnswerPromise, Policy

from .shopper import GUEST_STATE, STATES

QUESTION, MINOR, SERIOUS = 1, 2, 3
"""What a ticket is about; 0 is no ticket."""

SECONDS_AN_HOUR, SECONDS_A_MINUTE = 3_600, 60


def write_desk(policy: Policy, programme: NDArray[np.void], terms: NDArray[np.void]) -> None:
    """Fill in the desk's fields of `programme` (shape: 1) and `terms` (one record for each ledger state)."""
    service = policy.service
    if service is None:
        return
    programme["has_desk"] = 1
    hours = service.contact_hours
    programme["contact_starts"] = hours.starts * SECONDS_AN_HOUR
    programme["contact_seconds"] = (hours.ends - hours.starts) * SECONDS_AN_HOUR
    handling, make_good = service.handling, service.make_good
    minutes = {QUESTION: handling.question, MINOR: handling.minor, SERIOUS: handling.serious}
    for severity, mean in minutes.items():
        programme["handling_seconds"][0, severity] = mean * SECONDS_A_MINUTE
    programme["make_good"][0, MINOR], programme["make_good"][0, SERIOUS] = make_good.minor, make_good.serious
    programme["agent_hour"] = service.hourly_cost
    names = list(policy.tiers)
    for state in range(STATES):
        promises = []
        if state != GUEST_STATE and names:
            promises.append(service.promises.get(names[min(state // 2, len(names) - 1)]))
        if state != GUEST_STATE and state % 2 == 1:
            promises.append(service.members)
        _write_promise(terms[state], [promise for promise in promises if promise is not None])


def _write_promise(terms: Any, promises: list[AnswerPromise]) -> None:
    """Write the best of the promises that apply, each part by itself."""
    times = [promise.minutes for promise in promises if promise.minutes is not None]
    terms["answer_within"] = min(times, default=0) * SECONDS_A_MINUTE
    terms["place_in_line"] = min((promise.priority for promise in promises), default=9)
    terms["desk"] = int(any(promise.dedicated for promise in promises))
