"""What the shoppers of a region share, kept in arrays: the day book, the line at the service desk and its agents.

Serves the world, which lets the office see to it every evening, in an order that depends on nobody's place in memory.
Where a policy shares nothing, nothing is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from .answers import book_idle_labour, give_answers
from .at_price import at_price
from .day_book import NOTICE, new_day_book
from .desk_terms import SECONDS_AN_HOUR
from .friends import Likeness
from .keyed_random import Purpose, draw_uniforms
from .newcomers import (
    DUE_REWARD,
    credit_rewards,
    part_from_friends,
    reserve_of,
    rewards_of,
    welcome_newcomers,
)  # fmt: skip
from .programme_table import ProgrammeTable
from .region import Region, part_of
from .service_desk import agents_of, answer_tickets, close_desk, in_line, left_in_line, seconds_paid


def has_desk(policy: Policy) -> bool:
    """Return whether a policy keeps a service desk."""
    return policy.service is not None


def shares_business(policy: Policy, scenario: Scenario) -> bool:
    """Return whether shoppers share anything, so that the office has to see to it every evening."""
    return has_desk(policy) or scenario.word_of_mouth is not None or policy.special_price_pool is not None


class SharedBusiness:
    """The shared arrays of one region under one policy."""

    def __init__(
        self, policy: Policy, scenario: Scenario, region: Region, waiting: NDArray[np.void] | None = None,
        agents: NDArray[np.void] | None = None, rewards: NDArray[np.void] | None = None,
    ) -> None:  # fmt: skip
        """Open with what a snapshot kept: `waiting` tickets, `agents` with tickets in hand, `rewards` not yet due."""
        self._region = region
        self.is_kept = shares_business(policy, scenario)
        self.day_book = new_day_book(region.count if self.is_kept else 1)
        hired = agents_of(policy, region.number, scenario.regions)
        knows_them = agents is not None and np.array_equal(agents[["desk", "shift"]], hired[["desk", "shift"]])
        self.agents = agents.copy() if knows_them and agents is not None else hired
        self.waiting = np.zeros(0, NOTICE) if waiting is None or not has_desk(policy) else waiting.copy()
        if not self.has_dedicated_agents:
            self.waiting["desk"] = 0

        self.units = 0  # of the special-price pool, a month
        if policy.special_price_pool is not None:
            self.units = part_of(policy.special_price_pool.units, region.number, scenario.regions)
        self.reserve = reserve_of(scenario, region.first, region.count)
        self.rewards = np.zeros(0, DUE_REWARD) if rewards is None or policy.referral is None else rewards.copy()

    def first_to_come(self, day: int, hashed_seed: np.uint64) -> int:
        """Return the place of the shopper who comes first on `day`, the others after it: where stock is limited, it is
        another every day, drawn by key.
        """
        if self.units == 0:
            return 0
        (lot,) = draw_uniforms(hashed_seed, self._region.first, 1, day, int(Purpose.FIRST_BUYER_OF_THE_DAY))
        return int(lot * self._region.count)

    @property
    def has_dedicated_agents(self) -> bool:
        """Return whether any agent works at the dedicated desk."""
        return bool((self.agents["desk"] == 1).any())

    def close_day(
        self, shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], table: ProgrammeTable,
        behaviour: NDArray[np.void], market: NDArray[np.void], ledger_day: NDArray[np.void],
        day: int, hashed_seed: np.uint64, first_shopper: int, likeness: Likeness,
    ) -> None:  # fmt: skip
        """See to what happened today; `ledger_day` holds the day's rows, one for each state."""
        news = self.day_book[: int(market["notices"][0])]
        market["notices"] = 0
        programme, terms = table.programme, table.terms
        if programme["has_desk"][0]:
            line = in_line(np.concatenate([self.waiting, news[news["severity"] > 0]]))
            answer_tickets(line, self.agents)
            wage = at_price(int(programme["agent_hour"][0]), int(market["wages"][0]))
            labour = seconds_paid(self.agents) * wage // SECONDS_AN_HOUR
            booked = give_answers(
                line, shoppers, terms, programme, behaviour, market, ledger_day, day, hashed_seed, first_shopper,
                labour,
            )  # fmt: skip
            if booked < labour:
                book_idle_labour(shoppers, ledger_day, labour - booked)
            self.waiting = left_in_line(line)
            close_desk(self.agents)
        if market["spreads_word"][0]:
            part_from_friends(
                news, shoppers, cards, terms, programme, behaviour, market, day, hashed_seed, first_shopper
            )
            used = int(market["reserve_used"][0])
            referrers = (news["shopper"][news["refers"] > 0] - first_shopper).astype(np.int64)
            newcomers = self.reserve[used : used + len(referrers)]
            likeness.take_after(shoppers, cards, newcomers, referrers[: len(newcomers)])
            welcome_newcomers(
                news, self.reserve, shoppers, cards, due, behaviour, market, ledger_day, day, hashed_seed, first_shopper
            )
            arrived = self.reserve[used : int(market["reserve_used"][0])]
            earned = rewards_of(news, arrived, shoppers, cards, programme[0], day, first_shopper)
            rewards = np.concatenate([self.rewards, earned])
            is_due = rewards["day"] <= day
            credit_rewards(rewards[is_due], shoppers, cards, due, programme, market, ledger_day, day, first_shopper)
            self.rewards = rewards[~is_due]
