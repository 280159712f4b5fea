"""Bonus-hunters, recomputed by hand: who they are, what each of their ways costs, and what stops them."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.results import hunter_lines, hunters_in
from memberlab.sim import Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, opening, quiet_snapshot

POINTS = {"earn": {"points": 0, "per": 1, "each_order": 100}, "redeem": {"points": 100, "value": 1}}
RETURNS = {"share": "0 %", "days": 40, "resale": "75 %", "handling": 3}
EVERYBODY = {"share": "100 %"}


def policy(points: object = POINTS, **changes: object) -> Policy:
    return load_policy("no-programme").with_({"currency": "CNY", "points": points, **changes})


def buyers(arm: Policy, hunters: object, count: int = 4, day: int = 5, **changes: object) -> Snapshot:
    """Return a launch morning of shoppers who each order goods of 90 once, on the fifth day."""
    snapshot = quiet_snapshot(arm, count, bonus_hunters=hunters, **changes)
    let_baskets_be(snapshot, 90_00)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + day)
    return snapshot


def lived(snapshot: Snapshot, days: int = 100) -> Outcome:
    return World.resume(snapshot).run(snapshot.day + days)


def test_who_hunts_is_drawn_once_a_life() -> None:
    snapshot = buyers(policy(), {"share": "30 %", "split_into": 3}, count=400)
    hunts = keyed_uniforms(snapshot.seed, range(400), -1, Purpose.BONUS_HUNTER) < 0.3
    outcome = lived(snapshot)
    assert outcome.shoppers["orders"].tolist() == np.where(hunts, 3, 1).tolist()
    assert hunters_in(outcome) == hunts.sum()


class TestSplitting:
    HUNTERS: ClassVar[dict[str, object]] = {**EVERYBODY, "split_into": 3}

    def test_each_order_earns_and_each_costs(self) -> None:
        whole, split = lived(buyers(policy(), None)), lived(buyers(policy(), self.HUNTERS))
        assert (whole.total("orders"), split.total("orders")) == (4, 12)
        assert split.total("gmv") == whole.total("gmv") == 4 * 90_00
        assert (whole.total("points_issued"), split.total("points_issued")) == (400, 1_200)
        more = {name: split.total(name) - whole.total(name) for name in ("shipping_cost", "payment_cost")}
        assert more == {"shipping_cost": 8 * 8_00, "payment_cost": 8 * 5}
        (line, *_) = hunter_lines(split)
        assert (line.times, line.cost, line.points, line.points_cost) == (8, 8 * 8_05, 800, 640)

    @pytest.mark.parametrize(
        ("changes", "orders"),
        [
            ({"points": {**POINTS, "earn": {"points": 10, "per": 1}}}, 1),  # an order more earns nothing
            ({"shipping": {"fee": 5, "free_from": 60}}, 1),  # 3 deliveries for 15 would earn 2
            ({"shipping": {"fee": 0.5, "free_from": 60}}, 3),
            ({"shipping": {"fee": 5, "free_from": 30}}, 3),
            ({"points": None, "qualification": {"basis": "orders"}, "tiers": {"low": {"threshold": 0},
              "high": {"threshold": 3}}}, 3),
        ],
    )  # fmt: skip
    def test_they_split_where_it_pays(self, changes: dict[str, object], orders: int) -> None:
        outcome = lived(buyers(policy(**changes), self.HUNTERS, count=1))
        assert outcome.total("orders") == orders

    def test_delivery_fees_are_taken_off_the_cost(self) -> None:
        outcome = lived(buyers(policy(shipping={"fee": 0.5, "free_from": 60}), self.HUNTERS, count=1))
        assert outcome.total("shipping_charged") == 150
        assert hunter_lines(outcome)[0].cost == 2 * 8_05 - 150

    def test_a_cap_bites(self) -> None:
        capped = {**POINTS, "earn": {**POINTS["earn"], "caps": {"day": 120}}}
        outcome = lived(buyers(policy(capped), self.HUNTERS, count=1))
        assert outcome.total("points_issued") == 120
        assert hunter_lines(outcome)[0].points == 20

    def test_others_do_not(self) -> None:
        assert lived(buyers(policy(), {**EVERYBODY, "farming": 2}, count=1)).total("orders") == 1


class TestReturning:
    HUNTERS: ClassVar[dict[str, object]] = {**EVERYBODY, "returns": "100 %"}
    TIERS: ClassVar[dict[str, object]] = {"low": {"threshold": 0}, "high": {"threshold": 80}}
    EARN: ClassVar[dict[str, object]] = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 1, "value": 0.01}}

    def hunted(self, days: int = 40, hunters: object = HUNTERS, **points: object) -> Outcome:
        arm = policy({**self.EARN, **points}, tiers=self.TIERS)
        return lived(buyers(arm, hunters, count=1, day=20, returns={**RETURNS, "days": days}))

    def test_the_order_that_earned_the_tier_goes_back_when_it_is_theirs(self) -> None:
        outcome = self.hunted()
        start = outcome.first_day
        february, march = (opening(quiet_snapshot(outcome.policy, 1), LAUNCH_MONTH + month) for month in (1, 2))
        assert start + 20 < february
        assert days_with(outcome, "promotions") == {february: 1}
        assert days_with(outcome, "returns") == {february: 1}
        assert days_with(outcome, "demotions") == {march: 1}  # the spend is taken back, and the next review sees it
        assert outcome.total("hunter_returns") == 1
        # goods of 54 of which three quarters are recovered, handling, delivery and payment for nothing
        assert hunter_lines(outcome)[1].cost == 54_00 // 4 + 3_00 + 8_00 + (54 + 5)

    @pytest.mark.parametrize("days", [5, 10])
    def test_a_short_window_stops_them(self, days: int) -> None:
        assert self.hunted(days).total("returns") == 0

    def test_nobody_else_returns(self) -> None:
        assert self.hunted(hunters=None).total("returns") == 0
        assert self.hunted(hunters={**EVERYBODY, "farming": 2}).total("returns") == 0

    def test_below_a_threshold_nothing_is_won(self) -> None:
        arm = policy(self.EARN, tiers={"low": {"threshold": 0}, "high": {"threshold": 91}})
        assert lived(buyers(arm, self.HUNTERS, count=1, returns=RETURNS)).total("returns") == 0

    @pytest.mark.parametrize(
        ("claw_back", "kept"), [("pending_only", 90), ("within_balance", 0), ("may_go_negative", 0)]
    )
    def test_claw_back_bites(self, claw_back: str, kept: int) -> None:
        outcome = self.hunted(returns={"claw_back": claw_back})
        assert (outcome.total("points_issued"), outcome.total("points_clawed_back")) == (90, 90 - kept)
        assert (outcome.closing.points, hunter_lines(outcome)[1].points) == (kept, kept)

    def test_an_order_with_a_campaigns_points_goes_back_at_once(self) -> None:
        arm = policy(self.EARN, campaigns={"triple": {"when": "always", "points_multiplier": 3}})
        outcome = lived(buyers(arm, self.HUNTERS, count=1, returns=RETURNS))
        assert days_with(outcome, "returns") == {outcome.first_day + 6: 1}


class TestFarming:
    HUNTERS: ClassVar[dict[str, object]] = {**EVERYBODY, "farming": 5}

    def farmed(self, hunters: object = HUNTERS, **earn: object) -> Outcome:
        points = {"earn": {"points": 0, "per": 1, **earn}, "redeem": {"points": 100, "value": 1},
                  "activities": {"check_in": 3, "review": 50, "share": 10}}  # fmt: skip
        shares = {"check_in": 0, "reviewing": 0, "sharing": 0, "membership_consideration": 0}
        return lived(buyers(policy(points), hunters, count=2, assumptions=shares))

    def test_they_do_it_again_and_again(self) -> None:
        outcome = self.farmed()
        issued = {name: outcome.total(f"{name}_points") for name in ("check_in", "review", "share")}
        assert issued == {"check_in": 2 * 15, "review": 2 * 250, "share": 2 * 50}
        line = hunter_lines(outcome)[2]
        assert (line.times, line.points, line.points_cost, line.cost) == (30, 630, 504, 0)

    def test_what_is_usual_is_no_hunting(self) -> None:
        points = {**POINTS, "activities": {"review": 50}}
        snapshot = buyers(policy(points), self.HUNTERS, count=50, assumptions={"reviewing": 0.3})
        usual = keyed_uniforms(snapshot.seed, range(50), snapshot.day + 5, Purpose.REVIEW) < 0.3
        outcome = lived(snapshot)
        assert outcome.total("review_points") == 50 * 250
        assert hunter_lines(outcome)[2].points == 50 * 250 - 50 * usual.sum() < 50 * 250

    def test_a_cap_bites(self) -> None:
        outcome = self.farmed(caps={"day": 120})
        assert outcome.total("points_issued") == 2 * 120
        assert hunter_lines(outcome)[2].points == 2 * 120

    def test_others_do_not(self) -> None:
        assert self.farmed(None).total("points_issued") == 0
        assert hunter_lines(self.farmed(None)) == ()
