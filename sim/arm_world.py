"""One arm of a rollout: a policy with its office and ledger, for those of the region's shoppers who live under it.

Serves the rollout's world. All arms hold the same arrays of shoppers, cards and due days; an arm carries the cohorts
that have come under its policy, one after the other, and posts to a ledger of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, in_force, same_ladder

from .campaign_report import campaign_report
from .change_programme import change_programme
from .cohort import ENTRY_FLAGS, EVERYBODY, NOTHING_TO_DO, PROMISES, Cohort, promises_in
from .cut_over_terms import prepare_cut_over
from .identities import Books, fail_if_broken
from .ledger import new_ledger
from .market import UNLIMITED
from .outcome import Outcome, points_liability
from .position import Position, position_of
from .region import part_of
from .shared_business import SharedBusiness
from .snapshot import Snapshot
from .threshold_habit import remember_threshold
from .world import World

LASTING = tuple(name for name in PROMISES.names or () if name != "converted_by_age")
"""Fields of the market that hold what a cohort was promised at its cut-over; the other counts for the whole arm."""

ACCOUNTS = ("gmv", "margin", "benefit_cost", "orders")
"""What a position holds of the shoppers' own accounts, which are compared with a ledger and have no opening."""


class ArmWorld(World):
    """The shoppers of a region who live under one policy while others live under others."""

    lane = 0
    cohorts: list[Cohort]
    moved: Position
    """What came with shoppers who moved here, less what left with others, as of the days on which they moved."""
    points_moved: dict[int, int]
    """The points among these, by day."""
    brought_forward: int
    """Value in cents of the points and credits that came, less that of those that left."""
    _is_carrying = False
    _is_open = False
    news: NDArray[np.void]
    """What the arm's shoppers wrote to the desk on the day that ends now."""
    _cohort_numbers: NDArray[np.uint8] = EVERYBODY
    _lane_numbers: NDArray[np.uint8] = EVERYBODY

    @classmethod
    def open(
        cls, snapshot: Snapshot, policy: Policy | None, lane: int, cohorts: NDArray[np.uint8], lanes: NDArray[np.uint8]
    ) -> ArmWorld:
        """Return the arm number `lane` as of the morning of `snapshot`, as yet without shoppers.

        `cohorts` and `lanes` (shape: shoppers) say where everybody lives; they change as shoppers move.
        """
        arm = cls.resume(snapshot, policy)
        assert isinstance(arm, ArmWorld)
        arm.lane = lane
        arm.cohorts, arm.moved, arm.points_moved, arm.brought_forward = [], Position(), {}, 0
        arm._cohort_numbers, arm._lane_numbers = cohorts, lanes
        arm._table.programme["has_cohorts"] = 1
        for flag in ENTRY_FLAGS:  # each cohort has its own
            arm._table.programme[flag] = 0
        arm._opening, arm._is_open = Position(), True
        return arm

    def share_records(
        self, shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], keeps_cards: bool
    ) -> None:
        """Hold the arrays that all arms hold."""
        self.shoppers, self.cards, self._due = shoppers, cards, due
        self._table.programme["keeps_cards"] = keeps_cards

    def serve(self, members: int) -> None:
        """Take the arm's part of what the policy limits, now that `members` shoppers of the region live under it.

        Budgets that open later, costs of events and stocks are written for everybody; a campaign that is on keeps the
        budget with which it opened.
        """
        before = self._part.members
        self._part.members = members
        costs = [0 if one.event is None else self._part.of(one.event.cost) for one in self.policy.campaigns.values()]
        self._table.programme["campaign_cost"][0, : len(costs)] = costs
        stocked = False
        if self.policy.points is not None:
            for place, reward in enumerate(self.policy.points.rewards.values()):
                if reward.stock is not None:
                    stocked = True
                    self._restock(place, reward.stock, before, members)
        if (pool := self.policy.special_price_pool) is not None:
            stocked = True
            whole = part_of(pool.units, self.region.number, self.scenario.regions)
            self._shared.units = whole * members // self.region.count
            self._market["pool_left"] = min(int(self._market["pool_left"][0]), self._shared.units)
        if stocked:
            self._open_office()

    def _restock(self, place: int, stock: int, before: int | None, members: int) -> None:
        """Put in what a growing arm's part grows by, or hand on what a shrinking one's shrinks by."""
        left = int(self._market["rewards_left"][0, place])
        if left == UNLIMITED:
            return
        if before is None or members < before:
            left = left * members // (self.region.count if before is None else before)
        else:
            whole = replace(self._part, members=None).of(stock)
            left += whole * members // self.region.count - whole * before // self.region.count
        self._market["rewards_left"][0, place] = left

    @property
    def shared(self) -> SharedBusiness:
        """Return what the arm's shoppers share."""
        return self._shared

    @property
    def due(self) -> NDArray[np.int16]:
        """Return the day of each shopper's next event."""
        return self._due

    @property
    def opening_shoppers(self) -> NDArray[np.void]:
        """Return what each shopper of the region owned when the books were opened."""
        return self._opening_shoppers

    @property
    def hashed_seed(self) -> np.uint64:
        """Return the seed from which the keys of shoppers are made."""
        return self._hashed_seed

    @property
    def evening_rows(self) -> NDArray[np.void]:
        """Return the ledger's rows of the day that ends now (shape: states)."""
        return np.asarray(self._ledger[self.day - 1 - self._origin])

    # who comes and who goes

    def leave(self, cohort: Cohort, places: NDArray[np.int64], *, settles: bool) -> tuple[Position, int]:
        """Close the books of shoppers who leave today, all of them of `cohort`, a new one; return what they own, and
        the value of their points and credits under this policy in cents.
        """
        with self._carrying(cohort):
            if settles:
                self._settle()
            if self.day > self._origin:
                self._close_books(0, len(self.shoppers))
        position = position_of(self.shoppers[places], self._cards_of(places), self.day)
        value = points_liability(self._before(self.policy), position.points) + position.credits
        self._move(position, value, -1)
        return position, value

    def welcome(self, cohort: Cohort, position: Position, value: int, former: Policy) -> None:
        """Take in a cohort that comes from the policy `former` with what it owns, valued as there."""
        self._move(position, value, 1)
        if self.policy.digest() != former.digest():
            memory = self._market.copy()
            memory["used_free_from"], memory["threshold_rose"] = cohort.used_free_from, cohort.threshold_rose
            remember_threshold(memory, self.policy, former, self.day)
            cohort.used_free_from = int(memory["used_free_from"][0])
            cohort.threshold_rose = int(memory["threshold_rose"][0])
            self._prepare_cut_over(memory, former)
            cohort.promises = promises_in(memory)
        takes_over = self.policy.digest() != former.digest()
        cuts_over = takes_over and self._cut_over.migration is not None
        cohort.flags = (1, int(takes_over), int(not same_ladder(self.policy, former)), int(cuts_over))
        self.cohorts.append(cohort)

    def _move(self, position: Position, value: int, sign: int) -> None:
        """Book what comes with shoppers this morning, or leaves with them."""
        self.moved = added(self.moved, position, sign)
        self.points_moved[self.day] = self.points_moved.get(self.day, 0) + sign * position.points
        self.brought_forward += sign * value

    @property
    def _cut_over(self) -> Policy:
        """Return the policy with what it says of coming from the one before; going back is no cut-over."""
        return self.policy.model_copy(update={"migration": None}) if self.lane == 0 else self.policy

    def _prepare_cut_over(self, memory: NDArray[np.void], former: Policy) -> None:
        """Write into the programme what becomes of what a cohort brings along, and into `memory` what lasts of it."""
        programme = self._table.programme
        prepare_cut_over(programme, memory, self._cut_over, self._before(former), self.calendar, self.day)
        programme["cuts_over"] = 0  # but for the cohort that enters

    def _cards_of(self, places: NDArray[np.int64]) -> NDArray[np.void]:
        return np.asarray(self.cards[places] if self._table.programme["keeps_cards"][0] else self.cards)

    # life

    def morning(self) -> int:
        """Let the office do its morning; return the day of its next business."""
        return self._office.morning(self.day)

    def carry_to(self, until: int, day_by_day: bool | None = None) -> None:
        """Carry the arm's shoppers from today, whose morning is done, to `until`."""
        self._carry_all(until, self._shared.is_kept if day_by_day is None else day_by_day)

    def earn_fees(self) -> None:
        """Let all fees be earned up to today."""
        if self.day > self._origin:
            self._close_books(0, len(self.shoppers))
        self._market["fees_until"] = self.day

    def _settle(self) -> None:
        if self._is_carrying or not self._is_open:
            super()._settle()
            return
        for cohort in self.cohorts:
            with self._carrying(cohort):
                super()._settle()

    def _here(self) -> NDArray[np.bool_]:
        return np.asarray(self._lane_numbers == self.lane)

    def _cohorts_of(self, start: int, end: int) -> NDArray[np.uint8]:
        return self._cohort_numbers[start:end] if len(self._cohort_numbers) > 1 else EVERYBODY

    def _lanes_of(self, start: int, end: int) -> NDArray[np.uint8]:
        return self._lane_numbers[start:end] if len(self._lane_numbers) > 1 else EVERYBODY

    def _announce(self, start: int, end: int) -> None:
        self._table.programme["cohort"] = self.lane
        super()._announce(start, end)

    def _carry(self, start: int, end: int, until: int, day_by_day: bool) -> None:
        for cohort in self.cohorts:
            with self._carrying(cohort):
                if any(cohort.flags) and not self._office.opens_month:
                    self._change_programme(start, end)
                super()._carry(start, end, until, day_by_day)

    def _carry_all(self, until: int, day_by_day: bool) -> None:
        super()._carry_all(until, day_by_day)
        for cohort in self.cohorts:
            cohort.flags = NOTHING_TO_DO

    def _close_day(self) -> None:
        """Keep today's news for the desk that all arms share; without one nothing of the evening is left."""
        self.news = self._shared.day_book[: int(self._market["notices"][0])].copy()
        self._market["notices"] = 0

    def _change_programme(self, start: int, end: int) -> None:
        change_programme(
            *self._records(start, end), self._table.terms, self._table.programme, self._behaviour, self._market,
            self._ledger, self._cohorts_of(start, end), self.day, self._origin, self._hashed_seed,
            self.region.first + start,
        )  # fmt: skip

    def _close_books(self, start: int, end: int) -> None:
        if self._is_carrying:
            super()._close_books(start, end)
            return
        for cohort in self.cohorts:
            with self._carrying(cohort):
                super()._close_books(start, end)

    @contextmanager
    def _carrying(self, cohort: Cohort) -> Iterator[None]:
        """Let the kernels carry this cohort alone, under its own flags, its own memory and its own fees."""
        programme, market = self._table.programme, self._market
        programme["cohort"] = cohort.number
        for flag, value in zip(ENTRY_FLAGS, cohort.flags, strict=True):
            programme[flag] = value
        kept = {name: int(market[name][0]) for name in ("used_free_from", "threshold_rose", "fees_from", "fees_until")}
        market["used_free_from"], market["threshold_rose"] = cohort.used_free_from, cohort.threshold_rose
        promised = {name: market[name].copy() for name in LASTING}
        for name in LASTING:
            market[name] = cohort.promises[name]
        for name in ("fees_from", "fees_until"):
            market[name] = max(kept[name], cohort.entered)
        self._order["habit"] = self._order["fee_loss"] = 0.0  # else those of another cohort, which has one
        self._is_carrying = True
        yield
        self._is_carrying = False
        for name, before in {**kept, **promised}.items():
            market[name] = before
        for flag in ENTRY_FLAGS:
            programme[flag] = 0

    # what came of it

    def outcome_since(self, launch: int, opening: Position, former: Policy) -> Outcome:
        """Return what came of the arm since `launch`; `opening` is what its shoppers owned then, under `former`.

        Raises IdentityError when the books do not tie out, movements between arms among them.
        """
        places = np.flatnonzero(self._lane_numbers == self.lane)
        shoppers, cards = self.shoppers[places], self._cards_of(places)
        owned = position_of(shoppers, cards, self.day)
        closing = replace(owned, **{name: getattr(owned, name) - getattr(self.moved, name) for name in ACCOUNTS})
        brought = replace(added(opening, self.moved, 1), **dict.fromkeys(ACCOUNTS, 0))
        ledger = new_ledger(self.day - launch)
        ledger[self._origin - launch :] = self._ledger[: self.day - self._origin]
        points_moved = {day - launch: points for day, points in self.points_moved.items()}
        fail_if_broken(Books(brought, ledger, closing, points_moved=points_moved))
        eve = self.calendar.date_of(launch - 1)
        value = points_liability(in_force(former, eve), opening.points) + opening.credits
        return Outcome(
            policy=self.policy,
            scenario=self.scenario,
            seed=self.seed,
            first_day=launch,
            start=self.calendar.date_of(launch),
            ledger=ledger,
            shoppers=shoppers,
            cards=cards.copy(),
            opening=brought,
            closing=closing,
            opening_shoppers=self._opening_shoppers[places],
            opened_under=former,
            campaigns=campaign_report(self._market, len(self.policy.campaigns), self.day),
            brought_forward=value + self.brought_forward,
            points_moved=points_moved,
        )

    def remember_opening(self, opening_shoppers: NDArray[np.void]) -> None:
        """Know what each shopper of the region owned when the rollout's books were opened."""
        self._opening_shoppers = opening_shoppers


def added(one: Position, other: Position, sign: int) -> Position:
    """Return `one` and `sign` times `other`, field by field."""
    return Position(**{name: getattr(one, name) + sign * getattr(other, name) for name in Position.__slots__})
