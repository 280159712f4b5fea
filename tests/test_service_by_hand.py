"""The service desk, recomputed by hand: who waits how long, what that does to goodwill, and what desk and refunds cost.

The shoppers of a quiet world order on days that the test chooses; when they write and how long a ticket takes are the
keyed draws, which the test repeats.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import service_levels
from memberlab.sim import MEMBER, Outcome, Purpose, Snapshot, World, keyed_uniforms, warm_up

from .worlds import brisk_population, days_with, full_policy, let_buy, quiet_snapshot, small_scenario

HOUR = 3600
DESK = {
    "shifts": {"day": {"starts": 12, "ends": 16, "agents": 1}},
    "hourly_cost": 30,
    "contact_hours": {"starts": 9, "ends": 10},
    "handling": {"question": 5, "minor": 10, "serious": 25},
}
CALM = {"membership_consideration": 0, "complaint_share": 1}


def policy(**changes: object) -> Policy:
    base = load_policy("four-tiers-simple").with_({"points": None, "service": DESK})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def morning(arm: Policy, shoppers: int, **failures: str) -> Snapshot:
    return quiet_snapshot(arm, shoppers, failures=failures or {"minor": "100 %"}, assumptions=CALM, seed=20)


def drawn(snapshot: Snapshot, shoppers: int, day: int, purpose: Purpose) -> list[float]:
    return [float(u) for u in keyed_uniforms(snapshot.seed, range(shoppers), day, purpose)]


def written_at(snapshot: Snapshot, shoppers: int, day: int, starts: int = 9, hours: int = 1) -> list[int]:
    return [starts * HOUR + int(u * hours * HOUR) for u in drawn(snapshot, shoppers, day, Purpose.TICKET_TIME)]


def handling(snapshot: Snapshot, shoppers: int, day: int, minutes: int = 10) -> list[int]:
    draws = drawn(snapshot, shoppers, day, Purpose.TICKET_HANDLING)
    return [max(1, int(-math.log(u) * minutes * 60 + 0.5)) for u in draws]


def lived(snapshot: Snapshot, days: int, arm: Policy | None = None) -> Outcome:
    world = World.resume(snapshot, arm)
    return world.run(world.day + days)


def test_one_ticket_waits_for_the_shift_and_an_answer_in_time_gives_back() -> None:
    arm = policy(service__promises={"ordinary": {"minutes": 240}})
    snapshot = morning(arm, 2)
    day = snapshot.day + 3
    let_buy(snapshot, 0, day)
    outcome = lived(snapshot, 10)
    wait = 12 * HOUR - written_at(snapshot, 1, day)[0]
    counted = {name: days_with(outcome, name) for name in ("order_failures", "tickets", "tickets_answered")}
    assert counted == {name: {day: 1} for name in counted}
    assert days_with(outcome, "tickets_promised") == days_with(outcome, "tickets_in_time") == {day: 1}
    assert days_with(outcome, "wait_minutes") == {day: (wait + 30) // 60}
    assert outcome.shoppers["goodwill"][0] == pytest.approx(0.08 - 0.08 + 0.08 * 0.75, abs=1e-7)
    # the agent is paid on every day, 4 hours of 30, the ticket's shopper or, without a ticket, all alike
    assert days_with(outcome, "service_labour") == dict.fromkeys(range(snapshot.day, snapshot.day + 10), 120_00)
    margin = outcome.shoppers["margin"].tolist()
    assert margin[1] == -9 * 60_00
    assert sum(margin) == outcome.total("gmv") + outcome.total("shipping_charged") - sum(
        outcome.total(cost) for cost in ("cost_of_goods", "shipping_cost", "payment_cost", "service_labour")
    )


@pytest.mark.parametrize(("minutes", "is_broken"), [(60, True), (200, False)])
def test_a_broken_promise_hurts_more_than_none(minutes: int, is_broken: bool) -> None:
    snapshot = morning(policy(service__promises={"ordinary": {"minutes": minutes}}), 1)
    day = snapshot.day
    let_buy(snapshot, 0, day)
    outcome = lived(snapshot, 1)
    wait = 12 * HOUR - written_at(snapshot, 1, day)[0]
    assert 2 * HOUR < wait < 3 * HOUR
    assert outcome.total("tickets_in_time") == (0 if is_broken else 1)
    effect = -0.04 * math.log2(wait / (minutes * 60)) if is_broken else 0.06
    assert outcome.shoppers["goodwill"][0] == pytest.approx(effect, abs=1e-7)


def test_the_first_in_line_is_answered_first_and_the_others_wait_for_the_agent() -> None:
    arm = policy(service__promises={"gold": {"priority": 2}, "diamond": {"minutes": 30, "priority": 1}})
    snapshot = morning(arm, 3)
    snapshot.shoppers["tier"] = [0, 2, 3]
    day = snapshot.day + 1  # after the launch morning's review
    for shopper in range(3):
        let_buy(snapshot, shopper, day)
    world = World.resume(snapshot)
    world.run(day)
    world.shoppers["tier"] = [0, 2, 3]
    outcome = world.run(day + 1)
    written, takes = written_at(snapshot, 3, day), handling(snapshot, 3, day)
    starts = {2: 12 * HOUR}
    starts[1] = starts[2] + takes[2]
    starts[0] = starts[1] + takes[1]
    minutes = [(starts[shopper] - written[shopper] + 30) // 60 for shopper in range(3)]
    row = outcome.ledger["wait_minutes"][-1]
    assert [int(row[0]), int(row[4]), int(row[6])] == minutes
    assert outcome.total("tickets_promised") == 1
    # labour is booked on the three by the time their tickets took
    labour = outcome.ledger["service_labour"][-1]
    done = np.cumsum([takes[2], takes[1], takes[0]])
    booked = np.diff([0, *(12_000 * done // done[-1])])
    assert [int(labour[6]), int(labour[4]), int(labour[0])] == booked.tolist()


def test_who_writes_after_hours_waits_in_line_until_the_next_morning() -> None:
    arm = policy(service__contact_hours={"starts": 20, "ends": 22}, service__shifts__day__starts=9)
    snapshot = morning(arm, 1)
    day = snapshot.day + 5
    let_buy(snapshot, 0, day)
    world = World.resume(snapshot)
    world.run(day + 1)
    assert len(world.snapshot().waiting) == 1
    outcome = world.run(day + 3)
    wait = 24 * HOUR + 9 * HOUR - written_at(snapshot, 1, day, 20, 2)[0]
    assert days_with(outcome, "tickets") == {day: 1}
    assert days_with(outcome, "wait_minutes") == {day + 1: (wait + 30) // 60}
    late = math.log2(wait / (240 * 60))  # without a promise shoppers accept four hours
    decay = math.exp(-1 / 120)
    # nothing was left of the failure itself: it is as usual in this world
    assert outcome.shoppers["goodwill"][0] == pytest.approx(0.0 * decay - 0.04 * late, abs=1e-7)
    assert len(world.snapshot().waiting) == 0


def test_dedicated_agents_answer_only_those_who_are_promised_them() -> None:
    shifts = {**DESK["shifts"], "own": {"starts": 10, "ends": 11, "agents": 1, "dedicated": True}}  # type: ignore[dict-item]
    arm = policy(service={**DESK, "shifts": shifts, "promises": {"ordinary": {"dedicated": True, "minutes": 90}}})
    snapshot = morning(arm, 2)
    day = snapshot.day + 1
    for shopper in range(2):
        let_buy(snapshot, shopper, day)
    world = World.resume(snapshot)
    world.run(day)
    world.shoppers["tier"] = [0, 1]
    outcome = world.run(day + 1)
    written = written_at(snapshot, 2, day)
    row = outcome.ledger["wait_minutes"][-1]
    assert [int(row[0]), int(row[2])] == [
        (10 * HOUR - written[0] + 30) // 60, (12 * HOUR - written[1] + 30) // 60,
    ]  # fmt: skip


def test_a_ticket_in_hand_is_finished_and_paid_as_overtime() -> None:
    arm = policy(service__handling={"minor": 600}, service__shifts__day={"starts": 12, "ends": 13, "agents": 1})
    snapshot = morning(arm, 1)
    day = next(day for day in range(snapshot.day, snapshot.day + 50) if handling(snapshot, 1, day, 600)[0] > 14 * HOUR)
    let_buy(snapshot, 0, day)
    outcome = lived(snapshot, day - snapshot.day + 3)
    takes = handling(snapshot, 1, day, 600)[0]
    paid_today, after_midnight = 12 * HOUR, 12 * HOUR + takes - 24 * HOUR
    assert 0 < after_midnight < 12 * HOUR
    labour = days_with(outcome, "service_labour")
    assert [labour[day], labour[day + 1], labour[day + 2]] == [
        paid_today * 3000 // HOUR, (HOUR + after_midnight) * 3000 // HOUR, 3000,
    ]  # fmt: skip


@pytest.mark.parametrize(("severity", "shock", "made_good"), [("minor", 0.08, 500), ("serious", 0.16, 3000)])
def test_a_complaint_is_made_good_at_once(severity: str, shock: float, made_good: int) -> None:
    arm = policy(service__make_good={"minor": 5, "serious": 30})
    snapshot = morning(arm, 1, **{severity: "100 %"})
    let_buy(snapshot, 0, snapshot.day)
    outcome = lived(snapshot, 1)
    assert outcome.total("make_goods") == min(made_good, outcome.total("gmv")) == made_good
    assert outcome.shoppers["benefit_cost"][0] == made_good + outcome.total("list_value") - outcome.total("gmv") + (
        outcome.total("shipping_waived_by_status") + outcome.total("shipping_waived_by_threshold")
    )
    soothed = 0.35 * min(1, made_good / (0.1 * outcome.total("list_value")))
    assert outcome.shoppers["goodwill"][0] == pytest.approx(shock * (soothed + 0.75), abs=1e-7)


def test_without_a_desk_a_failure_only_hurts_and_costs_nothing() -> None:
    arm = policy(service=None)
    snapshot = morning(arm, 1, minor="25 %", serious="5 %")
    draws = {day: drawn(snapshot, 1, day, Purpose.FAILURE)[0] for day in range(snapshot.day, snapshot.day + 400)}
    bad = next(day for day, lot in draws.items() if lot < 0.05)
    let_buy(snapshot, 0, bad)
    outcome = lived(snapshot, bad - snapshot.day + 1)
    assert outcome.shoppers["goodwill"][0] == pytest.approx(0.08 * (0.25 + 2 * 0.05) - 0.16, abs=1e-7)
    assert days_with(outcome, "order_failures") == {bad: 1}
    assert outcome.total("tickets") == outcome.total("service_labour") == outcome.total("make_goods") == 0


def test_questions_hurt_nobody_and_take_an_agent() -> None:
    snapshot = morning(policy(), 1, questions="100 %")
    let_buy(snapshot, 0, snapshot.day)
    outcome = lived(snapshot, 1)
    assert outcome.total("order_failures") == 0
    assert outcome.total("tickets_answered") == 1
    assert outcome.shoppers["goodwill"][0] == 0


def test_shifts_are_worked_on_their_days() -> None:
    shifts = {"office": {"starts": 9, "ends": 17, "agents": 2, "days": "weekdays"},
              "watch": {"starts": 10, "ends": 11, "agents": 1, "days": "weekends"}}  # fmt: skip
    arm = policy(service={**DESK, "shifts": shifts})
    labour = days_with(lived(quiet_snapshot(arm, 3), 14), "service_labour")
    # 2026-01-01 is a Thursday
    week = [2 * 8 * 3000] * 2 + [3000] * 2 + [2 * 8 * 3000] * 3
    assert list(labour.values()) == week * 2


def test_a_desk_without_failures_costs_labour_and_changes_nothing_else() -> None:
    start = warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population())
    plain, staffed = lived(start, 200), lived(start, 200, full_policy().with_({"service": DESK}))
    assert staffed.total("service_labour") == 200 * 120_00
    different = [name for name in plain.ledger.dtype.names or () if plain.total(name) != staffed.total(name)]
    assert different == ["service_labour"]


# the whole world


BUSY = {
    **DESK, "shifts": {"early": {"starts": 9, "ends": 13, "agents": 1}, "late": {"starts": 12, "ends": 20, "agents": 1},
                       "own": {"starts": 9, "ends": 22, "agents": 1, "dedicated": True}},
    "handling": {"question": 60, "minor": 200, "serious": 400},  # so that a line forms at night
    "contact_hours": {"starts": 8, "ends": 24},
    "promises": {"gold": {"minutes": 120, "priority": 2}, "diamond": {"minutes": 30, "priority": 1, "dedicated": True}},
    "members": {"minutes": 60, "priority": 3}, "make_good": {"minor": 5, "serious": 20},
}  # fmt: skip
FAILING = {"minor": "10 %", "serious": "3 %", "questions": "8 %"}


@pytest.fixture(scope="module")
def busy() -> Snapshot:
    scenario = small_scenario(failures=FAILING)
    return warm_up(scenario, incumbent=full_policy().with_({"service": BUSY}), population=brisk_population())


def test_both_drivers_give_the_same_bits(busy: Snapshot) -> None:
    worlds = [World.resume(busy) for _ in range(2)]
    one, other = (world.run(world.end, day_by_day=mode) for world, mode in zip(worlds, (True, False), strict=True))
    assert one.digest() == other.digest()
    assert worlds[0].snapshot().waiting.tobytes() == worlds[1].snapshot().waiting.tobytes()
    assert one.total("tickets_in_time") < one.total("tickets_promised") < one.total("tickets_answered")


def test_a_line_that_is_photographed_goes_on_as_if_it_had_not_been(busy: Snapshot) -> None:
    straight = World.resume(busy)
    day = busy.day
    while len(straight.snapshot().waiting) < 2 or not (straight.snapshot().agents["free_at"] > 0).any():
        day += 1
        straight.run(day)
    halted = World.resume(straight.snapshot())
    assert len(halted.snapshot().waiting) >= 2
    for world in (straight, halted):
        world.run(world.end)
    assert straight.snapshot().waiting.tobytes() == halted.snapshot().waiting.tobytes()
    for field in ("goodwill", "next_visit", "lifetime_left", "points_balance"):
        assert (straight.shoppers[field] == halted.shoppers[field]).all()


def test_every_ticket_is_answered_or_in_line(busy: Snapshot) -> None:
    world = World.resume(busy)
    outcome = world.run(world.end)
    waiting = len(world.snapshot().waiting) - len(busy.waiting)
    assert outcome.total("tickets") == outcome.total("tickets_answered") + waiting
    # the dedicated desk serves its tier sooner than the others are served
    answered, waited = (outcome.ledger[name].sum(axis=0) for name in ("tickets_answered", "wait_minutes"))
    assert waited[6:8].sum() / answered[6:8].sum() < waited[0:6].sum() / answered[0:6].sum()


def test_the_service_level_is_told_by_tier(busy: Snapshot) -> None:
    outcome = lived(busy, 200)
    levels = service_levels(outcome)
    assert [level.tier for level in levels] == ["ordinary", "silver", "gold", "diamond", "all"]
    for measure in ("tickets", "answered", "promised", "in_time", "wait_minutes"):
        by_tier = [getattr(level, measure) for level in levels]
        assert sum(by_tier[:-1]) == by_tier[-1] > 0
    assert levels[-1].mean_wait == outcome.total("wait_minutes") / outcome.total("tickets_answered")
    assert levels[-1].kept == outcome.total("tickets_in_time") / outcome.total("tickets_promised")
    assert service_levels(lived(busy, 30, full_policy())) == ()


def test_an_arm_without_a_desk_leaves_the_line(busy: Snapshot) -> None:
    outcome = lived(busy, 100, full_policy())
    assert outcome.total("tickets") == outcome.total("tickets_answered") == outcome.total("service_labour") == 0
    assert outcome.total("order_failures") > 0


def test_paid_members_have_the_better_of_two_promises(busy: Snapshot) -> None:
    outcome = World.resume(busy).run(busy.day + 300)
    promised = outcome.ledger["tickets_promised"].sum(axis=0)
    assert promised[0] == promised[2] == 0  # ordinary and silver without the paid membership
    assert promised[1] > 0
    assert (outcome.shoppers["status"] & MEMBER).any()


def test_regions_share_the_agents_out_and_none_goes_without() -> None:
    scenario = small_scenario(regions=2, failures=FAILING)
    arm = full_policy().with_({"service": {**BUSY, "shifts": {"all": {"starts": 9, "ends": 19, "agents": 3}},
                                           "promises": {}}})  # fmt: skip
    hired = [len(World(arm, scenario, region=number, population=brisk_population()).snapshot().agents)
             for number in range(2)]  # fmt: skip
    assert hired == [1, 2]
    with pytest.raises(DocumentError, match=r"service\.shifts\.early\.agents: the 2 regions of small-world would each"):
        World(full_policy().with_({"service": BUSY}), scenario, population=brisk_population())
