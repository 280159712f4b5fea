"""What every policy has to keep, as a class of tests to inherit from: one line names the policy.

    class TestGold(PolicyContract):
        policy = "policies/gold.yaml"

Serves teams who keep policies in git. Messages speak to the strategist who wrote the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from .misuse import told_to_the_author
from .small_worlds import SmallWorlds
from .tier_order import worse_off

if TYPE_CHECKING:
    from memberlab.policies import Policy
    from memberlab.scenarios import Scenario
    from memberlab.sim import Outcome

    from .policy_check import PolicyCheck


class PolicyContract:
    """The policy loads, lints, conserves and repeats itself, no tier is worse off than the one below, a placebo moves
    nothing. Set `policy`, or override the fixture `policy_path`, with parameters if there are several.
    """

    policy: ClassVar[str | None] = None
    """Name or path of the policy; paths are seen from pytest's root folder."""
    scenarios: ClassVar[tuple[str, ...]] = ("baseline",)
    """Worlds that it is tried in: names or paths."""
    shoppers: ClassVar[int | None] = 300
    """Shoppers in each world; None leaves the scenario's."""
    months: ClassVar[int | None] = 12
    """Months of the horizon; None leaves the scenario's."""
    warnings_fail: ClassVar[bool] = False
    """Whether a warning of the linter fails too, as `memberlab lint --strict` would."""

    @pytest.fixture
    def policy_path(self) -> Any:
        """Return the name or path of the policy."""
        if self.policy is None:
            pytest.fail(f'which policy? Write policy = "policies/gold.yaml" in {type(self).__name__}', pytrace=False)
        return self.policy

    @pytest.fixture
    def promised(self, policy_path: Any, policy_worlds: SmallWorlds) -> Policy:
        """Return the policy; what does not load is told by `test_loads` alone."""
        from memberlab.policies import DocumentError

        try:
            return policy_worlds.policy(policy_path)
        except DocumentError:
            pytest.skip(f"{policy_path} does not load")

    @pytest.fixture
    def met_worlds(self, policy_worlds: SmallWorlds) -> list[Scenario]:
        """Return the scenarios at the contract's size."""
        with told_to_the_author():
            return [policy_worlds.scenario(name, self.shoppers, self.months) for name in self.scenarios]

    def lived(self, worlds: SmallWorlds, policy: Policy, scenario: Scenario) -> Outcome:
        """Return what comes of the policy in one world; fail for a policy that does not fit it."""
        with told_to_the_author():
            return worlds.live(policy, scenario, scenario.seed)

    def placebo(self, policy: Policy) -> Policy:
        """Return the same promise under another name."""
        return policy.model_copy(update={"name": f"{policy.name}-placebo"})

    def test_loads(self, policy_path: Any, policy_worlds: SmallWorlds) -> None:
        """Every key of the file is known, and every value possible."""
        with told_to_the_author():
            policy_worlds.policy(policy_path)

    def test_lints(self, promised: Policy, met_worlds: list[Scenario]) -> None:
        """The linter finds no error in it, in any of the worlds."""
        from memberlab.policies import Severity, lint
        from memberlab.scenarios import customers_of
        from memberlab.sim import scenario_findings

        least = Severity.WARNING if self.warnings_fail else Severity.ERROR
        lines = []
        for scenario in met_worlds:
            found = [*lint(promised, customers_of(scenario)), *scenario_findings(promised, scenario)]
            lines += [
                f"in {scenario.name}, {one.address}: {one.message}; {one.money}. Mend: {one.mend}"
                for one in found if one.severity >= least
            ]  # fmt: skip
        if lines:
            pytest.fail("\n".join([f"{promised.name} promises what it should not", *lines]), pytrace=False)

    def test_conserves(
        self, promised: Policy, met_worlds: list[Scenario], policy_worlds: SmallWorlds, policy_check: PolicyCheck
    ) -> None:
        """Points, fees and money tie out to the cent in every world."""
        from memberlab.sim import IdentityError

        for scenario in met_worlds:
            try:
                run = self.lived(policy_worlds, promised, scenario)
            except IdentityError as fault:
                pytest.fail(
                    f"{promised.name} in {scenario.name} does not tie out, a fault of the lab: {fault}", pytrace=False
                )
            policy_check.assert_conserved(run)

    def test_no_tier_is_worse_off_than_the_one_below(self, promised: Policy, met_worlds: list[Scenario]) -> None:
        """Whoever is promoted gets at least as much back for the same purchases as before."""
        from memberlab.scenarios import customers_of

        lines = []
        for scenario in met_worlds:
            lines += [line for line in worse_off(promised, customers_of(scenario), scenario) if line not in lines]
        if lines:
            pytest.fail("\n".join([f"{promised.name} punishes a promotion", *lines]), pytrace=False)

    def test_placebo_gives_zero(self, promised: Policy, met_worlds: list[Scenario], policy_worlds: SmallWorlds) -> None:
        """The same promise under another name leaves every shopper exactly as they were: no difference is luck."""
        for scenario in met_worlds:
            run = self.lived(policy_worlds, promised, scenario)
            other = self.lived(policy_worlds, self.placebo(promised), scenario)
            fail_if_they_differ(
                run, other, f"the same promise under another name should change nothing in {scenario.name}, but"
            )

    def test_repeats_itself(self, promised: Policy, met_worlds: list[Scenario], policy_worlds: SmallWorlds) -> None:
        """The same policy in the same world, begun anew, ends the same to the cent."""
        scenario = met_worlds[0]
        run = self.lived(policy_worlds, promised, scenario)
        again = self.lived(SmallWorlds(policy_worlds.root), promised, scenario)
        fail_if_they_differ(run, again, f"the same run begun anew in {scenario.name} should end the same, but")


def fail_if_they_differ(run: Outcome, other: Outcome, what: str) -> None:
    """Fail unless two runs are the same to the cent; say how many shoppers differ, and in which figures."""
    import numpy as np

    from memberlab.optimize import ledger_digest
    from memberlab.results import COLUMNS, shopper_measures

    one, two = (shopper_measures(each, each.opened_under) for each in (run, other))
    apart = np.abs(one - two)
    if apart.any():
        names = ", ".join(name for name, column in zip(COLUMNS, apart.T, strict=True) if column.any())
        pytest.fail(
            f"{what} {np.count_nonzero(apart.any(axis=1)):,} of {len(one):,} shoppers differ, in {names}", pytrace=False
        )
    if ledger_digest(run) != ledger_digest(other):
        pytest.fail(f"{what} the ledgers differ", pytrace=False)
