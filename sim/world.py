"""One region of a virtual market: shoppers, ledger and clock. It runs, is photographed, forks into arms, saves and
loads.

Serves the experiments: the warm-up is simulated once under the incumbent policy, and every arm goes on from the same
snapshot with the same random numbers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import simpy
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy, same_ladder
from memberlab.scenarios import Members, Population, Scenario, load_population, members_in

from . import kernel
from .acquisition import arrivals_under_shocks
from .after_order import follows_orders
from .announce import announce_campaigns
from .arrivals import draw_shoppers, first_order_days, set_first_orders
from .assumptions import behaviour_record
from .bookkeeping import Bookkeeping
from .calendar import calendar_of
from .campaign_office import Arrays, CampaignDesk, Part, carry_month
from .campaign_report import campaign_report, open_report
from .campaign_table import forget_campaigns
from .card import are_kept, blank_card, cards_for, forget_occasions
from .cohort import EVERYBODY
from .cut_over_terms import prepare_cut_over
from .devaluation import announce_devaluation, devalue
from .fit import fail_if_policy_does_not_fit
from .friends import Likeness
from .gifts import remember_tiers
from .identities import Books, fail_if_broken
from .in_force import in_force_on
from .keyed_random import hashed
from .ledger import new_ledger
from .market import opening_market
from .member_opening import Opening, open_with_members
from .member_pilot import Pilot, pilot_of
from .member_ties import Tie
from .newcomers import reserve_of, surge_of
from .office import Office
from .order import new_order
from .outcome import OPENING, Outcome
from .points_office import stock_rewards
from .position import credits_owed, points_owed, position_of
from .programme_table import ProgrammeTable, compile_policy
from .promises import (
    forget_expiry,
    loses_expiry,
    loses_value,
    note_hunters,
    note_reminders,
    reminds_earlier,
    take_over_changes,
)
from .region import everybody, regions_of
from .shared_business import SharedBusiness, shares_business
from .shopper import LAST_DAY, NEVER, SHOPPER
from .snapshot import Snapshot, read_snapshot, write_snapshot
from .standing_history import prepare_standing
from .tape import FLAGS
from .threshold_habit import remember_threshold


class World:
    """Shoppers, ledger and SimPy clock of one region under one policy."""

    ties: tuple[Tie, ...] = ()
    """Figures of the member file beside those of the world, where it was opened with one."""
    _accounts: NDArray[np.void] | None = None

    def __init__(
        self,
        policy: Policy,
        scenario: Scenario,
        *,
        seed: int | None = None,
        region: int = 0,
        population: Population | None = None,
        first_orders: NDArray[np.int64] | None = None,
        pilot: Pilot | None = None,
    ) -> None:
        """Draw the region's shoppers on day 0; with a member file lay them down on the as-of morning.

        `seed` replaces the scenario's, `population` the one it names; `first_orders` (shape: shoppers of the region)
        sets the day of each first order instead of drawing it, `pilot` tells what a member file cannot instead of
        being lived. Raises DocumentError when policy, scenario and member file do not fit.
        """
        fail_if_policy_does_not_fit(policy, scenario)
        members = members_in(scenario)
        self.scenario = scenario
        self.population = population or load_population(scenario.population.source)
        self.seed = scenario.seed if seed is None else seed
        self.region = regions_of(scenario)[region]
        self._prepare(policy, 0 if members is None else calendar_of(scenario).launch)
        self._market = opening_market(scenario, self.population)
        launch, end = self.calendar.launch, self.calendar.end
        first, count = self.region.first, self.region.count
        self.shoppers = draw_shoppers(scenario, self.population, self._behaviour, self._hashed_seed, first, count)
        if first_orders is None:
            first_orders = first_order_days(scenario, self.population, self._hashed_seed, first, count, launch, end)
            first_orders[reserve_of(scenario, first, count)] = NEVER
            more = surge_of(scenario, first, count)
            first_orders = arrivals_under_shocks(
                first_orders, scenario, self.population, self._hashed_seed, first, more
            )  # fmt: skip
        self._due = set_first_orders(self.shoppers, first_orders)
        self.cards = cards_for(policy, scenario, blank_card(), count)
        note_hunters(self.cards, scenario, self._hashed_seed, first)
        if members is not None:
            self._lay_members(members, pilot)
        stock_rewards(self._market, policy, first, count, everybody(scenario))
        self._shared = SharedBusiness(policy, scenario, self.region)
        self._open_books(day=0 if members is None else launch)

    def _lay_members(self, members: Members, pilot: Pilot | None) -> None:
        """Lay the region's part of the members down as they are on launch morning, and check that they tie out."""
        opening = Opening(
            policy=self.policy, scenario=self.scenario, population=self.population, calendar=self.calendar,
            pilot=pilot or pilot_of(self.policy, self.scenario, self.population, self.seed), table=self._table,
            behaviour=self._behaviour, market=self._market, hashed_seed=self._hashed_seed, region=self.region,
        )  # fmt: skip
        self.cards, self.ties = open_with_members(opening, members, self.shoppers, self.cards, self._due)
        self._accounts = self.shoppers[["gmv", "orders"]].copy()

    def _prepare(self, policy: Policy, day: int) -> None:
        """Compile what follows from policy, scenario and seed, as of the evening before `day`."""
        self.policy = policy
        self.calendar = calendar_of(self.scenario)
        self._hashed_seed = hashed(self.seed)
        self._behaviour = behaviour_record(self.scenario.assumptions, file=self.scenario.name)
        self._table = compile_policy(self._in_force(day - 1), self.scenario, self._behaviour)
        self._table.programme["follows_orders"] = follows_orders(policy, self.scenario)
        self._table.programme["keeps_day_book"] = shares_business(policy, self.scenario)
        self._part = Part(self.region.first, self.region.count, everybody(self.scenario))
        costs = self._table.programme["campaign_cost"]
        costs[...] = [[self._part.of(int(cost)) for cost in costs[0]]]
        self._order = new_order()
        self._likeness = Likeness(self.scenario, self.population, self._behaviour, self._hashed_seed, self.region.first)

    def _open_books(self, day: int, *, opened_under: Policy | None = None) -> None:
        """Start a new ledger and new accounts on the morning of `day`, and open the office.

        Points brought forward are valued by the policy that promised them.
        """
        self.day = self._origin = day
        self._table.programme["keeps_cards"] = are_kept(self.cards)
        self._is_shown = False  # whether an outcome holds the arrays, which are then copied before life goes on
        for account in ("gmv", "margin", "benefit_cost", "orders"):
            self.shoppers[account] = 0
        self._opening = position_of(self.shoppers, self.cards, day)
        self._opening_shoppers = np.zeros(len(self.shoppers), OPENING)
        for field in ("last_order_day", "tier", "status"):
            self._opening_shoppers[field] = self.shoppers[field]
        self._opening_shoppers["prior_spend"] = self.shoppers["window_spend"]
        self._opening_shoppers["points_balance"] = points_owed(self.shoppers, self.cards)
        self._opening_shoppers["credit"] = credits_owed(self.shoppers, self.cards)
        self._opened_under = opened_under or self.policy
        self._ledger = new_ledger(max(self.calendar.launch, self.calendar.end - day))
        self._books = Bookkeeping(self.calendar)
        open_report(self._market, day)
        self._open_office()

    def _open_office(self) -> None:
        """Open the office as of this morning."""
        desk = self._open_desk if self.policy.campaigns else None
        self._office = Office(
            self.policy, self.scenario, self.calendar, self._market, self.day, self._shared, desk
        )  # fmt: skip

    def keep_books(self, twin: NDArray[np.uint8] | None = None) -> None:
        """Keep what finance needs beside the ledger, from this morning on: see `KeptBooks`.

        `twin` are the order days of the same shoppers in another arm (shape: shoppers x bytes). Raises ValueError when
        life has gone on since the books were opened, on a day that opens no month, and for a twin of other shoppers.
        """
        if self.day != self._origin or self.day not in self.calendar.month_starts:
            raise ValueError(f"books can be kept from an opening at the start of a month on, not from day {self.day}")
        place = self._table.programme, self._market, len(self.shoppers), len(self._ledger)
        self._ledger = self._books.begin(*place, twin)
        self._note_month_end()

    def _note_month_end(self) -> None:
        self._books.note_month_end(self.shoppers, self.cards, self._table.programme, self._market, self.day)

    def _open_desk(self, environment: simpy.Environment) -> None:
        """Start the processes of the campaigns."""
        CampaignDesk(environment, self.policy, self.calendar, self._market, self._part, self._arrays)

    def _arrays(self) -> Arrays:
        return Arrays(self.shoppers, self.cards, self._ledger, self._origin)

    @property
    def launch(self) -> int:
        """Return the day on which the warm-up ends."""
        return self.calendar.launch

    @property
    def end(self) -> int:
        """Return the day after the horizon's last."""
        return self.calendar.end

    def run(self, until: int, *, day_by_day: bool | None = None) -> Outcome:
        """Live until the morning of day `until` and return what happened since the books were opened.

        `day_by_day` chooses the driver, with the same results; left out, it is the faster one for this policy. Raises
        IdentityError when the books do not tie out.
        """
        self.live(until, day_by_day=day_by_day)
        if self.day > self._origin:
            self._close_books(0, len(self.shoppers))
        self._note_month_end()
        self._market["fees_until"] = self.day
        return self._outcome()

    def live(self, until: int, *, day_by_day: bool | None = None) -> None:
        """Live until the morning of day `until` as `run` does and leave the books open, for whoever looks on day by
        day.
        """
        if not self.day <= until <= min(LAST_DAY, self._origin + len(self._ledger)):
            raise ValueError(f"until ({until}) must lie between today ({self.day}) and the end of the books")
        if self.day < until and self._is_shown:
            self.shoppers, self.cards = self.shoppers.copy(), self.cards.copy()
            self._ledger, self._is_shown = self._ledger.copy(), False
        if day_by_day is None:
            day_by_day = self._shared.is_kept
        while self.day < until:
            self._note_month_end()
            next_business = self._office.morning(self.day)
            self._carry_all(min(next_business, until), day_by_day)

    def _carry_all(self, until: int, day_by_day: bool) -> None:
        """Carry the population from today to `until`, the month's office work first."""
        table = self._table
        if self._office.adoption is not None:
            self._settle()
            self._market["rival_adoption"] = self._office.adoption
        if self._office.changes_promises:
            self._change_promises()
        if self._office.announces_devaluation:
            self._announce_devaluation()
        if self._market["campaigns_open_today"][0]:
            self._announce(0, len(self.shoppers))
        first = self._shared.first_to_come(self.day, self._hashed_seed)
        for start, end in ((first, len(self.shoppers)), (0, first)) if first else ((0, len(self.shoppers)),):
            self._carry(start, end, until, day_by_day)
        if self._shared.is_kept:
            self._close_day()
        if self._office.opens_month:
            for flag in FLAGS:
                table.programme[flag] = 0
        self.day = until
        if until == self.launch:
            self._settle()

    def _close_day(self) -> None:
        """See to what shoppers share today, in the evening."""
        self._shared.close_day(
            self.shoppers, self.cards, self._due, self._table, self._behaviour, self._market,
            self._ledger[self.day - self._origin], self.day, self._hashed_seed, self.region.first, self._likeness,
        )  # fmt: skip

    def _in_force(self, day: int) -> Policy:
        """Return the policy as it holds on `day`."""
        return in_force_on(self.policy, self.scenario, self.calendar.date_of(day))

    def _before(self, former: Policy) -> Policy:
        """Return the policy before as it held on the evening before today's launch."""
        return in_force_on(former, self.scenario, self.calendar.date_of(self.day - 1))

    def _change_promises(self) -> None:
        """Put into force what holds from this morning on: less valuable points, or a law about expiry and renewals."""
        if loses_value(self.policy, self.calendar.date_of(self.day)):
            self._settle()
            devalue(
                self.shoppers, self.cards, self.policy, self._table.programme[0], self._behaviour[0], self._market[0],
                self._ledger[self.day - self._origin], self._here(),
            )  # fmt: skip
        before, after = self._in_force(self.day - 1), self._in_force(self.day)
        take_over_changes(self._table, before, after, self.scenario, self._behaviour)
        if are_kept(self.cards) and loses_expiry(before, after):
            forget_expiry(self.cards, self._table, self._here())
        if are_kept(self.cards) and reminds_earlier(before, after):
            note_reminders(
                self.shoppers, self.cards, self._due, self._table.programme[0], self._market[0],
                self._ledger[self.day - self._origin], self._here(), self.day,
            )  # fmt: skip

    def _announce_devaluation(self) -> None:
        """Tell members that their points will lose value."""
        announce_devaluation(
            self.shoppers, self.cards, self._due, self._table.programme[0], self._behaviour[0], self._market[0],
            self._ledger[self.day - self._origin], self._here(), self.day, self._hashed_seed, self.region.first,
        )  # fmt: skip

    def _here(self) -> NDArray[np.bool_]:
        """Return who lives under the policy (shape: shoppers): everybody outside a rollout."""
        return np.ones(len(self.shoppers), bool)

    def _records(self, start: int, end: int) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.int16]]:
        """Return shoppers, cards and due days of the places `start` to `end - 1`."""
        cards = self.cards[start:end] if self._table.programme["keeps_cards"][0] else self.cards
        return self.shoppers[start:end], cards, self._due[start:end]

    def _cohorts_of(self, start: int, end: int) -> NDArray[np.uint8]:
        """Return the cohorts of the places `start` to `end - 1`; the one place that all share outside a rollout."""
        return EVERYBODY

    def _lanes_of(self, start: int, end: int) -> NDArray[np.uint8]:
        """Return the lanes of these places, for what all cohorts of a lane share."""
        return EVERYBODY

    def _announce(self, start: int, end: int) -> None:
        """Let the shoppers of these places hear of the campaigns that open today."""
        announce_campaigns(
            *self._records(start, end), self._table.terms, self._table.programme, self._behaviour, self._market,
            self._ledger, self._lanes_of(start, end), self.day, self._origin, self._hashed_seed,
            self.region.first + start,
        )  # fmt: skip

    def _carry(self, start: int, end: int, until: int, day_by_day: bool) -> None:
        """Carry the shoppers of these places from today to `until`."""
        opens = self._office.opens_month
        records = (
            *self._records(start, end), self._table.terms, self._table.programme, self._behaviour,
            self._market, self._order, self._shared.day_book, self._ledger,
        )  # fmt: skip
        order_days, cohorts = self._books.order_days(start, end), self._cohorts_of(start, end)
        address = (self._hashed_seed, self.region.first + start)
        if day_by_day:
            if opens:
                kernel.open_month_for_all(*records, cohorts, self.day, self._origin, *address)
            kernel.live_day_by_day(*records, order_days, cohorts, self.day, until, self._origin, *address)
        else:
            days = (order_days, cohorts, self.day, until, self._origin)
            kernel.live_shopper_by_shopper(*records, *days, *address, opens)

    def _close_books(self, start: int, end: int) -> None:
        """Let the fees of these places be earned up to today."""
        shoppers, cards, _ = self._records(start, end)
        kernel.close_books(
            shoppers, cards, self._table.programme, self._market, self._ledger, self._cohorts_of(start, end), self.day,
            self._origin,
        )  # fmt: skip

    def _settle(self) -> None:
        """Carry attrition up to today under today's terms: on launch day for every arm, so that arms differ by policy
        only.
        """
        address = (self._hashed_seed, self.region.first)
        table = self._table
        records = (self.shoppers, self.cards, table.terms, table.programme, self._behaviour, self._market)
        kernel.settle_everyone(*records, self._cohorts_of(0, len(self.shoppers)), self.day, *address)

    def _outcome(self) -> Outcome:
        closing = position_of(self.shoppers, self.cards, self.day)
        ledger, books = self._books.closed(self._ledger[: self.day - self._origin])
        fail_if_broken(Books(self._opening, ledger, closing, books.month_ends if books else None))
        self._is_shown = True
        return Outcome(
            policy=self.policy,
            scenario=self.scenario,
            seed=self.seed,
            first_day=self._origin,
            start=self.calendar.date_of(self._origin),
            ledger=ledger,
            shoppers=self.shoppers,
            cards=self.cards,
            opening=self._opening,
            closing=closing,
            opening_shoppers=self._opening_shoppers,
            opened_under=self._opened_under,
            campaigns=campaign_report(self._market, len(self.policy.campaigns), self.day),
            books=books,
        )

    def snapshot(self) -> Snapshot:
        """Return a copy of everything that is needed to go on from this morning; shoppers' accounts restart there."""
        market = self._market.copy()
        carry_month(market, self._ledger, self._origin, self.calendar, self.day)
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
            market=market,
            waiting=self._shared.waiting.copy(),
            agents=self._shared.agents.copy(),
            rewards=self._shared.rewards.copy(),
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
            world._prepare(snapshot.policy, snapshot.day)
            world.cards = cards_for(snapshot.policy, snapshot.scenario, snapshot.cards, len(world.shoppers))
            world.day = snapshot.day
            world._settle()
        world._prepare(arm, snapshot.day)
        world.cards = cards_for(arm, snapshot.scenario, snapshot.cards, len(world.shoppers))
        world._shared = SharedBusiness(
            arm, snapshot.scenario, world.region, snapshot.waiting, snapshot.agents, snapshot.rewards
        )
        if arm.campaigns != snapshot.policy.campaigns:
            forget_campaigns(world._market)
            forget_occasions(world.cards)
        world._table.programme["launches"] = 1
        if arm.digest() != snapshot.policy.digest():
            world._table.programme["takes_over"] = 1
            remember_threshold(world._market, arm, snapshot.policy, snapshot.day)
            region = world.region
            stock_rewards(world._market, arm, region.first, region.count, everybody(snapshot.scenario))
            taken_over = world._table.programme, world._market
            world.cards["kept_tier"] = 0  # of an earlier cut-over nothing lasts
            prepare_cut_over(*taken_over, arm, world._before(snapshot.policy), world.calendar, snapshot.day)
        world._table.programme["migrates"] = not same_ladder(arm, snapshot.policy)
        remember_tiers(world.cards, world.shoppers, arm, snapshot.policy)
        prepare_standing(world.cards, world.shoppers, arm, snapshot.policy, world.calendar, snapshot.day)
        assert world.shoppers.dtype == SHOPPER
        world._open_books(snapshot.day, opened_under=snapshot.policy)
        return world

    def recall_accounts(self, snapshot: Snapshot) -> None:
        """Write into a launch-day snapshot what the members of a file had spent and ordered before, as after a warm-up;
        a policy that counts something else towards tiers reads it there.
        """
        if self._accounts is not None:
            snapshot.shoppers["gmv"], snapshot.shoppers["orders"] = self._accounts["gmv"], self._accounts["orders"]

    @property
    def compiled(self) -> tuple[ProgrammeTable, NDArray[np.void], NDArray[np.void]]:
        """Return the policy's flat numbers, the assumptions and the market of the day: what the rules read."""
        return self._table, self._behaviour, self._market

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
    snapshot = world.snapshot()
    world.recall_accounts(snapshot)
    return snapshot
