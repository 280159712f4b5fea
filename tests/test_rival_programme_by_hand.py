"""A rival's programme that gives and asks, recomputed by hand: who joins it, what it takes, and when."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.sim import Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import let_baskets_be, quiet_snapshot

SHOPPERS, DAY, GAP = 1_500, 150, 30.0
CALM = {"rival_pull": 0, "rival_attrition": 0, "rival_damping": 1, "rival_visits": 0, "membership_consideration": 0}
JOIN, SLOPE = -2.2, 22.0


def discount(share: str, **changes: object) -> Policy:
    return load_policy("no-programme").with_({"currency": "CNY", "member_discount": share, **changes})


def wavering(arm: Policy, rival: Mapping[str, object], day: int = DAY, **assumptions: float) -> Snapshot:
    """Return a launch morning of shoppers with baskets of 100, who come on a day of the horizon and may order."""
    rival = {"launch_month": 1, "reaction_days": 0, **rival}
    snapshot = quiet_snapshot(arm, SHOPPERS, assumptions={**CALM, **assumptions}, rival=rival)
    let_baskets_be(snapshot, 100_00)
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day + day
    snapshot.shoppers["visit_gap"], snapshot.shoppers["base_logit"] = GAP, -1.0
    snapshot.shoppers["response"] = 1.25
    return snapshot


def lived(snapshot: Snapshot, arm: Policy | None = None, day: int = DAY) -> Outcome:
    return World.resume(snapshot, arm).run(snapshot.day + day + 1)


def ordered(outcome: Outcome) -> list[bool]:
    return list((outcome.shoppers["orders"] > 0).tolist())


def joined(snapshot: Snapshot, worth: float) -> NDArray[np.bool_]:
    """Return who has joined a rival that is worth so much of the spend, beyond ours, once all know it."""
    draws = keyed_uniforms(snapshot.seed, range(SHOPPERS), -1, Purpose.RIVAL)
    return np.asarray(draws < 1 / (1 + math.exp(-JOIN - SLOPE * worth)))


def expected(snapshot: Snapshot, who: NDArray[np.bool_], given: float, ours: float, fee: float = 0.0) -> list[bool]:
    """Return who orders at a discount of `ours` and a delivery fee if those in the rival's programme get `given`."""
    draws = keyed_uniforms(snapshot.seed, range(SHOPPERS), snapshot.day + DAY, Purpose.BUY)
    felt = math.log(1 - ours + 1.3 * fee)
    pull = -1.3 * (felt - np.where(who, math.log(1 - given), 0.0)) - 1.0 * math.log(1 - ours)
    return list((np.log(draws / (1 - draws)) < -1.0 + 1.25 * pull).tolist())


@pytest.mark.parametrize(
    ("multi_homing", "reaction", "ours", "worth", "given"),
    [
        ("100 %", "0 %", 0.10, 0.05, 0.05),  # as if ours were not there
        ("50 %", "0 %", 0.10, 0.00, 0.05),
        ("0 %", "0 %", 0.10, -0.05, 0.05),
        ("0 %", "0 %", 0.04, 0.01, 0.05),  # an arm that gives less keeps fewer from joining
        ("100 %", "50 %", 0.10, 0.10, 0.10),  # a reaction is worth more to join for
        ("100 %", "100 %", 0.10, 0.15, 0.15),
        ("100 %", "100 %", 0.04, 0.09, 0.09),  # and an arm that gives less provokes less
        ("0 %", "100 %", 0.10, 0.05, 0.15),
    ],
)
def test_who_joins_follows_from_what_both_give(
    multi_homing: str, reaction: str, ours: float, worth: float, given: float
) -> None:
    rival = {"strength": "5 %", "multi_homing": multi_homing, "reaction": reaction}
    snapshot = wavering(discount(f"{100 * ours:g} %"), rival)
    who = joined(snapshot, worth)
    assert 0 < who.sum() < SHOPPERS
    assert ordered(lived(snapshot)) == expected(snapshot, who, given, ours)


def test_a_paid_membership_is_for_whom_it_pays_and_delivery_counts() -> None:
    arm = discount("0 %", shipping={"fee": 8})
    rival = {"kind": "paid", "fee": 30, "strength": "5 %", "free_delivery": True}
    snapshot = wavering(arm, rival)
    given = 0.05 + 1.3 * 8 / 100
    orders = 365 * (1 - math.exp(-1 / GAP)) / (1 + math.e)
    who = joined(snapshot, given - 30 / (orders * 100))
    assert joined(snapshot, given).sum() > who.sum() + 20 > 20
    assert ordered(lived(snapshot)) == expected(snapshot, who, given, 0.0, fee=0.08)


def test_a_written_share_joins_whatever_it_is_worth() -> None:
    snapshot = wavering(discount("10 %"), {"adoption": "30 %", "strength": "20 %", "multi_homing": "0 %"})
    who = keyed_uniforms(snapshot.seed, range(SHOPPERS), -1, Purpose.RIVAL) < 0.3
    assert ordered(lived(snapshot)) == expected(snapshot, who, 0.2, 0.1)


@pytest.mark.parametrize(("strength", "kept"), [("5 %", 0.7), ("20 %", 0.7), ("2.5 %", 0.85), (None, 1.0)])
def test_visits_go_to_the_rival(strength: str | None, kept: float) -> None:
    rival = {"adoption": "100 %"} if strength is None else {"adoption": "100 %", "strength": strength}
    snapshot = wavering(discount("10 %"), rival, rival_visits=0.3)
    comes = keyed_uniforms(snapshot.seed, range(SHOPPERS), snapshot.day + DAY, Purpose.ATTENDANCE) < kept
    assert lived(snapshot).total("visits") == comes.sum()


@pytest.mark.parametrize(("day", "is_there"), [(73, False), (74, True)])
def test_it_opens_on_the_day_that_is_written(day: int, is_there: bool) -> None:
    rival = {"adoption": "100 %", "strength": "5 %", "launch_day": "2026-03-16", "launch_month": None}
    snapshot = wavering(discount("10 %"), rival, day=day, rival_visits=0.3)
    assert (lived(snapshot, day=day).total("visits") < SHOPPERS) == is_there


def test_it_is_known_to_all_step_by_step() -> None:
    """Within a ramp of two months a third knows it, then two thirds."""
    snapshot = wavering(discount("10 %"), {"strength": "5 %", "ramp_months": 2}, day=40)
    draws = keyed_uniforms(snapshot.seed, range(SHOPPERS), -1, Purpose.RIVAL)
    who = draws < 2 / 3 / (1 + math.exp(-JOIN - SLOPE * 0.05))
    outcome = lived(snapshot, day=40)
    draws = keyed_uniforms(snapshot.seed, range(SHOPPERS), snapshot.day + 40, Purpose.BUY)
    pull = -1.3 * (math.log(0.9) - np.where(who, math.log(0.95), 0.0)) - math.log(0.9)
    assert ordered(outcome) == (np.log(draws / (1 - draws)) < -1.0 + 1.25 * pull).tolist()


def test_only_those_whom_our_own_policy_turns_differ_between_arms() -> None:
    """Draws are shared: all who join under the arm that gives more join under the one that gives less as well."""
    poor, rich = discount("2 %"), discount("12 %")
    start = wavering(poor, {"strength": "5 %", "multi_homing": "0 %"}, rival_visits=0.3)
    absent = [lived(start, arm).ledger["visits"].sum() for arm in (poor, rich)]
    comes = keyed_uniforms(start.seed, range(SHOPPERS), start.day + DAY, Purpose.ATTENDANCE) < 0.7
    few, many = joined(start, 0.05 - 0.12), joined(start, 0.05 - 0.02)
    assert (many | ~few).all()
    assert absent == [int((comes | ~who).sum()) for who in (many, few)]
