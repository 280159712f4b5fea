"""Coming back, recomputed by hand: the hazard of a second life, who left after a failure, who returns unprompted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from memberlab.policies import Policy, load_policy
from memberlab.sim import ENROLLED, LAPSED, TRAITS_DAY, Purpose, Snapshot, World, keyed_uniforms

from .worlds import brisk_population, days_with, let_buy, quiet_snapshot

OFFER = {"when": "60 silent days and 7 days after", "message": "sms", "discount": "20 %"}
CERTAIN = {"win_back_intercept": 0, "win_back_rate": 0, "win_back_discount": 12, "membership_consideration": 0}
BG_NBD = {"model": "bg-nbd", "r": 1.6, "alpha_weeks": 10, "a": 0.8, "b": 2.4}
LIFELESS = {"membership_consideration": 0}


def policy(**more: object) -> Policy:
    contact = {"channels": {"sms": {"cost": 0.05}}}
    return load_policy("no-programme").with_(
        {"currency": "CNY", "contact": contact, "campaigns": {"back": {**OFFER, **more}}}
    )


def lost(arm: Policy, count: int, assumptions: dict[str, float], **changes: object) -> Snapshot:
    """Return a launch morning of lapsed shoppers who are written to on the eleventh day."""
    snapshot = quiet_snapshot(arm, count, assumptions=assumptions, **changes)
    snapshot.shoppers["status"] = ENROLLED | LAPSED
    snapshot.shoppers["last_order_day"] = snapshot.day - 50
    snapshot.shoppers["next_visit"], snapshot.shoppers["visit_gap"] = 32_767, 1e12
    snapshot.shoppers["lifetime_left"], snapshot.shoppers["base_logit"] = -1, -60
    return snapshot


@pytest.mark.parametrize(
    ("more", "ratio"),
    [
        ({}, 1.3),
        ({"free_shipping": True}, 1.6),
        ({"gifts": {"pen": {"spend": 10, "cost": 1, "value": 2}}}, 1.6),
        ({"discount": "0 %", "free_shipping": True}, 1.3),  # no lower price, so no bundle
    ],
)
def test_a_second_life_runs_at_the_own_rate_made_worse(more: dict[str, object], ratio: float) -> None:
    snapshot = lost(policy(**more), 400, {**CERTAIN, "win_back_fading": 0})
    outcome = World.resume(snapshot).run(snapshot.day + 11)  # until the evening of the day of the offer
    back = (outcome.shoppers["status"] & LAPSED) == 0
    assert 100 < outcome.total("won_back") == back.sum()
    ranks = keyed_uniforms(snapshot.seed, range(400), TRAITS_DAY, Purpose.DROPOUT_RATE)
    hazard = stats.gamma.ppf(ranks, 0.8) / (40 * 7)
    lives = outcome.shoppers["lifetime_left"][back] * hazard[back] * ratio
    in_table = (ranks[back] > 0.02) & (ranks[back] < 0.98)  # beyond the ends of the table rates are those at the ends
    assert lives[in_table].mean() == pytest.approx(1.0, abs=0.3)
    # one and the same exponential draw under each ratio
    other = World.resume(lost(policy(), 400, {**CERTAIN, "win_back_fading": 0, "second_life_hazard": 2.6}))
    first = other.run(snapshot.day + 11).shoppers
    both = back & (first["status"] & LAPSED == 0)
    assert both.sum() > 100
    assert first["lifetime_left"][both] / outcome.shoppers["lifetime_left"][both] == pytest.approx(
        ratio / 2.6, rel=1e-5
    )  # fmt: skip


def test_where_attrition_follows_orders_a_second_life_is_counted_in_orders() -> None:
    population = brisk_population().with_({"purchases": BG_NBD})
    assert population.purchases.model == "bg-nbd"
    snapshot = lost(policy(), 600, {**CERTAIN, "win_back_fading": 0})
    world = World(policy(), snapshot.scenario, population=population)
    snapshot.market["dropout_rate"] = world._market["dropout_rate"]
    snapshot.market["dropout_by_order"] = 1
    outcome = World.resume(snapshot).run(snapshot.day + 11)
    back = (outcome.shoppers["status"] & LAPSED) == 0
    ranks = keyed_uniforms(snapshot.seed, range(600), TRAITS_DAY, Purpose.DROPOUT_RATE)
    chance = special.betaincinv(population.purchases.a, population.purchases.b, ranks)
    lives = outcome.shoppers["lifetime_left"] * -np.log1p(-chance) * 1.3
    in_table = back & (ranks > 0.02) & (ranks < 0.98)
    assert lives[in_table].mean() == pytest.approx(1.0, abs=0.3)


def test_who_left_after_a_failure_returns_less_readily() -> None:
    assumptions = {"win_back_intercept": 0, "win_back_rate": 0, "win_back_fading": 0, "win_back_discount": 0}
    snapshot = lost(policy(), 4_000, {**assumptions, **LIFELESS})
    snapshot.cards["last_order_failed"][::2] = 1
    outcome = World.resume(snapshot).run(snapshot.day + 11)
    back = (outcome.shoppers["status"] & LAPSED) == 0
    assert back[::2].mean() == pytest.approx(1 / (1 + np.exp(0.8)), abs=0.035)
    assert back[1::2].mean() == pytest.approx(0.5, abs=0.035)


@pytest.mark.parametrize("failures", [{"minor": "40 %"}, {"serious": "40 %"}, {"questions": "40 %"}])
def test_the_last_order_tells_whether_it_failed(failures: dict[str, str]) -> None:
    snapshot = quiet_snapshot(policy(), 100, failures=failures, assumptions=LIFELESS)
    for shopper in range(100):
        let_buy(snapshot, shopper, snapshot.day)
    snapshot.cards["last_order_failed"][:50] = 1
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    fails = keyed_uniforms(snapshot.seed, range(100), snapshot.day, Purpose.FAILURE) < 0.4
    expected = np.zeros(100) if "questions" in failures else fails
    assert outcome.cards["last_order_failed"].tolist() == expected.astype(int).tolist()


def leaving(count: int, **assumptions: float) -> Snapshot:
    """Return a launch morning of shoppers who are found to have left on the third day."""
    snapshot = quiet_snapshot(load_policy("no-programme"), count, assumptions={**LIFELESS, **assumptions})
    snapshot.shoppers["lifetime_left"], snapshot.shoppers["base_logit"] = 0.5, 60
    snapshot.shoppers["visit_gap"] = 1e12
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day + 2
    return snapshot


def test_nobody_comes_back_unprompted_by_default() -> None:
    snapshot = leaving(500)
    outcome = World.resume(snapshot).run(snapshot.day + 500)
    assert (outcome.total("lapses"), outcome.total("returned"), outcome.total("orders")) == (500, 0, 0)


def test_the_lapsed_come_back_at_a_constant_rate_and_order_on_that_day() -> None:
    snapshot = leaving(500, spontaneous_return=0.001)
    outcome = World.resume(snapshot).run(snapshot.day + 500)
    draws = keyed_uniforms(snapshot.seed, range(500), snapshot.day + 2, Purpose.SPONTANEOUS_RETURN)
    days = snapshot.day + 3 + np.floor(-np.log(draws) * 1_000).astype(int)
    expected = {int(day): int((days == day).sum()) for day in np.unique(days) if day < snapshot.day + 500}
    assert days_with(outcome, "returned") == days_with(outcome, "orders") == expected
    assert outcome.total("lapses") == 500
    is_back = (outcome.shoppers["status"] & LAPSED) == 0
    assert is_back.tolist() == (days < snapshot.day + 500).tolist()


def test_returning_gives_the_same_bits_with_both_drivers_and_after_a_stop() -> None:
    snapshot = leaving(200, spontaneous_return=0.001)
    snapshot.shoppers["visit_gap"] = 20
    straight = World.resume(snapshot).run(snapshot.day + 500)
    assert straight.total("lapses") > 200  # some leave again, and come again
    assert World.resume(snapshot).run(snapshot.day + 500, day_by_day=True).digest() == straight.digest()
    world = World.resume(snapshot)
    world.run(snapshot.day + 250)
    later = World.resume(world.snapshot())
    assert later.run(snapshot.day + 500).shoppers["lifetime_left"].tolist() == (
        straight.shoppers["lifetime_left"].tolist()
    )  # fmt: skip
