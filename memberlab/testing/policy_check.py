"""The `policy_check` fixture: simulate, compare and assert, with policies and worlds from the test's marker.

Serves engineers. Exact assertions fail on the spot. Statistical ones are noted, and judged when the run ends, all
together, so that a suite of a hundred does not cry wolf once a day.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from .digests import changes_told, read_digests, record_of, write_digests
from .margin import margin_of, width_of
from .marker import Marked
from .misuse import MisuseError, told_to_the_author
from .settings import Settings
from .settling import look_at
from .small_worlds import SmallWorlds
from .statement import Statement

if TYPE_CHECKING:
    from memberlab.optimize import Tolerance
    from memberlab.policies import Policy
    from memberlab.results import Kpi
    from memberlab.scenarios import Scenario
    from memberlab.sim import Outcome

FIRST_SEEDS = 8


class PolicyCheck:
    """What a test can do with policies; each argument that is left out is taken from the marker `policy`."""

    def __init__(self, settings: Settings, worlds: SmallWorlds, given: Marked) -> None:
        """Serve one test."""
        self.settings, self.worlds, self.given = settings, worlds, given
        self.statements: list[Statement] = []
        """Statistical statements of the test so far, judged at the end of the run."""

    def simulate(
        self, policy: Any = None, scenario: Any = None, *, seed: int | None = None, shoppers: int | None = None,
        months: int | None = None,
    ) -> Outcome:  # fmt: skip
        """Return the outcome of one policy in one scenario: names, paths or objects; by default those of the marker.

        `seed` replaces the scenario's, `shoppers` and `months` its size. The test fails for documents with faults.
        """
        with told_to_the_author():
            world = self._world(self.given.scenarios[0] if scenario is None else scenario, shoppers, months)
            return self.worlds.live(self._policy(policy), world, world.seed if seed is None else seed)

    def compare(
        self, policy: Any = None, against: Any = None, scenario: Any = None, *, seeds: int = FIRST_SEEDS
    ) -> dict[str, list[float]]:
        """Return the paired differences of every KPI by name, one for each seed: money in cents, shares 0 to 1."""
        from memberlab.optimize import replication_seeds

        with told_to_the_author():
            world = self._world(self.given.scenarios[0] if scenario is None else scenario)
            new, old = self._policy(policy), self._against(against)
            pairs = [
                (self.worlds.figures(new, world, seed), self.worlds.figures(old, world, seed))
                for seed in replication_seeds(world, seeds)
            ]
            return {name: [one[name] - other[name] for one, other in pairs] for name in pairs[0][0]}

    def assert_conserved(self, run: Outcome) -> None:
        """Fail unless every accounting identity of a run holds, to the cent and to the point."""
        broken = [one for one in run.identities() if not one.holds]
        if broken:
            lines = [f"  {one.name}: {one.rule} Found {one.left} and {one.right}." for one in broken]
            pytest.fail("\n".join([
                f"{run.policy.name} in {run.scenario.name} does not tie out: {len(broken)} of the accounting rules "
                "are broken, so no figure of this run can be trusted", *lines,
            ]), pytrace=False)  # fmt: skip

    def assert_digest(self, run: Outcome, name: str) -> None:
        """Fail unless a run is the one that was accepted under `name`, to the cent; --policy-update accepts it."""
        now = record_of(run)
        with told_to_the_author():
            kept = read_digests(self.settings.digests)
        if self.settings.update:
            if kept.get(name, {}).get("digest") != now["digest"]:
                write_digests(self.settings.digests, {**kept, name: now})
            return
        if name not in kept:
            pytest.fail(
                f"no digest was accepted under '{name}' in {self.settings.digests}; look at the run, then accept it "
                "with pytest --policy-update and commit the file", pytrace=False,
            )  # fmt: skip
        if kept[name]["digest"] != now["digest"]:
            lines = "\n".join(f"  {line}" for line in changes_told(kept[name], now))
            pytest.fail(f"outcomes under '{name}' are not those that were accepted\n{lines}\n  accept them with pytest "
                        "--policy-update, and say why in the commit", pytrace=False)  # fmt: skip

    def assert_no_worse(
        self, kpi: str, by: str | float, *, policy: Any = None, against: Any = None,
        scenarios: Sequence[Any] | None = None,
    ) -> list[Statement]:  # fmt: skip
        """Assert that a KPI is worse than under `against` by less than `by` on average, in each scenario.

        Worse is lower, but for costs and liabilities higher. Judged at the end of the run.
        """
        return [
            self._state(kpi, by, policy, against, one, two_sided=False) for one in scenarios or self.given.scenarios
        ]

    def assert_equivalent(
        self, kpi: str, margin: str | float, *, policy: Any = None, against: Any = None,
        scenarios: Sequence[Any] | None = None,
    ) -> list[Statement]:  # fmt: skip
        """Assert that a KPI differs from that under `against` by less than `margin` on average, in each scenario.

        Judged at the end of the run.
        """
        return [
            self._state(kpi, margin, policy, against, one, two_sided=True) for one in scenarios or self.given.scenarios
        ]

    def _state(
        self, kpi: str, margin: str | float, policy: Any, against: Any, scenario: Any, *, two_sided: bool
    ) -> Statement:
        """Live both policies with more and more seeds until the statement is decided at the level foreseen; note it."""
        with told_to_the_author():
            known = _kpi(kpi)
            world = self._world(scenario)
            statement = self._looked_at(known, margin_of(known, margin), self._policy(policy), self._against(against),
                                        world, two_sided, self._replay(policy, against, scenario))  # fmt: skip
        self.statements.append(statement)
        return statement

    def _looked_at(
        self, kpi: Kpi, margin: Tolerance, policy: Policy, against: Policy, world: Scenario, two_sided: bool,
        replay: str,
    ) -> Statement:  # fmt: skip
        import numpy as np

        from memberlab.optimize import LEAST_BETTER, CheckVerdict, looks_between, replication_seeds

        most = self.given.seeds or self.settings.seeds
        planned = looks_between(min(FIRST_SEEDS, most), most)
        sides = "both" if two_sided else "above" if kpi.name in LEAST_BETTER else "below"
        width = 0.0
        for number, count in enumerate(planned, start=1):
            seeds = replication_seeds(world, count)
            new = np.array([self.worlds.figures(policy, world, seed)[kpi.name] for seed in seeds])
            old = np.array([self.worlds.figures(against, world, seed)[kpi.name] for seed in seeds])
            if number == 1:  # the margin stays what it is at the first look
                where = f"under {against.name} in {world.name}"
                width = width_of(kpi, margin, float(old.mean()), where, below=sides != "above")
            varies = np.ptp(new) > 0 and np.ptp(old) > 0
            statement = Statement(
                kpi=kpi.name, scenario=world.name, policy=policy.name, against=against.name, sides=sides, margin=width,
                allowed=str(margin), level=float(old.mean()), differences=tuple((new - old).tolist()),
                looks=planned[:number], planned_looks=len(planned),
                correlation=float(np.corrcoef(new, old)[0, 1]) if varies else None,
                replay=replay,
            )  # fmt: skip
            look = look_at(statement, count, self.settings.statements, self.settings.false_alarm)
            if look.verdict is not CheckVerdict.INCONCLUSIVE:
                break
        return statement

    def _replay(self, policy: Any, against: Any, scenario: Any) -> str:
        """Return the command that lives both again; none where the test has objects that a command cannot name."""
        names = [against or self.given.against, policy or self.given.policy, scenario]
        if not all(isinstance(name, (str, os.PathLike)) for name in names):
            return ""
        shoppers = () if self.given.shoppers is None else ("--shoppers", self.given.shoppers)
        command = ("memberlab", "compare", names[0], names[1], "--scenario", names[2], *shoppers)
        return shlex.join(str(word) for word in command)

    def _policy(self, given: Any) -> Policy:
        chosen = self.given.policy if given is None else given
        if chosen is None:
            raise MisuseError('which policy? Name it in @pytest.mark.policy("policies/gold.yaml") or with policy=')
        return self.worlds.policy(chosen)

    def _against(self, given: Any) -> Policy:
        chosen = self.given.against if given is None else given
        if chosen is None:
            raise MisuseError('held against what? Name it in @pytest.mark.policy(..., against="policies/today.yaml")')
        return self.worlds.policy(chosen)

    def _world(self, given: Any, shoppers: int | None = None, months: int | None = None) -> Scenario:
        return self.worlds.scenario(given, shoppers or self.given.shoppers, months or self.given.months)


def _kpi(name: str) -> Kpi:
    from memberlab.policies import hint
    from memberlab.results import KPIS

    if name not in KPIS:
        raise MisuseError(f"there is no KPI '{name}'{hint(name, tuple(KPIS), 'KPIs')}")
    return KPIS[name]
