"""What an uplift is made of: each mechanism's part, by the Shapley value over worlds in which it is switched off or on.

Serves the strategist who asks why a policy does what it does. All worlds go on from the same warm-up with the same
random numbers; what is left with every mechanism off is the policy given to shoppers who do not react. Parts are
fractions, and add up to the uplift exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from memberlab.policies import Policy
from memberlab.results import KPIS
from memberlab.scenarios import Population, Scenario
from memberlab.sim import MECHANISMS, switched_off

from ..execution import Progress, SerialExecutor, working_folder
from ..lives import ArmResult, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, simulate_arm
from .compare import fail_if_not_comparable

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_REACTION = "no reaction"
"""Name of the part that is left when shoppers do not react in any way."""

Switched = frozenset[str]
"""The mechanisms that are on."""

EVERYTHING: Switched = frozenset(MECHANISMS)


@dataclass(frozen=True, slots=True)
class Part:
    """A mechanism's part in the uplift of one KPI, mean of replications; `deviation` is that of the mean, None for one
    replication.
    """

    kpi: str
    mechanism: str
    effect: Fraction
    deviation: float | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """The uplift of `policy` over `baseline` in a scenario, by mechanism; what changes nothing is in `idle`."""

    baseline: Policy
    policy: Policy
    scenario: Scenario
    replications: int
    parts: tuple[Part, ...]
    totals: Mapping[str, Fraction]
    """The whole uplift by KPI, of which the parts are the exact sum."""
    idle: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """Return one row for each KPI and part; money in cents, shares 0 to 1."""
        import pandas as pd

        rows = [
            {"scenario": self.scenario.name, "baseline": self.baseline.name, "policy": self.policy.name,
             "kpi": part.kpi, "mechanism": part.mechanism, "effect": float(part.effect), "deviation": part.deviation}
            for part in self.parts
        ]  # fmt: skip
        return pd.DataFrame(rows)


def attribute(
    baseline: Policy,
    policy: Policy,
    scenario: Scenario,
    *,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> Attribution:
    """Return the uplift of `policy` over `baseline`, split by mechanism.

    Every combination of the mechanisms that change anything is lived by both policies: 2 to the power of their number.
    Raises DocumentError when a policy does not fit the scenario, ValueError for fewer than one replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    fail_if_not_comparable([baseline, policy], [scenario], incumbent)
    with working_folder(executor) as folder:
        workers = executor or SerialExecutor()
        seeds = replication_seeds(scenario, replications)
        warm_ups = prepare_warm_ups(workers, folder, scenario, seeds, incumbent=incumbent, population=population)
        worlds = Worlds(workers, warm_ups, (baseline, policy), progress)
        worlds.live([EVERYTHING, *(EVERYTHING - {one} for one in MECHANISMS)])
        active = tuple(one for one in MECHANISMS if not worlds.are_equal(EVERYTHING, EVERYTHING - {one}))
        idle = EVERYTHING - set(active)
        worlds.live([idle | set(on) for count in range(len(active) + 1) for on in combinations(active, count)])
    return _attribution(baseline, policy, scenario, worlds, active)


class Worlds:
    """The results of both policies in every world that has been lived, by the mechanisms that are on."""

    def __init__(
        self, executor: Executor, warm_ups: Sequence[WarmUp], policies: tuple[Policy, Policy], progress: Progress | None
    ) -> None:
        self.replications = len(warm_ups)
        self._executor, self._warm_ups, self._policies, self._progress = executor, warm_ups, policies, progress
        self._results: dict[Switched, list[tuple[ArmResult, ArmResult]]] = {}

    def live(self, worlds: Collection[Switched]) -> None:
        """Let both policies be lived in those of `worlds` that have not been."""
        pending: dict[Switched, list[list[list[Future[ArmResult]]]]] = {}
        for on in dict.fromkeys(worlds):
            if on not in self._results:
                off = switched_off(EVERYTHING - on)
                pending[on] = [[self._submit(start, policy, off) for policy in self._policies]
                               for start in self._warm_ups]  # fmt: skip
        for done, (on, replications) in enumerate(pending.items(), start=1):
            merged = [[merge_arms([one.result() for one in regions]) for regions in arms] for arms in replications]
            self._results[on] = [(before, after) for before, after in merged]
            if self._progress is not None:
                self._progress(done, len(pending))

    def _submit(self, start: WarmUp, policy: Policy, off: Mapping[str, float]) -> list[Future[ArmResult]]:
        return [self._executor.submit(simulate_arm, path, policy, False, off) for path in start.snapshots]

    def are_equal(self, one: Switched, other: Switched) -> bool:
        """Return whether both policies come to the same books and measures in two worlds."""
        return all(
            left.bridge == right.bridge and bool((left.sums == right.sums).all())
            for pairs in zip(self._results[one], self._results[other], strict=True)
            for left, right in zip(*pairs, strict=True)
        )

    def uplift(self, kpi: str, on: Switched, replication: int) -> Fraction:
        """Return the uplift of a KPI in one replication of a world."""
        before, after = self._results[on][replication]
        return Fraction(KPIS[kpi].value(after.sums)) - Fraction(KPIS[kpi].value(before.sums))


def shapley_values(players: Sequence[str], worth: Callable[[frozenset[str]], Fraction]) -> dict[str, Fraction]:
    """Return each player's mean addition to what a coalition is `worth`, over all orders of joining (Shapley, 1953).

    They add up to the worth of all players together less that of none, exactly.
    """
    count = len(players)
    values = {}
    for player in players:
        others = [one for one in players if one != player]
        value = Fraction(0)
        for size in range(count):
            orders = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for coalition in combinations(others, size):
                value += orders * (worth(frozenset({*coalition, player})) - worth(frozenset(coalition)))
        values[player] = value
    return values


def _attribution(
    baseline: Policy, policy: Policy, scenario: Scenario, worlds: Worlds, active: tuple[str, ...]
) -> Attribution:
    idle = EVERYTHING - set(active)
    count = worlds.replications
    parts, totals = [], {}
    for kpi in KPIS:
        each = [_parts(worlds, kpi, active, idle, number) for number in range(count)]
        totals[kpi] = sum((worlds.uplift(kpi, EVERYTHING, number) for number in range(count)), Fraction(0)) / count
        for mechanism in each[0]:
            effects = [one[mechanism] for one in each]
            spread = float(np.std([float(one) for one in effects], ddof=1) / np.sqrt(count)) if count > 1 else None
            parts.append(Part(kpi, mechanism, sum(effects, Fraction(0)) / count, spread))
    return Attribution(
        baseline, policy, scenario, count, tuple(parts), totals,
        tuple(one for one in MECHANISMS if one in idle),
    )  # fmt: skip


def _parts(worlds: Worlds, kpi: str, active: tuple[str, ...], idle: Switched, replication: int) -> dict[str, Fraction]:
    """Return the parts of one KPI in one replication by mechanism, what shoppers who do not react bring first."""

    def worth(on: frozenset[str]) -> Fraction:
        return worlds.uplift(kpi, on | idle, replication)

    return {WITHOUT_REACTION: worth(frozenset()), **shapley_values(active, worth)}
