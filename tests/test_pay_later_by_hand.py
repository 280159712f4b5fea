"""Trial before buying and instalments, recomputed by hand: who may, who does, what a use costs, and what it draws."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import MEMBER, Outcome, Purpose, Snapshot, World, keyed_uniforms, warm_up

from .worlds import brisk_population, full_policy, let_buy, quiet_snapshot, small_scenario

TRIAL: dict[str, object] = {"cost": 12}
INSTALMENTS: dict[str, object] = {"months": 6, "monthly_cost": "0.5 %"}
SHOPPERS = 60


def policy(**changes: object) -> Policy:
    base = load_policy("four-tiers-simple").with_({"points": None})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def all_order(arm: Policy, tiers: list[int] | None = None, status: int = 0) -> tuple[Snapshot, Outcome]:
    """Let everybody order on the day after launch, in the given tiers."""
    snapshot = quiet_snapshot(arm, SHOPPERS, assumptions={"membership_consideration": 0})
    if status & MEMBER:
        snapshot.shoppers["status"] |= MEMBER
        snapshot.shoppers["term_end"] = snapshot.day + 300
    for shopper in range(SHOPPERS):
        let_buy(snapshot, shopper, snapshot.day + 1)
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)
    if tiers is not None:
        world.shoppers["tier"] = tiers
    return snapshot, world.run(snapshot.day + 2)


def users(snapshot: Snapshot, purpose: Purpose, share: float) -> np.ndarray:
    return np.asarray(keyed_uniforms(snapshot.seed, range(SHOPPERS), snapshot.day + 1, purpose) < share)


def test_a_trial_costs_the_same_at_every_use() -> None:
    snapshot, outcome = all_order(policy(trial_before_buy=TRIAL))
    used = users(snapshot, Purpose.TRIAL, 0.15)
    assert outcome.total("trials_before_buying") == used.sum() > 0
    assert outcome.total("trial_cost") == used.sum() * 12_00
    spared = outcome.total("shipping_waived_by_threshold")
    assert outcome.shoppers["benefit_cost"].sum() == used.sum() * 12_00 + spared
    assert all(result.holds for result in outcome.identities())


def test_instalments_cost_a_share_of_what_is_paid() -> None:
    snapshot, outcome = all_order(policy(instalments=INSTALMENTS))
    used = users(snapshot, Purpose.INSTALMENTS, 0.20)
    gmv = outcome.shoppers["gmv"]
    fees = np.where(gmv >= 199_00, 0, 10_00)
    assert outcome.total("instalment_orders") == used.sum() > 0
    assert outcome.total("instalment_cost") == int(((gmv + fees)[used] * 300 // 10_000).sum())


def test_an_order_on_trial_is_not_paid_in_instalments() -> None:
    snapshot, outcome = all_order(policy(trial_before_buy=TRIAL, instalments=INSTALMENTS))
    trial, instalments = users(snapshot, Purpose.TRIAL, 0.15), users(snapshot, Purpose.INSTALMENTS, 0.20)
    assert outcome.total("trials_before_buying") == trial.sum()
    assert outcome.total("instalment_orders") == (instalments & ~trial).sum() < instalments.sum()


@pytest.mark.parametrize(
    ("option", "status", "first_tier"),
    [({"from_tier": "gold"}, 0, 2), ({"members": True}, 0, 9), ({"members": True}, MEMBER, 0), ({}, 0, 0)],
)
def test_it_is_for_whom_it_is_promised_to(option: dict[str, object], status: int, first_tier: int) -> None:
    tiers = [shopper % 4 for shopper in range(SHOPPERS)]
    arm = policy(membership={"fee": 99}, trial_before_buy={**TRIAL, **option})
    snapshot, outcome = all_order(arm, tiers, status)
    may = np.array(tiers) >= first_tier
    assert outcome.total("trials_before_buying") == (users(snapshot, Purpose.TRIAL, 0.15) & may).sum()


def test_small_orders_do_not_qualify() -> None:
    snapshot, outcome = all_order(policy(trial_before_buy={**TRIAL, "minimum_order": 150}))
    used = users(snapshot, Purpose.TRIAL, 0.15) & (outcome.shoppers["gmv"] >= 150_00)
    assert outcome.total("trials_before_buying") == used.sum() < users(snapshot, Purpose.TRIAL, 0.15).sum()


EVERYTHING = {"trial_before_buy": {**TRIAL, "minimum_order": 100}, "instalments": INSTALMENTS}


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(small_scenario(), incumbent=full_policy().with_(EVERYTHING), population=brisk_population())


def test_both_drivers_give_the_same_bits_and_more_is_ordered(launch: Snapshot) -> None:
    worlds = [World.resume(launch) for _ in range(2)]
    one, other = (world.run(world.end, day_by_day=mode) for world, mode in zip(worlds, (True, False), strict=True))
    assert one.digest() == other.digest()
    without = World.resume(launch, full_policy())
    assert one.total("orders") > 1.03 * without.run(without.end).total("orders")


def test_a_snapshot_goes_on_as_if_it_had_not_been_taken(launch: Snapshot) -> None:
    straight = World.resume(launch)
    straight.run(launch.day + 70)
    halted = World.resume(straight.snapshot())
    for world in (straight, halted):
        world.run(world.end)
    assert (straight.shoppers["next_visit"] == halted.shoppers["next_visit"]).all()
    assert (straight.shoppers["goodwill"] == halted.shoppers["goodwill"]).all()


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="calls compiled rules on bare records")
def test_the_bound_knows_the_pull(launch: Snapshot) -> None:
    rules: Any = importlib.import_module("memberlab.sim.visit")
    world: Any = World.resume(launch)
    order, table, behaviour, market = world._order[0], world._table, world._behaviour[0], world._market[0]
    assert set(table.terms["pay_later_pull"][:-1].round(6)) == {0.14}
    order["list_value"] = order["goods"] = 20_000
    terms = table.terms[0]
    given = (table.programme[0], behaviour, market)
    for shopper in world.shoppers[:50]:
        bound = rules.highest_utility(shopper, world.cards[0], terms, *given, False)
        utility = rules.buying_utility(shopper, world.cards[0], terms, *given, order, False, world.day)
        assert utility <= bound


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"trial_before_buy": {**TRIAL, "from_tier": "golden"}},
            r"trial_before_buy\.from_tier: there is no tier 'golden'",
        ),
        ({"instalments": {**INSTALMENTS, "members": True}}, r"instalments\.members: there is no paid membership"),
        ({"instalments": {"months": 1, "monthly_cost": "1 %"}}, r"instalments\.months: 1 is below 2"),
    ],
)
def test_contradictions_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        load_policy("four-tiers-simple").with_(change)
