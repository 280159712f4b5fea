"""The contract that policies inherit: each test passes for a sound policy, and fails, in words, for a broken one."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from memberlab.testing.small_worlds import SmallWorlds

pytest_plugins = ["pytester"]

PRESETS = Path(__file__).parent.parent / "policies" / "presets"
IS_INSTALLED = any(point.value == "memberlab.testing.plugin" for point in entry_points(group="pytest11"))
PLUGIN = [] if IS_INSTALLED else ["-p", "memberlab.testing.plugin"]

TESTS = """
import dataclasses
import pytest
from memberlab.testing import PolicyContract

class Small(PolicyContract):
    policy = "policies/sound.yaml"
    shoppers = 100
    months = 2

class TestSound(Small):
    warnings_fail = True

class TestUnreadable(Small):
    policy = "policies/unreadable.yaml"

class TestGenerous(Small):
    policy = "policies/generous.yaml"

class TestPunishing(Small):
    policy = "policies/punishing.yaml"

class TestLeaking(Small):
    def lived(self, worlds, policy, scenario):
        run = super().lived(worlds, policy, scenario)
        ledger = run.ledger.copy()
        ledger["cost_of_goods"][0] += 1
        return dataclasses.replace(run, ledger=ledger)

class TestNoPlacebo(Small):
    def placebo(self, policy):
        return policy.with_({"tiers.silver.discount": "9 %", "shipping.free_from": 50})

class TestUnsteady(Small):
    count = 0

    def lived(self, worlds, policy, scenario):
        TestUnsteady.count += 1
        with_another_seed = scenario.with_({"seed": TestUnsteady.count})
        return super().lived(worlds, policy, with_another_seed)

class TestUnnamed(Small):
    policy = None

class TestSeveral(Small):
    @pytest.fixture(params=["policies/sound.yaml", "no-programme"])
    def policy_path(self, request):
        return request.param
"""

CHANGES = {
    "sound": ("", ""),
    "unreadable": ("threshold: 1500", "threshold: 500"),
    "generous": ("discount: 6 %", "discount: 60 %"),
    "punishing": ("discount: 4 %", "discount: 1 %"),
}
"""What is changed in the plain ladder to make each policy."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Live a world here, so that inner runs find it compiled."""
    worlds = SmallWorlds(tmp_path_factory.mktemp("before"))
    scenario = worlds.scenario("baseline", 50, 1)
    worlds.figures(worlds.policy("four-tiers-simple"), scenario, scenario.seed)
    return {}


@pytest.fixture
def text(pytester: pytest.Pytester, outcome: dict[str, str]) -> str:
    """Return what the inner run printed; all tests here look at the same one."""
    if not outcome:
        folder = pytester.mkdir("policies")
        plain = (PRESETS / "four-tiers-simple.yaml").read_text(encoding="utf-8")
        for name, (old, new) in CHANGES.items():
            assert old in plain
            (folder / f"{name}.yaml").write_text(plain.replace(old, new) if old else plain, encoding="utf-8")
        pytester.makepyfile(test_contract=TESTS)
        outcome["text"] = pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", "-v").stdout.str()
    return outcome["text"]


def verdicts(text: str, name: str) -> dict[str, str]:
    """Return the verdict of each test of a class."""
    lines = [line.split() for line in text.splitlines() if f"::{name}::" in line and "%]" in line]
    return {line[0].rpartition("::")[2]: line[1] for line in lines}


ALL = (
    "test_loads", "test_lints", "test_conserves", "test_no_tier_is_worse_off_than_the_one_below",
    "test_placebo_gives_zero", "test_repeats_itself",
)  # fmt: skip


def test_a_sound_policy_keeps_the_contract(text: str) -> None:
    assert verdicts(text, "TestSound") == dict.fromkeys(ALL, "PASSED")


@pytest.mark.parametrize(
    ("name", "broken", "told"),
    [
        ("TestUnreadable", "test_loads", "500 is below silver's 600"),
        ("TestGenerous", "test_lints", "four-tiers-simple promises what it should not"),
        ("TestPunishing", "test_no_tier_is_worse_off_than_the_one_below", "gold is worse off than silver: of what a"),
        ("TestLeaking", "test_conserves", "four-tiers-simple in baseline does not tie out: 1 of the accounting rules"),
        ("TestNoPlacebo", "test_placebo_gives_zero", "the same promise under another name should change nothing"),
        ("TestUnsteady", "test_repeats_itself", "the same run begun anew in baseline should end the same, but"),
    ],
)
def test_each_promise_of_the_contract_can_be_broken_and_is_told(text: str, name: str, broken: str, told: str) -> None:
    found = verdicts(text, name)
    assert found.pop(broken) == "FAILED"
    assert told in text
    if name == "TestUnreadable":
        assert set(found.values()) == {"SKIPPED"}
    elif name != "TestUnsteady":  # what is another run each time is no placebo either
        assert set(found.values()) == {"PASSED"}


def test_a_contract_without_a_policy_says_what_to_write(text: str) -> None:
    assert 'which policy? Write policy = "policies/gold.yaml" in TestUnnamed' in text


def test_one_class_takes_several_policies(text: str) -> None:
    found = verdicts(text, "TestSeveral")
    assert len(found) == 2 * len(ALL)
    assert set(found.values()) == {"PASSED"}
