"""A rollout in a market with a rival joined by value, bonus-hunters, shocks within months and a law about expiry, and
under policies whose points lose value: each shopper lives as alone, and what happens to members happens once to each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy
from memberlab.results import bridge_totals
from memberlab.scenarios import Scenario
from memberlab.sim import LEDGER, RolloutWorld, Snapshot, warm_up

from .test_rollout_world import DESK, PILOT, RAMPED, lived, rollout, together, whole
from .worlds import full_policy, small_scenario

WAVE: dict[str, Any] = {
    "name": "wave", "from_date": "2026-02-10", "lasts_days": 20, "ramp_days": 3, "recovery_days": 4, "visits": 1.6,
    "missing_goods": "20 %", "prices": 1.1, "wages": 1.5, "staff": 0.5, "serious_failures": "5 %",
}  # fmt: skip
MARKET: dict[str, Any] = {
    "horizon__months": 6, "warm_up__months": 6, "shocks": [WAVE],
    "rival": {"launch_day": "2026-02-12", "ramp_months": 2, "strength": "6 %", "multi_homing": "50 %",
              "reaction": "50 %", "reaction_days": 45},
    "bonus_hunters": {"share": "20 %", "split_into": 2, "returns": "50 %", "farming": 3},
    "returns": {"share": "10 %", "days": 20, "resale": "80 %", "handling": 4},
    "regulation": {"since": "2026-04-15", "points_expiry": "forbidden"},
}  # fmt: skip
CUT = {"on": "2026-03-01", "announced_days": 30, "value": 4}
EAGER = {"devaluation_visit": 0.6}
"""Enough for the news to bring members even in a small shop."""


def market(**changes: object) -> Scenario:
    return small_scenario(**{**MARKET, "population__shoppers": 400, "assumptions": EAGER, **changes})


def devaluing(**changes: object) -> Policy:
    return full_policy().with_({"points.devaluation": CUT, "points.minimum": 10, "points.expiry.months": 3, **changes})


GENEROUS = devaluing(**{"tiers.silver.discount": "6 %", "points.devaluation": {**CUT, "on": "2026-04-01"}})


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return warm_up(market(), incumbent=devaluing())


@pytest.mark.parametrize("day_by_day", [False, True])
def test_a_launch_of_everybody_is_the_arm_of_a_comparison(snapshot: Snapshot, day_by_day: bool) -> None:
    plan = rollout(pilot={"day": 1, "share": "100 %"})
    _, everybody = lived(snapshot, plan, GENEROUS, day_by_day=day_by_day).outcomes()
    alone = whole(snapshot, GENEROUS)
    assert alone.total("points_devalued") > 0
    assert alone.total("prompted_visits") > 0
    for field in ("ledger", "shoppers", "cards"):
        assert np.array_equal(getattr(everybody, field), getattr(alone, field)), field
    assert bridge_totals(everybody) == bridge_totals(alone)


def test_in_half_a_pilot_each_lives_as_alone(snapshot: Snapshot) -> None:
    world = lived(snapshot, rollout(pilot=PILOT), GENEROUS)
    outcomes = world.outcomes()
    tried = world.lanes == 1
    assert np.array_equal(world.shoppers[tried], whole(snapshot, GENEROUS).shoppers[tried])
    assert np.array_equal(world.shoppers[~tried], whole(snapshot).shoppers[~tried])
    for outcome, morning in zip(outcomes, (59, 90), strict=True):
        days = np.flatnonzero(outcome.ledger["points_devalued"].sum(axis=1))
        assert days.tolist() == [morning]


@pytest.mark.parametrize(
    "parts", [{"pilot": PILOT}, RAMPED, {"pilot": {"day": 60, "share": "50 %"}}],
    ids=["launch day", "within months", "on the morning of the devaluation"],
)  # fmt: skip
def test_a_placebo_with_a_devaluation_is_exactly_zero(snapshot: Snapshot, parts: dict[str, Any]) -> None:
    today = whole(snapshot)
    world = lived(snapshot, rollout(**parts), devaluing().model_copy(update={"name": "same"}))
    outcomes = world.outcomes()
    assert np.array_equal(world.shoppers, today.shoppers)
    sums = together(outcomes)
    memo = {"fees_of_month_before", "tax_of_month_before", "fees_earned", "sales_tax"}  # posted on the day of the move
    for measure in set(LEDGER.names or ()) - memo:
        assert np.array_equal(sums[measure], today.ledger[measure]), measure
    assert [outcome.total("points_devalued") > 0 for outcome in outcomes] == [True, True]
    assert sum(outcome.liability_devalued for outcome in outcomes) == pytest.approx(today.liability_devalued, abs=20)
    together_owed = sum(outcome.opening_liability for outcome in outcomes)
    assert together_owed == pytest.approx(today.opening_liability, abs=20)
    provision = sum(bridge_totals(outcome)["points_provision"] for outcome in outcomes)
    assert provision == pytest.approx(bridge_totals(today)["points_provision"], abs=40)


def test_a_ramp_is_the_same_day_by_day(snapshot: Snapshot) -> None:
    one, other = (lived(snapshot, rollout(**RAMPED), GENEROUS, day_by_day=way) for way in (False, True))
    for left, right in zip(one.outcomes(), other.outcomes(), strict=True):
        assert np.array_equal(left.ledger, right.ledger)
        assert np.array_equal(left.shoppers, right.shoppers)


def test_points_that_were_converted_lose_value_too(snapshot: Snapshot) -> None:
    arm = GENEROUS.with_({"migration": {"points": {"rule": "convert", "old": 1, "new": 3}}})
    world = lived(snapshot, rollout(**RAMPED), arm)
    for outcome in (whole(snapshot, arm), *world.outcomes()):
        assert all(identity.holds for identity in outcome.identities())
    assert outcome.total("points_converted") > 0
    assert outcome.total("points_devalued") > 0


def test_a_law_ends_expiry_in_every_arm(snapshot: Snapshot) -> None:
    world = RolloutWorld(snapshot, rollout(pilot=PILOT), [devaluing(**{"points.expiry.months": 2})])
    world.live(world.end)
    for outcome in world.outcomes():
        expired = np.flatnonzero(outcome.ledger["points_expired"].sum(axis=1))
        assert len(expired) > 1
        assert expired.max() < 104  # 15 April


def test_wages_and_absences_of_a_shock_meet_the_desk_of_all() -> None:
    served = full_policy().with_({"service": DESK})
    failures = {"minor": "20 %", "serious": "5 %", "questions": "40 %"}
    morning = warm_up(market(failures=failures, horizon__months=4, warm_up__months=3), incumbent=served)
    alone = whole(morning)
    labour = alone.ledger["service_labour"].sum(axis=1)
    assert labour[45] != labour[5]
    assert alone.total("tickets_answered") > 100
    placebo = lived(morning, rollout(**RAMPED | {"launch": None}), served)
    sums = together(placebo.outcomes())
    for measure in ("tickets_answered", "wait_minutes", "orders"):
        assert np.array_equal(sums[measure], alone.ledger[measure]), measure
    assert np.array_equal(sums["service_labour"].sum(axis=1), labour)
    for field in ("goodwill", "gmv", "orders", "status"):
        assert np.array_equal(placebo.shoppers[field], alone.shoppers[field]), field
