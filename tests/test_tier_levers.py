"""Every lever of qualification moves the market, and in the direction that it should.

Two arms live from the same snapshot with the same random numbers, so a difference is what the lever caused. The test at
the end holds the list of levers against the document.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.policies import Growth, Invitation, Observation, Policy, Qualification, SoftLanding, Sprint, Tier
from memberlab.sim import Outcome, Snapshot, World, warm_up

from .worlds import brisk_population, full_policy, small_scenario

OBSERVATION = {"days": 30, "make_up_spend": 200, "safe_months": 3}
LANDING = {"months": 3, "discount": "90 %", "earn_multiplier": "50 %", "free_shipping": False}
SPRINT = {"within": "30 %", "spend": 200, "days": 20, "points": 500}
CLUB = {"threshold": "never", "discount": "9 %", "earn_multiplier": 3, "free_shipping": True}
INVITATION = {"value": 3000, "after_months": 2, "share": "50 %"}
QUARTER = {"window": "quarter", "promotion": "instant", "review": "period end", "kept": "next period end"}
GROWTH = {"basis": "growth", "growth": {"spend": 1}}


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    """Return a launch whose months are all alike, so that members rise and fall by chance and not by season."""
    scenario = small_scenario(season={})
    return warm_up(scenario, incumbent=full_policy(), population=brisk_population())


def lived(launch: Snapshot, policy: Policy) -> Outcome:
    world = World.resume(launch, policy)
    return world.run(world.end)


def members_above(outcome: Outcome, level: int) -> int:
    """Return how many are above the tier of `level` at the end, those who have left included."""
    return int((outcome.shoppers["tier"] > level).sum())


@pytest.mark.parametrize(
    ("before", "change", "expected"),
    [
        ({}, {"qualification": {"months": 6}}, "-higher"),
        (GROWTH, {"qualification.growth.spend": 2}, "+higher"),
        (GROWTH, {"qualification.growth.order": 200}, "+higher"),
        (GROWTH, {"qualification.growth.activity": 30}, "+higher"),
        (GROWTH, {"qualification.growth.month": 100}, "+higher"),
        (GROWTH, {"qualification.growth.point": 1}, "+higher"),
        ({}, {"qualification": {"window": "quarter"}}, "-higher"),
        ({}, {"qualification": {"window": "lifetime"}}, "+higher -demotions"),
        ({}, {"qualification": {"promotion": "instant"}}, "+higher +promotions"),
        ({}, {"qualification": {"review": "anniversary"}}, "-promotions -demotions"),
        ({}, {"qualification": {"kept_months": 12}}, "+higher -demotions"),
        ({**QUARTER, "kept": "period end"}, {"qualification.kept": "next period end"}, "+higher"),
        (QUARTER, {"qualification.grace_days": 28}, "-demotions"),
        ({}, {"qualification": {"demotion": "none"}}, "+higher -demotions"),
        ({}, {"qualification": {"observation": {"days": 30}}}, "+higher +observations -demotions"),
        ({"observation": OBSERVATION}, {"qualification.observation.days": 90}, "+higher +tiers_saved"),
        ({"observation": OBSERVATION}, {"qualification.observation.make_up_spend": 2000}, "+demotions -tiers_saved"),
        ({"observation": OBSERVATION}, {"qualification.observation.safe_months": 12}, "-observations"),
        ({}, {"qualification": {"soft_landing": LANDING}}, "+soft_landings +landing_discount"),
        ({"soft_landing": LANDING}, {"qualification.soft_landing.months": 9}, "+landing_discount"),
        ({"soft_landing": LANDING}, {"qualification.soft_landing.discount": "50 %"}, "-landing_discount"),
        ({"soft_landing": LANDING}, {"qualification.soft_landing.free_shipping": True}, "-shipping_charged"),
        ({}, {"qualification": {"sprint": SPRINT}}, "+sprints +sprints_won +points_for_sprints"),
        ({"sprint": SPRINT}, {"qualification.sprint.within": "60 %"}, "+sprints"),
        ({"sprint": SPRINT}, {"qualification.sprint.spend": 1000}, "-sprints_won"),
        ({"sprint": SPRINT}, {"qualification.sprint.days": 60}, "-sprints"),
        ({"sprint": SPRINT}, {"qualification.sprint.points": 900}, "+points_for_sprints"),
        ({}, {"tiers.silver.orders": 6, "tiers.gold.orders": 6, "tiers.diamond.orders": 6}, "-higher"),
        ({}, {"tiers.silver.never_demoted": True}, "+higher -demotions"),
        ({}, {"membership.grants_tier": "diamond"}, "+tier_discount -membership_discount"),
        ({}, {"tiers.club": {**CLUB, "invitation": INVITATION}}, "+invitations"),
    ],
    ids=str,
)
def test_a_lever_of_qualification(
    launch: Snapshot, before: dict[str, object], change: dict[str, object], expected: str
) -> None:
    base = full_policy().with_({"qualification": before or None})
    fail_unless_moved(lived(launch, base), lived(launch, base.with_(change)), expected)


@pytest.mark.parametrize(
    ("change", "expected"), [({"value": 10_000}, "-"), ({"after_months": 9}, "-"), ({"share": "100 %"}, "+")], ids=str
)
def test_a_lever_of_an_invitation(launch: Snapshot, change: dict[str, object], expected: str) -> None:
    base = full_policy().with_({"tiers.club": {**CLUB, "invitation": INVITATION}})
    (key, value), *_ = change.items()
    changed = base.with_({f"tiers.club.invitation.{key}": value})
    fail_unless_moved(lived(launch, base), lived(launch, changed), f"{expected}invitations")


def test_the_extra_points_of_a_soft_landing(launch: Snapshot) -> None:
    """The discount is given up for it here, so that the lives are nearly the same."""
    base = full_policy().with_({"qualification": {"soft_landing": {**LANDING, "earn_multiplier": "0 %"}}})
    more = base.with_({"qualification.soft_landing.earn_multiplier": "100 %"})
    fail_unless_moved(lived(launch, base), lived(launch, more), "+points_issued", least=1.0)


def fail_unless_moved(before: Outcome, after: Outcome, expected: str, least: float = 1.01) -> None:
    """Compare two arms: each measure, or the members above the lowest tier (`higher`), must move by 1 % at least."""
    for direction in expected.split():
        measure = direction[1:]
        old, new = (
            members_above(one, 0) if measure == "higher" else one.total(measure) for one in (before, after)
        )  # fmt: skip
        assert (new > least * old) if direction[0] == "+" else (old > least * new), (direction, old, new)


def test_no_lever_is_left_out() -> None:
    """Every field of these sections is changed by name in this file, `basis` and `social` in test_standing_by_hand."""
    sections = (Qualification, Growth, Observation, SoftLanding, Sprint, Invitation)
    levers = {field for section in sections for field in section.model_fields} - {"basis", "social"}
    levers |= set(Tier.model_fields) & {"orders", "never_demoted", "invitation"}
    text = Path(__file__).read_text(encoding="utf-8")
    assert [lever for lever in sorted(levers) if lever not in text] == []
    assert {"kept_months", "safe_months", "within", "after_months"} <= levers
