"""What a deal leaves in mind, recomputed by hand: who comes for the next sale, and how newcomers take a discount."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.sim import LAPSED, Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import days_with, let_baskets_be, let_buy, quiet_snapshot

FIRST, SECOND = "01-05", "01-20"
DEAL_DAY, NEXT_SALE = 4, 19
"""Days after launch on which the two sales are on."""

WAITS = {"deal_seeking": 0.8, "deal_memory": 30, "newcomer_deal": 0}


def policy(depth: str = "30 %", **changes: object) -> Policy:
    sales = {
        "first": {"when": FIRST, "discount": depth},
        "second": {"when": SECOND, "discount": "10 %", **changes},
    }
    return load_policy("no-programme").with_({"currency": "CNY", "campaigns": sales})


def buyers(
    arm: Policy, assumed: Mapping[str, float], count: int = 400, day: int = DEAL_DAY, known_for: int = 100
) -> Snapshot:
    """Return a launch morning of shoppers who order goods of 100 on one day, `known_for` days after their first."""
    snapshot = quiet_snapshot(arm, count, assumptions={"membership_consideration": 0, **assumed})
    let_baskets_be(snapshot, 100_00)
    snapshot.shoppers["first_order_day"] = snapshot.shoppers["last_order_day"] = snapshot.day + day - known_for
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + day)
    return snapshot


def lived(snapshot: Snapshot, days: int = 60) -> Outcome:
    """Return the outcome, the same from both drivers and after a night in a snapshot, the last of the first sale."""
    until = snapshot.day + days
    outcome = World.resume(snapshot).run(until)
    assert World.resume(snapshot).run(until, day_by_day=True).digest() == outcome.digest()
    world = World.resume(snapshot)
    world.run(snapshot.day + min(days - 1, DEAL_DAY + 1))
    resumed = World.resume(world.snapshot())
    resumed.run(until)
    assert (resumed.cards == outcome.cards).all()
    return outcome


def visits_by_day(outcome: Outcome) -> dict[int, int]:
    return {day - outcome.first_day: visits for day, visits in days_with(outcome, "visits").items()}


def wishes(snapshot: Snapshot, day: int = DEAL_DAY) -> NDArray[np.float64]:
    """Return the numbers by which shoppers decide whether to come for the next sale."""
    return keyed_uniforms(snapshot.seed, range(len(snapshot.shoppers)), snapshot.day + day, Purpose.SALE_VISIT)


@pytest.mark.parametrize(("depth", "share"), [("30 %", 1.0), ("45 %", 1.0), ("15 %", 0.5)])
def test_who_bought_at_a_sale_comes_for_the_next_by_its_depth_and_the_days_between(depth: str, share: float) -> None:
    snapshot = buyers(policy(depth), WAITS)
    come = wishes(snapshot) < 0.8 * share * math.exp(-(NEXT_SALE - DEAL_DAY) / 30)
    assert 0.1 < come.mean() < 0.7
    assert visits_by_day(lived(snapshot)) == {DEAL_DAY: 400, NEXT_SALE: come.sum()}


@pytest.mark.parametrize(
    ("arm", "day"),
    [
        (policy(), DEAL_DAY + 1),  # an order at list price is no deal
        (policy(to={"stages": "lost"}), DEAL_DAY),  # the next sale is for others
        (policy(when="06-01"), DEAL_DAY),  # by then the deal is forgotten
        (policy(discount="0 %", free_shipping=True), DEAL_DAY),  # no sale
    ],
)
def test_nobody_comes_without_a_deal_or_a_next_sale(arm: Policy, day: int) -> None:
    assert visits_by_day(lived(buyers(arm, WAITS, day=day))) == {day: 400}


def test_without_the_assumption_nobody_comes() -> None:
    assert visits_by_day(lived(buyers(policy(), {"deal_seeking": 0}))) == {DEAL_DAY: 400}


def test_a_visit_in_between_asks_anew() -> None:
    snapshot = buyers(policy(), WAITS)
    world = World.resume(snapshot)
    world.run(snapshot.day + DEAL_DAY + 1)
    later = world.snapshot()
    later.cards["prompted_day"] = 2**15 - 1
    later.shoppers["next_visit"] = later.due[:] = snapshot.day + 10
    later.shoppers["base_logit"] = -60
    come = wishes(snapshot, 10) < 0.8 * math.exp(-(NEXT_SALE - DEAL_DAY) / 30)
    outcome = World.resume(later).run(snapshot.day + 60)
    assert visits_by_day(outcome) == {10 - DEAL_DAY - 1: 400, NEXT_SALE - DEAL_DAY - 1: come.sum()}


def test_who_has_left_before_the_sale_does_not_come() -> None:
    snapshot = buyers(policy(), WAITS)
    world = World.resume(snapshot)
    world.run(snapshot.day + DEAL_DAY + 1)
    later = world.snapshot()
    later.shoppers["lifetime_left"] = 1
    later.shoppers["settled_day"] = snapshot.day + DEAL_DAY + 1
    later.shoppers["next_visit"] = later.due[:] = snapshot.day + 10
    outcome = World.resume(later).run(snapshot.day + 60)
    assert outcome.total("visits") == outcome.total("returned") == 0
    assert (outcome.shoppers["status"] & LAPSED != 0).all()


def test_an_order_between_sales_is_put_off_and_placed_at_the_next() -> None:
    """Two orders each: one at the sale, one 10 days before the next, which those wait with whose wish is small."""
    snapshot = buyers(policy(), {**WAITS, "deal_patience": 20})
    world = World.resume(snapshot)
    world.run(snapshot.day + DEAL_DAY + 1)
    later = world.snapshot()
    later.cards["prompted_day"] = 2**15 - 1
    later.shoppers["next_visit"] = later.due[:] = snapshot.day + 9
    in_mind = 0.8 * math.exp(-(NEXT_SALE - DEAL_DAY) / 30)
    come = wishes(snapshot, 9) < in_mind
    wait = wishes(snapshot, 9) < in_mind * math.exp(-(NEXT_SALE - 9) / 20)
    assert 0 < wait.sum() < come.sum() < 400
    later.shoppers["purchase_debt"] = 0
    middle = World.resume(later)
    middle.run(snapshot.day + 10)
    assert middle.shoppers["orders"].tolist() == np.where(wait, 0, 1).tolist()
    evening = middle.snapshot()
    evening.shoppers["base_logit"] = -60  # nobody wants anything any more but what is put off
    evening.shoppers["purchase_debt"] = 0
    outcome = World.resume(evening).run(snapshot.day + 60)
    assert visits_by_day(outcome) == {NEXT_SALE - 10: come.sum()}
    assert outcome.shoppers["orders"].tolist() == np.where(wait, 1, 0).tolist()
    assert outcome.total("gmv") == pytest.approx(wait.sum() * 90_00 * 0.9**-0.5, rel=1e-4)  # baskets grow by psi
    assert (outcome.cards["waits_until"] == 0).all()
    without = World.resume(evening, load_policy("no-programme").with_({"currency": "CNY"})).run(snapshot.day + 60)
    assert without.total("gmv") == pytest.approx(wait.sum() * 100_00, rel=1e-4)  # an arm without the sale loses none


@pytest.mark.parametrize(("known_for", "is_new"), [(30, True), (31, False)])
def test_newcomers_take_a_deal_as_a_gift(known_for: int, is_new: bool) -> None:
    """A gift of 30 for goods of 100 pleases by 30 / 50 of a full reward; to a price one gets used by a part."""
    assumed = {"deal_seeking": 0, "newcomer_deal": 1, "reward_goodwill": 0.2, "goodwill_memory": 250}
    snapshot = buyers(policy(), assumed, 4, known_for=known_for)
    outcome = lived(snapshot, days=DEAL_DAY + 1)
    paid = math.log(0.7)
    pleased, price = outcome.shoppers["goodwill"], outcome.shoppers["reference_price"]
    assert pleased.tolist() == pytest.approx([0.2 * 30 / 50 if is_new else 0.0] * 4, rel=1e-3)
    assert price.tolist() == pytest.approx([0.0 if is_new else 0.05 * paid] * 4, rel=1e-3)
    assert (outcome.shoppers["purchase_debt"] > 0).all()  # goods bought ahead are there, gift or not


def test_half_a_gift_is_half_of_it() -> None:
    assumed = {"deal_seeking": 0, "newcomer_deal": 0.5, "reward_goodwill": 0.2, "goodwill_memory": 250}
    outcome = lived(buyers(policy(), assumed, 4, known_for=10), days=DEAL_DAY + 1)
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([0.2 * 15 / 50] * 4, rel=1e-3)
    assert outcome.shoppers["reference_price"].tolist() == pytest.approx([0.05 * math.log(0.7) / 2] * 4, rel=1e-3)
