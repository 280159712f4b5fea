"""A world: common random numbers, drivers, regions, snapshots, forks, files, and the identities of every run."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import (
    BYTES_PER_SHOPPER,
    ENROLLED,
    LAPSED,
    LEDGER,
    Books,
    IdentityError,
    Outcome,
    Snapshot,
    World,
    check_identities,
    fail_if_broken,
    merge_regions,
    read_snapshot,
    warm_up,
)

from .worlds import EVERYDAY_MEASURES, brisk_population, full_policy, small_scenario

OF_SERVICE = (
    "order_failures", "tickets", "tickets_answered", "tickets_promised", "tickets_in_time", "wait_minutes",
    "make_goods", "service_labour", "referrals", "referrals_in_vain", "referred_first_orders", "referral_rewards",
    "referral_points",
    "special_price_units",
    "special_price_missed",
    "special_price_sold_out",
    "special_price_discount",
    "price_protection",
    "price_refunds",
    "trials",
    "trial_cost",
    "instalment_orders",
    "instalment_cost",
)  # fmt: skip
"""Measures of a desk, which the full policy of version 1 has not: `test_service_by_hand.py` is about them."""

OF_THE_FULL_POLICY = {
    "visits", "orders", "first_orders", "joins", "renewals", "cancellations", "promotions", "demotions", "lapses",
    "list_value", "member_discount", "tier_discount", "membership_discount", "gmv", "points_paid", "shipping_charged",
    "shipping_waived_by_status", "shipping_waived_by_threshold", "cost_of_goods", "shipping_cost", "payment_cost",
    "fees_billed", "fees_earned", "fees_refunded", "points_issued", "points_redeemed", "points_expired",
}  # fmt: skip
"""Measures of what the full policy promises; those of other mechanics have tests of their own."""


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population())


def lived(snapshot: Snapshot, policy: Policy | None = None, *, day_by_day: bool = False) -> Outcome:
    world = World.resume(snapshot, policy)
    return world.run(world.end, day_by_day=day_by_day)


def test_every_rule_of_the_full_policy_happens(launch: Snapshot) -> None:
    outcome = lived(launch)
    never = [measure for measure in EVERYDAY_MEASURES if outcome.total(measure) == 0]
    # members get the largest of three discounts: the plain member discount still applies in the lowest tier
    assert [measure for measure in never if measure not in OF_SERVICE] == ["fees_refunded"]
    assert all(result.holds for result in outcome.identities())


def test_same_bits_day_by_day_and_shopper_by_shopper(launch: Snapshot) -> None:
    assert lived(launch).digest() == lived(launch, day_by_day=True).digest()


def test_a_policy_under_another_name_changes_nothing(launch: Snapshot) -> None:
    renamed = full_policy().model_copy(update={"name": "other-name", "title": "Another"})
    assert lived(launch).digest() == lived(launch, renamed).digest()


def test_another_policy_changes_something(launch: Snapshot) -> None:
    assert lived(launch).digest() != lived(launch, full_policy().with_({"member_discount": "3 %"})).digest()


def test_running_on_from_a_snapshot_gives_the_uninterrupted_run(launch: Snapshot) -> None:
    world = World.resume(launch)
    for day in (launch.day + 1, launch.day + 45, launch.day + 200):
        world.run(day)
        world.run(day)  # asking twice changes nothing
    stopped, straight = world.run(world.end), lived(launch)
    assert stopped.shoppers.tobytes() == straight.shoppers.tobytes()
    # fees are earned up to the day one looks, so only their dates differ, and what of them a month's opening posts
    measures = [measure for measure in LEDGER.names or () if not measure.endswith("_of_month_before")]
    assert all(stopped.total(measure) == straight.total(measure) for measure in measures)


def test_the_warm_up_is_not_changed_by_its_forks(launch: Snapshot) -> None:
    before = launch.shoppers.tobytes()
    lived(launch, load_policy("no-programme"))
    assert launch.shoppers.tobytes() == before


def test_a_saved_world_goes_on_as_if_it_had_never_stopped(launch: Snapshot, tmp_path: Path) -> None:
    world = World.resume(launch)
    world.run(launch.day + 100)
    world.save(tmp_path / "world.npz")
    loaded = World.load(tmp_path / "world.npz")
    assert loaded.run(loaded.end).digest() == world.fork(world.policy).run(world.end).digest()
    assert [path.name for path in tmp_path.iterdir()] == ["world.npz"]


@pytest.mark.parametrize("damage", ["cut", "text", "missing", "other layout"])
def test_a_damaged_file_is_named(launch: Snapshot, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "world.npz"
    World.resume(launch).save(path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "text":
        path.write_text("not a world")
    elif damage == "missing":
        path.unlink()
    else:
        World.resume(dataclasses.replace(launch, due=launch.due.astype("i4"))).save(path)
    if damage == "other layout":
        arrays = dict(np.load(path))
        np.savez(path, **{**arrays, "due": arrays["due"].astype("i4")})
    with pytest.raises(DocumentError, match=r"world\.npz: (is no readable snapshot|was written by another version)"):
        read_snapshot(path)


@pytest.mark.parametrize("regions", [1, 2, 3, 7])
def test_regions_split_the_work_and_not_the_people(launch: Snapshot, regions: int) -> None:
    scenario = small_scenario(regions=regions)
    outcomes: list[Outcome] = []
    for region in reversed(range(regions)):  # in any order
        start = warm_up(scenario, incumbent=full_policy(), region=region, population=brisk_population())
        outcomes.insert(0, lived(start))
    assert merge_regions(outcomes).digest() == lived(launch).digest()


def test_adding_a_shopper_changes_no_other_shopper(launch: Snapshot) -> None:
    more = warm_up(small_scenario(population__shoppers=601), incumbent=full_policy(), population=brisk_population())
    assert lived(more).shoppers[:-1].tobytes() == lived(launch).shoppers.tobytes()


def test_another_seed_is_another_world(launch: Snapshot) -> None:
    other = warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population(), seed=21)
    assert lived(other).digest() != lived(launch).digest()


PLAIN_PYTHON = """
import json
from memberlab.sim import World
from tests.worlds import brisk_population, full_policy, small_scenario
world = World(full_policy(), small_scenario(population__shoppers=25, horizon={"months": 4}, warm_up={"months": 9}),
              population=brisk_population())
print(json.dumps([world.run(world.launch).digest(), world.fork(full_policy()).run(world.end).digest()]))
"""


def test_compiled_and_plain_python_rules_give_the_same_bits() -> None:
    digests = []
    for disable in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disable}
        done = subprocess.run(
            [sys.executable, "-c", PLAIN_PYTHON], capture_output=True, text=True, env=environment, check=False,
            cwd=Path(__file__).parent.parent,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        digests.append(done.stdout)
    assert digests[0] == digests[1]


def test_a_shopper_fits_into_256_bytes(launch: Snapshot) -> None:
    assert launch.shoppers.itemsize + launch.due.itemsize == BYTES_PER_SHOPPER <= 256


def test_a_dropped_programme_forfeits_points_and_refunds_fees(launch: Snapshot) -> None:
    outcome = lived(launch, load_policy("no-programme"))
    assert outcome.total("points_expired") == outcome.opening.points > 0
    assert outcome.total("fees_refunded") == outcome.opening.deferred_fees > 0
    assert outcome.closing.points == outcome.closing.members == 0


def test_the_fee_is_earned_day_by_day_to_the_cent(launch: Snapshot) -> None:
    outcome = lived(launch)
    earned, billed = outcome.total("fees_earned"), outcome.total("fees_billed")
    assert outcome.opening.deferred_fees + billed - earned == outcome.closing.deferred_fees
    assert 0 < outcome.closing.deferred_fees < 9900 * outcome.closing.members


@pytest.mark.parametrize(
    ("measure", "identity"),
    [
        ("points_issued", "points_roll_forward"),
        ("points_expired", "points_roll_forward"),
        ("list_value", "gmv_bridge"),
        ("tier_discount", "gmv_bridge"),
        ("fees_earned", "fee_deferral"),
        ("cost_of_goods", "contribution_margin"),
        ("shipping_waived_by_status", "benefit_cost"),
        ("gmv", "gmv_of_shoppers"),
        ("orders", "orders_of_shoppers"),
        ("joins", "members_roll_forward"),
        ("first_orders", "enrolment"),
    ],
)
def test_one_cent_or_point_astray_breaks_its_identity(launch: Snapshot, measure: str, identity: str) -> None:
    outcome = lived(launch)
    ledger = outcome.ledger.copy()
    ledger[measure][3, 2] += 1
    books = Books(outcome.opening, ledger, outcome.closing)
    assert identity in {result.name for result in check_identities(books) if not result.holds}
    with pytest.raises(IdentityError, match=identity):
        fail_if_broken(books)


@pytest.mark.parametrize(
    ("field", "identity"),
    [("points_balance", "points_in_lots"), ("lots", "points_in_lots"), ("window_spend", "tier_window")],
)
def test_one_shopper_astray_breaks_an_identity(launch: Snapshot, field: str, identity: str) -> None:
    world = World.resume(launch)
    world.shoppers[field][7] += 1
    with pytest.raises(IdentityError, match=identity):
        world.run(world.day + 1)


def test_the_tier_is_the_one_that_a_years_spend_has_earned() -> None:
    """An independent recomputation from the windows at the last review, for every shopper who is still there."""
    policy = full_policy()
    world = World(policy, small_scenario(), population=brisk_population())
    world.run(world.launch)
    windows = world.shoppers["window_spend"].copy()
    world.run(world.launch + 1)  # the review of launch morning
    shoppers = world.shoppers
    reviewed = (shoppers["status"] & (ENROLLED | LAPSED)) == ENROLLED
    there = reviewed & (shoppers["last_order_day"] < world.launch)
    thresholds = [tier.threshold for tier in policy.tiers.values()]
    earned = np.searchsorted(thresholds, windows, side="right") - 1
    assert there.sum() > 100
    assert (shoppers["tier"][there] == earned[there]).all()


def test_policy_and_scenario_of_different_currencies_are_refused() -> None:
    dollars = full_policy().with_({"currency": "USD"})
    with pytest.raises(DocumentError, match="USD does not fit scenario small-world, which is in CNY"):
        World(dollars, small_scenario(), population=brisk_population())


def test_unknown_and_implausible_assumptions_are_refused_together() -> None:
    scenario = small_scenario(assumptions={"attrition_efect": 0.3, "tier_pressure": 7})
    with pytest.raises(DocumentError) as caught:
        World(full_policy(), scenario, population=brisk_population())
    assert "unknown assumption 'attrition_efect', did you mean 'attrition_effect'?" in str(caught.value)
    assert "tier_pressure: 7 is outside 0 to 0.4" in str(caught.value)
