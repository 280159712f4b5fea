"""A threshold of free delivery that is raised above the one shoppers are used to, recomputed by hand order by order."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import Outcome, Snapshot, World

from .worlds import let_baskets_be, let_buy, quiet_snapshot

FEE = 1_000
SHOPPERS = 400
MEMORY = 365.0


def delivery(free_from: float | str, fee: float = 10, **changes: object) -> Policy:
    """Return a policy of nothing but delivery at `fee`, free from `free_from`."""
    written = {"name": f"free-from-{free_from}", "currency": "CNY", "shipping": {"fee": fee, "free_from": free_from}}
    return load_policy("no-programme").with_({**written, **changes})


def shop_with(basket: int, shoppers: int = 1, free_from: float | str = 80, **assumptions: float) -> Snapshot:
    """Return launch morning under the old threshold, with baskets of `basket` cents and nobody topping up."""
    assumed = {"membership_consideration": 0, "padding_spread": 0, **assumptions}
    snapshot = quiet_snapshot(delivery(free_from), shoppers, assumptions=assumed)
    let_baskets_be(snapshot, basket)
    snapshot.shoppers["first_order_day"] = snapshot.day - 1
    return snapshot


def orders_of(snapshot: Snapshot, policy: Policy, after: int = 1) -> Outcome:
    """Let every shopper order for certain, `after` days from the launch of `policy`."""
    for shopper in range(len(snapshot.shoppers)):
        let_buy(snapshot, shopper, snapshot.day + after)
    outcome = World.resume(snapshot, policy).run(snapshot.day + after + 1)
    assert outcome.total("orders") == len(snapshot.shoppers)
    return outcome


def fallen(basket: int, old: int, goal: int, share: float = 1.0, elasticity: float = 1.0) -> int:
    return int(basket * (old / goal) ** (elasticity * share) + 0.5)


@pytest.mark.parametrize(
    ("basket", "after", "expected"),
    [
        (9_000, 0, fallen(9_000, 8_000, 10_000)),
        (8_000, 0, fallen(8_000, 8_000, 10_000)),
        (9_000, 200, fallen(9_000, 8_000, 10_000, math.exp(-200 / MEMORY))),
        (7_900, 0, 7_900),  # had no goal: the fee was due before
        (10_000, 0, 10_000),  # reaches the new one
        (15_000, 0, 15_000),
    ],
)
def test_a_basket_planned_for_the_old_threshold_falls_below_it(basket: int, after: int, expected: int) -> None:
    outcome = orders_of(shop_with(basket), delivery(100), after)
    assert outcome.total("list_value") == outcome.total("gmv") == expected
    assert outcome.total("shipping_charged") == (FEE if basket < 10_000 else 0)


@pytest.mark.parametrize(("basket", "expected"), [(9_000, 4_500), (15_000, 7_500), (16_000, 16_000), (40_000, 40_000)])
def test_an_abolished_threshold_counts_as_doubled(basket: int, expected: int) -> None:
    """A basket of more than two old thresholds had not been planned for one."""
    assert orders_of(shop_with(basket), delivery("never"), 0).total("list_value") == expected


def test_who_came_after_the_rise_does_not_know_the_old_threshold() -> None:
    snapshot = shop_with(9_000)
    snapshot.shoppers["first_order_day"] = snapshot.day
    assert orders_of(snapshot, delivery(100)).total("list_value") == 9_000


@pytest.mark.parametrize("free_from", [80, 79, 20, 0])
def test_a_threshold_that_stays_or_falls_cuts_no_basket(free_from: int) -> None:
    assert orders_of(shop_with(9_000), delivery(free_from)).total("list_value") == 9_000


def test_delivery_that_was_always_free_had_no_goal() -> None:
    snapshot = shop_with(9_000, free_from=0)
    assert orders_of(snapshot, delivery(100)).total("list_value") == 9_000
    assert orders_of(shop_with(9_000), delivery(100, fee=0)).total("list_value") == 9_000


def test_a_tier_with_better_terms_than_the_old_ones_loses_nothing() -> None:
    gold: dict[str, Any] = {"tiers": {"basic": {"threshold": 0}, "gold": {"threshold": 50, "free_shipping_from": 49}}}
    assumed = {"membership_consideration": 0, "padding_spread": 0}
    snapshot = quiet_snapshot(delivery(80, **gold), 2, assumptions=assumed)
    let_baskets_be(snapshot, 9_000)
    snapshot.shoppers["first_order_day"] = snapshot.day - 1
    snapshot.shoppers["tier"] = [0, 1]
    snapshot.shoppers["window_spend"] = [0, 5_000]
    snapshot.shoppers["month_spend"][1, 11] = 5_000
    outcome = orders_of(snapshot, delivery(100, **gold), 0)
    assert outcome.shoppers["gmv"].tolist() == [fallen(9_000, 8_000, 10_000), 9_000]


def test_topping_up_weakens_by_what_the_new_threshold_asks_beyond_the_old() -> None:
    """At 85.00 the gap of 15.00 weighs 1 + 1.25 times as much: all of it lies beyond the old threshold."""
    added = {}
    for loss in (0.0, 1.25):
        snapshot = shop_with(8_500, SHOPPERS, padding_spread=0.8, threshold_loss=loss, threshold_fall_back=0)
        outcome = orders_of(snapshot, delivery(100), 0)
        padded = outcome.total("shipping_waived_by_threshold") / FEE
        share = share_that_tops_up(1_500 * (1 + loss))
        assert padded == pytest.approx(SHOPPERS * share, abs=3.5 * math.sqrt(SHOPPERS * share * (1 - share)))
        added[loss] = padded
    assert added[1.25] < added[0.0]


def felt_prices(snapshot: Snapshot, policy: Policy, basket: int) -> tuple[float, float]:
    """Return the buying utility of an order of `basket` cents on launch day under the old and the new policy."""
    visit: Any = importlib.import_module("memberlab.sim.visit")
    habit: Any = importlib.import_module("memberlab.sim.threshold_habit")
    utilities = []
    for arm in (None, policy):
        world: Any = World.resume(snapshot, arm)
        s, t, p = world.shoppers[0], world._table.terms[0], world._table.programme[0]
        b, m, o = world._behaviour[0], world._market[0], world._order[0]
        o["list_value"] = o["goods"] = basket
        o["shipping_fee"] = 0 if basket >= t["free_shipping_from"] else FEE
        if m["used_free_from"] > 0:
            assert habit.burden_of_threshold(s, t, b, m, o, world.day) >= 0
            habit.give_up_goal(t, p, b, m, o, world.day, np.uint64(7))
        utilities.append(visit.buying_utility(s, world.cards[0], t, p, b, m, o, False, world.day))
    return utilities[0], utilities[1]


def test_a_fee_that_is_newly_due_weighs_as_a_loss() -> None:
    """With a fee of 10.00 on 90.00: 1.3 times the usual weight, and 1.25 times that again because it is new."""
    snapshot = shop_with(9_000, threshold_fall_back=0)
    snapshot.shoppers["base_logit"], snapshot.shoppers["response"] = 0.0, 2.0
    before, after = felt_prices(snapshot, delivery(100), 9_000)
    assert before == 0.0
    assert after == pytest.approx(-2.0 * 1.3 * math.log(1 + 1.3 * 1_000 * 2.25 / 9_000))
    before, after = felt_prices(snapshot, delivery(100), 7_000)  # due before as well
    assert before == after == pytest.approx(-2.0 * 1.3 * math.log(1 + 1.3 * 1_000 / 7_000))


def share_that_tops_up(gap: float) -> float:
    return 1 / (1 + math.exp(-(1.3 * FEE - 0.85 * gap) / (0.8 * FEE)))


@pytest.mark.parametrize(("basket", "given_up"), [(7_900, 6_400), (6_000, 6_000)])
def test_who_would_have_topped_up_before_gives_up_and_takes_no_more_than_needed(basket: int, given_up: int) -> None:
    """Planned was 80.00, which falls to 64.00; of 60.00 nothing needs to be taken out. Others paid the fee before."""
    outcome = orders_of(shop_with(basket, SHOPPERS, padding_spread=0.8), delivery(100), 0)
    spent = outcome.shoppers["gmv"]
    before, now = share_that_tops_up(8_000 - basket), share_that_tops_up(8_000 - basket + 2.25 * 2_000)
    shares = {
        "now": (spent >= 10_000).mean(),
        "given up": (spent == given_up).mean(),
        "before": (spent == basket).mean(),
    }
    if given_up == basket:
        expected = {"now": now, "given up": 1 - now, "before": 1 - now}
    else:
        expected = {"now": now, "given up": before - now, "before": 1 - before}
    for name, share in expected.items():
        assert shares[name] == pytest.approx(share, abs=3.5 * math.sqrt(share * (1 - share) / SHOPPERS)), name
    assert np.isin(spent[spent < 10_000], [given_up, basket]).all()


def test_with_both_assumptions_at_zero_a_rise_is_what_it_was() -> None:
    """The market is then told of the rise and nothing follows from it, to the bit."""
    habit: Any = importlib.import_module("memberlab.sim.threshold_habit")
    snapshot = shop_with(9_000, SHOPPERS, padding_spread=0.8, threshold_loss=0, threshold_fall_back=0)
    told = orders_of(snapshot, delivery(100))
    untold = World.resume(snapshot, delivery(100))
    untold._market["used_free_from"] = 0
    assert untold.run(told.first_day + 2).digest() == told.digest()
    assert habit.LARGEST_MOVE == 2


def test_the_old_threshold_is_noted_once_and_outlives_a_stop() -> None:
    snapshot = shop_with(9_000)
    world = World.resume(snapshot, delivery(100))
    assert (int(world._market["used_free_from"][0]), int(world._market["threshold_rose"][0])) == (8_000, snapshot.day)
    world.run(snapshot.day + 20)
    later = world.snapshot()
    kept = fallen(9_000, 8_000, 10_000, math.exp(-25 / MEMORY))
    assert orders_of(later, delivery(100), 5).total("list_value") == kept
    other = delivery(100, fee=9)  # another policy with the same threshold does not renew the memory
    assert orders_of(later, other, 5).total("list_value") == kept
    assert orders_of(later, delivery(70), 5).total("list_value") == 9_000
