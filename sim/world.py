"""One region of a virtual market: shoppers, ledger and clock. It runs, is photographed, forks into arms, saves and
loads.

Serves the experiments: the warm-up is simulated once under the incumbent policy, and every arm goes on from the same
snapshot with the same random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.scenarios import Population, Scenario, load_population

from . import kernel
from .arrivals import draw_shoppers, first_order_days, set_first_orders
from .assumptions import behaviour_record
from .calendar import calendar_of
from .card import cards_for, needs_cards, new_cards
from .fit import fail_if_policy_does_not_fit
from .identities import Books, fail_if_broken
from .keyed_random import hashed
from .ledger import new_ledger
from .market import attendance_bound, opening_market
from .office import Office
from .order import new_order
from .outcome import OPENING, Outcome, points_liability
from .points_office import stock_rewards
from .position import credits_owed, points_owed, position_of
from .programme_table import compile_policy
from .shopper import LAST_DAY, SHOPPER
from .snapshot import Snapshot, read_snapshot, write_snapshot


@dataclass(frozen=True, slots=True)
class Region:
    """The shoppers `first` to `first + count - 1`; regions share nothing and may run anywhere."""

    number: int
    first: int
    count: int


def regions_of(scenario: Scenario) -> tuple[Region, ...]:
    """Return the regions of a scenario, in order; their shoppers are consecutive and differ by at most one in
    number.
    """
    total, parts = scenario.population.shoppers, scenario.regions
    bounds = [total * number // parts for number in range(parts + 1)]
    return tuple(Region(number, bounds[number], bounds[number + 1] - bounds[number]) for number in range(parts))


class World:
    """Shoppers, ledger and SimPy clock of one region under one policy."""

    def __init__(
        self,
        policy: Policy,
        scenario: Scenario,
        *,
        seed: int | None = None,
        region: int = 0,
        population: Population | None = None,
        first_orders: NDArray[np.int64] | None = None,
    ) -> None:
        """Draw the region's shoppers on day 0.

        `seed` replaces the scenario's, `population` the one it names; `first_orders` (shape: shoppers of the region)
        sets the day of each first order instead of drawing it. Raises DocumentError when policy and scenario do not
        fit.
        """
        fail_if_policy_does_not_fit(policy, scenario)
        self.scenario = scenario
        self.population = population or load_population(scenario.population.source)
        self.seed = scenario.seed if seed is None else seed
        self.region = regions_of(scenario)[region]
        self._prepare(policy)
        self._market = opening_market(scenario, self.population)
        launch, end = self.calendar.launch, self.calendar.end
        first, count = self.region.first, self.region.count
        self.shoppers = draw_shoppers(
            scenario, self.population, self._behaviour, self._hashed_seed, first, count, attendance_bound(scenario)
        )
        if first_orders is None:
            first_orders = first_order_days(scenario, self._hashed_seed, first, count, launch, end)
        self._due = set_first_orders(self.shoppers, first_orders)
        self.cards = cards_for(policy, scenario, new_cards(0), count)
        stock_rewards(self._market, policy, first, count, scenario.population.shoppers)
        self._open_books(day=0)

    def _prepare(self, policy: Policy) -> None:
        """Compile what follows from policy, scenario and seed."""
        self.policy = policy
        self.calendar = calendar_of(self.scenario)
        self._hashed_seed = hashed(self.seed)
        self._behaviour = behaviour_record(self.scenario.assumptions, file=self.scenario.name)
        self._table = compile_policy(policy, self._behaviour)
        self._table.programme["keeps_cards"] = needs_cards(policy, self.scenario)
        self._order = new_order()

    def _open_books(self, day: int, *, opened_under: Policy | None = None) -> None:
        """Start a new ledger and new accounts on the morning of `day`, and open the office.

        Points brought forward are valued by the policy that promised them.
        """
        self.day = self._origin = day
        self._is_shown = False  # whether an outcome holds the arrays, which are then copied before life goes on
        for account in ("gmv", "margin", "benefit_cost", "orders"):
            self.shoppers[account] = 0
        self._opening = position_of(self.shoppers, self.cards, day)
        self._opening_shoppers = np.zeros(len(self.shoppers), OPENING)
        self._opening_shoppers["last_order_day"] = self.shoppers["last_order_day"]
        self._opening_shoppers["points_balance"] = points_owed(self.shoppers, self.cards)
        self._opening_shoppers["credit"] = credits_owed(self.shoppers, self.cards)
        self._opening_liability = points_liability(opened_under or self.policy, self._opening.points)
        self._opening_liability += self._opening.credits
        self._ledger = new_ledger(max(self.calendar.launch, self.calendar.end - day))
        self._office = Office(self.policy, self.scenario, self.calendar, self._market, day)

    @property
    def launch(self) -> int:
        """Return the day on which the warm-up ends."""
        return self.calendar.launch

    @property
    def end(self) -> int:
        """Return the day after the horizon's last."""
        return self.calendar.end

    def run(self, until: int, *, day_by_day: bool = False) -> Outcome:
        """Live until the morning of day `until` and return what happened since the books were opened.

        `day_by_day` uses the other driver, with the same results. Raises IdentityError when the books do not tie out.
        """
        if not self.day <= until <= min(LAST_DAY, self._origin + len(self._ledger)):
            raise ValueError(f"until ({until}) must lie between today ({self.day}) and the end of the books")
        if self.day < until and self._is_shown:
            self.shoppers, self.cards = self.shoppers.copy(), self.cards.copy()
            self._ledger, self._is_shown = self._ledger.copy(), False
        while self.day < until:
            next_business = self._office.morning(self.day)
            self._live(min(next_business, until), day_by_day)
        if self.day > self._origin:
            kernel.close_books(self.shoppers, self._table.programme, self._market, self._ledger, self.day, self._origin)
        self._market["fees_until"] = self.day
        return self._outcome()

    def _live(self, until: int, day_by_day: bool) -> None:
        """Carry the population from today to `until`, the month's office work first."""
        table = self._table
        records = (
            self.shoppers, self.cards, self._due, table.terms, table.programme, self._behaviour, self._market,
            self._order, self._ledger,
        )  # fmt: skip
        address = (self._hashed_seed, self.region.first)
        opens = self._office.opens_month
        if day_by_day:
            if opens:
                kernel.open_month_for_all(*records, self.day, self._origin, *address)
            kernel.live_day_by_day(*records, self.day, until, self._origin, *address)
        else:
            kernel.live_shopper_by_shopper(*records, self.day, until, self._origin, *address, opens)
        if opens:
            table.programme["launches"] = table.programme["migrates"] = table.programme["takes_over"] = 0
        self.day = until
        if until == self.launch:
            self._settle()

    def _settle(self) -> None:
        """Carry attrition up to today under today's terms: on launch day for every arm, so that arms differ by policy
        only.
        """
        address = (self._hashed_seed, self.region.first)
        kernel.settle_everyone(self.shoppers, self._table.terms, self._behaviour, self._market, self.day, *address)

    def _outcome(self) -> Outcome:
        days = self.day - self._origin
        closing = position_of(self.shoppers, self.cards, self.day)
        fail_if_broken(Books(self._opening, self._ledger[:days], closing))
        self._is_shown = True
        return Outcome(
            policy=self.policy,
            scenario=self.scenario,
            seed=self.seed,
            first_day=self._origin,
            start=self.calendar.date_of(self._origin),
            ledger=self._ledger[:days],
            shoppers=self.shoppers,
            cards=self.cards,
            opening=self._opening,
            closing=closing,
            opening_shoppers=self._opening_shoppers,
            opening_liability=self._opening_liability,
        )

    def snapshot(self) -> Snapshot:
        """Return a copy of everything that is needed to go on from this morning; shoppers' accounts restart there."""
        return Snapshot(
            policy=self.policy,
            scenario=self.scenario,
            population=self.population,
            seed=self.seed,
            region=self.region.number,
            day=self.day,
            shoppers=self.shoppers.copy(),
            cards=self.cards.copy(),
            due=self._due.copy(),
            market=self._market.copy(),
        )

    @classmethod
    def resume(cls, snapshot: Snapshot, policy: Policy | None = None) -> World:
        """Return a world that goes on from `snapshot`, under `policy` if given: the arm of an experiment.

        A tier ladder that differs from the incumbent's is applied at the next review without pleasing or hurting
        anyone.
        """
        world = cls.__new__(cls)
        world.scenario, world.population, world.seed = snapshot.scenario, snapshot.population, snapshot.seed
        world.region = regions_of(snapshot.scenario)[snapshot.region]
        arm = policy or snapshot.policy
        fail_if_policy_does_not_fit(arm, snapshot.scenario)
        world._market = snapshot.market.copy()
        world.shoppers, world._due = snapshot.shoppers.copy(), snapshot.due.copy()
        if arm.digest() != snapshot.policy.digest():
            world._prepare(snapshot.policy)
            world.day = snapshot.day
            world._settle()
        world._prepare(arm)
        world.cards = cards_for(arm, snapshot.scenario, snapshot.cards, len(world.shoppers))
        ladder = [tier.threshold for tier in snapshot.policy.tiers.values()]
        world._table.programme["keeps_cards"] |= len(world.cards) == len(world.shoppers) > 1
        world._table.programme["launches"] = 1
        if arm.digest() != snapshot.policy.digest():
            world._table.programme["takes_over"] = 1
            region = world.region
            stock_rewards(world._market, arm, region.first, region.count, snapshot.scenario.population.shoppers)
        world._table.programme["migrates"] = int([tier.threshold for tier in arm.tiers.values()] != ladder)
        assert world.shoppers.dtype == SHOPPER
        world._open_books(snapshot.day, opened_under=snapshot.policy)
        return world

    def fork(self, policy: Policy) -> World:
        """Return a world that goes on from this morning under `policy`, with the same shoppers and random numbers."""
        return World.resume(self.snapshot(), policy)

    def save(self, path: Path) -> None:
        """Write this morning's snapshot to one file, whole or not at all."""
        write_snapshot(self.snapshot(), path)

    @classmethod
    def load(cls, path: Path) -> World:
        """Return the world that `save` wrote. Raises DocumentError for a damaged or foreign file."""
        return cls.resume(read_snapshot(path))


def warm_up(
    scenario: Scenario, *, incumbent: Policy | None = None, seed: int | None = None, region: int = 0,
    population: Population | None = None,
) -> Snapshot:  # fmt: skip
    """Return the snapshot on launch day after the warm-up under the incumbent (the scenario's unless given)."""
    policy = incumbent or load_policy(scenario.incumbent)
    world = World(policy, scenario, seed=seed, region=region, population=population)
    world.run(world.launch)
    return world.snapshot()
