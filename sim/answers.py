"""What answers at the service desk do: to the shopper who waited, to the counts of the ledger, to the cost of labour.

Serves the evening. Times are seconds, amounts cents, goodwill logit units.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .assumptions import Behaviour
from .attrition import settle
from .compiled import kernel, rule
from .day_book import NOT_ANSWERED, Notice
from .keyed_random import shopper_key
from .ledger import LedgerRow
from .rival import in_rival_programme
from .shopper import ENROLLED, GUEST_STATE, MEMBER, Shopper

MOST_DOUBLINGS = 3.0
"""A wait longer than eight times what was expected hurts no more."""


@rule
def receive_answer(s: Shopper, n: Notice, b: Behaviour, row: LedgerRow) -> None:
    """Let an answer work on the shopper: in time it makes good what went wrong, late it hurts.

    What counts as late is the promise, or without one what shoppers accept; the priors are in `assumptions.py`.
    """
    wait = n.answered_at - n.written_at
    row.tickets_answered += 1
    row.wait_minutes += (wait + 30) // 60
    limit = 60.0 * b.answer_patience
    if n.answer_within > 0:
        limit = 1.0 * n.answer_within
        row.tickets_promised += 1
        if wait <= n.answer_within:
            row.tickets_in_time += 1
    if wait <= limit:
        s.goodwill += n.recovery
    else:
        s.goodwill -= b.late_answer * min(MOST_DOUBLINGS, math.log2(wait / limit))


@rule
def evening_state(s: Shopper) -> np.uint64:
    """Return the ledger state of a shopper in the evening."""
    if s.status & ENROLLED == 0:
        return np.uint64(GUEST_STATE)
    return np.uint64(2 * s.tier + (1 if s.status & MEMBER else 0))


@kernel
def give_answers(
    line: NDArray[np.void], shoppers: NDArray[np.void], terms: NDArray[np.void], programme: NDArray[np.void],
    behaviour: NDArray[np.void], market: NDArray[np.void], ledger_day: NDArray[np.void], day: int,
    hashed_seed: np.uint64, first_shopper: int, labour: int,
) -> int:  # fmt: skip
    """Give today's answers, and book `labour` cents on those answered by the time they took; return what is booked."""
    p, b, m = programme[0], behaviour[0], market[0]
    total = 0
    for ticket in range(line.shape[0]):
        if line[ticket].answered_at != NOT_ANSWERED:
            total += line[ticket].handling
    done, booked = 0, 0
    for ticket in range(line.shape[0]):
        n = line[ticket]
        if n.answered_at == NOT_ANSWERED:
            continue
        s = shoppers[n.shopper - first_shopper]
        state = evening_state(s)
        row = ledger_day[state]
        rival = in_rival_programme(s, terms[state], p, b, m, shopper_key(hashed_seed, n.shopper))
        settle(s, terms[state], b, m, day, rival)
        receive_answer(s, n, b, row)
        done += n.handling
        cost = labour * done // total - booked
        row.service_labour += cost
        s.margin -= cost
        booked += cost
    return booked


@kernel
def book_idle_labour(shoppers: NDArray[np.void], ledger_day: NDArray[np.void], labour: int) -> None:
    """Book labour of a day without an answer on all enrolled shoppers alike; on all if nobody has enrolled yet."""
    enrolled = 0
    for i in range(shoppers.shape[0]):
        enrolled += 1 if shoppers[i].status & ENROLLED else 0
    bearers = enrolled if enrolled > 0 else shoppers.shape[0]
    borne, booked = 0, 0
    for i in range(shoppers.shape[0]):
        s = shoppers[i]
        if enrolled > 0 and s.status & ENROLLED == 0:
            continue
        borne += 1
        cost = labour * borne // bearers - booked
        ledger_day[evening_state(s)].service_labour += cost
        s.margin -= cost
        booked += cost
