"""The service desk that the arms of a rollout share: one line for all tickets of the day, answered by the same agents.

Serves the rollout's world in the evening. Labour is borne by the tickets answered, by the time they took, and posted in
the arm in which each shopper lives; a day without an answer is borne by all who have enrolled. With one arm it is what
that arm's own world does (sim/shared_business.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .answers import give_answers
from .arm_world import ArmWorld
from .at_price import at_price
from .day_book import NOT_ANSWERED
from .desk_terms import SECONDS_AN_HOUR
from .service_desk import answer_tickets, close_desk, in_line, left_in_line, seconds_paid
from .shopper import ENROLLED, GUEST_STATE, MEMBER


def close_desk_of_all(arms: Sequence[ArmWorld], lanes: NDArray[np.uint8]) -> None:
    """Answer what can be answered of the day that ends now; the first of `arms` keeps line and agents, `lanes` (shape:
    shoppers) says where everybody lives.
    """
    keeper, first = arms[0].shared, arms[0].region.first
    news = [arm.news[arm.news["severity"] > 0] for arm in arms]
    line = in_line(np.concatenate([keeper.waiting, *news]))
    answer_tickets(line, keeper.agents)
    table, _, market = arms[0].compiled
    hour = at_price(int(table.programme["agent_hour"][0]), int(market["wages"][0]))
    labour = seconds_paid(keeper.agents) * hour // SECONDS_AN_HOUR
    is_answered = line["answered_at"] != NOT_ANSWERED
    total = int(line["handling"][is_answered].sum(dtype=np.int64))
    home = lanes[line["shopper"].astype(np.int64) - first]
    done = booked = 0
    for arm in arms:
        tickets = line[home == arm.lane]
        done += int(line["handling"][is_answered & (home == arm.lane)].sum(dtype=np.int64))
        part = labour * done // total - booked if total else 0
        table, behaviour, market = arm.compiled
        booked += give_answers(
            tickets, arm.shoppers, table.terms, table.programme, behaviour, market, arm.evening_rows, arm.day - 1,
            arm.hashed_seed, first, part,
        )  # fmt: skip
    if booked < labour:
        _book_idle_labour(arms, lanes, labour - booked)
    keeper.waiting = left_in_line(line)
    close_desk(keeper.agents)


def _book_idle_labour(arms: Sequence[ArmWorld], lanes: NDArray[np.uint8], labour: int) -> None:
    """Book labour of a day without an answer on all enrolled shoppers alike; on all if nobody has enrolled yet."""
    shoppers = arms[0].shoppers
    enrolled = (shoppers["status"] & ENROLLED) != 0
    bearers = np.flatnonzero(enrolled if enrolled.any() else np.ones(len(shoppers), bool))
    shares = labour * np.arange(len(bearers) + 1, dtype=np.int64) // len(bearers)
    costs = np.diff(shares)
    shoppers["margin"][bearers] -= costs
    state = 2 * shoppers["tier"].astype(np.int64) + ((shoppers["status"] & MEMBER) != 0)
    state[~enrolled] = GUEST_STATE
    for arm in arms:
        here = lanes[bearers] == arm.lane
        np.add.at(arm.evening_rows["service_labour"], state[bearers[here]], costs[here])
