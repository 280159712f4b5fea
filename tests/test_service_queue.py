"""The line at the service desk against a SimPy model of the same desk, and against queueing theory.

Serves whoever doubts the compiled queue: the same arrivals and handling times give the same waits to the second as
SimPy's PriorityResource, and long runs give the mean waits of Erlang (1917) and Cobham (1954).
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import simpy
from numpy.typing import NDArray

DESK: Any = importlib.import_module("memberlab.sim.service_desk")
BOOK: Any = importlib.import_module("memberlab.sim.day_book")
DAY = 86_400


def desk_of(agents: int, starts: int = 0, ends: int = DAY) -> NDArray[np.void]:
    staff = np.zeros(agents, DESK.AGENT)
    staff["starts"], staff["ends"] = starts, ends
    return staff


def tickets_of(arrivals: NDArray[np.int64], handling: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.void]:
    tickets = BOOK.new_day_book(len(arrivals))
    tickets["shopper"] = np.arange(len(arrivals))
    tickets["severity"], tickets["answered_at"] = 1, BOOK.NOT_ANSWERED
    tickets["written_at"], tickets["handling"], tickets["place_in_line"] = arrivals, handling, places
    return tickets  # type: ignore[no-any-return]


def waits_of(tickets: NDArray[np.void], agents: NDArray[np.void], days: int) -> NDArray[np.int64]:
    """Return the seconds that each ticket waits when the desk is resolved once a day; -1 where it is not answered."""
    waits = np.full(len(tickets), -1)
    line = tickets[:0]
    for day in range(days):
        written = tickets["written_at"]
        news = tickets[(written >= day * DAY) & (written < (day + 1) * DAY)].copy()
        news["written_at"] -= day * DAY
        line = DESK.in_line(np.concatenate([line, news]))
        DESK.answer_tickets(line, agents)
        done = line[line["answered_at"] != BOOK.NOT_ANSWERED]
        waits[done["shopper"]] = done["answered_at"] - done["written_at"]
        line = DESK.left_in_line(line)
        DESK.close_desk(agents)
    return waits


def random_tickets(seed: int, count: int, days: int, mean_handling: float, places: int) -> NDArray[np.void]:
    draws = np.random.default_rng(seed)
    arrivals = np.sort(draws.choice(days * DAY, count, replace=False))  # no two in one second
    handling = np.maximum(1, draws.exponential(mean_handling, count).round()).astype(np.int64)
    return tickets_of(arrivals, handling, draws.integers(1, places + 1, count))


def simpy_waits(tickets: NDArray[np.void], agents: int) -> NDArray[np.int64]:
    environment = simpy.Environment()
    desk = simpy.PriorityResource(environment, agents)
    waits = np.full(len(tickets), -1)

    def write(number: int) -> Generator[simpy.Event, Any, None]:
        yield environment.timeout(int(tickets["written_at"][number]))
        with desk.request(priority=int(tickets["place_in_line"][number])) as turn:
            yield turn
            waits[number] = int(environment.now) - int(tickets["written_at"][number])
            yield environment.timeout(int(tickets["handling"][number]))

    for number in range(len(tickets)):
        environment.process(write(number))
    environment.run()
    return waits


@pytest.mark.parametrize(("agents", "places"), [(1, 1), (1, 9), (2, 3), (5, 9)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_waits_are_those_of_simpy_to_the_second(agents: int, places: int, seed: int) -> None:
    tickets = random_tickets(seed, 400 * agents, 5, 900, places)  # busy 83 % of the time
    expected = simpy_waits(tickets, agents)
    assert expected.max() > 3600  # there was a line
    found = waits_of(tickets, desk_of(agents), 12)
    assert found.tolist() == expected.tolist()


def shift_waits(tickets: NDArray[np.void], shifts: list[tuple[int, int]], days: int) -> NDArray[np.int64]:
    """Return the waits at a desk of SimPy processes, one an agent, who look for a ticket while they are on duty."""
    environment = simpy.Environment()
    waits = np.full(len(tickets), -1)
    waiting: list[tuple[int, int, int]] = []
    bells = [environment.event() for _ in shifts]

    def write(number: int) -> Generator[simpy.Event, Any, None]:
        written = int(tickets["written_at"][number])
        yield environment.timeout(written)
        waiting.append((int(tickets["place_in_line"][number]), written, number))
        waiting.sort()
        for bell in bells:
            if not bell.triggered:
                bell.succeed()

    def work(agent: int, starts: int, ends: int) -> Generator[simpy.Event, Any, None]:
        for day in range(days):
            if environment.now < day * DAY + starts:
                yield environment.timeout(day * DAY + starts - environment.now)
            closing = day * DAY + ends
            while environment.now < closing:
                if waiting:
                    _, written, number = waiting.pop(0)
                    waits[number] = environment.now - written
                    yield environment.timeout(int(tickets["handling"][number]))
                else:
                    bells[agent] = environment.event()
                    yield bells[agent] | environment.timeout(closing - environment.now)

    for number in range(len(tickets)):
        environment.process(write(number))
    for agent, (starts, ends) in enumerate(shifts):
        environment.process(work(agent, starts, ends))
    environment.run(until=days * DAY)
    return waits


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_agents_who_come_and_go_wait_as_in_simpy(seed: int) -> None:
    shifts = [(9 * 3600, 18 * 3600), (9 * 3600, 18 * 3600), (12 * 3600, DAY), (20 * 3600, DAY)]
    tickets = random_tickets(seed, 700, 7, 700, 4)
    agents = desk_of(len(shifts))
    agents["starts"], agents["ends"] = zip(*shifts, strict=True)
    found, expected = waits_of(tickets, agents, 9), shift_waits(tickets, shifts, 9)
    assert found.tolist() == expected.tolist()
    assert (expected > 8 * 3600).any()  # somebody wrote at night
    assert (expected == 0).any()


def poisson_tickets(seed: int, days: int, utilisation: float, agents: int, mean: float, shares: list[float]) -> Any:
    draws = np.random.default_rng(seed)
    rate = utilisation * agents / mean
    count = draws.poisson(rate * days * DAY)
    arrivals = np.sort(draws.uniform(0, days * DAY, count).astype(np.int64))
    handling = np.maximum(1, draws.exponential(mean, count).round()).astype(np.int64)
    return tickets_of(arrivals, handling, draws.choice(len(shares), count, p=shares) + 1)


def erlang_c(agents: int, load: float) -> float:
    """Return the share of tickets that wait at an M/M/c desk (Erlang, 1917); `load` is in agents."""
    terms = [load**k / math.factorial(k) for k in range(agents)]
    last = load**agents / math.factorial(agents) * agents / (agents - load)
    return last / (sum(terms) + last)


MEAN_HANDLING = 600.0
Z = 4.0
"""Standard errors of the mean of ten batches; at 9 degrees of freedom a true queue fails with probability 0.003."""


def fail_unless_near(waits: NDArray[np.int64], expected: float) -> None:
    """Compare a mean wait with theory by ten batches, the first tenth left out as the desk fills up."""
    batches = np.array([part.mean() for part in np.array_split(waits, 11)[1:]])
    error = batches.std(ddof=1) / math.sqrt(len(batches))
    assert abs(batches.mean() - expected) < Z * error, (batches.mean(), expected, error)
    assert error < 0.12 * expected  # a test that sees nothing would be none


@pytest.mark.parametrize(("agents", "utilisation"), [(1, 0.7), (3, 0.8), (12, 0.85)])
def test_mean_waits_are_those_of_erlang(agents: int, utilisation: float) -> None:
    tickets = poisson_tickets(11, 500, utilisation, agents, MEAN_HANDLING, [1.0])
    waits = waits_of(tickets, desk_of(agents), 501)
    load = utilisation * agents
    fail_unless_near(waits[waits >= 0], erlang_c(agents, load) * MEAN_HANDLING / (agents - load))


def test_mean_waits_by_priority_are_those_of_cobham() -> None:
    agents, utilisation, shares = 3, 0.85, [0.2, 0.3, 0.5]
    tickets = poisson_tickets(12, 700, utilisation, agents, MEAN_HANDLING, shares)
    waits = waits_of(tickets, desk_of(agents), 701)
    base = erlang_c(agents, utilisation * agents) * MEAN_HANDLING / agents
    upto = np.cumsum([0.0, *shares]) * utilisation
    for place in (1, 2, 3):
        expected = base / ((1 - upto[place - 1]) * (1 - upto[place]))
        fail_unless_near(waits[(tickets["place_in_line"] == place) & (waits >= 0)], expected)
