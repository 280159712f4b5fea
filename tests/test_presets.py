"""The catalogue: every preset lives in the market it belongs to, ties out, and lints as its comments say."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from memberlab.policies import lint, load_policy, policy_names, told
from memberlab.scenarios import customers_of, load_scenario
from memberlab.sim import World

HOME = {
    "amazon-prime": "us-marketplace",
    "us-delivery-only": "us-marketplace",
    "china-delivery-only": "china-marketplace",
    "jd-plus": "china-marketplace",
    "taobao-88vip": "china-marketplace",
    "taobao-scenes": "china-marketplace",
    "starbucks-us-2026": "us-coffee-house",
    "starbucks-china": "china-coffee-house",
    "four-tier-fashion": "friends-and-failures",
    "social-membership": "friends-and-failures",
    "pharmacy-card": "friends-and-failures",
}
"""Scenario of each preset; the others live in the baseline."""

DOCUMENTED = {
    "jd-plus": ["allowance-never-binds"],
    "starbucks-china": ["dominated-tier", "reward-out-of-reach"],
    "starbucks-us-2026": ["unreachable-tier"],
}
"""Findings of the linter that are true, and said in the preset's comments."""

TABLE = {
    "amazon-prime", "jd-plus", "taobao-88vip", "taobao-scenes", "starbucks-us-2026", "starbucks-china",
    "four-tier-fashion", "growth-value-three-tier", "social-membership", "department-store-year-end", "pharmacy-card",
    "mall-club", "no-programme",
}  # fmt: skip
"""Presets of the reference's catalogue."""


def text_of(name: str) -> str:
    return (files("memberlab.policies") / "presets" / f"{name}.yaml").read_text(encoding="utf-8")


def test_the_whole_table_ships() -> None:
    assert set(policy_names()) >= TABLE


@pytest.mark.parametrize("name", policy_names())
def test_every_preset_lints_as_its_comments_say(name: str) -> None:
    findings = lint(load_policy(name), customers_of(load_scenario(HOME.get(name, "baseline"))))
    assert sorted(finding.rule for finding in findings) == DOCUMENTED.get(name, [])
    if name in DOCUMENTED:
        assert "linter notes" in text_of(name)


@pytest.mark.parametrize("name", policy_names())
def test_every_figure_has_a_source_or_is_called_assumed(name: str) -> None:
    """A line with a figure has a comment, or the line above it or the head of its section has."""
    bare, covered = [], False
    for line in text_of(name).splitlines():
        if not line.strip() or line.startswith(("version", "name", "title", "description", "source", "currency", "#")):
            covered = False
            continue
        if "#" in line:
            covered = True
        elif re.match(r"\S", line):
            covered = False
        elif re.search(r": .*\d", line) and not covered and line.strip() != "threshold: 0":
            bare.append(line)
    assert bare == []


@pytest.mark.parametrize("name", policy_names())
def test_every_preset_can_be_told_and_lived(name: str) -> None:
    policy = load_policy(name)
    assert len(told(policy)) >= 2
    scenario = load_scenario(HOME.get(name, "baseline")).with_(
        {"population.shoppers": 300, "warm_up.months": 3, "horizon.months": 4, "regions": 2}
    )
    if scenario.word_of_mouth is not None:
        scenario = scenario.with_({"word_of_mouth.reserve": 50})
    for region in range(2):
        world = World(policy, scenario, region=region)
        outcome = world.run(world.end)
        assert all(result.holds for result in outcome.identities())
        assert outcome.total("orders") > 0
