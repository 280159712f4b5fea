"""The rival's reaction, recomputed by hand: what a matched benefit takes off the odds of an order and off a life."""

from __future__ import annotations

import math

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import quiet_snapshot

RIVAL = {"launch_month": 1, "adoption": "100 %"}
NO_EFFECT = {"membership_consideration": 0, "rival_pull": 0, "rival_attrition": 0, "rival_damping": 1}
DISCOUNT = load_policy("no-programme").with_({"currency": "CNY", "member_discount": "10 %"})


def wavering(arm: Policy, day: int, rival: dict[str, object] | None, **assumptions: float) -> Snapshot:
    """Return a launch morning of 2 000 shoppers who come once, on a day of the horizon, and may order."""
    changes = {"rival": rival} if rival is not None else {}
    snapshot = quiet_snapshot(arm, 2_000, assumptions={**NO_EFFECT, **assumptions}, **changes)
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day + day
    snapshot.shoppers["visit_gap"], snapshot.shoppers["base_logit"] = 1e12, -1.0
    snapshot.shoppers["response"] = 1.25
    return snapshot


def ordered(snapshot: Snapshot) -> list[bool]:
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    return list((outcome.shoppers["orders"] > 0).tolist())


def expected(snapshot: Snapshot, day: int, match: float) -> list[bool]:
    """Return who orders at 10 % off if the rival matches `match` of it, first without any habit of a price."""
    draws = keyed_uniforms(snapshot.seed, range(2_000), snapshot.day + day, Purpose.BUY)
    pull = -1.3 * (math.log(0.9) - math.log(1 - match * 0.1)) - 1.0 * math.log(0.9)
    return list((np.log(draws / (1 - draws)) < -1.0 + 1.25 * pull).tolist())


@pytest.mark.parametrize(
    ("reaction", "day", "match"),
    [("0 %", 150, 0.0), ("50 %", 150, 0.5), ("100 %", 150, 1.0), ("100 %", 90, 1.0), ("100 %", 89, 0.0)],
)
def test_a_matched_discount_is_no_reason_to_order_here(reaction: str, day: int, match: float) -> None:
    snapshot = wavering(DISCOUNT, day, {**RIVAL, "reaction": reaction})
    assert ordered(snapshot) == expected(snapshot, day, match)
    if match:
        assert sum(expected(snapshot, day, match)) < sum(expected(snapshot, day, 0.0)) - 20


def test_the_lag_is_the_one_that_is_written() -> None:
    snapshot = wavering(DISCOUNT, 31, {**RIVAL, "reaction": "100 %", "reaction_days": 30})
    assert ordered(snapshot) == expected(snapshot, 31, 1.0)


def test_only_those_in_the_rivals_programme_feel_it() -> None:
    snapshot = wavering(DISCOUNT, 150, {**RIVAL, "adoption": "30 %", "reaction": "100 %"})
    has_joined = keyed_uniforms(snapshot.seed, range(2_000), -1, Purpose.RIVAL) < 0.3
    with_it, without = expected(snapshot, 150, 1.0), expected(snapshot, 150, 0.0)
    orders = [a if joined else b for a, b, joined in zip(with_it, without, has_joined, strict=True)]
    assert ordered(snapshot) == orders != without


def test_a_programme_that_gives_nothing_leaves_nothing_to_match() -> None:
    nothing = load_policy("no-programme").with_({"currency": "CNY"})
    calm = wavering(nothing, 150, RIVAL)
    assert ordered(wavering(nothing, 150, {**RIVAL, "reaction": "100 %"})) == ordered(calm)


def lifetimes(reaction: str, **assumptions: float) -> Outcome:
    snapshot = wavering(DISCOUNT, 100, {**RIVAL, "reaction": reaction, "reaction_days": 0}, **assumptions)
    snapshot.shoppers["lifetime_left"] = 10_000
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day + 100
    return World.resume(snapshot).run(snapshot.day + 101)


@pytest.mark.parametrize(("reaction", "left"), [("0 %", 1.0), ("50 %", 0.5), ("100 %", 0.0)])
def test_a_matched_benefit_makes_nobody_stay(reaction: str, left: float) -> None:
    outcome = lifetimes(reaction, attrition_effect=0.3, rival_damping=0.6)
    worn = 10_000 - outcome.shoppers["lifetime_left"][outcome.shoppers["orders"] > 0]
    assert worn == pytest.approx(100 * math.exp(-0.3 * 0.6 * left), rel=1e-3)  # 10 % earn the whole effect
