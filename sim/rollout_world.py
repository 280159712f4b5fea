"""One region in which shoppers live under several policies at the same time, and move from one to another by stages.

Serves the rollout. There is one world of shoppers and an arm for each policy (sim/arm_world.py); arm 0 is the
incumbent. What a shopper does alone is exactly what the same shopper does where everybody lives under that policy;
budgets, stocks and the cost of events, which a policy states for everybody, are divided by the arms' shoppers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.scenarios import Rollout

from .arm_world import ArmWorld, added
from .card import are_kept, cards_for, forget_occasions, new_cards
from .cohort import MOST_COHORTS, Cohort, promises_in
from .cut_over_terms import fail_if_migration_does_not_fit
from .gifts import remember_tiers
from .outcome import Outcome
from .position import position_of
from .rollout_assignment import arms_drawn, eligible_today, places_drawn
from .shared_business import has_desk
from .shared_desk import close_desk_of_all
from .snapshot import Snapshot
from .standing_history import prepare_standing

INCUMBENT = 0
"""The arm of today's policy."""


class RolloutWorld:
    """The shoppers of one region in a rollout, from launch morning on."""

    def __init__(
        self, snapshot: Snapshot, rollout: Rollout, policies: Sequence[Policy], *, stays: bool = False
    ) -> None:  # fmt: skip
        """Open on the morning of `snapshot`, with everybody under its policy; `policies` are those of the arms, in
        order. If it `stays` so, nobody ever moves.

        Raises DocumentError when a policy does not fit the scenario.
        """
        for policy in (one for one in policies if one.digest() != snapshot.policy.digest()):
            fail_if_migration_does_not_fit(policy, snapshot.policy)
        self.rollout, self.policies = rollout, (snapshot.policy, *policies)
        count = len(snapshot.shoppers)
        self.cohorts = np.zeros(count, np.uint8)
        self.lanes = np.zeros(count, np.uint8)
        first = ArmWorld.open(snapshot, None, INCUMBENT, self.cohorts, self.lanes)
        self.launch, self.end, self.region = snapshot.day, first.end, first.region
        self._before = snapshot.shoppers[["gmv", "orders"]].copy()
        self._opening = position_of(first.shoppers, first.cards, self.launch)
        self._opening_shoppers = first.opening_shoppers
        market = first.compiled[2]
        everybody = Cohort(
            0, INCUMBENT, self.launch, int(market["used_free_from"][0]), int(market["threshold_rose"][0]),
            (1, 0, 0, 0), promises_in(market),
        )  # fmt: skip
        first.cohorts.append(everybody)
        first.remember_opening(self._opening_shoppers)
        self.arms: dict[int, ArmWorld] = {INCUMBENT: first}
        self.stopped: set[int] = set()
        self._share(first.shoppers, first.cards, first.due)
        region = self.region
        self.drawn = arms_drawn(rollout, region.first, region.count)
        self.places = places_drawn(rollout, region.first, region.count)
        self.eligible: NDArray[np.bool_] | None = None
        self.joined = np.full(count, -1, np.int16)
        self._steps = [] if stays else [step for step in rollout.schedule if self.launch + step.day < self.end]

    @property
    def day(self) -> int:
        """Return today."""
        return self.arms[INCUMBENT].day

    @property
    def shoppers(self) -> NDArray[np.void]:
        """Return the records of all shoppers, which life goes on to change."""
        return self.arms[INCUMBENT].shoppers

    @property
    def cards(self) -> NDArray[np.void]:
        """Return the cards of all shoppers, or the one that all share."""
        return self.arms[INCUMBENT].cards

    def live(self, until: int, *, day_by_day: bool | None = None) -> None:
        """Live until the morning of day `until`, moving shoppers on the days of the schedule before.

        `day_by_day` chooses the driver, with the same results.
        """
        if not self.day <= until <= self.end:
            raise ValueError(f"until ({until}) must lie between today ({self.day}) and the end ({self.end})")
        while self.day < until:
            self._take_steps()
            later = [self.launch + step.day for step in self._steps]
            ends = [arm.morning() for arm in self.arms.values()]
            stop = min([until, *ends, *later])
            for arm in self.arms.values():
                arm.carry_to(stop, day_by_day)
            if has_desk(self.policies[INCUMBENT]):
                close_desk_of_all(list(self.arms.values()), self.lanes)

    def earn_fees(self) -> None:
        """Let all fees be earned up to today, so that the shoppers' accounts are complete."""
        for arm in self.arms.values():
            arm.earn_fees()

    def stop(self, arm: int, *, goes_back: bool) -> None:
        """Let nobody join an arm any more, and let its shoppers go back to the incumbent this morning if it
        `goes_back`.
        """
        self.stopped.add(arm)
        if goes_back:
            self.move(np.flatnonzero(self.lanes == arm), INCUMBENT)

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return what came of each arm since launch, the incumbent's first, all fees earned up to today.

        Shoppers are those who live in the arm now. Raises IdentityError when the books of an arm do not tie out.
        """
        self.earn_fees()
        former = self.policies[INCUMBENT]
        found = []
        for number in range(len(self.policies)):
            arm = self.arms.get(number) or self._open(number)
            opening = self._opening if number == INCUMBENT else added(self._opening, self._opening, -1)
            found.append(arm.outcome_since(self.launch, opening, former))
        return tuple(found)

    # movements

    def _take_steps(self) -> None:
        """Move shoppers by the steps of the schedule that are due this morning."""
        while self._steps and self.launch + self._steps[0].day == self.day:
            step = self._steps.pop(0)
            if self.eligible is None:
                self.eligible = self._eligible_now()
                self._fail_if_an_arm_is_empty(step.share)
            if step.share == 0:
                for number in range(1, len(self.policies)):
                    self.stop(number, goes_back=True)
                continue
            joins = (self.places < step.share) & (self.eligible | step.of_everyone)
            for number in range(1, len(self.policies)):
                if number not in self.stopped:
                    self.move(np.flatnonzero(joins & (self.drawn == number) & (self.lanes == INCUMBENT)), number)

    def _eligible_now(self) -> NDArray[np.bool_]:
        first = self.arms[INCUMBENT]
        orders = self._before["orders"].astype(np.int64) + first.shoppers["orders"]
        return eligible_today(
            self.rollout.eligible, first.policy, first.shoppers, orders, first.cards, first.compiled[1], self.day,
            first.hashed_seed, self.region.first,
        )  # fmt: skip

    def _fail_if_an_arm_is_empty(self, share: int) -> None:
        assert self.eligible is not None
        for number, name in enumerate(self.rollout.arms, start=1):
            if not (self.eligible & (self.places < share) & (self.drawn == number)).any():
                few = int(self.eligible.sum())
                message = (
                    f"the arm has no shoppers in the pilot: {few:,} of {len(self.eligible):,} are eligible, and "
                    f"{share / 100:g} % of these take part; take more shoppers, a larger share or a wider segment"
                )
                raise DocumentError((Problem(self.rollout.name, None, f"arms.{name}", message),))

    def move(self, places: NDArray[np.int64], to: int) -> None:
        """Let the shoppers in `places`, none of whom is there, come under the policy of arm `to` this morning."""
        if len(places) == 0:
            return
        target = self.arms.get(to) or self._open(to)
        for old in np.unique(self.cohorts[places]):
            self._move_cohort(places[self.cohorts[places] == old], int(old), target)
        for number, arm in self.arms.items():
            arm.serve(int(np.count_nonzero(self.lanes == number)))

    def _move_cohort(self, places: NDArray[np.int64], old: int, target: ArmWorld) -> None:
        """Move shoppers of one cohort: their books are closed in the arm they leave, and opened in the other."""
        former = self.arms[int(self.lanes[places[0]])]
        before = next(cohort for cohort in former.cohorts if cohort.number == old)
        cohort = Cohort(
            self._new_number(), former.lane, before.entered, before.used_free_from, before.threshold_rose,
            promises=before.promises.copy(),
        )  # fmt: skip
        self.cohorts[places] = cohort.number
        changes = former.policy.digest() != target.policy.digest()
        position, value = former.leave(cohort, places, settles=changes)
        if changes:
            self._prepare_cards(places, former.policy, target.policy)
        self.lanes[places], self.joined[places] = target.lane, self.day
        cohort.lane, cohort.entered = target.lane, self.day
        target.welcome(cohort, position, value, former.policy)
        if not (self.cohorts == old).any():
            former.cohorts.remove(before)

    def _new_number(self) -> int:
        """Return the number of a new cohort: one that nobody has, as numbers of those who have moved on are free."""
        taken = {cohort.number for arm in self.arms.values() for cohort in arm.cohorts}
        free = next((number for number in range(MOST_COHORTS + 1) if number not in taken), None)
        if free is None:
            raise _too_many(self.rollout)
        return free

    def _prepare_cards(self, places: NDArray[np.int64], former: Policy, policy: Policy) -> None:
        """Make the cards of those who move ready for the new policy, as at the launch of an arm."""
        if not are_kept(self.cards):
            return
        cards, shoppers = self.cards[places], self.shoppers[places]
        for account in ("gmv", "orders"):
            shoppers[account] += self._before[account][places]
        if policy.campaigns != former.campaigns:
            forget_occasions(cards)
        cards["kept_tier"] = 0  # of an earlier cut-over nothing lasts
        remember_tiers(cards, shoppers, policy, former)
        prepare_standing(cards, shoppers, policy, former, self.arms[INCUMBENT].calendar, self.day)
        self.cards[places] = cards

    def _open(self, number: int) -> ArmWorld:
        """Open the office and the ledger of an arm this morning."""
        first = self.arms[INCUMBENT]
        arm = ArmWorld.open(first.snapshot(), self.policies[number], number, self.cohorts, self.lanes)
        arm.remember_opening(self._opening_shoppers)
        self.arms[number] = arm
        cards = first.cards
        if not are_kept(cards) and are_kept(cards_for(arm.policy, arm.scenario, cards, 1)):
            cards = new_cards(len(first.shoppers))
        self._share(first.shoppers, cards, first.due)
        return arm

    def _share(self, shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16]) -> None:
        for arm in self.arms.values():
            arm.share_records(shoppers, cards, due, keeps_cards=are_kept(cards))


def _too_many(rollout: Rollout) -> DocumentError:
    few = f"shoppers would move on more than {MOST_COHORTS} days; ramp in fewer steps"
    return DocumentError((Problem(rollout.name, None, "ramps", few),))
