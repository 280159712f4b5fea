"""Policies under test: the contract that each of them keeps, and what a candidate may cost. Run it with `pytest`."""

from pathlib import Path

import pytest

from memberlab.testing import PolicyCheck, PolicyContract

POLICIES = sorted((Path(__file__).parent.parent / "policies").glob("*.yaml"))
WORLDS = ("scenarios/usual.yaml", "scenarios/recession.yaml")


class TestContract(PolicyContract):
    """Every policy loads, lints, ties out and repeats itself; no tier is worse off than the one below it."""

    scenarios = WORLDS

    @pytest.fixture(params=POLICIES, ids=lambda path: path.stem)
    def policy_path(self, request: pytest.FixtureRequest) -> Path:
        """Return one policy after the other."""
        path: Path = request.param
        return path


@pytest.mark.policy(
    "policies/gold-sooner.yaml", against="policies/today.yaml", scenarios=WORLDS, shoppers=400, seeds=16
)
def test_gold_sooner_keeps_the_margin(policy_check: PolicyCheck) -> None:
    """Judged at the end of the run, together with all other statistical statements."""
    policy_check.assert_no_worse("margin", by="2 %")
