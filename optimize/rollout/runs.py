"""One replication of a rollout: all regions in step, what an analyst sees week by week, the stop rule, and the twins.

Serves the rollout; it is the unit of work of its executor. Beside the rollout the same shoppers live under today's
policy alone, which is the truth that it is held against; where the rule has stopped an arm, they live once more
without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import FIGURES, Sight, added_sights, bridge_totals, moments_of, shopper_accounts
from memberlab.scenarios import Rollout
from memberlab.sim import RolloutWorld, is_held_out, merge_regions, read_snapshot

WEEK = 7


@dataclass(frozen=True, slots=True)
class StageSight:
    """A stage of one arm: its days from `first` up to, not including, `end`, counted from 0, and what is seen."""

    arm: int
    stage: str
    first: int
    end: int
    sight: Sight


@dataclass(frozen=True, slots=True)
class WeekSight:
    """The pilot's shoppers against the hold-out from the pilot's first day up to the morning of `day`."""

    arm: int
    day: int
    sight: Sight


@dataclass(frozen=True, slots=True)
class ArmStop:
    """An arm was stopped on the morning of `day`, counted from 0, at a difference a shopper of `seen` cents or orders
    when it was truly `true`.
    """

    arm: int
    day: int
    seen: float
    true: float


@dataclass(frozen=True, slots=True)
class RolloutLife:
    """What came of one replication; totals are cents by world: "rollout", "today's policy", "without the rule"."""

    stages: tuple[StageSight, ...]
    weeks: tuple[WeekSight, ...]
    stops: tuple[ArmStop, ...]
    totals: dict[str, dict[str, float]]
    shoppers: tuple[int, ...]
    """In each arm at the end, today's policy first."""
    bridges: tuple[dict[str, int], ...]
    """The margin bridge of each arm in cents, today's policy first; together they are that of the whole shop."""


def live_rollout(paths: Sequence[Path], rollout: Rollout, policies: Sequence[Policy]) -> RolloutLife:
    """Live a rollout from the warm-ups in `paths`, one for each region, to the end of the horizon."""
    return _Replication(paths, rollout, policies).live()


@dataclass
class _Region:
    """One region: the rollout, the twins under today's policy, and their accounts on the days that are looked back
    to.
    """

    world: RolloutWorld
    twins: RolloutWorld
    held_out: NDArray[np.bool_]
    kept: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = field(default_factory=dict)

    def look(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the accounts of now in both worlds."""
        tables = []
        for world in (self.world, self.twins):
            world.earn_fees()
            tables.append(shopper_accounts(world.shoppers, world.cards, world.lanes, world.policies))
        return tables[0], tables[1]

    def sight(
        self, since: int, now: tuple[NDArray[np.float64], NDArray[np.float64]], arm: NDArray[np.bool_],
        held: NDArray[np.bool_],
    ) -> Sight:  # fmt: skip
        """Return what is seen of the groups `arm` and `held` (shape: shoppers) since the day `since`."""
        change = now[0] - self.kept[since][0]
        gained = change - (now[1] - self.kept[since][1])
        return Sight(*(moments_of(table[group]) for table, group in ((change, arm), (change, held), (gained, arm),
                                                                     (gained, held))))  # fmt: skip


class _Replication:
    def __init__(self, paths: Sequence[Path], rollout: Rollout, policies: Sequence[Policy]) -> None:
        self.rollout, self.policies, self.paths = rollout, policies, paths
        self.regions = []
        for path in paths:
            world = RolloutWorld(read_snapshot(path), rollout, policies)
            twins = RolloutWorld(read_snapshot(path), rollout, policies, stays=True)
            held = is_held_out(rollout, world.region.first, world.region.count)
            self.regions.append(_Region(world, twins, held))
        self.opening = _accounts([region.twins for region in self.regions])
        self.launch, self.end = self.regions[0].world.launch, self.regions[0].world.end
        self.first = self.launch + rollout.schedule[0].day
        self.of_everyone = {step.stage: step.of_everyone for step in rollout.schedule}
        self.stages: list[StageSight] = []
        self.weeks: list[WeekSight] = []
        self.stops: list[ArmStop] = []

    def live(self) -> RolloutLife:
        stages = self._stage_days()
        reviews = set(self._review_days())
        days = {self.end, *(day for day, _ in stages), *reviews, *range(self.first, self.end, WEEK)}
        number = -1
        for day in sorted(days):
            for region in self.regions:
                region.world.live(day)
                region.twins.live(day)
            looks = [region.look() for region in self.regions]
            if day > self.first:
                seen = self._see_week(day, looks)
                if day in reviews and day < self.end:
                    self._review(day, seen, stages[number], looks)
            begun = [place for place, (start, _) in enumerate(stages) if start == day]
            if number >= 0 and (begun or day == self.end):
                for arm in self._arms():
                    self._see_stage(arm, stages[number], day, looks)
            if begun:
                number = begun[-1]
                for region, look in zip(self.regions, looks, strict=True):
                    region.kept[day] = look
        return self._result()

    def _arms(self) -> list[int]:
        """Return the arms that nobody has stopped."""
        gone = {stop.arm for stop in self.stops} if self._goes_back else set()
        return [arm for arm in range(1, len(self.policies) + 1) if arm not in gone]

    @property
    def _goes_back(self) -> bool:
        return self.rollout.stop is not None and self.rollout.stop.then == "back"

    def _stage_days(self) -> list[tuple[int, str]]:
        """Return the first day of each stage."""
        days: dict[str, int] = {}
        for step in self.rollout.schedule:
            days.setdefault(step.stage, self.launch + step.day)
        return [(day, stage) for stage, day in days.items() if day < self.end]

    def _review_days(self) -> list[int]:
        rule = self.rollout.stop
        if rule is None:
            return []
        return list(range(self.first + WEEK * rule.after, self.end, WEEK * rule.every))

    def _held(self, region: _Region, of_everyone: bool) -> NDArray[np.bool_]:
        """Return whom an analyst holds an arm against: the hold-out, or without one who has not joined yet."""
        eligible = region.world.eligible
        assert eligible is not None
        held = region.held_out if self.rollout.hold_out else region.world.joined < 0
        return np.asarray(held & (eligible | of_everyone))

    def _see_week(
        self, day: int, looks: list[tuple[NDArray[np.float64], NDArray[np.float64]]]
    ) -> dict[int, Sight]:  # fmt: skip
        """Note the week of every arm's pilot; return what is seen, by arm."""
        seen = {}
        share = self.rollout.schedule[0].share
        for arm in range(1, len(self.policies) + 1):
            parts = []
            for region, look in zip(self.regions, looks, strict=True):
                world = region.world
                assert world.eligible is not None
                pilot = world.eligible & (world.places < share) & (world.drawn == arm)
                parts.append(region.sight(self.first, look, pilot, self._held(region, False)))
            seen[arm] = added_sights(parts)
            self.weeks.append(WeekSight(arm, day - self.launch, seen[arm]))
        return seen

    def _see_stage(
        self, arm: int, stage: tuple[int, str], day: int,
        looks: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
    ) -> None:  # fmt: skip
        """Note a stage that ends today: those who have been in the arm since its first day, against the hold-out."""
        first, name = stage
        if name == "end":
            return
        parts = []
        for region, look in zip(self.regions, looks, strict=True):
            world = region.world
            inside = (world.lanes == arm) & (world.joined <= first)
            parts.append(region.sight(first, look, inside, self._held(region, self.of_everyone[name])))
        self.stages.append(StageSight(arm, name, first - self.launch, day - self.launch, added_sights(parts)))

    def _review(
        self, day: int, seen: dict[int, Sight], stage: tuple[int, str],
        looks: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
    ) -> None:  # fmt: skip
        """Stop the arms whose difference is beyond the limit, as far as the analyst may be sure."""
        rule = self.rollout.stop
        assert rule is not None
        place = list(FIGURES).index(rule.measure)
        stopped = {stop.arm for stop in self.stops}
        for arm, sight in seen.items():
            if arm in stopped or min(sight.arm.count, sight.held.count) == 0:
                continue
            difference, half = sight.seen(rule.confidence / 10_000)
            slack = float(half[place]) if rule.confidence else 0.0
            value = float(difference[place])
            unit = 1 if FIGURES[rule.measure][1] == "count" else 100
            low = rule.below is not None and value + slack < unit * float(rule.below)
            high = rule.above is not None and value - slack > unit * float(rule.above)
            if not (low or high):
                continue
            if self._goes_back and stage[0] < day:
                self._see_stage(arm, stage, day, looks)
            self.stops.append(ArmStop(arm, day - self.launch, value, float(sight.gained.means[place])))
            for region in self.regions:
                region.world.stop(arm, goes_back=self._goes_back)

    def _totals(self, worlds: Sequence[RolloutWorld]) -> dict[str, float]:
        """Return each figure of all shoppers over the horizon."""
        return {name: float(value) for name, value in zip(FIGURES, _accounts(worlds) - self.opening, strict=True)}

    def _result(self) -> RolloutLife:
        totals = {
            "rollout": self._totals([region.world for region in self.regions]),
            "today's policy": self._totals([region.twins for region in self.regions]),
        }
        if self.stops:
            others = [RolloutWorld(read_snapshot(path), self.rollout, self.policies) for path in self.paths]
            for world in others:
                world.live(world.end)
                world.earn_fees()
            totals["without the rule"] = self._totals(others)
        arms = zip(*(region.world.outcomes() for region in self.regions), strict=True)
        bridges = tuple(bridge_totals(merge_regions(parts)) for parts in arms)
        lanes = np.concatenate([region.world.lanes for region in self.regions])
        shoppers = np.bincount(lanes, minlength=len(self.policies) + 1)
        return RolloutLife(tuple(self.stages), tuple(self.weeks), tuple(self.stops), totals,
                           tuple(int(count) for count in shoppers), bridges)  # fmt: skip


def _accounts(worlds: Sequence[RolloutWorld]) -> NDArray[np.float64]:
    """Return the accounts of all shoppers together as of now (shape: figures)."""
    tables = [shopper_accounts(world.shoppers, world.cards, world.lanes, world.policies) for world in worlds]
    return np.asarray(sum(table.sum(axis=0) for table in tables))
