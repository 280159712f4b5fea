"""What the shoppers of a region share, kept in arrays: the day book, the line at the service desk and its agents.

Serves the world, which lets the office see to it every evening, in an order that depends on nobody's place in memory.
Where a policy shares nothing, nothing is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Failures, Scenario

from .answers import book_idle_labour, give_answers
from .day_book import NOTICE, new_day_book
from .desk_terms import SECONDS_AN_HOUR
from .service_desk import agents_of, answer_tickets, close_desk, in_line, left_in_line, seconds_paid


def has_desk(policy: Policy) -> bool:
    """Return whether a policy keeps a service desk."""
    return policy.service is not None


def shares_business(policy: Policy, scenario: Scenario) -> bool:
    """Return whether shoppers share anything, so that the office has to see to it every evening."""
    return has_desk(policy)


def may_ask(scenario: Scenario) -> bool:
    """Return whether orders of the scenario can fail or raise questions."""
    return scenario.failures != Failures()


class SharedBusiness:
    """The shared arrays of one region under one policy."""

    def __init__(
        self, policy: Policy, scenario: Scenario, region: int, shoppers: int, waiting: NDArray[np.void] | None = None,
        agents: NDArray[np.void] | None = None,
    ) -> None:  # fmt: skip
        """Open with what a snapshot kept: a line of `waiting` tickets, and `agents` with tickets in hand."""
        self.is_kept = shares_business(policy, scenario)
        self.day_book = new_day_book(shoppers if self.is_kept else 1)
        hired = agents_of(policy, region, scenario.regions)
        knows_them = agents is not None and np.array_equal(agents[["desk", "shift"]], hired[["desk", "shift"]])
        self.agents = agents.copy() if knows_them and agents is not None else hired
        self.waiting = np.zeros(0, NOTICE) if waiting is None or not has_desk(policy) else waiting.copy()
        if not self.has_dedicated_agents:
            self.waiting["desk"] = 0

    @property
    def has_dedicated_agents(self) -> bool:
        """Return whether any agent works at the dedicated desk."""
        return bool((self.agents["desk"] == 1).any())

    def close_day(
        self, shoppers: NDArray[np.void], terms: NDArray[np.void], programme: NDArray[np.void],
        behaviour: NDArray[np.void], market: NDArray[np.void], ledger_day: NDArray[np.void],
        day: int, hashed_seed: Any, first_shopper: int,
    ) -> None:  # fmt: skip
        """See to what happened today; `ledger_day` holds the day's rows, one for each state."""
        news = self.day_book[: int(market["notices"][0])]
        market["notices"] = 0
        if programme["has_desk"][0]:
            line = in_line(np.concatenate([self.waiting, news[news["severity"] > 0]]))
            answer_tickets(line, self.agents)
            labour = seconds_paid(self.agents) * int(programme["agent_hour"][0]) // SECONDS_AN_HOUR
            address = (hashed_seed, first_shopper)
            booked = give_answers(line, shoppers, terms, behaviour, market, ledger_day, day, *address, labour)
            if booked < labour:
                book_idle_labour(shoppers, ledger_day, labour - booked)
            self.waiting = left_in_line(line)
            close_desk(self.agents)
