"""The worlds that tests live in: warm-ups and figures are kept for the session, so that no test simulates one twice.

Serves the `policy_check` fixture. Everything runs in the test's own process, seed by seed and region by region.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.policies import Policy
    from memberlab.scenarios import Scenario
    from memberlab.sim import Outcome, Snapshot


class SmallWorlds:
    """Policies, scenarios, warm-ups and key figures of one test session."""

    def __init__(self, root: Path) -> None:
        """Begin with nothing; relative paths are seen from `root`."""
        self.root = root
        self._warm_ups: dict[tuple[str, str, int, int], Snapshot] = {}
        self._figures: dict[tuple[str, str, str, int], Mapping[str, float]] = {}

    def place_of(self, name_or_path: str | Path) -> str:
        """Return a name as it is, and a path as seen from the root of the project."""
        from memberlab.policies import is_path

        text = str(name_or_path)
        return str(self.root / text) if is_path(text) else text

    def policy(self, given: Policy | str | Path) -> Policy:
        """Return a policy by name or path, or the one given; raise DocumentError as `load_policy` does."""
        from memberlab.policies import Policy, load_policy

        return given if isinstance(given, Policy) else load_policy(self.place_of(given))

    def scenario(self, given: Scenario | str | Path, shoppers: int | None, months: int | None) -> Scenario:
        """Return a scenario by name or path, or the one given, with so many `shoppers` and `months` of horizon."""
        from memberlab.scenarios import Scenario, load_scenario

        scenario = given if isinstance(given, Scenario) else load_scenario(self.place_of(given))
        changes: dict[str, object] = {}
        if shoppers is not None:
            changes |= {"population.shoppers": shoppers, "regions": min(scenario.regions, shoppers)}
        if months is not None:
            changes |= {"horizon.months": months}
        return scenario.with_(changes) if changes else scenario

    def live(self, policy: Policy, scenario: Scenario, seed: int) -> Outcome:
        """Return what comes of `policy` from the warm-up that all policies of a scenario and seed share."""
        from memberlab.sim import World, merge_regions, regions_of

        outcomes = []
        for region in regions_of(scenario):
            world = World.resume(self._warm_up(scenario, seed, region.number), policy)
            outcomes.append(world.run(world.end))
        return merge_regions(outcomes)

    def figures(self, policy: Policy, scenario: Scenario, seed: int) -> Mapping[str, float]:
        """Return every KPI by name: money in cents, shares 0 to 1."""
        from memberlab.results import KPIS, shopper_measures

        incumbent = self.policy(scenario.incumbent)
        key = (policy.digest(), scenario.digest(), incumbent.digest(), seed)
        if key not in self._figures:
            sums = shopper_measures(self.live(policy, scenario, seed), incumbent).sum(axis=0)
            self._figures[key] = {kpi.name: kpi.value(sums) for kpi in KPIS.values()}
        return self._figures[key]

    def _warm_up(self, scenario: Scenario, seed: int, region: int) -> Snapshot:
        from memberlab.sim import warm_up

        incumbent = self.policy(scenario.incumbent)
        key = (scenario.digest(), incumbent.digest(), seed, region)
        if key not in self._warm_ups:
            self._warm_ups[key] = warm_up(scenario, incumbent=incumbent, seed=seed, region=region)
        return self._warm_ups[key]
