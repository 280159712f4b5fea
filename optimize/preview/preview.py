"""The preview of a variant: its shoppers live the horizon from a morning kept in memory, in some tens of milliseconds.

Serves the what-if page while a control moves. The shoppers are a part of the scenario's, and limits that all share
(budgets, units, agents) are cut to their part, as they are for a region; the arm, its measures and intervals are those
of `compare`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.results import COLUMNS, paired_uplift, shopper_measures
from memberlab.scenarios import Population, Scenario
from memberlab.sim import (
    World,
    fail_if_migration_does_not_fit,
    fail_if_policy_does_not_fit,
    regions_of,
    replication_seed,
    warm_up,
)

from ..comparison import fail_if_not_comparable
from .figures import PREVIEW_KPIS, PairedFigures, costs_by_tier, figure_of, tier_costs

SHOPPERS = 2_000
"""Shoppers of a preview, about."""

MOST_MEMBERS = 20_000
"""Members of a file that a preview can hold, none of whom can be left out."""


@dataclass(frozen=True, slots=True)
class _Lived:
    """What came of one policy."""

    measures: NDArray[np.float64]
    costs: dict[str, float]


class Preview:
    """Today's policy lived once by a part of a scenario's shoppers; any number of variants held against it.

    `seed` replaces that of the scenario's first replication, with which `compare` begins. An object may be used from
    several threads. Raises DocumentError where the incumbent does not fit the scenario, or where the scenario opens
    with more members of a file than a preview can hold.
    """

    def __init__(
        self,
        incumbent: Policy,
        scenario: Scenario,
        *,
        shoppers: int = SHOPPERS,
        seed: int | None = None,
        population: Population | None = None,
    ) -> None:
        fail_if_not_comparable([incumbent], [scenario], incumbent)
        self.incumbent, self.scenario, self._digest = incumbent, scenario, incumbent.digest()
        self._world = part_of_scenario(scenario, incumbent, shoppers)
        seed = replication_seed(scenario.seed, 0) if seed is None else seed
        self._morning = warm_up(self._world, incumbent=incumbent, seed=seed, region=0, population=population)
        self._today = self._live(incumbent)

    @property
    def shoppers(self) -> int:
        """Return how many shoppers live in the preview."""
        return len(self._morning.shoppers)

    def of(self, variant: Policy) -> PairedFigures:
        """Return the variant's figures beside today's. Raises DocumentError where it does not fit the scenario."""
        started = time.perf_counter()
        self._fail_if_not_previewable(variant)
        lived = self._live(variant)
        before, after = [self._today.measures], [lived.measures]
        return PairedFigures(
            self.incumbent.name, variant.name, self.scenario.name, self.scenario.currency, self.shoppers,
            shoppers_of(self.scenario), self.scenario.horizon.months,
            tuple(figure_of(paired_uplift(kpi, before, after)) for kpi in PREVIEW_KPIS.values()),
            tier_costs(self._today.costs, lived.costs), time.perf_counter() - started,
        )  # fmt: skip

    def _live(self, policy: Policy) -> _Lived:
        world = World.resume(self._morning, policy)
        outcome = world.run(world.end)
        measures = shopper_measures(outcome, self.incumbent)
        provision = float(measures[:, COLUMNS.index("benefit_cost")].sum() - outcome.shoppers["benefit_cost"].sum())
        return _Lived(measures, costs_by_tier(outcome, provision))

    def _fail_if_not_previewable(self, variant: Policy) -> None:
        """Raise DocumentError for a variant that cannot take over from today's policy, or that has less to share out
        than the preview cuts it into; the world asks for the rest.
        """
        parts = self._world.regions
        problems = [
            Problem(variant.name, None, address, f"{units} are too few for the preview, which lives one part in "
                    f"{parts} of {self.scenario.name}; ask for the full figures")
            for address, units in shared_units(variant) if units < parts
        ]  # fmt: skip
        if problems:
            raise DocumentError(problems)
        fail_if_policy_does_not_fit(variant, self.scenario)
        if variant.digest() != self._digest:
            fail_if_migration_does_not_fit(variant, self.incumbent)


def part_of_scenario(scenario: Scenario, incumbent: Policy, shoppers: int) -> Scenario:
    """Return the scenario cut into so many regions that the first has about `shoppers`; with what all share cut too.

    Raises ValueError for no shoppers, DocumentError for a member file that is too large.
    """
    if shoppers < 1:
        raise ValueError(f"shoppers ({shoppers}) must be at least 1")
    if scenario.population.members is not None:
        if shoppers_of(scenario) > MOST_MEMBERS:
            raise DocumentError([Problem(
                scenario.name, None, "population.members", f"opens with members of a file, {shoppers_of(scenario):,} "
                f"shoppers in all; a preview holds {MOST_MEMBERS:,} at most. The full figures can be asked for",
            )])  # fmt: skip
        return scenario.with_({"regions": 1})
    parts = max(1, round(shoppers_of(scenario) / shoppers))
    fewest = min((units for _, units in shared_units(incumbent)), default=parts)
    return scenario.with_({"regions": max(1, min(parts, fewest))})


def shared_units(policy: Policy) -> list[tuple[str, int]]:
    """Return what a policy has that regions share out whole, by address: agents of each shift, units of the pool."""
    shifts = {} if policy.service is None else policy.service.shifts
    units = [(f"service.shifts.{name}.agents", shift.agents) for name, shift in shifts.items()]
    pool = policy.special_price_pool
    return units if pool is None else [*units, ("special_price_pool.units", pool.units)]


def shoppers_of(scenario: Scenario) -> int:
    """Return how many shoppers a scenario has, with those who come under shocks or by word of mouth."""
    return sum(region.count for region in regions_of(scenario))
