"""The service desk: a line of tickets, answered by the agents on duty in the order of priority and arrival.

Serves the evening, which resolves the day's tickets at once. The line is a multi-server queue with priorities that
never interrupt a ticket in hand (Cobham, 1954; without priorities M/M/c, Erlang, 1917, if arrivals are Poisson and
handling exponential). Times are seconds after today's midnight; amounts are cents.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy

from .compiled import kernel
from .day_book import NOT_ANSWERED, NOTICE
from .record import Int8, Int16, Int32, Int64, Record, layout
from .region import part_of

SECONDS_A_DAY = 86_400
PLACES_IN_LINE = 10
DESKS = 2


class Agent(Record):
    """One agent of a region: today's hours, which the office writes each morning, and the ticket in hand."""

    starts: Int32  # from then on today the agent takes tickets
    ends: Int32  # and not from then on; equal to `starts` on a day off
    free_at: Int64  # when the last ticket taken is finished
    held_over: Int64  # the same as of this morning
    desk: Int8  # 0: the general desk; 1: the dedicated one
    shift: Int16  # number of the shift in the policy


AGENT = layout(Agent)
"""The layout of an agent."""


def agents_of(policy: Policy, region: int, regions: int) -> NDArray[np.void]:
    """Return the agents of one region, free and off duty (shape: agents)."""
    shifts = [] if policy.service is None else list(policy.service.shifts.values())
    counts = [part_of(shift.agents, region, regions) for shift in shifts]
    agents = np.zeros(sum(counts), AGENT)
    agents["shift"] = np.repeat(np.arange(len(shifts)), counts)
    agents["desk"] = np.repeat([int(shift.dedicated) for shift in shifts], counts)
    return agents


def in_line(tickets: NDArray[np.void]) -> NDArray[np.void]:
    """Return tickets in the order of desk, place in line, time of writing and shopper."""
    order = np.lexsort((tickets["shopper"], tickets["written_at"], tickets["place_in_line"], tickets["desk"]))
    return np.asarray(tickets[order])


def answer_tickets(line: NDArray[np.void], agents: NDArray[np.void]) -> None:
    """Answer what can be answered today; `line` is in the order of `in_line`, and what is left has no answer."""
    for desk in range(DESKS):
        first, after = (int(np.searchsorted(line["desk"], number)) for number in (desk, desk + 1))
        if first < after:
            answer_at_desk(line[first:after], agents, desk)


@kernel
def answer_at_desk(line: NDArray[np.void], agents: NDArray[np.void], desk: int) -> None:
    """Answer the tickets of one desk until its agents have gone home.

    An agent who is free takes the first in line; of several who are free the first of the roster takes it.
    """
    heads = np.zeros(PLACES_IN_LINE, np.int64)
    ends = np.zeros(PLACES_IN_LINE, np.int64)
    for ticket in range(line.shape[0]):
        ends[line[ticket].place_in_line] = ticket + 1
    for place in range(1, PLACES_IN_LINE):
        ends[place] = max(ends[place], ends[place - 1])
        heads[place] = ends[place - 1]
    has_left = np.zeros(agents.shape[0], np.bool_)
    while True:
        agent, now = -1, 0
        for one in range(agents.shape[0]):
            a = agents[one]
            ready = max(a.free_at, a.starts)
            if a.desk == desk and not has_left[one] and ready < a.ends and (agent < 0 or ready < now):
                agent, now = one, ready
        if agent < 0:
            return
        waiting, next_arrival = -1, NOT_ANSWERED
        for place in range(PLACES_IN_LINE):
            if heads[place] < ends[place]:
                written_at = line[heads[place]].written_at
                if written_at <= now:
                    waiting = place
                    break
                if written_at < next_arrival:
                    waiting, next_arrival = place, written_at
        if waiting < 0:
            return
        if next_arrival < NOT_ANSWERED and line[heads[waiting]].written_at > now:
            now, agent = next_arrival, first_on_duty(agents, desk, next_arrival)
            if agent < 0:
                send_home(agents, has_left, now)
                continue
        ticket = line[heads[waiting]]
        ticket.answered_at = now
        agents[agent].free_at = now + ticket.handling
        heads[waiting] += 1


@kernel
def first_on_duty(agents: NDArray[np.void], desk: int, now: int) -> int:
    """Return the first agent of the roster who is free and on duty at `now`; -1 if there is none."""
    for one in range(agents.shape[0]):
        a = agents[one]
        if a.desk == desk and a.free_at <= now and a.starts <= now < a.ends:
            return one
    return -1


@kernel
def send_home(agents: NDArray[np.void], has_left: NDArray[np.bool_], now: int) -> None:
    """Mark the agents whose hours are over at `now`."""
    for one in range(agents.shape[0]):
        if agents[one].ends <= now:
            has_left[one] = True


def seconds_paid(agents: NDArray[np.void]) -> int:
    """Return what the agents are paid for today: their hours, and tickets in hand before and after them."""
    starts, ends = agents["starts"].astype(np.int64), agents["ends"].astype(np.int64)
    before = np.clip(np.minimum(agents["held_over"], starts), 0, None)
    after = np.clip(np.minimum(agents["free_at"], SECONDS_A_DAY) - ends, 0, None)
    return int((ends - starts + before + after).sum())


def close_desk(agents: NDArray[np.void]) -> None:
    """Count every agent's time from the next midnight on."""
    agents["free_at"] -= SECONDS_A_DAY
    agents["held_over"] = agents["free_at"]


def left_in_line(line: NDArray[np.void]) -> NDArray[np.void]:
    """Return the tickets without an answer, their times counted from the next midnight."""
    left: NDArray[np.void] = line[line["answered_at"] == NOT_ANSWERED].astype(NOTICE)
    left["written_at"] -= SECONDS_A_DAY
    return left
